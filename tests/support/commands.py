"""Commands of the command line, each in a process of its own, forked from one that has everything imported.

`python -m tests.support.commands` reads a request as JSON from each line of input and answers each with the
process's exit status. A fork costs no import; to the command nothing differs from being started by a shell.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Standard output as one JSON object a line, and nothing else on it."""
        return [json.loads(line) for line in self.out.splitlines()]


class Commands:
    """Runs commands over one database and one home; both can be changed for one run."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = dict(environment)
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.support.commands"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=plain_environment(),
        )  # fmt: skip

    def run(self, *args: str | bytes, kill_at: int = 0, as_nobody: bool = False, **environment: str) -> Ran:
        """Run to its end. `kill_at`: kill -9 itself after that many checkpoints; `as_nobody`: without root's rights."""
        assert self._server.stdin
        assert self._server.stdout
        with tempfile.TemporaryDirectory() as folder:
            request = {
                "args": [os.fsdecode(arg) for arg in args],
                "cwd": str(self.folder),
                "environment": {**plain_environment(), **self.environment, **environment},
                "out": f"{folder}/out",
                "err": f"{folder}/err",
                "kill_at": kill_at,
                "as_nobody": as_nobody,
            }
            self._server.stdin.write(json.dumps(request) + "\n")
            self._server.stdin.flush()
            code = int(self._server.stdout.readline())
            return Ran(
                code, Path(f"{folder}/out").read_text("utf-8"), Path(f"{folder}/err").read_text("utf-8")
            )

    def start(self, *args: str, **environment: str) -> subprocess.Popen[str]:
        """Start a command as a user does, and leave it running; its input is at an end."""
        return subprocess.Popen(
            [sys.executable, "-m", "orderdesk", *args],
            cwd=self.folder, env={**plain_environment(), **self.environment, **environment}, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def close(self) -> None:
        """End the process that forks."""
        self._server.communicate()


def plain_environment() -> dict[str, str]:
    """This process's environment without any setting of the product."""
    ours = ("ORDERDESK_", "LANGSMITH_", "LANGCHAIN_", "OPENAI_")
    return {
        k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "PG_BIN") and not k.startswith(ours)
    }


def serve() -> None:
    """One process per line of input, one exit status per line of output."""
    import orderdesk.bootstrap
    import orderdesk.commands.cases
    import orderdesk.commands.master
    import orderdesk.commands.process
    import orderdesk.commands.review
    import orderdesk.commands.setup  # noqa: F401

    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            _run(request)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(request: dict[str, Any]) -> None:
    from orderdesk.cli import main

    flags = os.O_WRONLY | os.O_CREAT
    for number, path in ((1, request["out"]), (2, request["err"])):
        os.dup2(os.open(path, flags, 0o600), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["environment"])
    if request["kill_at"]:
        _die_after_checkpoint(request["kill_at"])
    if request["as_nobody"] and os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    code = 99
    try:
        main(args=request["args"], prog_name="orderdesk")
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _die_after_checkpoint(number: int) -> None:
    """Make this process kill itself right after its checkpoint of that number is committed."""
    from checkpoints.saver import RootSaver

    written, plain_aput = 0, RootSaver.aput

    async def counted(self: RootSaver, config: Any, *args: Any) -> Any:
        nonlocal written
        result = await plain_aput(self, config, *args)
        if not config["configurable"].get("checkpoint_ns"):
            written += 1
            if written == number:
                os.kill(os.getpid(), signal.SIGKILL)
                await asyncio.Event().wait()
        return result

    RootSaver.aput = counted  # type: ignore[method-assign]


if __name__ == "__main__":
    serve()
