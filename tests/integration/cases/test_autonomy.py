"""Shadow does nothing, assist asks for everything, four eyes are two people, and perform trusts the tables only."""

from __future__ import annotations

from pathlib import Path

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.types import Command

from orderdesk.bootstrap import House, build_house
from orderdesk.domain.errors import EffectRefused, StaleDecision
from orderdesk.review.actors import Actor
from orderdesk.settings import load_settings
from tests.integration.cases.orders import clean_order
from tests.support.house import count, demo_house, process

APPROVE = {"type": "approve"}
ANNA, BEN = Actor(name="anna", role="manager"), Actor(name="ben", role="manager")


async def set_autonomy(house: House, customer_id: str, autonomy: str) -> None:
    async with house.pool.connection() as connection:
        await connection.execute(
            "update customer set autonomy = %s where customer_id = %s", (autonomy, customer_id)
        )


async def test_assist_waits_for_a_person_and_then_does_exactly_that(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        await set_autonomy(house, "C1001", "assist")
        [report] = await process(house, clean_order("A-1"), "order.eml")
        assert report["outcome"] == "waiting_review"
        assert await count(house, "effect") == 0
        [row] = await house.cases.reviews()
        shown = (await house.cases.review(row["review_id"]))["payload"]["action_requests"][0]["args"]
        _, after = await house.cases.decide(row["review_id"], APPROVE, ANNA)
        assert after["outcome"] == "booked"
        async with house.pool.connection() as connection:
            booked = await (
                await connection.execute("select request from effect where kind = 'book_order'")
            ).fetchone()
        assert booked is not None
        assert booked["request"] == shown


async def test_shadow_decides_and_logs_and_does_nothing(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        await set_autonomy(house, "C1001", "shadow")
        [report] = await process(house, clean_order("A-2"), "order.eml")
        assert report["outcome"] == "waiting_review"
        [row] = await house.cases.reviews()
        _, after = await house.cases.decide(row["review_id"], APPROVE, ANNA)
        assert after["outcome"] == "answered"
        assert await count(house, "effect") == 0
        assert await count(house, "sales_order") == 0
        assert "by rule it would be: auto" in await house.cases.why(report["case_id"])


async def test_four_eyes_are_two_people(demo_url: str, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[approvals]\nlimit.USD = 10\nlimit_key.USD = 10\nfour_eyes.USD = 20\n")
    settings = load_settings(DATABASE_URL=demo_url, ORDERDESK_HOME=tmp_path, ORDERDESK_POLICY=policy)
    house = build_house(settings, demo_url)
    try:
        [report] = await process(house, clean_order("A-3"), "order.eml")
        assert report["outcome"] == "waiting_review"
        [row] = await house.cases.reviews()
        first, still = await house.cases.decide(row["review_id"], APPROVE, ANNA)
        assert first.approvals_missing == 1
        again, _ = await house.cases.decide(row["review_id"], APPROVE, ANNA)
        assert again.approvals_missing == 1, "one person counted twice"
        assert still["outcome"] == "waiting_review"
        assert await count(house, "sales_order") == 0
        _, after = await house.cases.decide(row["review_id"], APPROVE, BEN)
        assert after["outcome"] == "booked"
    finally:
        await house.close()


@pytest.mark.parametrize("approval", ["policy", "approve"])
async def test_an_approval_in_the_state_alone_moves_nothing(
    demo_url: str, tmp_path: Path, approval: str
) -> None:
    """Somebody who can send a thread anywhere still cannot book: perform looks into the tables."""
    async with demo_house(demo_url, tmp_path) as house:
        await set_autonomy(house, "C1001", "assist")
        [report] = await process(house, clean_order("A-4"), "order.eml")
        config: RunnableConfig = {"configurable": {"thread_id": report["case_id"]}}
        forged = Command(goto="perform", update={"approval": approval, "action": "book"})
        with pytest.raises(EffectRefused):
            await house.graph.ainvoke(forged, config, durability="sync")
        assert await count(house, "sales_order") == 0
        assert await count(house, "effect") == 0


async def test_an_approval_covers_the_mail_that_was_shown_and_no_other(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        await set_autonomy(house, "C1001", "assist")
        [report] = await process(house, clean_order("A-6"), "order.eml")
        config: RunnableConfig = {"configurable": {"thread_id": report["case_id"]}}
        replies = (await house.graph.aget_state(config)).values["replies"]
        [row] = await house.cases.reviews()
        drive, house.cases._driver.drive = house.cases._driver.drive, _crash  # type: ignore[method-assign]
        with pytest.raises(RuntimeError, match="power cut"):
            await house.cases.decide(row["review_id"], APPROVE, ANNA)
        house.cases._driver.drive = drive  # type: ignore[method-assign]
        [decision] = (await house.cases.story(report["case_id"]))["decisions"]
        elsewhere = tuple(r.model_copy(update={"to": "thief@elsewhere.example"}) for r in replies.options)
        forged = {
            "replies": replies.model_copy(update={"options": elsewhere}),
            "approval": decision["decision_id"],
        }
        with pytest.raises(EffectRefused):
            await house.graph.ainvoke(Command(goto="perform", update=forged), config, durability="sync")
        assert await count(house, "sales_order") == 0
        assert await count(house, "effect") == 0


async def test_a_decision_made_before_a_crash_is_carried_out_by_the_next_worker(
    demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        await set_autonomy(house, "C1001", "assist")
        [report] = await process(house, clean_order("A-5"), "order.eml")
        [row] = await house.cases.reviews()
        drive, house.cases._driver.drive = house.cases._driver.drive, _crash  # type: ignore[method-assign]
        with pytest.raises(RuntimeError, match="power cut"):
            await house.cases.decide(row["review_id"], APPROVE, ANNA)
        house.cases._driver.drive = drive  # type: ignore[method-assign]
        assert await house.cases.open_cases() == [report["case_id"]]
        after = await house.cases.drive(report["case_id"])
        assert after["outcome"] == "booked"
        assert await house.cases.open_cases() == []
        with pytest.raises(StaleDecision):
            await house.cases.decide(row["review_id"], {"type": "reject", "message": "late"}, BEN)


async def _crash(case_id: str) -> dict[str, object]:
    raise RuntimeError("power cut")
