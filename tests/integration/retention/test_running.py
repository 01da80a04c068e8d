"""Retention beside others: one run at a time, once a day, never by a wrong clock; killed, it leaves no half."""

from __future__ import annotations

import asyncio
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orderdesk.cases.fence import fence
from orderdesk.domain.clock import FixedClock
from orderdesk.intake.queue import enqueue_upkeep
from orderdesk.worker import work
from tests.integration.cases.orders import clean_order, stranger
from tests.integration.retention.old_cases import YEARS, everything, old_house, personal, rows, run
from tests.support.house import count, demo_house, process
from tests.support.zygote import Zygote

KILLED = "tests.integration.retention.killed:main"
RUNS = "retention_run where finished_at is not null"


async def test_a_dry_run_counts_what_a_run_then_does_and_a_second_run_does_nothing(
    demo_url: str, tmp_path: Path
) -> None:
    async with old_house(demo_url, tmp_path) as (house, clock):
        await process(house, clean_order("T-1"), "order.eml")
        await process(house, clean_order("T-2", quantity=300), "order.eml")
        await process(house, stranger("T-3"), "order.eml")
        clock.advance(YEARS)
        before = await everything(house)
        dry = await house.cases.retain(dry_run=True)
        assert await everything(house) == before
        first = await house.cases.retain()
        once = await everything(house)
        second = await house.cases.retain()
        twice = await everything(house)
        assert dry is not None
        assert first is not None
        assert second is not None
        assert dry.dry_run
        assert dry.done == {
            "cases pruned to their last checkpoint": 2,
            "cases without checkpoints now": 2,
            "cases without model answers now": 2,
            "raw messages erased": 2,
            "cases erased": 2,
            "decision logs deleted": 0,
        }
        assert first.done == dry.done
        assert not any(second.done.values())
        once.pop("retention_run")
        assert len(twice.pop("retention_run")) == 2
        assert twice == once
        assert all(room.before > 0 and room.after > 0 for room in first.rooms)


async def test_more_than_a_batch_is_done_in_one_run(demo_url: str, tmp_path: Path) -> None:
    async with old_house(demo_url, tmp_path) as (house, clock):
        await process(house, clean_order("T-4"), "order.eml")
        await run(
            house,
            "insert into message select (jsonb_populate_record(m, jsonb_build_object('message_id', 'm' || n, "
            "'content_hash', 'h' || n, 'header_message_id', null))).* from message m, generate_series(1, 130) n",
        )
        await run(
            house,
            "insert into cases select (jsonb_populate_record(c, jsonb_build_object('case_id', 'c' || n, "
            "'thread_id', 't' || n, 'message_id', 'm' || n))).* from cases c, generate_series(1, 130) n",
        )
        clock.advance(YEARS)
        found = await house.cases.retain()
        assert found is not None
        assert found.done["cases erased"] == 131
        assert await count(house, "message where erased_at is null") == 0


async def test_only_one_run_at_a_time_and_once_a_day_whoever_asks(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house, demo_house(demo_url, tmp_path) as other:
        async with house.pool.connection() as connection:
            turn = "hashtextextended('orderdesk.retention', 43)"
            await connection.execute(f"select pg_advisory_lock({turn})")
            assert await other.cases.retain() is None
            await connection.execute(f"select pg_advisory_unlock({turn})")
        both = [house.cases.retain(only_if_due=True), other.cases.retain(only_if_due=True)]
        found = await asyncio.gather(*both)
        assert sum(one is not None for one in found) == 1
        assert await house.cases.retain(only_if_due=True) is None
        assert await count(house, RUNS) == 1
        await run(house, "update retention_run set started_at = started_at - interval '25 hours', "
                         "finished_at = finished_at - interval '25 hours'")  # fmt: skip
        assert await other.cases.retain(only_if_due=True) is not None
        # One that was killed: not again at once, but long before tomorrow.
        await run(house, "update retention_run set started_at = started_at - interval '30 hours', "
                         "finished_at = finished_at - interval '30 hours'")  # fmt: skip
        await run(house, "insert into retention_run default values")
        assert await house.cases.retain(only_if_due=True) is None
        late = "update retention_run set started_at = started_at - interval '61 minutes' where finished_at is null"
        await run(house, late)
        assert await house.cases.retain(only_if_due=True) is not None


async def test_a_machine_whose_clock_is_years_ahead_erases_nothing(demo_url: str, tmp_path: Path) -> None:
    clock = FixedClock(datetime.now(UTC))
    async with demo_house(demo_url, tmp_path, clock=clock) as house:
        await process(house, clean_order("T-5"), "order.eml")
        clock.advance(YEARS)
        await house.cases.retain()
        assert await count(house, "message where raw is not null and erased_at is null") == 1
        assert await count(house, "checkpoints") == 1


async def test_a_case_that_a_worker_holds_is_left_for_the_next_run(demo_url: str, tmp_path: Path) -> None:
    async with old_house(demo_url, tmp_path) as (house, clock):
        [held] = await process(house, clean_order("T-6"), "order.eml")
        [free] = await process(house, clean_order("T-7", quantity=300), "order.eml")
        checkpoints = await count(house, f"checkpoints where thread_id = '{held['case_id']}'")
        clock.advance(YEARS)
        async with fence(house.pool, held["case_id"]):
            await house.cases.retain()
            erased = await rows(house, "select case_id from cases where erased_at is not null")
            assert [row["case_id"] for row in erased] == [free["case_id"]]
            assert await count(house, f"checkpoints where thread_id = '{held['case_id']}'") == checkpoints
            assert (await house.cases.message_of(held["case_id"]))[0].documents
        await house.cases.retain()
        assert await personal(house) == []


async def test_kill_9_at_any_change_leaves_no_case_half_erased(demo_url: str, tmp_path: Path) -> None:
    where = {"url": demo_url, "home": str(tmp_path)}
    async with Zygote() as zygote, old_house(demo_url, tmp_path) as (house, _):
        await process(house, clean_order("T-8"), "order.eml")
        await process(house, clean_order("T-9", quantity=300), "order.eml")
        # Without its checkpoints, which are deleted before, and its raw bytes.
        parts = ("message", "message_document", "cases", "effect", "decision_log", "sales_order")
        bare = (
            "update message set raw = null; update cases set pruned_at = now(), thread_deleted_at = now(), "
        )
        await _several(house.url, bare + "answers_erased_at = now()")
        before = {part: (await everything(house))[part] for part in parts}
        kills = 0
        for kill_at in range(1, 60):
            code = await (await zygote.start(KILLED, **where, kill_at=kill_at, year=2019)).wait()
            if await count(house, "message where erased_at is null") == 0:
                break  # killed after the batch was committed: everything is erased
            assert code == -signal.SIGKILL
            kills += 1
            now = await everything(house)
            assert {part: now[part] for part in parts} == before
        assert kills >= 10
        assert await personal(house) == []
        assert await count(house, "decision_log where node = 'retention'") == 2


async def _several(url: str, statements: str) -> None:
    import psycopg

    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(statements)  # type: ignore[arg-type]


async def test_a_worker_does_it_beside_its_cases_and_ends_when_told(demo_url: str, tmp_path: Path) -> None:
    async with old_house(demo_url, tmp_path) as (house, clock):
        await process(house, clean_order("T-10"), "order.eml")
        clock.advance(timedelta(days=40))
        stop = asyncio.Event()
        async with house.pool.connection() as connection:
            assert await enqueue_upkeep(connection, "retain")
        working = asyncio.ensure_future(work(house, stop))
        while await count(house, RUNS) == 0:
            await asyncio.wait({working}, timeout=0.05)
            assert not working.done()
        stop.set()
        await working
        assert await count(house, "checkpoints") == 0
        assert await count(house, "message where raw is not null") == 1
