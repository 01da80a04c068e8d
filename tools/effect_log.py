"""What became of an effect, for the decision log: parked for a person, settled by one, added beside another."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from checkpoints.pools import Connection
from orderdesk.observability.decision_log import LogEntry, write_log
from tools.ledger import SQL, allowed_by, log_node

logger = logging.getLogger(__name__)


async def log_parked(
    connection: Connection, row: dict[str, Any], claim: str, status: str, why: str, now: datetime
) -> None:
    """Park an effect as ambiguous or failed, with its entry in the decision log, in the caller's transaction.

    Nothing happens where the claim is no longer the caller's.
    """
    where = {"key": row["key"], "claim": claim, "status": status, "error": why}
    parked = await (await connection.execute(SQL.park_effect, where)).fetchone()
    if parked is None:
        return
    logger.warning("%s is %s, a person has to look: %s", row["key"], status, why)
    named = f"{row['kind']} {row['target']}"
    what = f"nobody knows whether {named} was sent" if status == "ambiguous" else f"{named} was not sent"
    message_id = row["request"].get("message_id")
    look = f"look for Message-ID <{message_id}> at the mail server, then " if message_id else ""
    needed = f"Needed: {look}`orderdesk effects settle {row['key']} sent|again|drop --reason ...`."
    entry = LogEntry(
        case_id=row["case_id"], step=0, node=log_node(row["kind"], row["target"]), n=parked["noted"],
        kind="failure", actor="worker",
        what=what, why=f"{why} {needed}", evidence={"effect": row["key"], "attempts": row["attempts"]}, at=now,
    )  # fmt: skip
    await write_log(connection, [entry])


async def added_entry(connection: Connection, row: dict[str, Any], now: datetime) -> None:
    """Log that a booked order is posted, too, allowed by what allowed its export."""
    what = f"{row['kind']} {row['target']}, to be sent"
    entry = LogEntry(
        case_id=row["case_id"], step=0, node=log_node(row["kind"], row["target"]), kind="effect",
        actor=allowed_by(row["approval"]), what=what,
        why="it is posted beside the export, which was allowed", evidence={"effect": row["key"]}, at=now,
    )  # fmt: skip
    await write_log(connection, [entry])
