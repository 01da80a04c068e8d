"""Connections to the database: pools that notice a restarted server, errors that never show a password."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from checkpoints.connection import DeskConnection
from checkpoints.locks import SessionLocks
from orderdesk.domain.errors import DatabaseUnavailable, OrderDeskError

Connection: TypeAlias = AsyncConnection[DictRow]
Pool: TypeAlias = AsyncConnectionPool[Connection]

# What is raised while the database is down, cannot be reached, or has no connection left (psycopg's PoolTimeout is
# an OperationalError): nobody's fault but its own, and worth another try later.
AWAY: tuple[type[Exception], ...] = (psycopg.OperationalError, DatabaseUnavailable)

# How long to try before the database counts as unreachable, in seconds.
CONNECT_S = 4
# How long a lost connection is tried again in the background before a caller starts afresh, in seconds.
# The pool waits twice as long after each attempt: more would keep it asleep long after the server is back.
RECONNECT_S = 10
APPLICATION = "orderdesk"
# A connection that answered within this time is handed out without asking again: an order takes a hundred of them,
# and each question is a round trip. A server that restarts in between costs one error that callers try again.
TRUSTED_S = 0.5
# Prepared statements a connection keeps. psycopg counts a statement once for each mix of parameter types (a null
# is a type of its own), so a few dozen statements are a few hundred; at its default of 100 they push each other out.
PREPARED = 600


async def open_pool(
    url: str,
    *,
    min_size: int,
    max_size: int,
    autocommit: bool = True,
    prepare_threshold: int | None = 3,
    checkout_s: float = 30.0,
) -> Pool:
    """An open pool of connections whose rows are dicts, each checked when it is handed out.

    `checkout_s` is how long a caller waits for a free connection before psycopg's PoolTimeout. Statements are
    prepared at their fourth use; behind PgBouncer in transaction mode pass `prepare_threshold=None`. Statements
    that hold several commands need `prepare=False`. Raises DatabaseUnavailable within a few seconds.
    """
    # One plain connection first: it fails at once and says why, where a pool would go on trying.
    await (await connect(url)).close()

    last_good: WeakKeyDictionary[Connection, float] = WeakKeyDictionary()

    async def check(connection: Connection) -> None:
        if time.monotonic() - last_good.get(connection, -TRUSTED_S) < TRUSTED_S:
            return
        try:
            await AsyncConnectionPool[Connection].check_connection(connection)
            last_good[connection] = time.monotonic()
        except psycopg.Error:
            # One connection died, so the server was most likely restarted and all others are dead too. Left
            # to itself the pool finds them out one by one, and waits 1, 2, 4, 8... seconds in between.
            await pool.drain()
            raise

    async def configure(connection: Connection) -> None:
        connection.prepared_max = PREPARED
        # Here and not among the arguments of `connect`: procrastinate opens connections of its own with those, and
        # sets it a second time.
        await connection.set_autocommit(autocommit)

    pool: Pool = AsyncConnectionPool(
        url,
        configure=configure,
        connection_class=DeskConnection,
        min_size=min_size,
        max_size=max_size,
        timeout=checkout_s,
        kwargs={
            "row_factory": dict_row,
            "prepare_threshold": prepare_threshold,
            "connect_timeout": CONNECT_S,
            "application_name": APPLICATION,
        },
        check=check,
        reconnect_timeout=RECONNECT_S,
        open=False,
    )
    try:
        await pool.open(wait=True, timeout=CONNECT_S * 2)
    except BaseException as error:
        # Whatever broke it off, a cancellation too: a task of the pool that is cancelled while it connects takes that
        # for a failed attempt and goes on, and a process that left it behind would never end.
        await pool.close()
        if isinstance(error, psycopg.Error):
            raise DatabaseUnavailable(_unreachable(url, error)) from error
        raise
    return pool


async def connect(url: str) -> Connection:
    """One connection outside any pool, autocommit, rows as dicts. Raises DatabaseUnavailable."""
    try:
        async with asyncio.timeout(CONNECT_S + 1):
            return await AsyncConnection[DictRow].connect(
                url,
                autocommit=True,
                row_factory=dict_row,
                connect_timeout=CONNECT_S,
                application_name=APPLICATION,
            )
    except psycopg.ProgrammingError:
        # The parser's own message quotes the URL, password and all: it is not passed on.
        raise DatabaseUnavailable(
            "DATABASE_URL is not a Postgres URL: write it as postgresql://user:password@host:port/database."
        ) from None
    except (psycopg.Error, OSError, TimeoutError) as error:
        raise DatabaseUnavailable(_unreachable(url, error)) from error


class LazyPool:
    """A pool that is built where the program is put together, and opened at its first use.

    It belongs to the event loop of that first use. Several first uses at once open it once; if opening fails,
    the next use tries again.
    """

    def __init__(
        self,
        url: str,
        *,
        min_size: int = 1,
        max_size: int = 10,
        autocommit: bool = True,
        prepare_threshold: int | None = 3,
        checkout_s: float = 30.0,
    ) -> None:
        self._url = url
        self.locks = SessionLocks(lambda: connect(url))
        """What this process holds alone, on a connection beside the pool."""
        self._options: dict[str, Any] = {
            "min_size": min_size,
            "max_size": max_size,
            "autocommit": autocommit,
            "prepare_threshold": prepare_threshold,
            "checkout_s": checkout_s,
        }
        self._pool: Pool | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opening = asyncio.Lock()
        self._closed = False

    async def get(self) -> Pool:
        """The open pool. Raises DatabaseUnavailable, and OrderDeskError after `close` or on another loop."""
        if self._closed:
            raise OrderDeskError("This pool was closed: build a new one.")
        if self._pool is None:
            async with self._opening:
                if self._pool is None:
                    self._pool = await open_pool(self._url, **self._options)
                    self._loop = asyncio.get_running_loop()
        if self._loop is not asyncio.get_running_loop():
            raise OrderDeskError(
                "A pool opened on one event loop was used on another: give each loop a pool of its own "
                "(in LangGraph Server leave BG_JOB_ISOLATED_LOOPS off)."
            )
        return self._pool

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[Connection]:
        """A connection for the length of a block; without autocommit the block is a transaction."""
        pool = await self.get()
        async with pool.connection() as connection:
            yield connection

    async def close(self) -> None:
        """Close the connections; nothing to do if none was opened."""
        self._closed = True
        await self.locks.close()
        async with self._opening:
            if self._pool is not None:
                await self._pool.close()

    async def __aenter__(self) -> LazyPool:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()


def _unreachable(url: str, error: BaseException) -> str:
    known = conninfo_to_dict(url)
    where = f"database {known.get('dbname') or '(default)'} on {known.get('host') or 'the local socket'}"
    if port := known.get("port"):
        where += f" port {port}"
    why = " ".join(str(error).split()) or "no answer in time"
    if password := str(known.get("password") or ""):
        why = why.replace(password, "***")
    return f"The {where} cannot be reached ({why[:300]}): start it, or correct DATABASE_URL."
