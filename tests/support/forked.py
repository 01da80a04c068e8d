"""What forked processes of a test do: be a worker, drive one case, send what is due; with a clock that may be wrong."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from procrastinate import utils

from orderdesk import bootstrap
from orderdesk.bootstrap import House, build_house
from orderdesk.cli import main
from orderdesk.domain.errors import EffectRefused
from orderdesk.settings import load_settings
from tests.support.kill_points import watch_places


class ShiftedClock:
    """The machine's clock as a machine has it whose clock is wrong; behind for a negative shift, in seconds."""

    def __init__(self, shift_s: float) -> None:
        self._shift = timedelta(seconds=shift_s)

    def now(self) -> datetime:
        """The wrong time."""
        return datetime.now(UTC) + self._shift


def worker(clock_shift_s: float = 0, kill_at: str | None = None, debug: bool = False) -> None:
    """`orderdesk worker`, signals and all, by the settings in the environment."""
    if kill_at:
        watch_places(kill_at)
    if clock_shift_s:
        shift_clock(clock_shift_s)
    main(["--debug", "worker"] if debug else ["worker"], prog_name="orderdesk")


async def drive(
    case_id: str, kill_at: str | None = None, clock_shift_s: float = 0, been: str | None = None
) -> None:
    """One case to its next stop, and what is due for it sent. `been`: a file for the places it came to."""
    async with _house(kill_at, clock_shift_s, been) as house:
        await house.cases.drive(case_id)


async def retry(case_id: str, kill_at: str | None = None, been: str | None = None) -> None:
    """A dead letter or a hand-off taken up again."""
    async with _house(kill_at, 0, been) as house:
        await house.cases.retry(case_id)


async def deliver(kill_at: str | None = None) -> None:
    """Whatever is due, of any case."""
    async with _house(kill_at) as house:
        try:
            await house.cases.deliver()
        except EffectRefused as error:
            print(error)  # it stands in the ledger


def shift_clock(shift_s: float) -> None:
    """Have everything in this process that asks the machine for the time told a wrong one."""
    clock, right_time = ShiftedClock(shift_s), time.time
    bootstrap.open_house = partial(bootstrap.open_house, clock=clock)  # type: ignore[assignment]
    time.time = lambda: right_time() + shift_s
    utils.utcnow = clock.now


@asynccontextmanager
async def _house(
    kill_at: str | None = None, clock_shift_s: float = 0, been: str | None = None
) -> AsyncGenerator[House]:
    places = watch_places(kill_at)
    if clock_shift_s:
        shift_clock(clock_shift_s)
    settings = load_settings()
    assert settings.database_url is not None
    clock = ShiftedClock(clock_shift_s) if clock_shift_s else None
    house = build_house(settings, settings.database_url.get_secret_value(), clock=clock)
    try:
        yield house
    finally:
        await house.close()
        if been:
            Path(been).write_text(json.dumps(places))
