"""Who reads an erased case is told that it was erased, on every way to it."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from orderdesk.desk.app import build_app
from orderdesk.review.actors import Actor
from tests.component.desk.scene import DEVELOPMENT, TOKEN, Visitor
from tests.integration.cases.orders import clean_order, stranger
from tests.integration.retention.old_cases import YEARS, old_house
from tests.support.commands import Commands
from tests.support.house import process

MIRA = Actor(name="mira", role="manager")


async def test_the_desk_and_the_api_say_so_without_error(demo_url: str, tmp_path: Path) -> None:
    async with old_house(demo_url, tmp_path) as (house, clock):
        [booked] = await process(house, clean_order("P-1"), "order.eml")
        [report] = await process(house, stranger("P-2"), "order.eml")
        [row] = await house.cases.reviews()
        review_id = row["review_id"]
        await house.cases.decide(review_id, {"type": "reject", "message": "Sam Field again"}, MIRA)
        clock.advance(YEARS)
        await house.cases.retain()
        async with Visitor(build_app(lambda: house.cases, DEVELOPMENT, clock=clock)) as visitor:
            await visitor.sign_in("anna")
            for path in (
                f"/cases/{booked['case_id']}",
                f"/cases/{report['case_id']}",
                f"/reviews/{review_id}",
            ):
                page = await visitor.get(f"/desk{path}")
                assert page.status_code == 200, page.text
                assert "Erased on" in page.text
                assert "Sam Field" not in page.text
            assert (await visitor.get("/desk/cases")).status_code == 200
            for path in ("cases", f"cases/{booked['case_id']}", f"reviews/{review_id}", "stats"):
                answer = await visitor.get(
                    f"/desk/api/v1/{path}", headers={"authorization": f"Bearer {TOKEN}"}
                )
                assert answer.status_code == 200, answer.text
                assert "harlanfab" not in answer.text


@pytest.fixture
def commands(demo_url: str, tmp_path: Path) -> Generator[Commands]:
    """The command line over the test's database."""
    commands = Commands(tmp_path, {"DATABASE_URL": demo_url, "ORDERDESK_HOME": str(tmp_path / "home")})
    try:
        yield commands
    finally:
        commands.close()


async def test_the_command_line_says_so_too(demo_url: str, tmp_path: Path, commands: Commands) -> None:
    file = tmp_path / "order.eml"
    file.write_bytes(clean_order("P-3"))
    async with old_house(demo_url, tmp_path) as (house, _):
        [report] = await process(house, clean_order("P-3"), "order.eml")
        [rejected] = await process(house, stranger("P-4"), "order.eml")
        [row] = await house.cases.reviews()
        await house.cases.decide(row["review_id"], {"type": "reject", "message": "not ours"}, MIRA)
    dry = commands.run("retention", "--dry-run")
    assert dry.code == 0, dry.err
    assert "Nothing was changed" in dry.out
    done = commands.run("retention")
    assert done.code == 0, done.err
    assert "bytes before" in done.out
    assert "bytes after" in done.out
    shown = commands.run("case", report["case_id"])
    assert shown.code == 0, shown.err
    assert "erased on" in shown.out
    assert report["order_number"] in shown.out
    again = commands.run("process", str(file), "--json")
    assert again.code == 0, again.err
    [line] = again.rows
    assert (line["case_id"], line["outcome"]) == (report["case_id"], "booked")
    assert line["findings"][0]["code"] == "erased_by_retention"
    assert set(line) == set(report)
    assert commands.run("process", str(file)).code == 0
    assert commands.run("case", rejected["case_id"]).code == 0
    assert commands.run("review", "show", row["review_id"]).code == 0
    assert commands.run("cases").code == 0
    assert commands.run("stats").code == 0
