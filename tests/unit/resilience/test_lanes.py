"""Lanes: who is let in when the places are taken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from orderdesk.resilience.lanes import Lane, Lanes

PATIENCE_S = 10.0  # nothing here takes time: who waits so long is never let in


async def turns(until: Callable[[], bool]) -> None:
    """Let the other tasks go on until it is so; a bounded number of turns, as nothing here takes time."""
    for _ in range(1000):
        if until():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to that")


class Crowd:
    """Callers of one lane, and the order in which they were let in."""

    def __init__(self, lanes: Lanes) -> None:
        self.lanes = lanes
        self.order: list[str] = []
        self.waited: dict[str, bool] = {}
        self.leave: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def come(self, name: str, priority: int = 0, lane: str = "models") -> None:
        self.leave[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._stay(name, priority, lane))
        for _ in range(5):  # far enough to stand in the queue, or inside
            await asyncio.sleep(0)

    async def _stay(self, name: str, priority: int, lane: str) -> None:
        async with self.lanes.lane(lane, priority, hold_s=PATIENCE_S) as waited:
            self.order.append(name)
            self.waited[name] = waited
            await self.leave[name].wait()

    async def go(self, *names: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            for name in names:
                self.leave[name].set()
                await self.tasks[name]


async def test_the_highest_priority_gets_the_free_place_and_equals_come_in_turn() -> None:
    crowd = Crowd(Lanes({"models": Lane(concurrency=1)}, Lane()))
    for name, priority in [
        ("first", 0),
        ("low", 0),
        ("low too", 0),
        ("high", 5),
        ("higher", 9),
        ("high too", 5),
    ]:
        await crowd.come(name, priority)
    assert crowd.order == ["first"]
    await crowd.go("first", "higher", "high", "high too", "low", "low too")
    assert crowd.order == ["first", "higher", "high", "high too", "low", "low too"]
    assert crowd.waited["first"] is False
    assert crowd.waited["low"] is True


async def test_no_more_than_the_places_are_inside() -> None:
    crowd = Crowd(Lanes({}, Lane(concurrency=3)))
    names = [str(number) for number in range(7)]
    for name in names:
        await crowd.come(name)
    assert crowd.order == names[:3]
    await crowd.go("1")
    await turns(lambda: len(crowd.order) == 4)
    await crowd.go(*names)


async def test_lanes_do_not_stand_in_each_others_way() -> None:
    crowd = Crowd(Lanes({}, Lane(concurrency=1)))
    await crowd.come("a", lane="one")
    await crowd.come("b", lane="two")
    assert crowd.order == ["a", "b"]
    await crowd.go("a", "b")


async def test_who_stops_waiting_leaves_no_hole() -> None:
    crowd = Crowd(Lanes({}, Lane(concurrency=1)))
    for name in ("inside", "impatient", "patient"):
        await crowd.come(name)
    crowd.tasks["impatient"].cancel()
    await crowd.go("inside", "patient")
    assert crowd.order == ["inside", "patient"]
    await crowd.come("next")
    assert crowd.waited["next"] is False
    await crowd.go("next")


async def test_a_place_that_is_given_to_a_cancelled_waiter_in_the_same_moment_goes_to_the_next() -> None:
    crowd = Crowd(Lanes({}, Lane(concurrency=1)))
    async with crowd.lanes.lane("models", hold_s=PATIENCE_S):
        await crowd.come("cancelled")
        await crowd.come("next")
    crowd.tasks["cancelled"].cancel()  # it has the place, and has had no turn yet to know of it
    await turns(lambda: bool(crowd.order))
    assert crowd.order == ["next"]
    await crowd.go("next")
    await crowd.come("after")
    assert crowd.waited["after"] is False
    await crowd.go("after")


async def test_a_place_is_free_again_after_an_error() -> None:
    lanes = Lanes({}, Lane(concurrency=1))
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            async with lanes.lane("models", hold_s=PATIENCE_S):
                raise ZeroDivisionError
    async with lanes.lane("models", hold_s=PATIENCE_S) as waited:
        assert waited is False


async def test_a_rate_holds_back_what_the_places_would_let_in() -> None:
    crowd = Crowd(Lanes({"models": Lane(concurrency=8, per_minute=20)}, Lane()))
    for name in ("a", "b", "c"):
        await crowd.come(name)
    assert crowd.order == ["a", "b"]  # a tenth of the minute's calls at once, then one in three seconds
    crowd.tasks["c"].cancel()
    await crowd.go("a", "b")


@pytest.mark.parametrize("limits", [{"concurrency": 0}, {"per_minute": 0}])
def test_a_lane_that_lets_nobody_through_is_refused(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Lane(**limits)
