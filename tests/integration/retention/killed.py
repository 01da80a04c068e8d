"""Retention in a process that kills itself (kill -9) at a chosen statement of the database.

`python -m tests.integration.retention.killed URL HOME N YEAR`: dies before its N-th change of a row; exits 0 where it
has fewer.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from psycopg import AsyncConnection

from orderdesk.domain.clock import FixedClock
from tests.support.house import demo_house


async def main(url: str, home: str, kill_at: int, year: int) -> None:
    """Retain, and die on the way."""
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


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
