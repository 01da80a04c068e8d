"""Processes for the tests of the embedded server: a starter to kill, and a Postgres program held half-way."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from checkpoints.binaries import PROGRAMS, find_binaries

ROOT = Path(__file__).resolve().parents[3]
WAIT_S = 60

SCRIPT = """#!/bin/sh
echo reached > '{folder}/reached'
read _ < '{folder}/go'
exec '{real}' "$@"
"""


def starter(
    home: Path, shelter: Path, *, pg_bin: Path | None = None, user: int | None = None
) -> subprocess.Popen[bytes]:
    """A process that starts the server in `home` and prints its URL."""
    program = [sys.executable, "-m", "tests.integration.checkpoints.start_server"]
    arguments = [str(home), str(shelter), str(pg_bin or ""), "" if user is None else str(user)]
    return subprocess.Popen([*program, *arguments], cwd=ROOT, stdout=subprocess.PIPE)


def dies(process: subprocess.Popen[bytes]) -> int:
    """Kill a starter without warning; returns its exit code."""
    process.kill()
    process.communicate(timeout=WAIT_S)
    return process.returncode


@dataclass(frozen=True)
class Held:
    """A folder of Postgres programs, one of which waits before it does anything."""

    folder: Path

    def wait_until_reached(self) -> None:
        """Wait until the program was called."""
        (self.folder / "reached").read_text()

    def let_go(self) -> None:
        """Let the program do its work."""
        (self.folder / "go").write_text("go\n")


@contextmanager
def held_program(program: str, folder: Path) -> Generator[Held]:
    """The real programs, but `program` tells when it is called, and waits to be let go."""
    real = find_binaries(None)
    held = folder / "held"
    held.mkdir(mode=0o755)
    for name in PROGRAMS:
        if name != program:
            # A script and not a link: the programs look for their libraries where they seem to be.
            (held / name).write_text(f"#!/bin/sh\nexec '{real / name}' \"$@\"\n")
    (held / program).write_text(SCRIPT.format(folder=held, real=real / program))
    for name in PROGRAMS:
        (held / name).chmod(0o755)
    for pipe in ("reached", "go"):
        os.mkfifo(held / pipe)
        (held / pipe).chmod(0o666)
    yield Held(held)
