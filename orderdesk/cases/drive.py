"""Driving a case: start it, go on from its last checkpoint, resume it with what is recorded, or leave it waiting."""

from __future__ import annotations

import logging
import time
from typing import Any

from langgraph.types import Command, StateSnapshot
from psycopg.errors import DeadlockDetected, DiskFull, SerializationFailure

from checkpoints.pools import AWAY, Connection
from graphs.handoff import spent_of
from graphs.order_desk import RECURSION_LIMIT
from graphs.services import Services
from orderdesk.cases.allowance import SQL, grant_for_decision, grant_for_retry, left_s
from orderdesk.cases.fence import fence
from orderdesk.cases.giving_up import STOPS, Graph, OutOfTime, hand_over, start_over
from orderdesk.domain.errors import CaseIncident, OrderDeskError
from orderdesk.domain.results import FINAL_OUTCOMES
from orderdesk.intake.case_rows import NO_COST, get_case, set_case
from orderdesk.observability.decision_log import LogEntry, write_log
from orderdesk.observability.tracing import run_config
from orderdesk.resilience.database import judge_database
from orderdesk.resilience.deadline import deadline

logger = logging.getLogger(__name__)

# After this many failed drives a case is a person's: more attempts at a poison message help nobody.
MAX_ATTEMPTS = 3
# A case that takes its worker down with it never gets to count a failure: so many starts without an end are enough.
MAX_DEATHS = 6
# Two transactions that got in each other's way: the server undid one whole, and it is simply done again.
CONFLICTS = (SerializationFailure, DeadlockDetected)
MAX_CONFLICTS = 3


class Driver:
    """Brings cases to their next stop, one worker per case, from the last checkpoint on."""

    def __init__(self, graph: Graph, services: Services) -> None:
        self._graph = graph
        self._services = services

    async def drive(self, case_id: str) -> dict[str, Any]:
        """Bring a case to its next stop and return its report.

        A case that runs out of its time or steps goes to a person. A failure is tried again up to MAX_ATTEMPTS
        times, then the case ends as dead_letter, visible and retryable. Raises CaseBusy when another worker holds
        it, CaseIncident for an unknown id, and what the database raises while it is away or full.
        """
        conflicts = 0
        async with fence(self._services.pool, case_id):
            while True:
                began = time.perf_counter()
                try:
                    return await self._once(case_id, began)
                except CONFLICTS:
                    conflicts += 1
                    await self._not_begun(case_id)
                    if conflicts > MAX_CONFLICTS:
                        raise
                except DiskFull as error:
                    logger.error("case %s waits: %s", case_id, judge_database(error).why)
                    await self._not_begun(case_id)
                    raise
                except AWAY:
                    raise  # the database is away: the case keeps its checkpoint, and somebody tries later
                except Exception as error:
                    logger.exception("case %s failed", case_id)
                    if await self._failed(case_id, error, began):
                        return await self.report(case_id)

    async def report(self, case_id: str) -> dict[str, Any]:
        """The case as it stands, in the form of `process --json`."""
        async with self._services.pool.connection() as connection:
            case = await get_case(connection, case_id)
        return report_of_row(case)

    async def _once(self, case_id: str, began: float) -> dict[str, Any]:
        services = self._services
        async with services.pool.connection() as connection:
            share_ms = services.budget_seconds * 1000 / MAX_DEATHS
            parameters = {"case_id": case_id, "now": services.clock.now(), "share_ms": share_ms}
            row = await (await connection.execute(SQL.begin_drive, parameters)).fetchone()
        if row is None:
            return await self.report(case_id)
        if row["attempts"] > MAX_DEATHS:
            raise CaseIncident(f"Case {case_id} was begun {MAX_DEATHS} times and its worker died each time.")
        thread_id = str(row["thread_id"])
        config = run_config(case_id, thread_id, recursion_limit=RECURSION_LIMIT)
        snapshot = await self._graph.aget_state(config)
        step = await self._next_input(case_id, snapshot)
        if step is _WAIT and row["status"] == "running" and snapshot.interrupts:
            # Taken up again while it waited for a person: nobody will answer what it still waits for.
            await start_over(self._graph, config, snapshot)
            step = None
        if step is not _WAIT:
            left = await self._time_left(case_id, step, row["used_ms"])
            try:
                if left <= 0:
                    raise OutOfTime(f"Case {case_id} had used up its time before.")
                async with deadline(left, f"Case {case_id}"):
                    await self._graph.ainvoke(step, config, durability="sync")
            except STOPS as stop:
                logger.warning("case %s goes to a person: %s", case_id, stop)
                await hand_over(self._graph, services, case_id, config, stop)
        elapsed = round((time.perf_counter() - began) * 1000)
        async with services.pool.connection() as connection:
            parameters = {"case_id": case_id, "latency_ms": elapsed}
            ended = await (await connection.execute(SQL.end_drive, parameters)).fetchone()
        if ended is None or ended["status"] in ("queued", "running"):
            raise CaseIncident(f"Case {case_id} stopped without an outcome: look at its decision log.")
        return await self.report(case_id)

    async def take_up_again(self, case_id: str) -> None:
        """Put a dead letter or a hand-off back to the waiting cases, because a person says so.

        Raises OrderDeskError for any other case, CaseBusy while somebody works on it.
        """
        services = self._services
        where: dict[str, Any] = {"case_id": case_id, "now": services.clock.now()}
        async with (
            fence(services.pool, case_id),
            services.pool.connection() as connection,
            connection.transaction(),
        ):
            closed = await (await connection.execute(SQL.close_handoff, where)).fetchone()
            again = {**where, "handed_over": closed is not None}
            row = await (await connection.execute(SQL.requeue, again)).fetchone()
            if row is None:
                raise OrderDeskError(
                    f"Case {case_id} is neither a dead letter nor a hand-off, or was erased: there is nothing to retry."
                )
            await grant_for_retry(connection, case_id, row, services.budget_seconds, where["now"])

    async def _time_left(self, case_id: str, step: Any, used_ms: int) -> float:
        """Seconds the case may still be worked on; all of them where a person's decision is to be carried out."""
        services = self._services
        decided = _decision_in(step)
        if decided:
            async with services.pool.connection() as connection, connection.transaction():
                if await grant_for_decision(
                    connection, case_id, decided, services.budget_seconds, services.clock.now()
                ):
                    return services.budget_seconds
        return left_s(services.budget_seconds, used_ms)

    async def _not_begun(self, case_id: str) -> None:
        """Take an attempt back that the database cut short, where it still can be written down."""
        try:
            async with self._services.pool.connection() as connection:
                await connection.execute(SQL.not_begun, {"case_id": case_id})
        except AWAY:
            logger.warning("case %s: an attempt counts that was none, as the database cannot write", case_id)

    async def _next_input(self, case_id: str, snapshot: StateSnapshot) -> Any:
        """What to run next: a start, a recorded answer, a continuation, or nothing while it waits."""
        if snapshot.created_at is None:
            return {"case_id": case_id}
        if not snapshot.next:
            if snapshot.values.get("outcome") in FINAL_OUTCOMES:
                return _WAIT
            raise CaseIncident(
                f"Case {case_id} has no next step and no outcome (a node was renamed?): hand it to a person."
            )
        if not snapshot.interrupts:
            return None
        async with self._services.pool.connection() as connection:
            resume = await _recorded(connection, case_id, snapshot)
        return Command(resume=resume) if resume else _WAIT

    async def _failed(self, case_id: str, error: BaseException, began: float) -> bool:
        """Record a failed drive; True when the case has had its last attempt and is a dead letter now."""
        services = self._services
        now = services.clock.now()
        why = f"{type(error).__name__}: {error}"[:2000]
        elapsed = round((time.perf_counter() - began) * 1000)
        async with services.pool.connection() as connection, connection.transaction():
            parameters = {"case_id": case_id, "error": why, "latency_ms": elapsed}
            row = await (await connection.execute(SQL.record_failure, parameters)).fetchone()
            if row is None:
                raise CaseIncident(f"There is no case {case_id}: check the id.") from error
            attempts = int(row["attempts"])
            last = attempts >= MAX_ATTEMPTS
            case = await get_case(connection, case_id)
            spent = spent_of(case)
            await write_log(
                connection,
                [
                    LogEntry(
                        case_id=case_id, step=0, node="drive", n=row["logged"] + 1, kind="failure", actor="worker",
                        what="dead letter" if last else f"attempt {attempts} failed",
                        why=f"{why} {_DEAD_LETTER}" if last else why,
                        evidence={"attempts": attempts, "spent": spent}, at=now,
                    )
                ],
            )  # fmt: skip
            if last:
                report = {**report_of_row(case), "outcome": "dead_letter"}
                await set_case(connection, case_id, "dead_letter", report, now)
        return last


_WAIT = object()

# What a person is told to do about a dead letter; how often it was tried and what that took stands beside it.
_DEAD_LETTER = "Needed: somebody who removes the cause, then `orderdesk retry` takes it up where it stopped."


def _decision_in(step: Any) -> str:
    """The decision a step carries out; '' = none."""
    answers: Any = step.resume if isinstance(step, Command) else None
    found = [a["decision_id"] for a in (answers or {}).values() if "decision_id" in a]
    return str(found[0]) if found else ""


async def _recorded(connection: Connection, case_id: str, snapshot: StateSnapshot) -> dict[str, Any]:
    """Answers on record for the pending interrupts, by interrupt id: an unkeyed one could answer the next."""
    ids = [i.id for i in snapshot.interrupts]
    rows = await (await connection.execute(SQL.decisions_for, {"interrupt_ids": ids})).fetchall()
    resume: dict[str, Any] = {row["interrupt_id"]: {"decision_id": row["decision_id"]} for row in rows}
    for pending in snapshot.interrupts:
        if isinstance(pending.value, dict) and pending.value.get("schema") == "orderdesk.question/1":
            row = await (await connection.execute(SQL.answers_for, {"case_id": case_id})).fetchone()
            if row and row["answers"] > snapshot.values.get("answers", 0):
                resume[pending.id] = {"answers": row["answers"]}
            elif row and row["question_expired_at"] is not None:
                resume[pending.id] = {"expired": True}
    return resume


def report_of_row(case: dict[str, Any]) -> dict[str, Any]:
    """A case's report from its row; a case nobody has worked on yet has little to say."""
    report = case["report"] or {}
    # The report says what the case had cost at its last stop; while it is worked on, more may have come.
    under_way = case["cost"] if case["drive_began_at"] is not None or not report else None
    return {
        **_EMPTY,
        "source": case["source"],
        "case_id": case["case_id"],
        "outcome": case["outcome"],
        **report,
        **(under_way or {}),
    }


_EMPTY: dict[str, Any] = {
    "source": None, "case_id": None, "intent": None, "outcome": None, "order_number": None, "customer_id": None,
    "po_number": None, "po_date": None, "requested_date": None, "ship_to_code": None, "currency": None, "lines": [],
    "net_total": None, "confidence": None, "findings": [], "questions": [], "review": None,
    **NO_COST, "latency_ms": 0, "steps": 0, "checkpoints": 0,
}  # fmt: skip
