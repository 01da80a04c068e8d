"""The queue of cases: a job for each case somebody has to bring further, written in the caller's transaction."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from psycopg.errors import UniqueViolation

from checkpoints.pools import Connection
from checkpoints.queries import load_queries
from orderdesk.intake.priority import place_in_queue

SQL = load_queries("orderdesk.intake", "queue.sql")

# The two queues of a worker: what waits for a mail server must not wait for cases, nor the other way round.
CASES_QUEUE = "cases"
UPKEEP_QUEUE = "upkeep"
PROCESS_CASE = "process_case"
SEND_EFFECTS = "send_effects"
RECONCILE = "reconcile"

# Every statement goes over the caller's connection: this one is never opened.
_JOBS = JobManager(PsycopgConnector())


def case_lock(case_id: str) -> str:
    """The name under which one job of a case may wait, and one may run; SQL has a function of the same name for it."""
    return f"case:{case_id}"


async def enqueue_cases(connection: Connection, case_ids: Sequence[str]) -> int:
    """Queue cases in the caller's transaction, each at the place its points and its arrival give it.

    A case that waits in the queue already is left there; returns how many were added. Workers hear of them when the
    transaction is committed.
    """
    rows = await (await connection.execute(SQL.to_enqueue, {"case_ids": list(case_ids)})).fetchall()
    return sum([await _queued(connection, _job_of(row)) for row in rows])


async def enqueue_new_cases(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Queue cases that this very transaction has made: rows with case_id, priority (points) and created_at."""
    with _errors_of_the_database():
        await _JOBS.batch_defer_jobs_async([_job_of(row) for row in rows], connection)


async def enqueue_upkeep(connection: Connection, task: str) -> bool:
    """Queue one run of an upkeep task, unless one waits already."""
    where = {"lock": task}
    if await (await connection.execute(SQL.waiting, where)).fetchone() is not None:
        return False
    job = Job(
        id=None,
        queue=UPKEEP_QUEUE,
        lock=upkeep_lock(task),
        queueing_lock=task,
        task_name=task,
        task_kwargs={},
    )
    return await _queued(connection, job)


async def give_back(connection: Connection, lease_s: float) -> list[int]:
    """Put the jobs of workers that have shown no life for `lease_s` seconds back into the queue; their ids."""
    try:
        async with connection.transaction():
            rows = await (await connection.execute(SQL.give_back, {"lease_s": lease_s})).fetchall()
    except UniqueViolation:
        return []  # one was queued again at the same moment: it is seen at the next look
    return [int(row["id"]) for row in rows]


def upkeep_lock(task: str) -> str | None:
    """The name under which one run of a task is done at a time; None where several may, as claims part their work."""
    return None if task == SEND_EFFECTS else task


async def _queued(connection: Connection, job: Job) -> bool:
    """Queue one job; False where another of its name waits already."""
    try:
        with _errors_of_the_database():
            # A savepoint: another transaction may be queueing the same.
            async with connection.transaction():
                await _JOBS.defer_job_async(job, connection)
    except AlreadyEnqueued:
        return False
    return True


@contextmanager
def _errors_of_the_database() -> Generator[None]:
    """procrastinate wraps what the database raises: whoever queues in a transaction knows it by its own classes."""
    try:
        yield
    except ConnectorException as error:
        if isinstance(error.__cause__, psycopg.Error):
            raise error.__cause__ from None
        raise


def _job_of(row: dict[str, Any]) -> Job:
    case_id = str(row["case_id"])
    return Job(
        id=None,
        queue=CASES_QUEUE,
        lock=case_lock(case_id),
        queueing_lock=case_lock(case_id),
        task_name=PROCESS_CASE,
        task_kwargs={"case_id": case_id},
        priority=place_in_queue(row["priority"], row["created_at"]),
    )
