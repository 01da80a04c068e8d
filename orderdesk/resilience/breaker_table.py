"""Breakers as rows of Postgres: read without a lock, changed one caller at a time, by the database's clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from checkpoints.pools import LazyPool
from checkpoints.queries import load_queries
from orderdesk.resilience.breaker_state import Breaker, State

SQL = load_queries("orderdesk.resilience", "breaker.sql")


@dataclass(frozen=True)
class BreakerState:
    """A breaker as `doctor` and the metrics show it."""

    name: str
    state: State
    failures: int
    retry_at: datetime | None  # no call before this; None = calls are let in, or the database is away
    last_error: str | None
    changed_at: datetime | None
    shared: bool = True  # False: only this process's own view, as the database is away


@dataclass(frozen=True)
class Changed:
    """A breaker before and after a change, and the database's time in seconds."""

    before: Breaker
    after: Breaker
    now: float


class BreakerTable:
    """The table `breaker`. Raises psycopg's errors and DatabaseUnavailable."""

    def __init__(self, pool: LazyPool) -> None:
        self._pool = pool

    async def read(self, name: str) -> tuple[Breaker, float] | None:
        """A breaker and the database's time; None = it has no row, as nothing ever failed."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(SQL.read, {"name": name})).fetchone()
        return None if row is None else _from_row(row)

    async def change(self, name: str, change: Callable[[Breaker, float], Breaker]) -> Changed:
        """Apply a pure function to a breaker while nobody else can."""
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(SQL.make, {"name": name})
            row = await (await connection.execute(SQL.lock, {"name": name})).fetchone()
            assert row is not None  # made above, and rows are never deleted
            before, now = _from_row(row)
            after = change(before, now)
            if after != before:
                await connection.execute(SQL.write, {"name": name, **asdict(after)})
        return Changed(before, after, now)

    async def reset(self, name: str) -> None:
        """Close it at once; nothing to do where nothing ever failed."""
        async with self._pool.connection() as connection:
            await connection.execute(SQL.reset, {"name": name})

    async def states(self) -> list[BreakerState]:
        """All breakers that ever failed, by name."""
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(SQL.states)).fetchall()
        return [BreakerState(**row) for row in rows]


def _from_row(row: Mapping[str, Any]) -> tuple[Breaker, float]:
    fields = dict(row)
    now = float(fields.pop("now"))
    return Breaker(**fields), now
