"""Health and figures for machines, also when the database is away."""

from __future__ import annotations

from pathlib import Path

from starlette.types import ASGIApp

from orderdesk.bootstrap import House
from tests.component.desk.scene import TOKEN, Visitor, a_house, an_app, made_up_review


async def test_the_desk_is_up_and_ready(visitor: Visitor) -> None:
    assert (await visitor.get("/healthz")).status_code == 200
    assert (await visitor.get("/readyz")).status_code == 200


async def test_the_figures_are_readable_for_prometheus(empty_house: House) -> None:
    await made_up_review(empty_house, "counted")
    async with Visitor(an_app(empty_house)) as visitor:
        answer = await visitor.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert "orderdesk_reviews_waiting 1" in lines
    assert 'orderdesk_effects{status="done"} 0' in lines
    samples = [line for line in lines if not line.startswith("#")]
    assert all(float(line.rpartition(" ")[2]) >= 0 for line in samples)
    typed = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert {line.split("{")[0].split()[0] for line in samples} <= typed


async def test_without_its_database_the_desk_is_up_but_not_ready(tmp_path: Path) -> None:
    house = a_house("postgresql://nobody:hidden-word@127.0.0.1:1/none", tmp_path)
    app: ASGIApp = an_app(house)
    async with Visitor(app) as visitor:
        assert (await visitor.get("/healthz")).status_code == 200
        assert (await visitor.get("/readyz")).status_code == 503
        assert (await visitor.get("/metrics")).status_code == 503
        token = {"authorization": f"Bearer {TOKEN}"}
        problem = await visitor.get("/desk/api/v1/stats", headers=token)
        assert problem.status_code == 503
        assert problem.headers["retry-after"]
        assert "hidden-word" not in problem.text
        await visitor.sign_in("anna")
        page = await visitor.get("/desk/")
        assert page.status_code == 503
        assert "not available" in page.text
        assert "hidden-word" not in page.text
    await house.close()


async def test_the_watching_addresses_can_be_left_out(empty_house: House) -> None:
    async with Visitor(an_app(empty_house, with_health=False)) as visitor:
        assert (await visitor.get("/metrics")).status_code == 404
