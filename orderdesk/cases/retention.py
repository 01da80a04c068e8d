"""Retention: what finished cases leave behind is pruned, erased and deleted when its time is over."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from psycopg.sql import SQL as Text
from psycopg.sql import Identifier
from psycopg.types.json import Jsonb

from checkpoints import pruning
from checkpoints.pools import Connection, LazyPool
from checkpoints.saver import RootSaver
from orderdesk.cases.retention_steps import SQL, STEPS, Times, finished_long_ago
from orderdesk.domain.base import Value
from orderdesk.domain.clock import Clock
from orderdesk.intake import purge as intake
from orderdesk.observability import purge as observability
from orderdesk.policy.retention import RetentionPolicy
from orderdesk.review import purge as review
from tools import purge as effects
from tools.models import records

logger = logging.getLogger(__name__)

# The tables of each room, as its own purge names them.
ROOMS: dict[str, tuple[str, ...]] = {
    "checkpoints": pruning.TABLES,
    "messages and cases": intake.TABLES,
    "reviews": review.TABLES,
    "decision log": observability.TABLES,
    "effects and orders": effects.TABLES,
    "model calls": records.TABLES,
}


class Room(NamedTuple):
    """What a room's tables and indexes take, in bytes."""

    name: str
    before: int
    after: int


class Retained(Value):
    """What a run did, or would do: how many by step, and what each room takes."""

    dry_run: bool
    done: dict[str, int]
    rooms: tuple[Room, ...]


async def retain(
    pool: LazyPool,
    saver: RootSaver,
    policy: RetentionPolicy,
    clock: Clock,
    *,
    dry_run: bool = False,
    only_if_due: bool = False,
    stopping: Callable[[], bool] = lambda: False,
) -> Retained | None:
    """Do what the policy says is due; None where another run is under way, or `only_if_due` and none is due.

    Safe beside running workers and at any time: open cases are not touched, each batch is one transaction, and a
    run that is killed is gone on with by the next. `stopping` ends it after the batch in hand.
    """
    async with _turn(pool) as connection:
        if connection is None or (only_if_due and not await _is_due(connection)):
            return None
        times = Times.of(policy, min(clock.now(), await _database_time(connection)))
        before = await _sizes(connection)
        run_id = None if dry_run else await _begun(connection)
        done: dict[str, int] = {}
        for step in STEPS:
            done[step.name] = await finished_long_ago(
                connection, saver, step, times, dry_run=dry_run, stopping=stopping
            )
        if run_id is not None:
            if any(done.values()):
                await _vacuum(connection)
            if not stopping():
                await connection.execute(SQL.end_run, {"run_id": run_id, "done": Jsonb(done)})
        after = await _sizes(connection)
    rooms = tuple(Room(name, before[name], after[name]) for name in ROOMS)
    return Retained(dry_run=dry_run, done=done, rooms=rooms)


@asynccontextmanager
async def _turn(pool: LazyPool) -> AsyncGenerator[Connection | None]:
    """A connection that holds the turn of the one run at a time; None where somebody else has it."""
    async with pool.connection() as connection:
        if not (await _one(connection, SQL.take_turn))["held"]:
            yield None
            return
        try:
            yield connection
        finally:
            if not connection.closed:
                await connection.execute(SQL.end_turn)


async def _is_due(connection: Connection) -> bool:
    return bool((await _one(connection, SQL.is_due))["due"])


async def _database_time(connection: Connection) -> datetime:
    """The database's clock: a machine whose own is years ahead must not erase what is not due."""
    now: datetime = (await _one(connection, SQL.database_time))["now"]
    return now


async def _begun(connection: Connection) -> int:
    return int((await _one(connection, SQL.begin_run))["run_id"])


async def _sizes(connection: Connection) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, tables in ROOMS.items():
        row = await (await connection.execute(SQL.sizes, {"tables": list(tables)})).fetchone()
        found[name] = int(row["bytes"]) if row else 0
    return found


async def _vacuum(connection: Connection) -> None:
    """Have the space used again. Without FULL: the tables stay usable while it runs."""
    for tables in ROOMS.values():
        for table in tables:
            try:
                await connection.execute(Text("vacuum {}").format(Identifier(table)), prepare=False)
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.LockNotAvailable) as error:
                logger.warning("%s is left to the database's own vacuum: %s", table, error)


async def _one(connection: Connection, statement: Any) -> dict[str, Any]:
    row = await (await connection.execute(statement)).fetchone()
    assert row is not None
    return row
