"""Cases that wait: whether their thread stands where their row says, and whether a person can see and answer it."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Literal

from langgraph.types import Interrupt

from checkpoints.pools import Connection
from graphs.order_desk import RECURSION_LIMIT
from graphs.services import Services
from orderdesk.cases.fence import fence
from orderdesk.cases.giving_up import Graph, start_over
from orderdesk.cases.incidents import Found
from orderdesk.cases.repairs import MOST_REPAIRS, SQL, Repair, note_repairs, repairs_so_far, stuck_case
from orderdesk.cases.threads import Lost, Thread, look
from orderdesk.domain.errors import CaseBusy
from orderdesk.intake.queue import enqueue_cases
from orderdesk.observability.tracing import run_config

logger = logging.getLogger(__name__)

# Cases looked at with one statement.
PAGE = 10_000
# Cases repaired by one run; the next one goes on.
AT_ONCE = 200
# The node at which the thread of a case waits, by its status.
_STANDS_AT = {"waiting_review": "review", "waiting_customer": "await_customer"}

Fault = Literal["no_question", "decided", "unseen", "elsewhere"]
_WHY: dict[Fault, str] = {
    "no_question": "it is said to wait, and its thread asks nobody anything",
    "decided": "a person has decided, and nobody carries it out",
    "unseen": "it waits for a person, who is shown no review that could be answered",
    "elsewhere": "its thread waits for somebody else than its row says",
}
# Those of the decision log that count against a waiting case.
_NODES = ("reconcile:queued", "reconcile:started_over", "reconcile:review_shown")


async def repair_waiting(
    services: Services, graph: Graph, quiet_s: float
) -> tuple[dict[str, int], list[Found]]:
    """Find waiting cases nobody can answer and bring them back to a person; counts by kind, and those given up.

    Reads no state of a healthy case. A case that somebody works on is left alone.
    """
    counts: dict[str, int] = {}
    stuck: list[Found] = []
    tried = 0
    async for case_id in _broken(services, quiet_s):
        tried += 1
        if tried > AT_ONCE:
            break
        try:
            async with fence(services.pool, case_id):
                done = await _repair(services, graph, case_id, stuck)
        except CaseBusy:
            continue
        if done:
            counts[done] = counts.get(done, 0) + 1
    return counts, stuck


def fault_of(row: Mapping[str, Any]) -> Fault | None:
    """What is wrong with a row of `waiting_thread`; None = it waits as it should."""
    if row["task_id"] is None:
        return "no_question"
    expected = _STANDS_AT[row["status"]]
    # A path that names no node is of no version we know: it is not held against the case.
    node = str(row["task_path"]).rpartition(", ")[2] or expected
    if node != expected:
        return "elsewhere"
    if node != "review":
        return None
    waits_for = interrupt_of(row)
    if waits_for in row["decided"]:
        return "decided"
    return None if row["open_reviews"] == 1 and row["interrupt_id"] == waits_for else "unseen"


def interrupt_of(row: Mapping[str, Any]) -> str:
    """The id of the interrupt a review's thread stands at, from its task."""
    return Interrupt.from_ns(None, f"review:{row['task_id']}").id


async def _broken(services: Services, quiet_s: float) -> AsyncGenerator[str]:
    after = ""
    while True:
        where = {"after": after, "quiet_s": quiet_s, "limit": PAGE}
        async with services.pool.connection() as connection:
            rows = await (await connection.execute(SQL.waiting_threads, where)).fetchall()
        for row in rows:
            if not row["busy"] and fault_of(row) is not None:
                yield str(row["case_id"])
        if len(rows) < PAGE:
            return
        after = rows[-1]["case_id"]


async def _repair(services: Services, graph: Graph, case_id: str, stuck: list[Found]) -> str | None:
    """Repair a case whose fence we hold; what was done. It is looked at again first: it may be well by now."""
    async with services.pool.connection() as connection:
        row = await (await connection.execute(SQL.waiting_thread, {"case_id": case_id})).fetchone()
        fault = fault_of(row) if row else None
        if row is None or fault is None:
            return None
        done = await repairs_so_far(connection, [case_id])
    if any(done.get((case_id, node), 0) >= MOST_REPAIRS for node in _NODES):
        stuck.append(stuck_case(case_id, _WHY[fault]))
        return None
    if fault in ("no_question", "decided"):
        return await _queue(services, case_id, fault)
    config = run_config(case_id, str(row["thread_id"]), recursion_limit=RECURSION_LIMIT)
    snapshot = await look(graph, services, Thread(case_id, config), worked_on=True)
    if isinstance(snapshot, Lost):
        return await _queue(services, case_id, fault)  # whoever drives it replaces its thread
    if fault == "unseen" and await _shown_again(services, row, str(snapshot.values.get("review_id"))):
        return "review_shown"
    # Killed in between, its thread asks nobody anything, which is found next time.
    await start_over(graph, config, snapshot)
    return await _queue(services, case_id, fault, "started_over")


async def _queue(
    services: Services, case_id: str, fault: Fault, kind: Literal["queued", "started_over"] = "queued"
) -> str:
    what = "queued again" if kind == "queued" else "worked through anew"
    repair = Repair(case_id=case_id, kind=kind, what=what, why=_WHY[fault])
    async with services.pool.connection() as connection, connection.transaction():
        await enqueue_cases(connection, [case_id])
        await _note(connection, services, repair)
    return kind


async def _shown_again(services: Services, row: Mapping[str, Any], review_id: str) -> bool:
    """Open the review that the thread shows, and tie it to its interrupt; False where it is gone or was decided."""
    case_id, interrupt_id = str(row["case_id"]), interrupt_of(row)
    where = {"case_id": case_id, "review_id": review_id, "interrupt_id": interrupt_id}
    async with services.pool.connection() as connection, connection.transaction():
        if await (await connection.execute(SQL.review_to_show, where)).fetchone() is None:
            return False
        await connection.execute(SQL.close_others, {**where, "now": services.clock.now()})
        await connection.execute(SQL.free_interrupt, where)
        await connection.execute(SQL.show_review, where)
        repair = Repair(
            case_id=case_id, kind="review_shown", what=f"review {review_id} is open again", why=_WHY["unseen"]
        )
        await _note(connection, services, repair)
    return True


async def _note(connection: Connection, services: Services, repair: Repair) -> None:
    logger.warning("case %s: %s, as %s", repair.case_id, repair.what, repair.why)
    await note_repairs(connection, [repair], services.clock.now())
