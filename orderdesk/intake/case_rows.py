"""The rows of cases: where each one stands, for the graph that moves it and the service that drives it."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from checkpoints.pools import Connection
from checkpoints.queries import load_queries
from orderdesk.domain.documents import ReadMessage
from orderdesk.domain.errors import CaseIncident
from orderdesk.domain.results import FINAL_OUTCOMES, Outcome

SQL = load_queries("orderdesk.intake", "queries.sql")

# Whole escapes, so that the six characters of a written-out \u0000 (\\\\u0000 in JSON) stay what they are.
_ESCAPE = re.compile(r"\\(?:u0000|.)")


async def get_case(connection: Connection, case_id: str) -> dict[str, Any]:
    """A case with its message's envelope. Raises CaseIncident where there is none."""
    row = await (await connection.execute(SQL.get_case, {"case_id": case_id})).fetchone()
    if row is None:
        raise CaseIncident(f"There is no case {case_id}: check the id, or list cases in the desk.")
    return row


async def lock_case(connection: Connection, case_id: str) -> dict[str, Any]:
    """The case's row, locked until the transaction ends."""
    row = await (await connection.execute(SQL.lock_case, {"case_id": case_id})).fetchone()
    if row is None:
        raise CaseIncident(f"There is no case {case_id}: it was removed while it was worked on.")
    return row


# The cost of a case that has asked no model.
NO_COST: dict[str, Any] = {"model_calls": 0, "tokens_in": 0, "tokens_out": 0, "cost_usd": "0"}


async def set_case(
    connection: Connection, case_id: str, outcome: Outcome, report: dict[str, Any] | None, now: datetime
) -> dict[str, Any]:
    """Record where a case stands; its status follows from the outcome.

    Returns the report as kept: with what the case's model calls have cost by the record of them, which also holds
    the calls of drives that were cut short.
    """
    status = "done" if outcome in FINAL_OUTCOMES else outcome
    known = report or {}
    cursor = await connection.execute(
        SQL.set_case,
        {
            "case_id": case_id,
            "status": status,
            "outcome": outcome,
            "now": now,
            "report": Jsonb(report) if report is not None else None,
            "no_cost": Jsonb(NO_COST),
            **{key: known.get(key) for key in ("intent", "customer_id", "po_number", "order_number")},
        },
    )
    row = await cursor.fetchone()
    return row["report"] if row and row["report"] else known


async def load_message(connection: Connection, message_id: str) -> ReadMessage:
    """A stored message as it was read."""
    row = await (await connection.execute(SQL.read_message, {"message_id": message_id})).fetchone()
    if row is None:
        raise CaseIncident(f"Message {message_id} of a case is gone: restore it from a backup.")
    return ReadMessage.model_validate(row["content"])


async def load_answers(connection: Connection, case_id: str) -> list[ReadMessage]:
    """What the customer answered to our questions, oldest first."""
    rows = await (await connection.execute(SQL.answers_of_case, {"case_id": case_id})).fetchall()
    return [ReadMessage.model_validate(row["content"]) for row in rows]


def storable(message: ReadMessage) -> Jsonb:
    """A message as JSON that Postgres takes: it refuses the NUL character, which no order needs."""
    text = _ESCAPE.sub(lambda found: "" if found[0] == "\\u0000" else found[0], message.model_dump_json())
    return Jsonb(json.loads(text))
