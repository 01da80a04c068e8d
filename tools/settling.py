"""A person settles what nobody could tell or what failed: it was sent, send it again, or drop it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from psycopg.types.json import Jsonb

from checkpoints.pools import Connection
from orderdesk.domain.errors import OrderDeskError, StaleDecision
from orderdesk.observability.decision_log import LogEntry, write_log
from orderdesk.review.actors import Actor, must_be_allowed
from tools.ledger import SQL, log_node

Settling = Literal["sent", "again", "drop"]
_MEANS: dict[Settling, str] = {
    "sent": "{} was sent, a person says",
    "again": "{} is sent again, as a person decided",
    "drop": "{} is not sent, as a person decided",
}


async def settle_effect(
    connection: Connection, key: str, how: Settling, actor: Actor, reason: str, now: datetime
) -> dict[str, Any]:
    """Record a person's word on an ambiguous or failed effect, with its log entry, in the caller's transaction.

    Raises NotAllowed for who may not decide, StaleDecision where the effect is in neither state any more, and
    OrderDeskError without a reason.
    """
    must_be_allowed(actor, "clerk", None, {})
    reason = " ".join(reason.split())
    if not reason:
        raise OrderDeskError("Say why in a few words: whoever asks later finds them in the decision log.")
    said = Jsonb({"settled": how, "by": actor.name, "reason": reason})
    where = {"key": key, "how": how, "response": said, "now": now}
    row = await (await connection.execute(SQL.settle_effect, where)).fetchone()
    if row is None:
        raise StaleDecision(
            f"{key} is neither ambiguous nor failed: nothing was changed. `orderdesk effects` shows its state."
        )
    named = f"{row['kind']} {row['target']}"
    entry = LogEntry(
        case_id=row["case_id"], step=0, node=log_node(row["kind"], row["target"]), n=row["noted"],
        kind="effect", actor=actor.name,
        what=_MEANS[how].format(named), why=reason, evidence={"effect": key, "role": actor.role}, at=now,
    )  # fmt: skip
    await write_log(connection, [entry])
    return row


async def resolve_effect_key(connection: Connection, start: str) -> str:
    """A whole key from it or a unique start of it. Raises OrderDeskError when none or several fit."""
    rows = (
        await (await connection.execute(SQL.find_effect, {"prefix": start.strip()})).fetchall()
        if start.strip()
        else []
    )
    if not rows:
        raise OrderDeskError(f"No effect begins with {start!r}: `orderdesk effects` lists the keys.")
    if len(rows) > 1 and rows[0]["key"] != start.strip():
        raise OrderDeskError(f"Several effects begin with {start!r}: give more of the key.")
    return str(rows[0]["key"])
