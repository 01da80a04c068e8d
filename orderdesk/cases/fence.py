"""One worker per case: an advisory lock of this process, held for the whole drive."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from checkpoints.pools import LazyPool
from orderdesk.domain.errors import CaseBusy


@asynccontextmanager
async def fence(pool: LazyPool, case_id: str) -> AsyncGenerator[None]:
    """Hold the case, or raise CaseBusy at once. LangGraph itself has no lock per thread (measured).

    The lock goes with the connection that all locks of this process share: after kill -9 the server frees it, and when
    it breaks the block ends with FenceLost, as another worker may take the case.
    """
    async with pool.locks.hold(case_id) as held:
        if not held:
            raise CaseBusy(f"Another worker is on case {case_id}: it will bring it to a stop.")
        yield
