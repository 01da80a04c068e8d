"""Run as a program, by `die_at`: starts a case and dies without warning at a chosen place.

Arguments: the database's URL, the thread, and the place: "sibling" = inside the second worker's second node, when the
first one's result is in the database; "last" = when everything of the two workers' step has been handed to the saver
but its checkpoint.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from typing import Any

from langchain_core.runnables import RunnableConfig

from checkpoints.pools import LazyPool
from checkpoints.saver import RootSaver, build_saver
from tests.integration.checkpoints.desk_graph import STEPS, Line, build_desk, thread
from tests.support.commands import ROOT

# How long the process may take, in seconds, before the test fails instead of hanging.
LATEST_S = 60.0


def die_at(place: str, url: str, name: str) -> None:
    """Run a process that starts the case of this thread and is killed at this place."""
    program = [sys.executable, "-m", __name__, url, name, place]
    killed = subprocess.run(program, cwd=ROOT, check=False, timeout=LATEST_S, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()


async def run(url: str, name: str, place: str) -> None:
    """Start the case; does not return."""
    pool = LazyPool(url)

    async def die_once_a_sibling_is_kept() -> None:
        async with pool.connection() as connection:
            kept = "select from checkpoint_writes where thread_id = %s and channel in ('price', 'stock')"
            while not await (await connection.execute(kept, (name,))).fetchall():
                await asyncio.sleep(0)  # the sibling's result is on its way to the database
        os.kill(os.getpid(), signal.SIGKILL)

    async def watch(node: str) -> None:
        if place == "sibling" and node == "stock.judge":
            await die_once_a_sibling_is_kept()

    plain_aput = RootSaver.aput

    async def aput(self: RootSaver, config: RunnableConfig, checkpoint: Any, *args: Any) -> Any:
        if place == "last" and checkpoint["channel_values"].get("stock"):
            await die_once_a_sibling_is_kept()
        return await plain_aput(self, config, checkpoint, *args)

    RootSaver.aput = aput  # type: ignore[method-assign]
    desk = build_desk(build_saver(pool, [Line], together=STEPS), watch)
    await desk.ainvoke({"text": "A1"}, thread(name), durability="sync")


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:4]))
