"""Holding processes at a place of the test's choosing: a table they want to write to is locked until they may go on."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from checkpoints.pools import connect
from tests.chaos.fault_desk import until

WAITING = """
    select count(*) as n from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'
"""
FENCES = "select count(*) as n from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())"
_CUT = """
    select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and granted
      and database = (select oid from pg_database where datname = current_database())
"""


@asynccontextmanager
async def table_held(url: str, table: str) -> AsyncGenerator[Callable[[], Awaitable[None]]]:
    """Nobody writes to a table within the block, or until the function it gives is called; reading goes on."""
    async with await connect(url) as connection:
        await connection.execute("begin")
        await connection.execute(f"lock table {table} in exclusive mode")  # type: ignore[arg-type]

        async def let_go() -> None:
            await connection.execute("rollback")

        yield let_go


async def until_held(url: str, number: int) -> None:
    """Wait until so many connections wait for something that is locked."""
    await until(url, WAITING, at_least=number)


async def cut_the_fences(url: str) -> None:
    """End the connections that hold cases, as a network does that drops idle ones; nobody is told."""
    async with await connect(url) as connection:
        await connection.execute(_CUT)
