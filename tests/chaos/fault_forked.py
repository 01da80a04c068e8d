"""What forked processes of the fault tests do; their tests hold a table locked while they should wait."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from checkpoints.saver import RootSaver
from orderdesk import jobs, watching
from orderdesk.bootstrap import House, build_house
from orderdesk.domain.errors import CaseBusy, FenceLost
from orderdesk.settings import load_settings
from tests.support import forked
from tests.support.house import DEMO_DAY
from tests.support.kill_points import die

# How a drive ended, as an exit status.
DONE, BUSY, FENCE_LOST = 0, 10, 11


def impatient_worker() -> None:
    """A worker that looks again soon whether there is room on the disk, not after the minute a person needs."""
    jobs.FULL_S = watching.FULL_S = 0.5
    forked.worker()


def doomed_worker(case_id: str) -> None:
    """A worker that dies as often as it comes to the first step of one case, as of a fault in a library."""
    plain: Any = RootSaver.aput

    async def aput(self: RootSaver, config: Any, *args: Any) -> Any:
        if config["configurable"]["thread_id"] == case_id:
            die()
        return await plain(self, config, *args)

    RootSaver.aput = aput  # type: ignore[method-assign]
    forked.worker()


async def take(message: str) -> int:
    """Store one message, and bring its cases to their next stop, unless somebody else does."""
    house = _house()
    try:
        raw = Path(message).read_bytes()
        stored = await house.cases.submit(raw, "order.eml", channel="test", as_of=DEMO_DAY, queue=True)
        for case_id in stored.case_ids:
            await house.cases.drive(case_id)
    except CaseBusy:
        return BUSY
    finally:
        await house.close()
    return DONE


async def drive(case_id: str, clock_shift_s: float = 0) -> int:
    """One case to its next stop; whatever is in the way is the exit status."""
    if clock_shift_s:
        shift_clock(clock_shift_s)
    house = _house(clock_shift_s)
    try:
        await house.cases.drive(case_id)
    except CaseBusy:
        return BUSY
    except FenceLost:
        return FENCE_LOST
    finally:
        await house.close()
    return DONE


def shifted_worker(clock_shift_s: float) -> None:
    """A worker on a machine whose clock is wrong."""
    shift_clock(clock_shift_s)
    forked.worker()


def shift_clock(shift_s: float) -> None:
    """Everything in this process is told a wrong time; checkpoints get their order from the nanoseconds, too."""
    nanoseconds = time.time_ns
    time.time_ns = lambda: nanoseconds() + round(shift_s * 1e9)
    forked.shift_clock(shift_s)


def _house(clock_shift_s: float = 0) -> House:
    settings = load_settings()
    assert settings.database_url is not None
    clock = forked.ShiftedClock(clock_shift_s) if clock_shift_s else None
    return build_house(settings, settings.database_url.get_secret_value(), clock=clock)
