"""Which Postgres process, if any, really serves a data folder; what a dead one left behind is removed."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

POLL_S = 0.02
# How long the children of a killed server get to notice and leave by themselves, in seconds.
GRACE_S = 5.0


@dataclass(frozen=True)
class Postmaster:
    """A live server: its process id, and where it listens (None while it is still starting)."""

    pid: int
    port: str | None
    socket_folder: str | None
    ready: bool


def running(data: Path) -> Postmaster | None:
    """The live server that the pid file of `data` names, or None.

    A process id alone proves nothing: it may be a zombie, or belong to another program by now.
    """
    try:
        lines = (data / "postmaster.pid").read_text(errors="replace").split("\n")
        pid = int(lines[0])
    except (OSError, ValueError):
        return None
    if pid <= 0 or not _serves(pid, data):
        return None
    lines += [""] * 8
    return Postmaster(pid, lines[3] or None, lines[4] or None, ready=lines[7].strip() == "ready")


def clear_leftovers(data: Path, deadline: float) -> Postmaster | None:
    """Make sure that nothing serves `data`, then remove the files of a dead server.

    Somebody may have been killed right after starting a server, which then has no pid file yet: the server is
    returned if it shows up. Children of a killed server, and a server whose pid file is gone, are given
    `GRACE_S` seconds and are then stopped; Postgres recovers from that by itself.

    `deadline` is on the clock of `time.monotonic`. Raises TimeoutError when processes stay beyond it.
    """
    patience = min(deadline, time.monotonic() + GRACE_S)
    while left := _processes(data):
        if server := running(data):
            return server
        now = time.monotonic()
        if now > deadline:
            raise TimeoutError(", ".join(str(p.pid) for p in left))
        if now > patience:
            _quit(left)
            patience = now + GRACE_S
        time.sleep(POLL_S)
    (data / "postmaster.pid").unlink(missing_ok=True)
    return None


def clear_sockets(socket_folder: Path) -> None:
    """Remove the sockets of a dead server, whose lock files would name a process id used again."""
    for leftover in socket_folder.glob(".s.PGSQL.*"):
        leftover.unlink(missing_ok=True)


def stop(data: Path, timeout_s: float) -> None:
    """Stop the server of `data` and wait until it is gone; does nothing when none runs.

    Open connections are closed first; after half of the time without waiting for them. Raises TimeoutError.
    """
    started = time.monotonic()
    server = running(data)
    if server is None:
        return
    _signal(server.pid, signal.SIGINT)
    impatient = False
    while _serves(server.pid, data):
        waited = time.monotonic() - started
        if waited > timeout_s:
            raise TimeoutError(str(server.pid))
        if waited > timeout_s / 2 and not impatient:
            _signal(server.pid, signal.SIGQUIT)
            impatient = True
        time.sleep(POLL_S)
    if server.socket_folder and Path(server.socket_folder).parent != data.parent:
        with contextlib.suppress(OSError):  # a short folder elsewhere; left alone if it holds anything else
            Path(server.socket_folder).rmdir()


def _serves(pid: int, data: Path) -> bool:
    try:
        process = psutil.Process(pid)
        return (
            process.status() != psutil.STATUS_ZOMBIE
            and "postgres" in process.name()
            and os.path.realpath(process.cwd()) == os.path.realpath(data)
        )
    except (psutil.Error, OSError):
        return False


def _processes(data: Path) -> list[psutil.Process]:
    """Live Postgres processes that work in `data`, or are about to (started in the folder above it)."""
    folders = {os.path.realpath(data), os.path.realpath(data.parent)}
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        try:
            name = process.name()
            if "postgres" not in name and "pg_ctl" not in name:
                continue
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            if os.path.realpath(process.cwd()) in folders:
                found.append(process)
        except (psutil.Error, OSError):
            continue  # gone meanwhile, or another user's: then it cannot be ours
    return found


def _quit(processes: list[psutil.Process]) -> None:
    for process in processes:
        _signal(process.pid, signal.SIGQUIT)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return  # it left by itself, which is what was wanted
