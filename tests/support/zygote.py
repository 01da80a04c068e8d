"""A process that is imported once and forks workers and drivers on request: killing one costs no import.

    async with Zygote() as zygote:
        worker = await zygote.worker(url, home)
        worker.kill()
        assert await worker.wait() == -signal.SIGKILL

Whatever it forked dies with it, and it dies with the test: no process is left behind.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
# How long a process may take to end or to come up, in seconds, before the test fails instead of hanging.
LATEST_S = 120.0
LAST_WORDS = 20_000


class Forked:
    """One process that was forked: kill it, stop it, wait for its end."""

    def __init__(self, pid: int, call: str, output: Path, ended: asyncio.Future[int]) -> None:
        self.pid = pid
        self.call = call
        self._output = output
        self._ended = ended

    @property
    def status(self) -> int | None:
        """Its exit status, minus the number of the signal it died of; None while it lives."""
        return self._ended.result() if self._ended.done() else None

    def signal(self, number: int) -> None:
        """Send a signal (SIGSTOP and SIGCONT too); nothing to do if it has ended."""
        if self.status is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """kill -9."""
        self.signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to stop in order."""
        self.signal(signal.SIGTERM)

    async def wait(self, timeout_s: float = LATEST_S) -> int:
        """Its exit status, once it has ended. Raises TimeoutError with what it said."""
        try:
            return await asyncio.wait_for(asyncio.shield(self._ended), timeout_s)
        except TimeoutError:
            raise TimeoutError(f"{self} has not ended within {timeout_s} s.\n{self.said()}") from None

    def said(self) -> str:
        """What it wrote to stdout and stderr, the end of it."""
        return self._output.read_text("utf-8", "replace")[-LAST_WORDS:] if self._output.exists() else ""

    def __str__(self) -> str:
        return f"{self.call} (pid {self.pid}, status {self.status})"


class Zygote:
    """The forking process. Entered once per test or module; with `models` the client of models is imported too."""

    def __init__(self, *, models: bool = False) -> None:
        self.children: list[Forked] = []
        self._models = models
        self._folder = tempfile.TemporaryDirectory(prefix="orderdesk-forked-")
        self._asked: dict[int, asyncio.Future[int]] = {}
        self._ended: dict[int, asyncio.Future[int]] = {}

    @property
    def pid(self) -> int:
        """Its own."""
        return self._process.pid

    async def worker(
        self,
        url: str,
        home: Path | str,
        *,
        clock_shift_s: float = 0,
        environment: Mapping[str, str] | None = None,
        kill_at: str | None = None,
        debug: bool = False,
    ) -> Forked:
        """`orderdesk worker` in a process of its own, whose clock may go wrong."""
        environment = {"DATABASE_URL": url, "ORDERDESK_HOME": str(home), **(environment or {})}
        return await self.start(
            "tests.support.forked:worker", environment,
            clock_shift_s=clock_shift_s, kill_at=kill_at, debug=debug,
        )  # fmt: skip

    async def drive(
        self,
        url: str,
        home: Path | str,
        case_id: str,
        *,
        kill_at: str | None = None,
        clock_shift_s: float = 0,
        environment: Mapping[str, str] | None = None,
    ) -> int:
        """Bring one case to its next stop and send what is due, as `orderdesk process` does; see kill_points.

        Returns -SIGKILL where the process came to that place, 0 where it never did. Raises AssertionError with what it
        said for any other end.
        """
        environment = {"DATABASE_URL": url, "ORDERDESK_HOME": str(home), **(environment or {})}
        child = await self.start(
            "tests.support.forked:drive", environment,
            case_id=case_id, kill_at=kill_at, clock_shift_s=clock_shift_s,
        )  # fmt: skip
        status = await child.wait()
        assert status in (0, -signal.SIGKILL), f"{child}\n{child.said()}"
        return status

    async def start(
        self, call: str, environment: Mapping[str, str] | None = None, /, **arguments: Any
    ) -> Forked:
        """Call "package.module:function" in a process of its own; plain or async, an int it returns is its exit status."""
        assert self._process.stdin
        number = len(self.children) + len(self._asked)
        output = Path(self._folder.name) / f"{number}-{call.rpartition(':')[2]}"
        wanted = {"call": call, "arguments": arguments, "environment": dict(environment or {})}
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        line = json.dumps({"number": number, "output": str(output), **wanted}, default=str)
        self._process.stdin.write(f"{line}\n".encode())
        pid = await asyncio.wait_for(answer, LATEST_S)
        child = Forked(pid, call, output, self._ended[pid])
        self.children.append(child)
        return child

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.support.zygote", *(["models"] if self._models else []),
            cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        assert self._process.stdout
        assert await asyncio.wait_for(self._process.stdout.readline(), LATEST_S) == b"ready\n"
        self._listening = asyncio.ensure_future(self._listen(self._process.stdout))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self.children:
            failed = child.status not in (0, None, -signal.SIGKILL, -signal.SIGTERM)
            if (said := child.said().strip()) and (failed or error is not None):
                print(f"--- {child} said:\n{said}", file=sys.stderr)
        assert self._process.stdin
        self._process.stdin.close()  # it ends its children, then itself
        try:
            await asyncio.wait_for(self._process.wait(), LATEST_S)
        finally:
            self._listening.cancel()
            self._folder.cleanup()

    async def _listen(self, answers: asyncio.StreamReader) -> None:
        while line := await answers.readline():
            answer = json.loads(line)
            if "number" in answer:
                self._ended[answer["pid"]] = asyncio.get_running_loop().create_future()
                self._asked.pop(answer["number"]).set_result(answer["pid"])
            else:
                self._ended[answer["pid"]].set_result(answer["status"])
        for asked in self._asked.values():
            asked.set_exception(RuntimeError("the zygote is gone: it said why on stderr"))
        for ended in self._ended.values():
            if not ended.done():
                ended.set_result(-signal.SIGKILL)  # what it forked is killed with it


if __name__ == "__main__":
    from tests.support.forking import serve

    serve(models="models" in sys.argv)
