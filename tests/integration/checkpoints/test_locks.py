"""The locks of a process: one holder at a time over all processes, and no work under a lock that is gone."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from checkpoints.pools import LazyPool
from orderdesk.domain.errors import FenceLost

SESSIONS = "select pid from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())"


async def held_by_others(url: str, name: str) -> bool:
    """Whether a session of its own is refused the lock."""
    async with LazyPool(url) as other, other.locks.hold(name) as held:
        return not held


async def test_one_holder_at_a_time_in_this_process_and_in_others(database_url: str) -> None:
    async with LazyPool(database_url) as pool, pool.locks.hold("a") as held:
        assert held
        async with pool.locks.hold("a") as again, pool.locks.hold("b") as another:
            assert (again, another) == (False, True)
        assert await held_by_others(database_url, "a"), "who was refused took the lock away from who has it"
        assert not await held_by_others(database_url, "b")
    assert not await held_by_others(database_url, "a")


async def test_many_cases_share_one_connection(database_url: str) -> None:
    async with LazyPool(database_url) as pool, asyncio.TaskGroup() as group, pool.locks.hold("0"):
        everyone_in = asyncio.Barrier(20)

        async def hold(name: str) -> None:
            async with pool.locks.hold(name) as held:
                assert held
                await everyone_in.wait()

        tasks = [group.create_task(hold(str(n))) for n in range(1, 20)]
        async with await psycopg.AsyncConnection.connect(database_url) as looking:
            await everyone_in.wait()
            rows = await (await looking.execute(SESSIONS)).fetchall()
        assert len(set(rows)) == 1
        await asyncio.gather(*tasks)


async def test_whoever_is_stopped_leaves_no_lock_behind(database_url: str) -> None:
    async with LazyPool(database_url) as pool:
        inside = asyncio.Event()

        async def hold() -> None:
            async with pool.locks.hold("a"):
                inside.set()
                await asyncio.Event().wait()

        for let_in in (True, False):
            inside.clear()
            holding = asyncio.create_task(hold())
            await (inside.wait() if let_in else asyncio.sleep(0))
            holding.cancel()
            with pytest.raises(asyncio.CancelledError):
                await holding
            assert not await held_by_others(database_url, "a")


async def test_work_ends_when_its_lock_is_gone_and_the_next_lock_is_a_new_one(database_url: str) -> None:
    async with LazyPool(database_url) as pool:

        async def hold(name: str) -> None:
            async with pool.locks.hold(name):
                inside.release()
                await asyncio.Event().wait()

        inside = asyncio.Semaphore(0)
        holding = [asyncio.create_task(hold(name)) for name in "ab"]
        await inside.acquire()
        await inside.acquire()
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as admin:
            await admin.execute(f"select pg_terminate_backend(pid) from ({SESSIONS}) s")  # type: ignore[arg-type]
        ended = await asyncio.gather(*holding, return_exceptions=True)
        assert [type(error) for error in ended] == [FenceLost, FenceLost]
        async with pool.locks.hold("a") as held:
            assert held
            assert await held_by_others(database_url, "a")


async def test_a_time_limit_inside_a_lock_stays_a_time_limit(database_url: str) -> None:
    async with LazyPool(database_url) as pool:
        with pytest.raises(TimeoutError):
            async with pool.locks.hold("a"), asyncio.timeout(0):
                await asyncio.Event().wait()
        assert not await held_by_others(database_url, "a")
