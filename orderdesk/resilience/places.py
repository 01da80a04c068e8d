"""Places in a lane that all processes over one database share, the most urgent call of all of them let in first."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

from checkpoints.pools import AWAY, LazyPool
from checkpoints.queries import load_queries

SQL = load_queries("orderdesk.resilience", "places.sql")
logger = logging.getLogger(__name__)

# Who waits asks again so often, in seconds; a place that becomes free in this process is asked for at once.
LOOK_S = 0.2
# Who has not asked for so long, in seconds, is gone, and nobody stands behind it any more.
WAIT_S = 10.0


class SharedPlaces:
    """The table `lane_place`. Raises psycopg's errors and DatabaseUnavailable: without it nobody is let in."""

    def __init__(self, pool: LazyPool) -> None:
        self._pool = pool
        self._freed: dict[str, asyncio.Event] = {}

    @asynccontextmanager
    async def place(
        self, lane: str, places: int, priority: int, *, hold_s: float, case_id: str | None = None
    ) -> AsyncGenerator[bool]:
        """One of a lane's places for the length of a block, at most `hold_s` seconds; gives whether it was waited for.

        Of those who wait, in whatever process, the highest priority comes first, and of equal ones who came first.
        The place goes with the fence of `case_id`, where the caller holds one: a killed process frees it at once.
        """
        holder = uuid4()
        asked = {
            "holder": holder, "lane": lane, "places": places, "priority": priority, "case_id": case_id,
            "hold_s": hold_s, "wait_s": WAIT_S,
        }  # fmt: skip
        waited = False
        try:
            while not await self._take(asked):
                waited = True
                freed = self._freed.setdefault(lane, asyncio.Event())
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(freed.wait(), LOOK_S)
            yield waited
        finally:
            await self._leave(holder, lane)

    async def _take(self, asked: Mapping[str, Any]) -> bool:
        async with self._pool.connection() as connection:
            row = await (await connection.execute(SQL.take, asked)).fetchone()
        return row is not None and bool(row["taken"])

    async def _leave(self, holder: UUID, lane: str) -> None:
        try:
            async with self._pool.connection() as connection:
                await connection.execute(SQL.leave, {"holder": holder})
        except AWAY as error:
            logger.warning("a place in the lane of %s is free only when its time is over: %s", lane, error)
        if freed := self._freed.pop(lane, None):
            freed.set()
