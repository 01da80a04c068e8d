"""Reconciliation: whatever does not fit together is repaired, once; what fits, or is worked on, is left alone."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from orderdesk.cases.fence import fence
from orderdesk.cases.reconcile import reconcile
from orderdesk.intake.queue import enqueue_cases
from orderdesk.review.answers import Answer
from orderdesk.review.reviews import decide
from tests.integration.cases.broken_house import (
    JOBS,
    MIRA,
    REJECT,
    asked,
    can_be_rejected,
    do,
    drive_queued,
    noted,
    repaired,
    submitted,
    waiting,
)
from tests.integration.cases.orders import clean_order, stranger
from tests.support.house import count, demo_house, process

ROOT = Path(__file__).resolve().parents[3]


async def test_a_healthy_house_is_left_alone(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        await process(house, clean_order("R-1"), "order.eml")
        await waiting(house, "R-2")
        await asked(house, "R-3")
        before = await do(house, "select to_jsonb(c) as c from cases c order by case_id")
        logged = await count(house, "decision_log")
        assert (await house.cases.reconcile()).nothing
        assert await do(house, "select to_jsonb(c) as c from cases c order by case_id") == before
        assert await count(house, "decision_log") == logged
        assert await count(house, "procrastinate_jobs") == 0


async def test_a_case_without_a_job_is_queued_unless_somebody_is_on_it(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house, demo_house(demo_url, tmp_path) as another:
        case_id = await submitted(house, clean_order("R-10"))
        async with fence(another.pool, case_id):
            assert (await house.cases.reconcile()).nothing
        assert await repaired(house) == {"queued": 1}
        assert await noted(house, case_id) == ["queued again"]
        await drive_queued(house)
        assert (await house.cases.report(case_id))["outcome"] == "booked"
        assert (await house.cases.reconcile()).nothing


async def test_a_case_whose_job_runs_is_left_alone(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        case_id = await submitted(house, clean_order("R-11"))
        async with house.pool.connection() as connection:
            await enqueue_cases(connection, [case_id])
        await do(house, "update procrastinate_jobs set status = 'doing'")
        assert (await house.cases.reconcile()).nothing


async def test_many_lost_cases_are_queued_by_one_run(
    demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orderdesk.cases.reconcile.BATCH", 2)
    async with demo_house(demo_url, tmp_path) as house:
        for number in range(5):
            await submitted(house, clean_order(f"R-12{number}"))
        assert await repaired(house) == {"queued": 5}


async def test_what_langgraph_server_is_at_is_left_to_it(demo_url: str, tmp_path: Path) -> None:
    recent = 'update checkpoints set metadata = metadata || \'{"run_id": "r"}\' where thread_id = %s'
    unasked = "delete from checkpoint_writes where thread_id = %s"
    async with demo_house(demo_url, tmp_path) as house:
        case_id, _ = await waiting(house, "R-13")
        await do(house, recent, case_id)
        await do(house, unasked, case_id)
        assert (await house.cases.reconcile()).nothing
        assert (await reconcile(house.services, house.graph, quiet_s=0)).repaired == {"queued": 1}


async def test_jobs_whose_case_is_gone_or_erased_are_deleted(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        cases = [await submitted(house, clean_order(f"R-2{n}", quantity=100 * n)) for n in (1, 2, 3)]
        async with house.pool.connection() as connection:
            await enqueue_cases(connection, cases)
        gone, erased, kept = cases
        await house.cases.drive(gone)
        await house.cases.drive(erased)
        await do(
            house, 'update procrastinate_jobs set args = \'{"case_id": "x"}\' where lock = %s', f"case:{gone}"
        )
        await do(house, "update cases set erased_at = now() where case_id = %s", erased)
        assert await repaired(house) == {"job_deleted": 2}
        assert [r["args"]["case_id"] for r in await do(house, f"select args from {JOBS}")] == [kept]


@pytest.mark.parametrize(
    "harm",
    [
        "update review set closed_at = now() where review_id = %s",
        "update review set interrupt_id = null where review_id = %s",
        "update review set interrupt_id = 'of-another-time' where review_id = %s",
    ],
)
async def test_a_review_nobody_could_answer_is_shown_again(demo_url: str, tmp_path: Path, harm: str) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        case_id, review_id = await waiting(house, "R-30")
        other, _ = await waiting(house, "R-31")
        await do(house, harm, review_id)
        assert await repaired(house) == {"review_shown": 1}
        assert await noted(house, case_id) == [f"review {review_id} is open again"]
        assert await noted(house, other) == []
        assert await can_be_rejected(house, case_id)


async def test_a_case_whose_review_is_gone_gets_a_new_one(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        case_id, review_id = await waiting(house, "R-32")
        await do(house, "delete from review where review_id = %s", review_id)
        assert await repaired(house) == {"started_over": 1}
        await drive_queued(house)
        assert (await house.cases.reconcile()).nothing
        assert await can_be_rejected(house, case_id)


async def test_a_waiting_case_without_a_thread_comes_back_to_a_person(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        case_id, _ = await waiting(house, "R-33")
        for table in ("checkpoint_writes", "checkpoint_blobs", "checkpoints"):
            await do(house, f"delete from {table} where thread_id = %s", case_id)
        assert await repaired(house) == {"queued": 1}
        await drive_queued(house)
        assert (await house.cases.reconcile()).nothing
        assert await can_be_rejected(house, case_id)


async def test_two_open_reviews_of_one_case_become_the_one_its_thread_shows(
    demo_url: str, tmp_path: Path
) -> None:
    copy = (
        "insert into review select (r).* from (select jsonb_populate_record(x, "
        '\'{"review_id": "second", "interrupt_id": null}\') as r from review x where review_id = %s) s'
    )
    async with demo_house(demo_url, tmp_path) as house:
        case_id, review_id = await waiting(house, "R-34")
        await do(house, copy, review_id)
        assert await repaired(house) == {"review_shown": 1}
        assert [row["review_id"] for row in await house.cases.reviews()] == [review_id]
        assert await can_be_rejected(house, case_id)


async def test_a_decision_nobody_carried_out_is_carried_out(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        case_id, review_id = await waiting(house, "R-35")
        review = await house.cases.review(review_id)
        async with house.pool.connection() as connection, connection.transaction():
            await decide(
                connection, review_id=review_id, payload_hash=review["payload_hash"], limits={}, actor=MIRA,
                answer=Answer(type="reject", message="not ours"), now=house.clock.now(),
            )  # fmt: skip
        assert await repaired(house) == {"queued": 1}
        await drive_queued(house)
        assert (await house.cases.report(case_id))["outcome"] == "rejected"


async def test_a_customer_who_was_not_really_waited_for_is(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        case_id = await asked(house, "R-40")
        await do(house, "delete from checkpoint_writes where thread_id = %s", case_id)
        assert await repaired(house) == {"queued": 1}
        await drive_queued(house)
        assert (await house.cases.reconcile()).nothing
        assert (await house.cases.report(case_id))["outcome"] == "waiting_customer"
        assert await count(house, "effect") == 1


async def test_a_row_that_waits_for_somebody_else_than_its_thread_is_worked_through_anew(
    demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        case_id = await asked(house, "R-41")
        await do(
            house, "update cases set status = 'waiting_review', outcome = status where case_id = %s", case_id
        )
        assert await repaired(house) == {"started_over": 1}
        await drive_queued(house)
        assert (await house.cases.reconcile()).nothing
        assert (await house.cases.report(case_id))["outcome"] in ("waiting_review", "waiting_customer")


@pytest.mark.parametrize("status", ["done", "queued"])
async def test_an_open_review_of_a_case_that_does_not_wait_is_closed(
    demo_url: str, tmp_path: Path, status: str
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        case_id, review_id = await waiting(house, "R-42")
        await house.cases.decide(review_id, REJECT, MIRA)
        await do(house, "update review set closed_at = null where review_id = %s", review_id)
        await do(house, "update cases set status = %s where case_id = %s", status, case_id)
        result = await house.cases.reconcile()
        assert result.repaired["review_closed"] == 1
        assert await house.cases.reviews() == []
        assert f"review {review_id} was closed" in await noted(house, case_id)
        assert (await house.cases.reconcile()).nothing


async def test_killed_between_two_steps_a_case_comes_to_its_person(demo_url: str, tmp_path: Path) -> None:
    killer = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.killed", demo_url, str(tmp_path)),
        cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert killer.stdin
    assert killer.stdout
    async with demo_house(demo_url, tmp_path) as house:
        whole, _ = await waiting(house, "R-50")
        steps = await count(house, f"checkpoints where thread_id = '{whole}'")
        # At its beginning, in the middle, and with the review written but nobody asked yet.
        for kill_at in (1, steps // 2, steps):
            case_id = await submitted(house, stranger(f"R-5{kill_at:02}"))
            killer.stdin.write(f"{case_id} {kill_at}\n".encode())
            assert int(await killer.stdout.readline()) == -signal.SIGKILL
            # The server frees a killed worker's lock when it notices.
            both = "select pg_advisory_lock(x), pg_advisory_unlock(x) from hashtextextended(%s, 42) x"
            await do(house, both, case_id)
            assert (await house.cases.reconcile()).repaired == {"queued": 1}, kill_at
            await drive_queued(house)
            assert (await house.cases.reconcile()).nothing
            assert await can_be_rejected(house, case_id)
    killer.stdin.close()
    await killer.wait()
