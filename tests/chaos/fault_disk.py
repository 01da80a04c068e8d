"""A small disk that can be filled up and freed again: a tmpfs mounted for the length of a test."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from checkpoints.account import account_for
from tests.support.postgres import reachable_folder

SIZE_MB = 64


def cannot_mount() -> str:
    """Why no disk can be mounted here; '' when it can."""
    if os.geteuid() != 0:
        return "mounting a small disk needs root"
    with reachable_folder() as folder:
        done = _run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder))
        if done.returncode:
            return f"no disk can be mounted here ({done.stderr.strip()[-100:]})"
        _run("umount", str(folder))
    return ""


class SmallDisk:
    """The disk: `folder` for whoever owns it, and a file that takes all the room there is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        """Leave not one page, whoever else is writing."""
        with self._filler.open("ab", buffering=0) as file:
            for size in (1 << 20, 4096, 1):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(bytes(size))

    def free(self) -> None:
        """Make room again."""
        self._filler.unlink(missing_ok=True)


@contextmanager
def small_disk(data: Path) -> Generator[SmallDisk]:
    """A disk of SIZE_MB with a folder `pages` for the user who owns a data folder of Postgres."""
    with reachable_folder() as folder:
        done = _run("mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=0711", "tmpfs", str(folder))
        assert done.returncode == 0, done.stderr
        try:
            pages = folder / "pages"
            pages.mkdir(mode=0o700)
            account_for(data).own(pages)
            yield SmallDisk(folder)
        finally:
            _run("umount", "-l", str(folder))


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)
