"""What the zygote forks dies with it, says how it ended, and has the clock it was given."""

from __future__ import annotations

import asyncio
import os
import signal

from tests.support.zygote import Zygote


async def test_what_was_forked_dies_with_the_zygote() -> None:
    async with Zygote() as zygote:
        child = await zygote.start("signal:pause")
        ended = asyncio.Event()
        descriptor = os.pidfd_open(child.pid)
        asyncio.get_running_loop().add_reader(descriptor, ended.set)
        try:
            os.kill(zygote.pid, signal.SIGKILL)
            await asyncio.wait_for(ended.wait(), 30)
        finally:
            asyncio.get_running_loop().remove_reader(descriptor)
            os.close(descriptor)


async def test_each_end_is_reported_with_what_was_said() -> None:
    async with Zygote() as zygote:
        fine = await zygote.start("builtins:print", None)
        failed = await zygote.start("os:chdir", None, path="/nowhere/at/all")
        left = await zygote.start("builtins:exit", None, code=7)
        stopped = await zygote.start("signal:pause")
        stopped.terminate()
        assert await fine.wait() == 0
        assert await failed.wait() == 1
        assert "FileNotFoundError" in failed.said()
        assert await left.wait() == 7
        assert await stopped.wait() == -signal.SIGTERM
        killed = await zygote.start("signal:pause")
        killed.kill()
        assert await killed.wait() == -signal.SIGKILL
        assert killed.status == -signal.SIGKILL
