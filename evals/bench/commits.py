"""Counting the commits of a stretch of work, without those the database and the counting itself make."""

from __future__ import annotations

import asyncio
import time

from checkpoints.pools import connect
from checkpoints.queries import load_queries
from orderdesk.bootstrap import House

SQL = load_queries("evals.bench", "queries.sql")
# How long the idle database is watched, in seconds, to know what it commits on its own.
IDLE_S = 2.0
# A server process hands in its counters when it ends; so long after a connection was closed they are in, in seconds.
SETTLE_S = 0.3


class CommitCounter:
    """Commits of one house's database."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._overhead = 0
        self._idle_rate = 0.0
        self._before = 0
        self._since = 0.0

    async def watch_idle(self) -> None:
        """Learn what an idle database commits, and begin to count."""
        first = await self._read()
        second = await self._read()
        self._overhead = second - first
        await asyncio.sleep(IDLE_S)
        self._before = await self._read()
        self._idle_rate = max(0.0, (self._before - second - self._overhead) / IDLE_S)
        self._since = time.perf_counter()

    async def since_idle(self) -> float:
        """Commits of the work done since, as far as they are its own."""
        seconds = time.perf_counter() - self._since
        return max(0.0, await self._read() - self._before - self._overhead - self._idle_rate * seconds)

    async def _read(self) -> int:
        # A connection that stays open may keep its counters for ten seconds: all of them are closed first.
        await (await self._house.pool.get()).drain()
        await asyncio.sleep(SETTLE_S)
        connection = await connect(self._house.url)
        try:
            row = await (await connection.execute(SQL.commits)).fetchone()
        finally:
            await connection.close()
        assert row is not None
        return int(row["commits"])
