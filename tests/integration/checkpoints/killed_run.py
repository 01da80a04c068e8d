"""Run as a program: starts a case and dies without warning inside its second worker's second node.

Arguments: the database's URL, the thread.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from checkpoints.pools import LazyPool
from checkpoints.saver import build_saver
from tests.integration.checkpoints.desk_graph import Line, build_desk, thread


async def run(url: str, name: str) -> None:
    """Start the case; does not return."""
    pool = LazyPool(url)

    async def watch(node: str) -> None:
        if node != "stock.judge":
            return
        async with pool.connection() as connection:
            kept = "select from checkpoint_writes where thread_id = %s and channel = 'price'"
            while not await (await connection.execute(kept, (name,))).fetchall():
                await asyncio.sleep(0)  # the sibling's result is on its way to the database
        os.kill(os.getpid(), signal.SIGKILL)

    desk = build_desk(build_saver(pool, [Line]), watch)
    await desk.ainvoke({"text": "A1"}, thread(name), durability="sync")


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], sys.argv[2]))
