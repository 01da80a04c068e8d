"""A case that cannot go on ends at a person, who is told what was tried, for how long, at what cost, and what is needed."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from orderdesk.bootstrap import House
from orderdesk.domain.errors import OrderDeskError
from orderdesk.review.actors import Actor
from tests.integration.cases.orders import clean_order, stranger
from tests.integration.cases.with_models import PRICED, house_with, rung
from tests.support.chat_double import ChatDouble, chat_double
from tests.support.chat_double.behaviours import Behaviour
from tests.support.house import DEMO_DAY, count, demo_house, process

MIRA = Actor(name="mira", role="manager")
BUDGET_S = 120
SILENT = Behaviour("stall_first")


@pytest.fixture(scope="module")
def double() -> Generator[ChatDouble]:
    with chat_double() as found:
        found.default("primary", SILENT)
        yield found


async def submitted(house: House, raw: bytes) -> str:
    """A message stored as a case that nobody has worked on."""
    [case_id] = (await house.cases.submit(raw, "order.eml", channel="test", as_of=DEMO_DAY)).case_ids
    return case_id


async def sql(house: House, statement: str, case_id: str) -> None:
    async with house.pool.connection() as connection:
        await connection.execute(statement, (case_id,))  # type: ignore[arg-type]


async def worked(house: House, case_id: str) -> int:
    """Milliseconds the case has been worked on."""
    return (await house.cases.story(case_id))["case"]["latency_ms"]


async def shown(house: House) -> dict[str, Any]:
    """The payload of the only open review."""
    [row] = await house.cases.reviews()
    return (await house.cases.review(row["review_id"]))["payload"]


async def use_up(house: House, case_id: str) -> None:
    """Earlier drives have worked on the case for as long as it may be worked on."""
    await sql(house, f"update cases set latency_ms = {BUDGET_S * 1000} where case_id = %s", case_id)


@pytest.mark.usefixtures("models_allowed")
async def test_a_model_that_never_answers_leaves_the_rules_the_time_they_need(
    demo_url: str, tmp_path: Path, double: ChatDouble
) -> None:
    slow = rung(double, "primary", timeout_s=50, **PRICED)
    async with house_with(demo_url, tmp_path, slow, ORDERDESK_BUDGET_SECONDS=5) as house:
        [report] = await process(house, clean_order("T-1"), "order.eml")
        # The call was sent and cut: what it cost nobody knows, and that is what is said.
        assert (report["outcome"], report["model_calls"], report["cost_usd"]) == ("booked", 1, None)


async def test_a_case_that_runs_out_of_time_goes_to_a_person_with_what_was_tried_and_needed(
    demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        case_id = await submitted(house, clean_order("T-1"))
        await use_up(house, case_id)
        await house.cases.drive(case_id)
        payload = await shown(house)
        handoff = payload["review"]["handoff"]
        assert any("out of time" in reason for reason in handoff["why"])
        assert "s of work" in handoff["spent"]
        assert any("reject" in needed for needed in handoff["needed"])
        text = payload["action_requests"][0]["description"]
        assert "I can't complete this" in text
        assert handoff["spent"] in text
        log = (await house.cases.story(case_id))["log"]
        assert [row["why"] for row in log if row["node"] == "handoff"] != []
        assert [row["what"] for row in log if row["node"] == "drive"] == []
        assert await count(house, "effect") == 0


async def test_another_drive_gets_no_fresh_time(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        case_id = await submitted(house, clean_order("T-2"))
        await use_up(house, case_id)
        report = await house.cases.drive(case_id)
        assert report["outcome"] == "waiting_review"
        handoff = (await shown(house))["review"]["handoff"]
        assert any("out of time" in reason for reason in handoff["why"])
        assert any("out of time" in why for why in [await house.cases.why(case_id)])


async def test_a_drive_that_was_killed_uses_up_its_share_of_the_time(demo_url: str, tmp_path: Path) -> None:
    dead = "update cases set drive_began_at = clock_timestamp() - interval '1 hour' where case_id = %s"
    async with demo_house(demo_url, tmp_path) as house:
        case_id = await submitted(house, clean_order("T-3"))
        await sql(house, dead, case_id)
        assert (await house.cases.drive(case_id))["outcome"] == "booked"
        assert BUDGET_S * 1000 / 6 <= await worked(house, case_id) < BUDGET_S * 1000
        other = await submitted(house, clean_order("T-4", quantity=800))
        assert (await house.cases.drive(other))["outcome"] == "booked"
        assert await worked(house, other) < BUDGET_S * 1000 / 6


async def test_a_persons_decision_gives_fresh_time_once_and_says_so(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        [report] = await process(house, stranger("T-5"), "order.eml")
        case_id = report["case_id"]
        await use_up(house, case_id)
        [row] = await house.cases.reviews()
        edit = {"type": "edit", "edited_action": {"args": {"customer_id": "C1001"}}}
        _, after = await house.cases.decide(row["review_id"], edit, MIRA)
        assert after["outcome"] != "dead_letter"
        assert "out of time" not in await house.cases.why(case_id)
        granted = [
            row for row in (await house.cases.story(case_id))["log"] if row["node"].startswith("allowance:")
        ]
        assert [(row["kind"], row["what"]) for row in granted] == [
            ("note", "may be worked on for 120 s more")
        ]


async def test_a_person_takes_a_hand_off_up_again_and_it_is_booked(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        async with house.pool.connection() as connection:
            await connection.execute("alter table price rename to away")
        [report] = await process(house, clean_order("T-6"), "order.eml")
        case_id = report["case_id"]
        assert report["outcome"] == "waiting_review"
        handoff = (await shown(house))["review"]["handoff"]
        assert any("fault of the pricing" in needed for needed in handoff["needed"])
        assert any("orderdesk retry" in needed for needed in handoff["needed"])
        [row] = await house.cases.reviews()
        async with house.pool.connection() as connection:
            await connection.execute("alter table away rename to price")
        assert (await house.cases.retry(case_id))["outcome"] == "booked"
        assert await house.cases.reviews() == []
        with pytest.raises(OrderDeskError):
            await house.cases.decide(row["review_id"], {"type": "reject", "message": "late"}, MIRA)
        with pytest.raises(OrderDeskError, match="nothing to retry"):
            await house.cases.retry(case_id)
        assert await count(house, "sales_order") == 1


async def test_a_review_with_something_to_approve_is_not_retried(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        async with house.pool.connection() as connection:
            await connection.execute("update customer set autonomy = 'assist' where customer_id = 'C1001'")
        [report] = await process(house, clean_order("T-7"), "order.eml")
        assert report["outcome"] == "waiting_review"
        with pytest.raises(OrderDeskError, match="nothing to retry"):
            await house.cases.retry(report["case_id"])
        assert len(await house.cases.reviews()) == 1


async def test_a_dead_letter_says_what_is_needed_and_each_failure_is_on_record(
    demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        case_id = await submitted(house, clean_order("T-8"))
        async with house.pool.connection() as connection:
            await connection.execute(
                "alter table sales_order add constraint never check (false) no inherit not valid"
            )
        assert (await house.cases.drive(case_id))["outcome"] == "dead_letter"
        assert (await house.cases.retry(case_id))["outcome"] == "dead_letter"
        story = await house.cases.story(case_id)
        failed = [row for row in story["log"] if row["node"] == "drive"]
        assert [row["what"] for row in failed] == ["attempt 1 failed", "attempt 2 failed", "dead letter"] * 2
        assert "orderdesk retry" in failed[-1]["why"]
        assert [row["what"] for row in story["log"] if row["node"] == "retry"] == [
            "may be worked on for 120 s more"
        ]


async def test_a_resume_gets_no_fresh_steps_but_a_person_may_give_them(demo_url: str, tmp_path: Path) -> None:
    async with house_with(demo_url, tmp_path, ORDERDESK_MAX_HOPS=8) as house:
        [report] = await process(house, stranger("T-9"), "order.eml")
        case_id = report["case_id"]
        config: Any = {"configurable": {"thread_id": case_id}}
        # The case went round until its steps were used up, and stopped there.
        await house.graph.aupdate_state(config, {"hops": 8, "match": None}, as_node="intake")
        assert (await house.cases.drive(case_id))["outcome"] == "waiting_review"
        state = (await house.graph.aget_state(config)).values
        assert state["hops"] == 9
        assert any("8 supervisor steps" in why for why in (await shown(house))["review"]["handoff"]["why"])
        after = await house.cases.retry(case_id)
        assert after["outcome"] == "waiting_review"  # a stranger's order, as at first
        assert "supervisor steps" not in await house.cases.why(case_id)
        assert (await house.graph.aget_state(config)).values["hops"] > 9


async def test_a_run_of_too_many_steps_goes_to_a_person_with_its_explanation(
    demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orderdesk.cases.drive.RECURSION_LIMIT", 4)  # a clean order takes 12
    async with demo_house(demo_url, tmp_path) as house:
        [report] = await process(house, clean_order("T-10"), "order.eml")
        assert report["outcome"] == "waiting_review"
        assert "steps in one go" in await house.cases.why(report["case_id"])
        assert await count(house, "effect") == 0


async def test_a_case_whose_thread_is_over_but_not_its_row_goes_to_a_person_who_sees_what_was_done(
    demo_url: str, tmp_path: Path
) -> None:
    """A row put back behind its thread (an older backup) must not be begun for ever."""
    async with demo_house(demo_url, tmp_path) as house:
        [report] = await process(house, clean_order("T-90"), "order.eml")
        back = "update cases set status = 'queued', outcome = null, finished_at = null where case_id = %s"
        await sql(house, back, report["case_id"])
        assert (await house.cases.drive(report["case_id"]))["outcome"] == "waiting_review"
        [why] = (await shown(house))["review"]["handoff"]["why"][:1]
        assert "ended with booked" in why
        assert "book_order" in why
        assert await count(house, "sales_order") == 1
