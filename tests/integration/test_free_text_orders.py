"""Free-text mails through the whole system: what is booked is what was ordered; doubt is asked, never booked."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.free_text_mails import MAILS
from tests.support.house import demo_house, mail, process
from tests.support.postgres import DEMO_TEMPLATE, fresh_database, make_demo_template

# Each mail stands alone: an earlier one must make no duplicate, no used-up credit and no missing stock.
_FORGET = "truncate message, cases, sales_order, reservation, purchase_proposal, effect, review, learned_alias cascade"

Reports = dict[int, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def reports(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[Reports]:
    """Every mail processed by one house over one database."""
    make_demo_template(postgres_url)
    with fresh_database(postgres_url, DEMO_TEMPLATE) as url:
        yield asyncio.run(_process_all(url, tmp_path_factory.mktemp("home")))


async def _process_all(url: str, home: Path) -> Reports:
    done: Reports = {}
    async with demo_house(url, home) as house:
        for index, given in enumerate(MAILS):
            async with house.pool.connection() as connection:
                await connection.execute(_FORGET)
            raw = mail(
                given.text.replace("\n", "\r\n"), sender=given.sender, subject=given.subject,
                message_id=f"free-text-{index}@customer.example",
            )  # fmt: skip
            done[index] = await process(house, raw, f"{index}.eml")
    return done


@pytest.mark.parametrize("index", range(len(MAILS)), ids=[" ".join(m.text.split())[:60] for m in MAILS])
def test_a_mail_is_booked_as_meant_or_not_at_all(reports: Reports, index: int) -> None:
    given, found = MAILS[index], reports[index]
    booked = [r for r in found if r["outcome"] in ("booked", "changed")]
    if given.books:
        assert [r["outcome"] for r in found] == ["booked"], found[0]["findings"]
    if given.intent:
        assert found[0]["intent"] == given.intent
    for report in booked:
        assert given.lines, f"booked {_lines(report)}, but the mail orders nothing for certain"
        assert _fits(given.lines, _lines(report)), _lines(report)
        if given.ship_to is not None:
            assert report["ship_to_code"] == given.ship_to
        if given.day is not None:
            assert (report["requested_date"] or "") == given.day
        if given.line_days:
            assert tuple(line.get("requested_date") for line in report["lines"]) == given.line_days


def test_every_mail_with_a_doubt_says_why(reports: Reports) -> None:
    for index, found in reports.items():
        for report in found:
            waits = report["outcome"] in ("waiting_customer", "waiting_review")
            told = [f for f in report["findings"] if f["severity"] != "info"]
            assert not waits or told or report["confidence"] < 0.9, MAILS[index].text


def test_a_wrong_line_would_be_noticed() -> None:
    assert _fits("A 40 EA;B 2 DZ|B 24 EA", [("A", "40", "EA"), ("B", "24", "EA")])
    for wrong in (
        [("A", "40", "EA")],
        [("A", "41", "EA"), ("B", "2", "DZ")],
        [("A", "40", "BX"), ("B", "2", "DZ")],
    ):
        assert not _fits("A 40 EA;B 2 DZ|B 24 EA", wrong)


def _lines(report: dict[str, Any]) -> list[tuple[str | None, str | None, str | None]]:
    return [
        (line["sku"], line.get("booked_quantity") or line["quantity"], line.get("booked_uom") or line["uom"])
        for line in report["lines"]
    ]


def _fits(truth: str, lines: Sequence[tuple[str | None, str | None, str | None]]) -> bool:
    expected = truth.split(";")
    return len(expected) == len(lines) and all(
        any(_same(way, line) for way in ways.split("|")) for ways, line in zip(expected, lines, strict=True)
    )


def _same(way: str, line: tuple[str | None, str | None, str | None]) -> bool:
    sku, quantity, unit = way.split()
    return (
        line[0] == sku
        and line[1] is not None
        and Decimal(line[1]) == Decimal(quantity)
        and unit in ("-", line[2])
    )


def test_these_mails_are_many_and_mixed() -> None:
    assert len(MAILS) >= 60
    assert sum(given.books for given in MAILS) >= 15
