"""Processes that work on a case and kill themselves (kill -9) right after a chosen checkpoint.

`python -m tests.support.killed URL HOME` reads lines "CASE_ID KILL_AT" and forks a process for each; it answers with
the process's exit status. A fork costs no import. Nothing is cleaned up in a killed process, as after a power cut.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from checkpoints.saver import RootSaver
from orderdesk.bootstrap import build_house
from orderdesk.settings import load_settings


def serve(url: str, home: str) -> None:
    """One process per line of input, one exit status per line of output."""
    for line in sys.stdin:
        case_id, kill_at = line.split()
        child = os.fork()
        if child == 0:
            _work(url, home, case_id, int(kill_at))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _work(url: str, home: str, case_id: str, kill_at: int) -> None:
    """Drive a case; die right after the kill_at-th checkpoint of this process is committed."""
    written = 0
    plain_aput = RootSaver.aput

    async def counted(self: RootSaver, config: Any, *args: Any) -> Any:
        nonlocal written
        result = await plain_aput(self, config, *args)
        if not config["configurable"].get("checkpoint_ns"):
            written += 1
            if written == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
        return result

    RootSaver.aput = counted  # type: ignore[method-assign]

    async def work() -> None:
        house = build_house(load_settings(DATABASE_URL=url, ORDERDESK_HOME=Path(home)), url)
        try:
            await house.cases.drive(case_id)
        finally:
            await house.close()

    asyncio.run(work())


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2])
