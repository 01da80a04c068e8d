"""Beside the queue: the drop folder, and the sending of what LangGraph Server's runs have decided."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg.errors import DiskFull

from checkpoints.pools import AWAY
from orderdesk.cases.service import CaseService
from orderdesk.domain.errors import OrderDeskError
from orderdesk.jobs import AWAY_S, FULL_S, pause
from orderdesk.resilience.database import judge_database

logger = logging.getLogger(__name__)

# How often the drop folder is looked through, in seconds.
LOOK_S = 2.0
# The largest file the drop folder takes, in bytes: its bytes are kept as one value in the database.
LARGEST = 256 * 1024 * 1024


async def deliver_regularly(cases: Callable[[], CaseService], stop: asyncio.Event) -> None:
    """Send what is due until `stop` is set; a send that fails is kept in the ledger and tried again."""
    while not stop.is_set():
        try:
            await cases().deliver()
        except (psycopg.OperationalError, OrderDeskError):
            logger.exception("sending what is due failed; trying again in %s s", AWAY_S)
        await pause(stop, AWAY_S)


async def watch_folder(cases: CaseService, inbox: Path) -> None:
    """Take messages from the drop folder: stored first, then moved to `done`; a file still growing waits.

    A file that cannot be taken stays where it is, and is named in the log once; it is tried again when it changes.
    """
    seen: dict[Path, tuple[int, int]] = {}
    refused: dict[Path, tuple[int, int]] = {}
    while True:
        try:
            for path, state in await asyncio.to_thread(_files, inbox):
                if refused.get(path) == state:
                    continue
                if seen.get(path) != state:
                    seen[path] = state
                    continue
                if not await _taken(cases, inbox, path):
                    refused[path] = state
                seen.pop(path, None)
        except DiskFull as error:
            logger.error("the drop folder waits: %s", judge_database(error).why)
            await asyncio.sleep(FULL_S)
        except AWAY:
            logger.warning("the database is away: the drop folder waits for it")
        except OSError:
            logger.exception("the drop folder %s cannot be looked through", inbox)
        await asyncio.sleep(LOOK_S)


async def _taken(cases: CaseService, inbox: Path, path: Path) -> bool:
    """Whether one file is stored and out of the way; a crash between the two does no harm, as it is stored once."""
    try:
        if await asyncio.to_thread(lambda: path.stat().st_size) > LARGEST:
            logger.error("%s is too large for a message: take the order out of it", path)
            return False
        raw = await asyncio.to_thread(_read, path)
        name = os.fsencode(path.name).decode("utf-8", "replace")  # a file's name may hold any bytes
        await cases.submit(raw, name, channel="folder", queue=True)
        await asyncio.to_thread(_put_away, path, inbox / "done")
    except AWAY:
        raise
    except FileNotFoundError:
        return True  # its owner took it back
    except Exception:
        # Whatever one file brings about, the next one is still taken.
        logger.exception("%s cannot be taken", path)
        return False
    return True


def _read(path: Path) -> bytes:
    """The bytes of a file, and of nothing that took its place since it was seen (a link, a pipe)."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with open(os.open(path, flags), "rb") as file:
        return file.read(LARGEST)


def _files(inbox: Path) -> list[tuple[Path, tuple[int, int]]]:
    """The files that lie there, with size and time of change; a hidden one is still being written."""
    inbox.mkdir(parents=True, exist_ok=True)
    found: list[tuple[Path, tuple[int, int]]] = []
    for path in sorted(inbox.iterdir()):
        with contextlib.suppress(FileNotFoundError):
            # A link would hand out whatever it points to, to everybody who may look at cases.
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                status = path.stat()
                found.append((path, (status.st_size, status.st_mtime_ns)))
    return found


def _put_away(path: Path, done: Path) -> None:
    done.mkdir(parents=True, exist_ok=True)
    candidate, n = done / path.name, 1
    while candidate.exists():
        candidate, n = done / f"{path.stem}-{n}{path.suffix}", n + 1
    path.rename(candidate)
