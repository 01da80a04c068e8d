"""The worker: takes waiting cases, most urgent first, and brings each to its next stop; watches the drop folder."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg.errors import DiskFull

from checkpoints.pools import AWAY
from orderdesk.cases.service import CaseService
from orderdesk.domain.errors import CaseBusy, OrderDeskError
from orderdesk.resilience.database import judge_database

logger = logging.getLogger(__name__)

# How long a worker waits before it looks again, in seconds: a new order waits half of it on average.
IDLE_S = 0.5
# After the database went away, in seconds: long enough not to hammer a server that is starting.
AWAY_S = 2.0
# After its disk was full, in seconds: no new case is taken meanwhile, and a person has time to make room.
FULL_S = 60.0
# The largest file the drop folder takes, in bytes: its bytes are kept as one value in the database.
LARGEST = 256 * 1024 * 1024

# How often a worker looks for what nobody answered in time, in seconds: the limits are hours.
CHASE_S = 60.0

# How long after its start a worker looks whether retention is due, and how often from then on, in seconds: it is due
# once a day, for all workers together.
FIRST_RETENTION_S = 60.0
RETENTION_S = 600.0


async def work(cases: CaseService, stop: asyncio.Event) -> None:
    """Drive waiting cases until `stop` is set; the case in hand is brought to its stop first."""
    retaining = asyncio.ensure_future(retain_daily(cases, stop))
    try:
        await _drive_waiting(cases, stop)
    finally:
        retaining.cancel()  # in a transaction: what is not done whole is undone
        with contextlib.suppress(asyncio.CancelledError):
            await retaining


async def retain_daily(
    cases: CaseService, stop: asyncio.Event, *, first_s: float = FIRST_RETENTION_S
) -> None:
    """Have retention done when it is due, until `stop` is set; whoever comes first does it, beside the cases."""
    await _pause(stop, first_s)
    while not stop.is_set():
        try:
            await cases.retain(only_if_due=True, stopping=stop.is_set)
        except (psycopg.Error, OrderDeskError):
            logger.exception("retention failed; trying again in %s s", RETENTION_S)
        await _pause(stop, RETENTION_S)


async def _drive_waiting(cases: CaseService, stop: asyncio.Event) -> None:
    next_chase = 0.0
    while not stop.is_set():
        try:
            if time.monotonic() >= next_chase:
                await cases.chase_overdue()
                next_chase = time.monotonic() + CHASE_S
            done = await _round(cases, stop)
        except DiskFull as error:
            logger.error("%s Looking again in %s s.", judge_database(error).why, FULL_S)
            await _pause(stop, FULL_S)
            continue
        except AWAY:
            logger.warning("the database is away; trying again in %s s", AWAY_S)
            await _pause(stop, AWAY_S)
            continue
        if not done:
            await _pause(stop, IDLE_S)


async def _round(cases: CaseService, stop: asyncio.Event) -> int:
    """One look at what waits; returns how many cases and effects were brought further."""
    done = 0
    for case_id in await cases.open_cases(limit=20):
        if stop.is_set():
            return done
        try:
            await cases.drive(case_id)
            done += 1
        except CaseBusy:
            continue  # another worker has it
        except AWAY:
            raise
        except (OrderDeskError, OSError):
            # Kept with the case by the driver; one case's failure never touches another.
            logger.exception("case %s", case_id)
    return done + await _deliver(cases, stop)


async def _deliver(cases: CaseService, stop: asyncio.Event) -> int:
    """Send what is due; what cannot be sent now is kept in the ledger, said, and tried again after a while."""
    try:
        return await cases.deliver()
    except AWAY:
        raise
    except (OrderDeskError, OSError):
        logger.exception("sending what is due failed; trying again in %s s", AWAY_S)
        await _pause(stop, AWAY_S)
        return 0


async def deliver_regularly(cases: Callable[[], CaseService], stop: asyncio.Event) -> None:
    """Send what is due until `stop` is set; a send that fails is kept in the ledger and tried again."""
    while not stop.is_set():
        try:
            await cases().deliver()
        except (psycopg.OperationalError, OrderDeskError):
            logger.exception("sending what is due failed; trying again in %s s", AWAY_S)
        await _pause(stop, AWAY_S)


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
        await asyncio.sleep(IDLE_S * 4)


async def _taken(cases: CaseService, inbox: Path, path: Path) -> bool:
    """Whether one file is stored and out of the way; a crash between the two does no harm, as it is stored once."""
    try:
        if await asyncio.to_thread(lambda: path.stat().st_size) > LARGEST:
            logger.error("%s is too large for a message: take the order out of it", path)
            return False
        raw = await asyncio.to_thread(_read, path)
        name = os.fsencode(path.name).decode("utf-8", "replace")  # a file's name may hold any bytes
        await cases.submit(raw, name, channel="folder")
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


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
