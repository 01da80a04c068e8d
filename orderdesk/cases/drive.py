"""Driving a case: start it, go on from its last checkpoint, resume it with what is recorded, or leave it waiting."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.errors import GraphDrained
from langgraph.runtime import RunControl
from langgraph.types import Command, StateSnapshot
from psycopg.errors import DeadlockDetected, DiskFull, SerializationFailure

from checkpoints.pools import AWAY, Connection
from graphs.order_desk import RECURSION_LIMIT
from graphs.services import Services
from orderdesk.cases.allowance import SQL, grant_for_decision, grant_for_retry, left_s
from orderdesk.cases.failing import MAX_DEATHS, KilledItsWorkers, record_failure
from orderdesk.cases.fence import fence
from orderdesk.cases.giving_up import STOPS, Graph, OutOfTime, hand_over, start_over
from orderdesk.cases.reporting import report_of_row
from orderdesk.cases.threads import Lost, Thread, look, replace_thread
from orderdesk.domain.errors import CaseIncident, CasePutBack, OrderDeskError
from orderdesk.intake.case_rows import get_case
from orderdesk.observability.tracing import run_config
from orderdesk.resilience.case_in_hand import working_on
from orderdesk.resilience.database import judge_database
from orderdesk.resilience.deadline import deadline

logger = logging.getLogger(__name__)

# Two transactions that got in each other's way: the server undid one whole, and it is simply done again.
CONFLICTS = (SerializationFailure, DeadlockDetected)
MAX_CONFLICTS = 3


class Driver:
    """Brings cases to their next stop, one worker per case, from the last checkpoint on."""

    def __init__(self, graph: Graph, services: Services) -> None:
        self._graph = graph
        self._services = services
        self._draining = False
        self._runs: set[RunControl] = set()
        # Cases whose last start here was cut short by the database alone, which could not be told so.
        self._cut_short: set[str] = set()

    def drain(self) -> None:
        """Stop working: each run under way ends with its step, and nothing new is begun. For good."""
        self._draining = True
        for run in self._runs:
            run.request_drain()

    async def drive(self, case_id: str) -> dict[str, Any]:
        """Bring a case to its next stop and return its report.

        A case that runs out of its time or steps goes to a person. A failure is tried again up to MAX_ATTEMPTS
        times, then the case ends as dead_letter, visible and retryable. Raises CaseBusy when another worker holds
        it, CasePutBack once this one drains, CaseIncident for an unknown id, and what the database raises while it
        is away or full.
        """
        conflicts = 0
        async with fence(self._services.pool, case_id):
            while True:
                if self._draining:
                    raise CasePutBack(
                        f"Case {case_id} was not begun: this worker stops, another one takes it."
                    )
                began = time.perf_counter()
                try:
                    return await self._once(case_id, began)
                except GraphDrained:
                    await self._not_begun(case_id, worked_ms=_ms_since(began))
                    raise CasePutBack(
                        f"Case {case_id} was left at a step's end: this worker stops, another one goes on."
                    ) from None
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
                    self._cut_short.add(case_id)
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
            counts = 0 if case_id in self._cut_short else 1
            parameters = {
                "case_id": case_id, "now": services.clock.now(), "share_ms": share_ms, "counts": counts
            }  # fmt: skip
            row = await (await connection.execute(SQL.begin_drive, parameters)).fetchone()
            if row is None:
                await connection.execute(SQL.end_killed_drive, parameters)
        self._cut_short.discard(case_id)
        if row is None:
            return await self.report(case_id)
        if row["attempts"] > MAX_DEATHS:
            raise KilledItsWorkers(case_id)
        config = run_config(case_id, str(row["thread_id"]), recursion_limit=RECURSION_LIMIT)
        step = await self._next_step(case_id, config, row)
        if step is not _WAIT:
            left = await self._time_left(case_id, step, row["used_ms"])
            try:
                if left <= 0:
                    raise OutOfTime(f"Case {case_id} had used up its time before.")
                async with deadline(left, f"Case {case_id}"):
                    with working_on(case_id, row["priority"]), services.facts.kept_for(case_id):
                        await self._run(step, config)
            except STOPS as stop:
                logger.warning("case %s goes to a person: %s", case_id, stop)
                await hand_over(self._graph, services, case_id, config, stop)
        async with services.pool.connection() as connection:
            parameters = {"case_id": case_id, "latency_ms": _ms_since(began)}
            ended = await (await connection.execute(SQL.end_drive, parameters)).fetchone()
        if ended is None or ended["status"] in ("queued", "running"):
            raise CaseIncident(f"Case {case_id} stopped without an outcome: look at its decision log.")
        return await self.report(case_id)

    async def _run(self, step: Any, config: RunnableConfig) -> None:
        """Run the graph to its next stop. Raises GraphDrained at the end of a step once the driver drains."""
        control = RunControl()
        self._runs.add(control)
        try:
            if self._draining:
                control.request_drain()
            await self._graph.ainvoke(step, config, durability="sync", control=control)
        finally:
            self._runs.discard(control)

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

    async def _not_begun(self, case_id: str, *, worked_ms: int = 0) -> None:
        """Take an attempt back that was cut short, but not the time it took, where it still can be written down."""
        try:
            async with self._services.pool.connection() as connection:
                await connection.execute(SQL.not_begun, {"case_id": case_id, "worked_ms": worked_ms})
        except AWAY:
            logger.warning("case %s: an attempt counts that was none, as the database cannot write", case_id)

    async def _next_step(self, case_id: str, config: RunnableConfig, row: Mapping[str, Any]) -> Any:
        """What to run next: a start, a recorded answer, a continuation, or nothing while it waits.

        A thread nobody can go on from is replaced first, and then gone on with.
        """
        graph, thread = self._graph, Thread(case_id, config)
        worked_on = row["attempts"] > 1 or row["latency_ms"] > 0
        found = await look(graph, self._services, thread, worked_on=worked_on)
        if isinstance(found, Lost):
            await replace_thread(graph, self._services, thread, found)
            return None
        if found.created_at is None:
            return {"case_id": case_id}
        if not found.interrupts:
            return None
        async with self._services.pool.connection() as connection:
            resume = await _recorded(connection, case_id, found)
        if resume:
            return Command(resume=resume)
        if row["status"] != "running":
            return _WAIT
        # Taken up again while it waited for a person: nobody will answer what it still waits for.
        await start_over(graph, config, found)
        return None

    async def _failed(self, case_id: str, error: BaseException, began: float) -> bool:
        """Record a failed drive; True when the case is over with it."""
        return await record_failure(self._services, case_id, error, _ms_since(began))


def _ms_since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)


_WAIT = object()


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
