"""Poison: a case that takes every worker down with it ends with a person, and the others go on meanwhile."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from checkpoints.pools import connect
from orderdesk.cases.failing import MAX_ATTEMPTS, MAX_DEATHS
from tests.chaos.fault_desk import (
    SHORT_LEASE,
    UNDONE,
    all_done,
    all_is_well,
    end_in_order,
    ended,
    number,
    orders,
    submit,
    until,
)
from tests.support.zygote import Forked, Zygote

OTHERS = 12


async def test_a_case_that_kills_every_worker_ends_and_takes_no_other_with_it(
    zygote: Zygote, demo_url: str, tmp_path: Path
) -> None:
    """Two workers, each started again when it dies, as `orderdesk up` does; the poison is the first in the queue."""
    poison, *_ = cases = await submit(demo_url, tmp_path, orders(1 + OTHERS, "POISON"))
    environment = {"DATABASE_URL": demo_url, "ORDERDESK_HOME": str(tmp_path), **SHORT_LEASE}
    deaths = 0

    async def start() -> Forked:
        return await zygote.start("tests.chaos.fault_forked:doomed_worker", environment, case_id=poison)

    workers = [await start(), await start()]
    done = asyncio.ensure_future(until(demo_url, UNDONE, at_most=0))
    while not done.done():
        dying = [asyncio.ensure_future(worker.wait()) for worker in workers]
        await asyncio.wait({done, *dying}, return_when=asyncio.FIRST_COMPLETED)
        for waiting in dying:
            waiting.cancel()
        for place, worker in enumerate(workers):
            if worker.status is not None:
                assert worker.status == -signal.SIGKILL, worker.said()
                deaths += 1
                workers[place] = await start()
    await done
    for worker in workers:
        worker.terminate()
    await asyncio.gather(*(worker.wait() for worker in workers))
    left = await ended(demo_url)
    assert list(left) == [poison]
    assert left[poison].startswith("dead_letter: ")
    assert "worker died" in left[poison]
    assert deaths == MAX_DEATHS
    assert (
        await number(demo_url, "select count(*) as n from cases where outcome = 'booked'") == len(cases) - 1
    )
    await all_is_well(demo_url, tmp_path)


async def test_a_case_that_fails_every_time_stops_nobody(
    zygote: Zygote, demo_url: str, tmp_path: Path
) -> None:
    """It is a dead letter with its traceback while two workers go on with the others."""
    poison, *_ = await submit(demo_url, tmp_path, orders(1 + OTHERS, "RAISES"))
    async with await connect(demo_url) as connection:
        await connection.execute(
            "alter table sales_order add constraint never check (po_number <> 'RAISES-1') not valid"
        )
    workers = [await zygote.worker(demo_url, tmp_path, environment=SHORT_LEASE) for _ in range(2)]
    await all_done(demo_url)
    await end_in_order(workers)
    left = await ended(demo_url)
    assert list(left) == [poison]
    assert left[poison].startswith("dead_letter: ")
    assert await number(demo_url, _TRACEBACKS) == MAX_ATTEMPTS
    await all_is_well(demo_url, tmp_path)


_TRACEBACKS = """
    select count(*) as n from decision_log where kind = 'failure' and evidence->>'traceback' like '%CheckViolation%'
"""
