"""Reconciliation: what a crash, an older version or a hand in the tables left behind is repaired, or raised."""

from __future__ import annotations

import logging
from typing import Any

from checkpoints.pools import Connection
from graphs.services import Services
from orderdesk.cases.fence import fence
from orderdesk.cases.giving_up import Graph
from orderdesk.cases.incidents import Found, IncidentKind, forget_closed, keep_incidents
from orderdesk.cases.reconcile_effects import found_effects, send_stuck_effects
from orderdesk.cases.reconcile_threads import unknown_threads
from orderdesk.cases.reconcile_waiting import repair_waiting
from orderdesk.cases.repairs import SQL, Repair, note_repairs
from orderdesk.domain.base import Value
from orderdesk.domain.errors import CaseBusy
from orderdesk.intake.queue import PROCESS_CASE, enqueue_cases

logger = logging.getLogger(__name__)

# What LangGraph Server runs holds no fence of ours: a thread it has written to lately is left to it. In seconds.
QUIET_S = 600.0
# Cases queued in one transaction, and by one run.
BATCH, MOST_QUEUED = 500, 10_000
# Jobs, and reviews, that are cleared away by one run.
AT_ONCE = 1_000


class Reconciled(Value):
    """What one run did: how many by kind of repair, how many incidents it raised and closed."""

    repaired: dict[str, int]
    raised: int = 0
    closed: int = 0

    @property
    def nothing(self) -> bool:
        """Everything fitted together."""
        return not (any(self.repaired.values()) or self.raised or self.closed)


async def reconcile(services: Services, graph: Graph, *, quiet_s: float = QUIET_S) -> Reconciled:
    """Look through everything once, repair what can be, raise what a person has to see.

    Safe beside running workers and at any time: what somebody works on is left alone, each repair is one transaction,
    and a run that is killed is gone on with by the next. Raises what the database raises while it is away.
    """
    repaired: dict[str, int] = {}
    repaired["job_deleted"] = await _pointless_jobs(services)
    repaired["review_closed"] = await _stray_reviews(services)
    waiting, stuck = await repair_waiting(services, graph, quiet_s)
    queued, never_done = await _lost_cases(services, quiet_s)
    repaired |= waiting
    repaired["queued"] = repaired.get("queued", 0) + queued
    repaired["effect_sent"] = await send_stuck_effects(services)
    raised = closed = 0
    found: list[tuple[IncidentKind, list[Found], bool]] = [
        ("case_stuck", [*stuck, *never_done], True),
        *await found_effects(services),
        ("server_thread", *await unknown_threads(services, graph, quiet_s)),
    ]
    for kind, subjects, complete in found:
        async with services.pool.connection() as connection, connection.transaction():
            new, gone = await keep_incidents(
                connection, kind, subjects, services.clock.now(), complete=complete
            )
        raised, closed = raised + new, closed + gone
    async with services.pool.connection() as connection:
        await forget_closed(connection)
    return Reconciled(repaired={k: n for k, n in repaired.items() if n}, raised=raised, closed=closed)


async def _lost_cases(services: Services, quiet_s: float) -> tuple[int, list[Found]]:
    """Queue the cases nobody works on; how many, and those that are lost again and again."""
    queued = 0
    stuck: list[Found] = []
    while queued < MOST_QUEUED:
        async with services.pool.connection() as connection, connection.transaction():
            rows = await _rows(connection, SQL.lost_cases, limit=BATCH, quiet_s=quiet_s)
            if not rows:
                break
            await enqueue_cases(connection, [row["case_id"] for row in rows])
            repairs = [
                Repair(
                    case_id=row["case_id"], kind="queued", what="queued again",
                    why=f"it was {row['status'].replace('_', ' ')}, and no job of the queue was for it",
                )
                for row in rows
            ]  # fmt: skip
            stuck += await note_repairs(connection, repairs, services.clock.now())
        queued += len(rows)
        # What a killed process left behind is nothing to worry about; that it happens often is raised.
        logger.info("%s cases had no job and were queued", len(rows))
    async with services.pool.connection() as connection:
        # One that is known to be stuck and waits in the queue once more is still stuck.
        known = await _rows(connection, SQL.stuck_and_queued)
    return queued, stuck + [Found.model_validate(row) for row in known]


async def _pointless_jobs(services: Services) -> int:
    async with services.pool.connection() as connection, connection.transaction():
        rows = await _rows(connection, SQL.pointless_jobs, task=PROCESS_CASE, limit=AT_ONCE)
        if not rows:
            return 0
        deleted = await _rows(connection, SQL.delete_jobs, ids=[row["id"] for row in rows])
    cases = ", ".join(sorted(str(row["case_id"]) for row in rows)[:5])
    logger.warning("%s jobs were deleted: their cases are gone or erased (%s...)", len(deleted), cases)
    return len(deleted)


async def _stray_reviews(services: Services) -> int:
    """Close open reviews of cases that do not wait for a person: an answer would change nothing."""
    async with services.pool.connection() as connection:
        rows = await _rows(connection, SQL.stray_reviews, limit=AT_ONCE)
    closed = 0
    for row in rows:
        try:
            async with fence(services.pool, row["case_id"]):
                closed += await _close_reviews(services, row["case_id"])
        except CaseBusy:
            continue
    return closed


async def _close_reviews(services: Services, case_id: str) -> int:
    now = services.clock.now()
    async with services.pool.connection() as connection, connection.transaction():
        rows = await _rows(connection, SQL.close_stray_reviews, case_id=case_id, now=now)
        repairs = [
            Repair(
                case_id=case_id, kind="review_closed", what=f"review {row['review_id']} was closed",
                why=f"the case does not wait for it: it is {row['outcome'] or row['status']}".replace("_", " "),
            )
            for row in rows[:1]
        ]  # fmt: skip
        await note_repairs(connection, repairs, now)
    return len(rows)


async def _rows(connection: Connection, statement: Any, **where: Any) -> list[dict[str, Any]]:
    return await (await connection.execute(statement, where)).fetchall()
