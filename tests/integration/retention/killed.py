"""Retention in a process that kills itself (kill -9) at a chosen statement of the database; to be forked."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from psycopg import AsyncConnection

from orderdesk.domain.clock import FixedClock
from tests.support.house import demo_house


async def main(url: str, home: str, kill_at: int, year: int) -> None:
    """Retain, and die before the change of a row with the number `kill_at`, where there are so many."""
    plain, changes = AsyncConnection.execute, 0

    async def counted(self: Any, query: Any, *args: Any, **more: Any) -> Any:
        nonlocal changes
        if str(query).lstrip().lower().startswith(("update", "delete", "insert")):
            changes += 1
            if changes == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
        return await plain(self, query, *args, **more)

    AsyncConnection.execute = counted  # type: ignore[method-assign]
    clock = FixedClock(datetime(year, 1, 1, tzinfo=UTC))
    async with demo_house(url, Path(home), clock=clock) as house:
        await house.cases.retain()
