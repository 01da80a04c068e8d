"""The jobs of a worker: what each one does, when it comes by itself, and what becomes of one that fails."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec

import psycopg
from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from psycopg.errors import DiskFull

from checkpoints.pools import AWAY
from orderdesk.bootstrap import House
from orderdesk.domain.errors import CaseBusy, CasePutBack, EffectRefused
from orderdesk.intake.queue import (
    CASES_QUEUE,
    PROCESS_CASE,
    RECONCILE,
    SEND_EFFECTS,
    UPKEEP_QUEUE,
    upkeep_lock,
)
from orderdesk.resilience.database import judge_database

logger = logging.getLogger(__name__)
P = ParamSpec("P")

# What a worker waits, in seconds, before it gives a job back that somebody else holds, ...
BUSY_S = 1.0
# ... that found the database away (not to hammer a server that is starting) ...
AWAY_S = 2.0
# ... or its disk full: no new case is taken meanwhile, and a person has time to make room.
FULL_S = 60.0
# How long the end of a job is tried to be written down, in seconds, while the database is away.
NOTE_S, NOTE_AGAIN_S = 60.0, 1.0
# Days the record of a job that failed is kept. The case it was for has its own.
FAILED_JOBS_H = 7 * 24

# How long a job that sends waits for more to send, in seconds: what cases decide meanwhile is claimed and marked as
# done together, in one transaction instead of several for each.
GATHER_S = 1.0

# When upkeep comes by itself; the last field is seconds. One worker of all that run does it.
EVERY = {
    SEND_EFFECTS: "* * * * * */10",
    "chase_overdue": "* * * * * 5",
    RECONCILE: "*/2 * * * * 35",
    "retain": "*/10 * * * * 50",
    "tidy_jobs": "20 3 * * * 0",
}


def build_jobs(house: House, stop: asyncio.Event) -> App:
    """The app of procrastinate with all tasks over a house; it is opened with the house's pool. Waits end at `stop`."""
    app = App(connector=PsycopgConnector())
    app.job_manager = _PatientManager(app.connector, stop)
    cases = house.cases

    @app.task(name=PROCESS_CASE, queue=CASES_QUEUE, retry=_Again())
    @_patiently(stop)
    async def process_case(case_id: str) -> None:
        await cases.advance(case_id)

    async def send_effects(timestamp: int = 0) -> None:
        await pause(stop, GATHER_S)
        with contextlib.suppress(EffectRefused):  # stands in the ledger, for a person
            while await cases.deliver() and not stop.is_set():
                pass

    async def chase_overdue(timestamp: int = 0) -> None:
        await cases.chase_overdue()

    async def reconcile(timestamp: int = 0) -> None:
        await cases.reconcile()

    async def retain(timestamp: int = 0) -> None:
        await cases.retain(only_if_due=True, stopping=stop.is_set)

    async def tidy_jobs(timestamp: int = 0) -> None:
        await app.job_manager.delete_old_jobs(
            nb_hours=FAILED_JOBS_H, include_failed=True, include_cancelled=True, include_aborted=True
        )

    for work in (send_effects, chase_overdue, reconcile, retain, tidy_jobs):
        name = work.__name__
        task = app.task(
            name=name, queue=UPKEEP_QUEUE, lock=upkeep_lock(name), queueing_lock=name, pass_context=False
        )(_patiently(stop)(work))
        app.periodic(cron=EVERY[name])(task)
    return app


def _patiently(
    stop: asyncio.Event,
) -> Callable[[Callable[P, Awaitable[None]]], Callable[P, Awaitable[None]]]:
    """Wait before a job fails that will be tried again: here, as the queue's own delays go by a worker's clock."""

    def patient(work: Callable[P, Awaitable[None]]) -> Callable[P, Awaitable[None]]:
        @wraps(work)
        async def job(*args: P.args, **kwargs: P.kwargs) -> None:
            try:
                await work(*args, **kwargs)
            except CaseBusy:
                await pause(stop, BUSY_S)
                raise
            except DiskFull as error:
                logger.error("%s Going on in %s s.", judge_database(error).why, FULL_S)
                await pause(stop, FULL_S)
                raise
            except AWAY:
                logger.warning("the database is away; trying again in %s s", AWAY_S)
                await pause(stop, AWAY_S)
                raise

        return job

    return patient


class _Again(BaseRetryStrategy):
    """A case goes back into the queue, whatever was in its way; how often it may fail is counted in its own row."""

    # Long ago by any clock, so that it is due at once.
    _AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, (CaseBusy, CasePutBack, DiskFull, asyncio.CancelledError, *AWAY)):
            return RetryDecision(retry_at=self._AT_ONCE)
        # A fault of ours outside the case's own account: procrastinate logs it with its traceback, and reconciliation
        # queues the case again, minutes apart.
        return None


class _PatientManager(JobManager):
    """Notes the end of a job also through a restart of the database: one that is not noted would be held for ever."""

    def __init__(self, connector: Any, stop: asyncio.Event) -> None:
        super().__init__(connector)
        self._stop = stop

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        await self._noted(lambda: super(_PatientManager, self).finish_job(job, status, delete_job), job)

    async def retry_job(self, job: Job, *args: Any, **kwargs: Any) -> None:
        try:
            await self._noted(lambda: super(_PatientManager, self).retry_job(job, *args, **kwargs), job)
        except UniqueViolation:
            # The same was queued again while it ran: that job goes on with it, and this one holds it up no longer.
            await self.finish_job(job, Status.SUCCEEDED, True)

    async def _noted(self, note: Callable[[], Awaitable[None]], job: Job) -> None:
        deadline = asyncio.get_running_loop().time() + NOTE_S
        while True:
            try:
                return await note()
            except ConnectorException as error:
                cause = error.__cause__
                if isinstance(cause, psycopg.errors.RaiseException):
                    # Its lease had run out, and another worker has taken it, perhaps finished it.
                    logger.warning("job %s is somebody else's by now", job.call_string)
                    return None
                late = asyncio.get_running_loop().time() > deadline
                if not isinstance(cause, psycopg.OperationalError) or late or self._stop.is_set():
                    raise
            await pause(self._stop, NOTE_AGAIN_S)


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but not beyond `stop`."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
