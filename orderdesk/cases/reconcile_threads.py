"""Threads of LangGraph Server that never became a case: a message handed to it must not vanish."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, cast

import psycopg

from checkpoints.saver import RootSaver
from graphs.services import Services
from graphs.state import InboundMessage
from orderdesk.cases.giving_up import Graph
from orderdesk.cases.incidents import Found
from orderdesk.cases.repairs import SQL

logger = logging.getLogger(__name__)

# The graph whose threads are cases; a worker's graph may be tried out alone, and leaves no message behind.
GRAPH = "order_desk"
# Unknown threads that are looked into by one run; those after them are when these are seen to.
AT_ONCE = 100


async def unknown_threads(services: Services, graph: Graph, quiet_s: float) -> tuple[list[Found], bool]:
    """Threads that were given an input at least `quiet_s` seconds ago and are no case's; and whether those are all."""
    where = {"graph": GRAPH, "quiet_s": quiet_s, "limit": AT_ONCE}
    async with services.pool.connection() as connection:
        rows = await (await connection.execute(SQL.unknown_threads, where)).fetchall()
    found = [await _found(graph, str(row["thread_id"])) for row in rows]
    return found, len(rows) < AT_ONCE


async def _found(graph: Graph, thread_id: str) -> Found:
    held = await _held(graph, thread_id)
    return Found(
        subject=thread_id,
        what=f"LangGraph Server's thread {thread_id} is no case of the desk: its intake never came to an end. {held}",
        needed="Needed: run the thread again without input (in Studio, or POST /threads/ID/runs), or hand the message "
        "in another way; then delete the thread.",
    )


async def _held(graph: Graph, thread_id: str) -> str:
    """What a thread still holds of what it was given, without quoting it."""
    saver = cast("RootSaver", graph.checkpointer)
    try:
        saved = await saver.aget_tuple({"configurable": {"thread_id": thread_id}})
    except psycopg.Error:
        raise
    except Exception as error:  # a damaged row is what this is about, and must not hide the other threads
        logger.warning("thread %s cannot be read: %s", thread_id, error)
        return "What it was given cannot be read."
    values: Mapping[str, Any] = saved.checkpoint["channel_values"] if saved else {}
    # Before its first step the input is still in one piece.
    given = values.get("__start__") or values
    if _is_message(given.get("text")) or _is_message(given.get("message")):
        return "Its input still holds a message that stands nowhere else."
    if given.get("case_id"):
        return f"It was given case {given['case_id']}, which has a thread of its own."
    return "It holds no message."


def _is_message(given: Any) -> bool:
    """Whether a text, or a message as an API client hands it in, says anything."""
    if isinstance(given, InboundMessage):
        given = given.model_dump()
    if isinstance(given, Mapping):
        message = cast("Mapping[str, Any]", given)
        return _is_message(message.get("text")) or bool(message.get("attachments"))
    return isinstance(given, str) and bool(given.strip())
