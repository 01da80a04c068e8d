"""The saved thread of a case: whether today's code can go on from it, and what becomes of the case where it cannot.

All facts of a case are in our own tables, and its effects are keyed: a thread may be lost, a case may not. See
docs/decisions/0012-a-thread-may-be-lost-a-case-may-not.md for when a case begins again by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import psycopg
from langchain_core.runnables import RunnableConfig
from langgraph.errors import GraphBubbleUp
from langgraph.types import Interrupt, StateSnapshot

from checkpoints.pools import AWAY, Connection
from checkpoints.saver import RootSaver
from graphs.await_customer import answer_findings
from graphs.intake_node import message_facts
from graphs.saved_state import age_of, damage_in, damage_in_update
from graphs.services import Services
from graphs.state import OLDEST_STATE_VERSION, STATE_VERSION, Unfinished
from orderdesk.cases.allowance import SQL
from orderdesk.cases.giving_up import Graph
from orderdesk.cases.tracebacks import readable_traceback
from orderdesk.domain.results import FINAL_OUTCOMES
from orderdesk.intake.case_rows import SQL as CASES
from orderdesk.intake.case_rows import get_case, load_answers, load_message
from orderdesk.observability.decision_log import LogEntry, write_log
from orderdesk.review.reviews import SQL as REVIEWS

logger = logging.getLogger(__name__)

# A pending step is one of these channels with a value in it; of a node that is gone nobody else would notice.
_STEP = "branch:to:"


class Lost(NamedTuple):
    """A thread that nobody can go on from."""

    why: str
    """For a clerk, after 'its saved steps cannot be used: '."""
    again: bool = True
    """Whether to begin again could help; it is done only where nobody has said or been told anything yet."""
    traceback: str = ""


class Thread(NamedTuple):
    """A case's place in the graph's store."""

    case_id: str
    config: RunnableConfig


async def look(graph: Graph, services: Services, thread: Thread, *, worked_on: bool) -> StateSnapshot | Lost:
    """The saved state to go on from (empty for a case at its start), or why there is none that can be used.

    `worked_on`: somebody has begun the case before. Raises what the database raises.
    """
    saver = cast("RootSaver", graph.checkpointer)
    try:
        snapshot = await graph.aget_state(thread.config)
        saved = await saver.aget_tuple(thread.config) if snapshot.created_at else None
    except (psycopg.errors.DataCorrupted, psycopg.errors.IndexCorrupted) as error:
        return Lost("the database says that their rows are damaged", traceback=readable_traceback(error))
    except (GraphBubbleUp, psycopg.Error, *AWAY):
        raise
    except Exception as error:
        return Lost("they cannot be read, their rows are damaged", traceback=readable_traceback(error))
    if saved is None:
        gone = worked_on and (await _facts(services, thread.case_id))["steps"] > 0
        return Lost("they are gone") if gone else snapshot
    return _judge(graph, snapshot, saved.checkpoint["channel_values"]) or snapshot


def _judge(graph: Graph, snapshot: StateSnapshot, channels: Mapping[str, Any]) -> Lost | None:
    values = snapshot.values
    match age_of(values):
        case "newer":
            ours = f"version {values['version']}, this one reads up to {STATE_VERSION}"
            return Lost(f"a newer release of the desk has written them ({ours})", again=False)
        case "older":
            return Lost(f"they are of version {values['version']}, older than {OLDEST_STATE_VERSION}")
        case _:
            pass
    updates = [damage_in_update(task.result) for task in snapshot.tasks if isinstance(task.result, dict)]
    if damage := next(filter(None, (damage_in(values), *updates)), ""):
        return Lost(f"they are damaged ({damage})")
    gone = sorted(
        name for key in channels if (name := key.removeprefix(_STEP)) != key and name not in graph.nodes
    )
    if gone:
        return Lost(f"the next one, {', '.join(gone)}, is not a step of this release")
    pending: tuple[Any, ...] = snapshot.interrupts
    if not all(isinstance(question, Interrupt) for question in pending):
        return Lost("they are damaged (what it asked is no question)")
    # A step whose writes are all kept, but not its checkpoint yet, is not named as the next one; its tasks are there.
    if not snapshot.tasks:
        if values.get("outcome") in FINAL_OUTCOMES:
            return Lost(f"they ended with {values['outcome']}, but the case is not finished", again=False)
        return Lost("they end without an outcome")
    return None


async def replace_thread(graph: Graph, services: Services, thread: Thread, lost: Lost) -> None:
    """Delete a thread nobody can go on from and write a new one from the tables: to begin again, or for a hand-off.

    Killed in between, the thread is found gone, which makes it a hand-off: nothing here is tried twice.
    """
    case_id = thread.case_id
    facts = await _facts(services, case_id)
    again = lost.again and not facts["said"] and not facts["lost_lately"]
    logger.error("case %s %s: its saved steps cannot be used: %s", case_id, _what(again), lost.why)
    async with services.pool.connection() as connection, connection.transaction():
        await write_log(connection, [_incident(case_id, lost, again, facts, services)])
        await connection.execute(REVIEWS.close_reviews, {"case_id": case_id, "now": services.clock.now()})
        values = await _start(connection, case_id, facts)
    if not again:
        values["failures"] = {"desk": _handed_over(lost, facts)}
    await cast("RootSaver", graph.checkpointer).aprune([_id(thread)], strategy="delete")
    # As the first node would: the supervisor is next.
    await graph.aupdate_state(thread.config, values, as_node="intake")


async def _start(connection: Connection, case_id: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a state holds behind its intake; counts go on, as the ids of reviews and questions come from them."""
    case = await get_case(connection, case_id)
    message = await load_message(connection, case["message_id"])
    answers = await load_answers(connection, case_id)
    await connection.execute(CASES.answers_were_read, {"case_id": case_id, "answers": len(answers)})
    envelope = message_facts(message, case["received_at"])
    said = [finding for answer in answers for finding in answer_findings(answer)]
    edits: dict[str, str] = {}
    for edit in facts["edits"]:
        edits |= edit
    return {
        **{key: case[key] for key in ("case_id", "message_id", "position", "source", "business_date")},
        "version": STATE_VERSION,
        "facts": envelope.model_copy(update={"findings": (*envelope.findings, *said)}),
        "hops": facts["steps"],
        "hops_from": facts["steps"],
        "rounds": facts["rounds"],
        "answers": len(answers),
        **({"corrections": edits} if edits else {}),
    }


def _handed_over(lost: Lost, facts: Mapping[str, Any]) -> Unfinished:
    done = (
        f"; done for it already, and not done twice: {', '.join(facts['effects'])}"
        if facts["effects"]
        else ""
    )
    said = "; its decisions and answers so far are on record" if facts["said"] else ""
    return Unfinished(
        why=f"its saved steps cannot be used: {lost.why}{said}{done}",
        needed="somebody who looks at what was done and said so far (`orderdesk case`) and decides it",
    )


def _incident(
    case_id: str, lost: Lost, again: bool, facts: Mapping[str, Any], services: Services
) -> LogEntry:
    return LogEntry(
        case_id=case_id, step=0, node="thread", n=facts["lost"], kind="failure", actor="worker", what=_what(again),
        why=f"its saved steps cannot be used: {lost.why}",
        evidence={
            "effects": facts["effects"], "said": facts["said"],
            **({"traceback": lost.traceback} if lost.traceback else {}),
        },
        at=services.clock.now(),
    )  # fmt: skip


def _what(again: bool) -> str:
    return "begins again from its message" if again else "goes to a person"


async def _facts(services: Services, case_id: str) -> dict[str, Any]:
    async with services.pool.connection() as connection:
        row = await (await connection.execute(SQL.thread_facts, {"case_id": case_id})).fetchone()
    assert row is not None
    return row


def _id(thread: Thread) -> str:
    return str((thread.config.get("configurable") or {})["thread_id"])
