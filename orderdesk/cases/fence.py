"""One worker per case: an advisory lock on a connection of its own, held for the whole drive."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from checkpoints.pools import LazyPool
from orderdesk.domain.errors import CaseBusy


@asynccontextmanager
async def fence(pool: LazyPool, case_id: str) -> AsyncGenerator[None]:
    """Hold the case, or raise CaseBusy at once. LangGraph itself has no lock per thread (measured).

    The lock goes with its connection: after kill -9 the server frees it.
    """
    async with pool.connection() as connection:
        row = await (
            await connection.execute(
                "select pg_try_advisory_lock(hashtextextended(%(case_id)s, 42)) as held", {"case_id": case_id}
            )
        ).fetchone()
        if row is None or not row["held"]:
            raise CaseBusy(f"Another worker is on case {case_id}: it will bring it to a stop.")
        try:
            yield
        finally:
            if not connection.closed:
                await connection.execute(
                    "select pg_advisory_unlock(hashtextextended(%(case_id)s, 42))", {"case_id": case_id}
                )
