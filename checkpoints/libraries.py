"""The tables that LangGraph's saver and procrastinate bring themselves: made once, then kept up to date."""

from __future__ import annotations

from pathlib import Path
from typing import LiteralString, cast

import psycopg
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from procrastinate.schema import SchemaManager

from checkpoints.pools import Connection
from checkpoints.queries import load_queries
from orderdesk.domain.errors import ConfigurationError

SAVER = "langgraph_checkpoints"
QUEUE = "procrastinate"

SQL = load_queries("checkpoints", "migrations.sql")


async def apply_libraries(connection: Connection) -> list[str]:
    """Make or move on both libraries' tables; returns the names of what was done.

    Call it with the migration lock held. Raises ConfigurationError when a library's own SQL fails.
    """
    done: list[str] = []
    try:
        if await _saver_is_behind(connection):
            await AsyncPostgresSaver(connection).setup()
            done.append(SAVER)
        if (steps := await _queue_steps(connection)) is None:
            await _queue_step(connection, SchemaManager.get_schema(), _newest_step())
            done.append(QUEUE)
        for step in steps or []:
            text = (Path(SchemaManager.get_migrations_path()) / f"{step}.sql").read_text(encoding="utf-8")
            # Safe to call literal: a file of the installed library.
            await _queue_step(connection, cast("LiteralString", text), step)
            done.append(f"{QUEUE} {step}")
    except psycopg.Error as error:
        raise ConfigurationError(
            f"The tables of a library could not be made ({' '.join(str(error).split())[:300]}): "
            "the database user needs the right to create tables, types and functions in its schema."
        ) from error
    return done


async def pending_libraries(connection: Connection) -> list[str]:
    """The names of what `apply_libraries` would do; changes nothing."""
    todo = [SAVER] if await _saver_is_behind(connection) else []
    steps = await _queue_steps(connection)
    return todo + ([QUEUE] if steps is None else [f"{QUEUE} {step}" for step in steps])


async def _saver_is_behind(connection: Connection) -> bool:
    if not await _has_table(connection, "checkpoint_migrations"):
        return True
    row = await (await connection.execute(SQL.saver_step)).fetchone()
    return row is None or row["step"] is None or row["step"] < len(AsyncPostgresSaver.MIGRATIONS) - 1


async def _queue_steps(connection: Connection) -> list[str] | None:
    """The steps procrastinate has brought since its tables were made; None when there are no tables."""
    if not await _has_table(connection, "procrastinate_jobs"):
        return None
    if not await _has_table(connection, "library_schema"):
        return []
    row = await (await connection.execute(SQL.library_step, {"library": QUEUE})).fetchone()
    # Tables that somebody else made are taken to be of the installed version: nothing in them says otherwise.
    return [step for step in _all_steps() if step > row["step"]] if row else []


async def _queue_step(connection: Connection, text: LiteralString, step: str) -> None:
    async with connection.transaction():
        await connection.execute(text, prepare=False)
        await connection.execute(SQL.record_library, {"library": QUEUE, "step": step})


def _all_steps() -> list[str]:
    return sorted(file.stem for file in Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def _newest_step() -> str:
    return _all_steps()[-1]


async def _has_table(connection: Connection, name: str) -> bool:
    row = await (await connection.execute(SQL.has_table, {"name": name})).fetchone()
    return bool(row and row["yes"])
