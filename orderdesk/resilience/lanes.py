"""Lanes: how many calls to one provider may run at once and per minute, the most urgent let in first."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiolimiter import AsyncLimiter

from orderdesk.resilience.places import SharedPlaces

# A rate is kept over a tenth of a minute at a time: aiolimiter lets a full bucket go at once, and a bucket of a
# whole minute would send up to twice the rate in the first one.
SLICES = 10


@dataclass(frozen=True)
class Lane:
    """The limits of one provider. `per_minute` counts in this process; None = no limit."""

    concurrency: int = 8
    per_minute: int | None = None

    def __post_init__(self) -> None:
        if self.concurrency < 1 or (self.per_minute is not None and self.per_minute < 1):
            raise ValueError("A lane lets through at least one call at once, and at least one a minute.")


class Lanes:
    """All lanes by name: of this process alone, or of all that share places. They belong to the loop of first use."""

    def __init__(
        self, limits: Mapping[str, Lane], default: Lane, *, shared: SharedPlaces | None = None
    ) -> None:
        self._limits = dict(limits)
        self._default = default
        self._shared = shared
        self._places: dict[str, _Places] = {}
        self._limiters: dict[str, AsyncLimiter] = {}

    @asynccontextmanager
    async def lane(
        self, name: str, priority: int = 0, *, hold_s: float, case_id: str | None = None
    ) -> AsyncGenerator[bool]:
        """A place in a lane for the length of a block; gives whether it had to be waited for.

        Of those who wait the highest priority comes first, and of equal ones who came first. A lane that is
        always full of higher ones never lets a lower one in: callers bring a deadline. No block takes longer than
        `hold_s` seconds. A shared place is given to another one after that, or when the fence of `case_id` is lost:
        its process may have been killed. Shared places raise what the database raises.
        """
        limits = self._limits.get(name, self._default)
        async with self._place(name, limits.concurrency, priority, hold_s, case_id) as waited:
            if limits.per_minute is not None:
                waited = await self._limit(name, limits.per_minute) or waited
            yield waited

    @asynccontextmanager
    async def _place(
        self, name: str, places: int, priority: int, hold_s: float, case_id: str | None
    ) -> AsyncGenerator[bool]:
        if self._shared is not None:
            shared = self._shared.place(name, places, priority, hold_s=hold_s, case_id=case_id)
            async with shared as waited:
                yield waited
            return
        own = self._places.setdefault(name, _Places(places))
        waited = await own.take(priority)
        try:
            yield waited
        finally:
            own.free()

    async def _limit(self, name: str, per_minute: int) -> bool:
        limiter = self._limiters.get(name)
        if limiter is None:
            burst = max(1.0, per_minute / SLICES)
            limiter = self._limiters[name] = AsyncLimiter(burst, 60.0 * burst / per_minute)
        waited = not limiter.has_capacity()
        await limiter.acquire()
        return waited


class _Places:
    """A number of places, and the queue for them."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._queue: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrivals = itertools.count()

    async def take(self, priority: int) -> bool:
        """Wait for a place; gives whether there was a wait."""
        if self._free > 0:  # nobody waits then: a place that becomes free goes straight to who waits
            self._free -= 1
            return False
        given = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, (-priority, next(self._arrivals), given))
        try:
            await given
        except BaseException:
            if given.done() and not given.cancelled():
                self.free()  # it came in the same moment as the cancellation: the next one takes it
            given.cancel()
            raise
        return True

    def free(self) -> None:
        """Hand the place to the first who still waits."""
        while self._queue:
            _, _, given = heapq.heappop(self._queue)
            if not given.done():
                given.set_result(None)
                return
        self._free += 1
