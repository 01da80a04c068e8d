"""The advisory locks of one process, on one watched connection: whoever holds one learns when it is gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import DictRow

from checkpoints.queries import load_queries
from orderdesk.domain.errors import FenceLost

logger = logging.getLogger(__name__)

SQL = load_queries("checkpoints", "locks.sql")
T = TypeVar("T")
Session = AsyncConnection[DictRow]

# How often the connection is tried while a lock is held, in seconds, and how long it may take to answer. Without it
# nobody would notice that the server has let go of the locks while the work under them goes on.
WATCH_S, ANSWER_S = 1.0, 5.0


class SessionLocks:
    """Locks by name over one session of the database; the server frees them when the session ends, however it ends.

    `connect` opens that session, at the first lock and after it has broken, and raises DatabaseUnavailable. It has to
    be a session for the whole time: behind PgBouncer that is session mode.
    """

    def __init__(self, connect: Callable[[], Awaitable[Session]]) -> None:
        self._connect = connect
        self._connection: Session | None = None
        self._wanted: set[str] = set()
        self._held: dict[str, asyncio.Timeout] = {}
        self._turn = asyncio.Lock()
        self._watching: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncGenerator[bool]:
        """Hold a lock for the length of a block; gives False, without waiting, where somebody else has it.

        Raises DatabaseUnavailable, and FenceLost out of the middle of the block when the lock is gone.
        """
        if name in self._wanted:  # the session itself would be given it a second time
            yield False
            return
        self._wanted.add(name)
        try:
            if not await self._taken(name):
                yield False
                return
            scope = asyncio.timeout(None)
            try:
                async with scope:
                    self._held[name] = scope
                    yield True
            except TimeoutError:
                if scope.expired():
                    raise FenceLost(_GONE) from None
                raise
            finally:
                self._held.pop(name, None)  # the block is over: from here on there is nothing to cut short
                await _whole(self._release(name))
        finally:
            self._wanted.discard(name)

    async def close(self) -> None:
        """End the session; nothing to do if there is none."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait({self._watching})
        async with self._turn:
            if self._connection is not None:
                await self._connection.close()
                self._connection = None

    async def _taken(self, name: str) -> bool:
        """Take a lock; a caller that is cancelled meanwhile leaves none behind."""
        taking = asyncio.ensure_future(self._take(name))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            await asyncio.wait({taking})
            await _whole(self._release(name))
            raise

    async def _take(self, name: str) -> bool:
        async with self._turn:
            try:
                taken = await _try(await self._open(), name)
            except psycopg.OperationalError:  # it went away while nobody looked
                self._gone()
                taken = await _try(await self._open(), name)
            if taken and (self._watching is None or self._watching.done()):
                self._watching = asyncio.create_task(self._watch(), name="watch the locks")
        return taken

    async def _release(self, name: str) -> None:
        async with self._turn:
            self._held.pop(name, None)
            if self._connection is None:
                return
            try:
                await self._connection.execute(SQL.unlock, {"name": name})
            except psycopg.OperationalError:
                self._gone()

    async def _open(self) -> Session:
        if self._connection is not None and self._connection.closed:
            self._gone()
        if self._connection is None:
            connection = await self._connect()
            # A machine that loses its power says nothing: the server has to notice by itself, and soon.
            await connection.execute(SQL.notice_death)
            self._connection = connection
        return self._connection

    async def _watch(self) -> None:
        """Try the connection while anything is held."""
        while self._wanted:
            await asyncio.sleep(WATCH_S)
            async with self._turn:
                if self._connection is None:
                    continue
                try:
                    async with asyncio.timeout(ANSWER_S):
                        await self._connection.execute(SQL.still_there)
                except (psycopg.Error, TimeoutError):
                    self._gone()

    def _gone(self) -> None:
        """Nothing is held any more: end the work that rests on it, now."""
        if self._connection is not None:
            # Not waited for: a server that does not answer would hold us up, and closing sends it nothing it needs.
            self._connection.pgconn.finish()
            self._connection = None
        now = asyncio.get_running_loop().time()
        for name, scope in self._held.items():
            logger.warning("the lock on %s is gone with its connection", name)
            scope.reschedule(now)
        self._held.clear()


_GONE = "The connection that holds this worker's locks broke: its cases go on from their last step, here or elsewhere."


async def _try(connection: Session, name: str) -> bool:
    row = await (await connection.execute(SQL.try_lock, {"name": name})).fetchone()
    return bool(row and row["held"])


async def _whole(work: Coroutine[Any, Any, T]) -> T:
    """Await something that must not be cut short, whatever becomes of its caller."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
