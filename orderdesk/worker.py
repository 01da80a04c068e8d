"""The worker: takes waiting cases, most urgent first, and brings each to its next stop; watches the drop folder."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg_pool import PoolTimeout

from orderdesk.cases.service import CaseService
from orderdesk.domain.errors import CaseBusy, OrderDeskError

logger = logging.getLogger(__name__)

# How long a worker waits before it looks again, in seconds: a new order waits half of it on average.
IDLE_S = 0.5
# After the database went away, in seconds: long enough not to hammer a server that is starting.
AWAY_S = 2.0


async def work(cases: CaseService, stop: asyncio.Event) -> None:
    """Drive waiting cases until `stop` is set; the case in hand is brought to its stop first."""
    while not stop.is_set():
        try:
            done = await _round(cases, stop)
        except (psycopg.OperationalError, PoolTimeout):
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
        except OrderDeskError:
            # Kept with the case by the driver; one case's failure never touches another.
            logger.exception("case %s", case_id)
    return done + await cases.deliver()


async def deliver_regularly(cases: Callable[[], CaseService], stop: asyncio.Event) -> None:
    """Send what is due until `stop` is set; a send that fails is kept in the ledger and tried again."""
    while not stop.is_set():
        try:
            await cases().deliver()
        except (psycopg.OperationalError, PoolTimeout, OrderDeskError):
            logger.exception("sending what is due failed; trying again in %s s", AWAY_S)
        await _pause(stop, AWAY_S)


async def watch_folder(cases: CaseService, inbox: Path) -> None:
    """Take messages from the drop folder: stored first, then moved to `done`; a file still growing waits."""
    done = inbox / "done"
    await asyncio.to_thread(lambda: done.mkdir(parents=True, exist_ok=True))
    sizes: dict[Path, int] = {}
    while True:
        for path, size in await asyncio.to_thread(_files, inbox):
            if sizes.get(path) != size:
                sizes[path] = size
                continue
            raw = await asyncio.to_thread(path.read_bytes)
            await cases.submit(raw, path.name, channel="folder")
            await asyncio.to_thread(path.rename, _free_name(done / path.name))
            sizes.pop(path, None)
        await asyncio.sleep(IDLE_S * 4)


def _files(inbox: Path) -> list[tuple[Path, int]]:
    return [
        (p, p.stat().st_size) for p in sorted(inbox.iterdir()) if p.is_file() and not p.name.startswith(".")
    ]


def _free_name(path: Path) -> Path:
    candidate, n = path, 1
    while candidate.exists():
        candidate, n = path.with_name(f"{path.stem}-{n}{path.suffix}"), n + 1
    return candidate


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
