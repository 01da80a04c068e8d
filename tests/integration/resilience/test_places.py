"""Places of a lane that processes share through a real Postgres; each pool here stands for a process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack

import psycopg
import pytest

from checkpoints.pools import LazyPool
from orderdesk.domain.errors import DatabaseUnavailable
from orderdesk.resilience.places import SharedPlaces

LANE = "models.example:443"
# Far longer than anything here takes: the test fails instead of hanging.
PATIENCE_S = 60.0
NOWHERE = "postgresql://nobody@127.0.0.1:9/none"


@pytest.fixture
async def pools(database_url: str) -> AsyncGenerator[tuple[LazyPool, LazyPool]]:
    async with asyncio.timeout(PATIENCE_S), LazyPool(database_url) as one, LazyPool(database_url) as other:
        yield one, other


class Crowd:
    """Calls of several processes to one lane, and the order in which they were let in."""

    def __init__(self, places: int, *pools: LazyPool) -> None:
        self.pools = pools
        self.let_in: list[str] = []
        self.waited: dict[str, bool] = {}
        self._places = places
        self._shared = [SharedPlaces(pool) for pool in pools]
        self._leave: dict[str, asyncio.Event] = {}
        self.calls: dict[str, asyncio.Task[None]] = {}

    async def come(self, name: str, priority: int = 0, *, process: int = 0) -> None:
        """A call comes, and has asked for a place once when this returns."""
        before = await self.rows()
        self._leave[name] = asyncio.Event()
        self.calls[name] = asyncio.create_task(self._stay(name, priority, process))
        while await self.rows() <= before:
            assert not self.calls[name].done(), self.calls[name]

    async def _stay(self, name: str, priority: int, process: int) -> None:
        async with self._shared[process].place(LANE, self._places, priority, hold_s=PATIENCE_S) as waited:
            self.let_in.append(name)
            self.waited[name] = waited
            await self._leave[name].wait()

    async def go(self, name: str) -> None:
        """A call that was let in ends; of those who wait, as many as have room are in when this returns."""
        self._leave[name].set()
        await self.calls[name]
        inside = min(self._places, await self.rows())
        while len([n for n in self.let_in if not self.calls[n].done()]) < inside:
            await asyncio.sleep(0)

    async def rows(self) -> int:
        """Calls that wait or run."""
        return await number(self.pools[0], "select count(*) as n from lane_place")


async def number(pool: LazyPool, query: str) -> int:
    async with pool.connection() as connection:
        row = await (await connection.execute(query)).fetchone()  # type: ignore[arg-type]
    assert row
    return int(row["n"])


async def left_behind(pool: LazyPool, priority: int, *, places: int) -> None:
    """A call of a process that was killed, long ago."""
    async with pool.connection() as connection:
        await connection.execute(
            "select take_place(%s, gen_random_uuid(), %s, %s, null, 60, 60)", (LANE, places, priority)
        )
        await connection.execute("update lane_place set until = clock_timestamp() - interval '1 ms'")


async def test_the_most_urgent_of_all_processes_is_let_in_and_equals_come_in_turn(
    pools: tuple[LazyPool, LazyPool],
) -> None:
    crowd = Crowd(1, *pools)
    await crowd.come("first")
    await crowd.come("low")
    await crowd.come("low elsewhere", process=1)
    await crowd.come("high elsewhere", 5, process=1)
    await crowd.come("high", 5)
    await crowd.come("higher elsewhere", 9, process=1)
    order = ["first", "higher elsewhere", "high elsewhere", "high", "low", "low elsewhere"]
    for nth, name in enumerate(order):
        assert crowd.let_in == order[: nth + 1]
        await crowd.go(name)
    assert crowd.waited == {name: name != "first" for name in order}
    assert await crowd.rows() == 0


async def test_no_more_than_the_places_are_inside_however_many_processes_there_are(
    pools: tuple[LazyPool, LazyPool],
) -> None:
    crowd = Crowd(3, *pools)
    names = [str(n) for n in range(8)]
    for n, name in enumerate(names):
        await crowd.come(name, process=n % 2)
    assert crowd.let_in == names[:3]
    for n, name in enumerate(names):
        await crowd.go(name)
        assert crowd.let_in == names[: n + 4]


@pytest.mark.parametrize("places", [1, 0], ids=["inside", "waiting"])
async def test_a_killed_process_keeps_nobody_out_for_longer_than_its_time(
    places: int, pools: tuple[LazyPool, LazyPool]
) -> None:
    await left_behind(pools[1], 900, places=places)
    crowd = Crowd(1, pools[0])
    async with SharedPlaces(pools[0]).place(LANE, 1, 0, hold_s=1) as waited:
        assert waited is False
        assert await crowd.rows() == 1


async def test_a_place_is_free_as_soon_as_nobody_holds_its_cases_fence(
    pools: tuple[LazyPool, LazyPool],
) -> None:
    here, there = (SharedPlaces(pool) for pool in pools)
    async with AsyncExitStack() as other_process:
        await other_process.enter_async_context(pools[1].locks.hold("a-case"))
        held = there.place(LANE, 1, 0, hold_s=PATIENCE_S, case_id="a-case")
        await other_process.enter_async_context(held)
        asking = asyncio.ensure_future(_waited(here))
        while await number(pools[0], "select count(*) as n from lane_place") < 2:
            assert not asking.done()
        await pools[1].locks.close()  # as after kill -9: its session ends, and nothing is told to anybody
        assert await asking is True


async def _waited(shared: SharedPlaces) -> bool:
    async with shared.place(LANE, 1, 0, hold_s=PATIENCE_S) as waited:
        return waited


async def test_who_gives_up_waiting_stands_in_nobodys_way(pools: tuple[LazyPool, LazyPool]) -> None:
    crowd = Crowd(1, *pools)
    await crowd.come("first")
    await crowd.come("urgent", 900, process=1)
    await crowd.come("low")
    crowd.calls["urgent"].cancel()
    with pytest.raises(asyncio.CancelledError):
        await crowd.calls["urgent"]
    assert await crowd.rows() == 2
    await crowd.go("first")
    assert crowd.let_in == ["first", "low"]
    await crowd.go("low")


async def test_lanes_do_not_stand_in_each_others_way(pools: tuple[LazyPool, LazyPool]) -> None:
    async with AsyncExitStack() as inside:
        for lane in ("one.example:443", "other.example:443"):
            place = SharedPlaces(pools[0]).place(lane, 1, 0, hold_s=PATIENCE_S)
            assert await inside.enter_async_context(place) is False


async def test_nobody_is_let_in_while_the_database_is_away() -> None:
    async with LazyPool(NOWHERE) as pool:
        with pytest.raises((DatabaseUnavailable, psycopg.OperationalError)):
            async with SharedPlaces(pool).place(LANE, 1, 0, hold_s=1):
                raise AssertionError("let in")
