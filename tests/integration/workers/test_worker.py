"""The worker and its queue: what is stored is worked on once, whoever is busy, fails or dies meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from orderdesk.bootstrap import House
from orderdesk.cases.fence import fence
from orderdesk.intake.queue import enqueue_cases, enqueue_upkeep, give_back
from orderdesk.worker import work
from tests.integration.cases.orders import clean_order
from tests.support.house import DEMO_DAY, count, demo_house

WAITING = "procrastinate_jobs where status = 'todo' and queue_name = 'cases'"


@asynccontextmanager
async def working(house: House) -> AsyncGenerator[None]:
    """A worker beside the block, told to stop at its end; what it raises is raised."""
    stop = asyncio.Event()
    task = asyncio.create_task(work(house, stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def until(house: House, what: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what the worker does, on which there is nothing to wait but what it leaves."""
    async with asyncio.timeout(60):
        while not await what():
            await asyncio.wait({asyncio.ensure_future(count(house, "cases"))})


async def queued(house: House, number: str, **order: int) -> str:
    """A clean order in the queue; its case."""
    raw = clean_order(number, **order)
    stored = await house.cases.submit(raw, f"{number}.eml", channel="test", as_of=DEMO_DAY, queue=True)
    [case_id] = stored.case_ids
    return case_id


async def test_what_is_stored_is_booked_and_sent_and_nothing_is_left(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        await queued(house, "W-1")
        await queued(house, "W-2", quantity=300)
        async with working(house):
            await until(house, lambda: both(house, "sales_order", 2, "effect where status = 'done'", 8))
        assert await count(house, WAITING) == 0
        assert await count(house, "procrastinate_jobs where status = 'doing'") == 0
        assert await count(house, "procrastinate_workers") == 0
        assert len(list((tmp_path / "outbox").glob("*.eml"))) == 2


async def both(house: House, one: str, n: int, other: str, m: int) -> bool:
    """Whether two tables have come to so many rows."""
    return await count(house, one) == n and await count(house, other) == m


async def test_the_same_message_is_one_job_and_a_case_waits_once(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house, demo_house(demo_url, tmp_path) as other:
        cases = await asyncio.gather(*(queued(h, "W-3") for h in (house, other) * 5))
        assert len(set(cases)) == 1
        assert await count(house, WAITING) == 1
        async with house.pool.connection() as one, other.pool.connection() as two:
            async with one.transaction():
                assert await enqueue_cases(one, cases[:1]) == 0
                assert await enqueue_upkeep(one, "reconcile")
                waits = asyncio.create_task(enqueue_upkeep(two, "reconcile"))
                await asyncio.sleep(0)
            assert not await waits, "what waits already was queued a second time"
        assert await count(house, WAITING) == 1


async def test_what_is_rolled_back_was_never_queued(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        stored = await house.cases.submit(clean_order("W-4"), "a.eml", channel="test", as_of=DEMO_DAY)
        assert await count(house, WAITING) == 0
        async with house.pool.connection() as connection, connection.transaction(force_rollback=True):
            assert await enqueue_cases(connection, stored.case_ids) == 1
        assert await count(house, WAITING) == 0


async def test_a_case_somebody_holds_is_gone_on_with_when_it_is_free(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house, demo_house(demo_url, tmp_path) as other:
        held, free = await queued(house, "W-5"), await queued(house, "W-6", quantity=300)
        async with working(house):
            async with fence(other.pool, held):
                await until(
                    house, lambda: both(house, f"sales_order where case_id = '{free}'", 1, "cases", 2)
                )
                await until(
                    house, lambda: both(house, "procrastinate_jobs where attempts > 1", 1, "cases", 2)
                )
                assert await count(house, f"sales_order where case_id = '{held}'") == 0
            await until(house, lambda: both(house, f"sales_order where case_id = '{held}'", 1, WAITING, 0))


async def test_the_job_of_a_dead_worker_is_given_back_once_and_done(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        case_id = await queued(house, "W-7")
        async with house.pool.connection() as connection:
            # As a worker leaves it that was killed: its row with an old sign of life, its job begun.
            await connection.execute(
                "insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 minute')"
            )
            await connection.execute(
                "select procrastinate_fetch_job_v2(null, max(id)) from procrastinate_workers"
            )
        assert await count(house, WAITING) == 0
        async with working(house):
            await until(house, lambda: both(house, f"sales_order where case_id = '{case_id}'", 1, WAITING, 0))


async def test_however_many_look_a_job_is_given_back_once_and_never_from_the_living(
    demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        for number in range(20):
            await queued(house, f"W-8-{number}")
        async with house.pool.connection() as connection:
            await connection.execute(
                "insert into procrastinate_workers (last_heartbeat) values (now() - interval '9 s'), (now())"
            )
            for _ in range(10):
                for worker in ("min", "max"):
                    await connection.execute(
                        f"select procrastinate_fetch_job_v2(null, {worker}(id)) from procrastinate_workers"  # type: ignore[arg-type]
                    )

        async def look() -> list[int]:
            async with house.pool.connection() as connection:
                return await give_back(connection, 8)

        given = [job for found in await asyncio.gather(*(look() for _ in range(8))) for job in found]
        assert len(given) == len(set(given)) == 10
        assert await count(house, "procrastinate_jobs where status = 'doing'") == 10
        assert await count(house, "procrastinate_jobs where attempts = 1") == 10


async def test_one_case_that_always_fails_stops_no_other(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        poison, good = await queued(house, "W-9"), await queued(house, "W-10", quantity=300)
        async with house.pool.connection() as connection:
            await connection.execute(
                "update message set content = '{}' where message_id = (select message_id from cases where case_id = %s)",
                (poison,),
            )
        async with working(house):
            await until(house, lambda: both(house, f"sales_order where case_id = '{good}'", 1, WAITING, 0))
            await until(
                house,
                lambda: both(
                    house, f"cases where case_id = '{poison}' and outcome is not null", 1, WAITING, 0
                ),
            )
        assert (await house.cases.report(poison))["outcome"] in ("dead_letter", "waiting_review")
