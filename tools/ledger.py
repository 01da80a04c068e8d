"""The effect ledger: one row per effect, written with the business rows, so that nothing happens twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from checkpoints.pools import Connection
from checkpoints.queries import load_queries
from orderdesk.domain.base import Value
from orderdesk.domain.results import EffectKind
from orderdesk.observability.decision_log import LogEntry, write_log
from tools.effects import effect_class, must_be_permitted

SQL = load_queries("tools", "ledger.sql")


class Warrant(Value):
    """What allows the effects of one perform: policy or a recorded decision, bound to a payload."""

    case_id: str
    step: int = 0
    autonomy: str
    approval: str
    payload_hash: str


def effect_key(case_id: str, kind: EffectKind, target: str) -> str:
    """The ledger key: case, kind and target; never a run, an attempt or a checkpoint."""
    return f"{case_id}:{kind}:{target}"


async def record_effect(
    connection: Connection,
    warrant: Warrant,
    kind: EffectKind,
    target: str,
    request: dict[str, Any],
    *,
    now: datetime,
    response: dict[str, Any] | None = None,
) -> bool:
    """Write an effect into the ledger, in the caller's transaction; False where it was there already.

    With a response the effect is done within this transaction (our own rows); without one it is pending and
    leaves the house afterwards. Its row of the decision log is written with it. Raises EffectRefused when
    nothing allows it.
    """
    must_be_permitted(kind, warrant.autonomy, warrant.approval)
    cursor = await connection.execute(
        SQL.insert_effect,
        {
            "key": effect_key(warrant.case_id, kind, target),
            "case_id": warrant.case_id,
            "kind": kind,
            "class": effect_class(kind),
            "target": target,
            "request": Jsonb(request),
            "status": "pending" if response is None else "done",
            "response": Jsonb(response) if response is not None else None,
            "approval": warrant.approval,
            "payload_hash": warrant.payload_hash,
            "created_at": now,
            "done_at": None if response is None else now,
        },
    )
    if await cursor.fetchone() is None:
        return False
    await write_log(connection, [_entry(warrant, kind, target, now, done=response is not None)])
    return True


def allowed_by(approval: str) -> str:
    """Who allowed an effect, as the decision log names them."""
    return "policy" if approval == "policy" else f"decision {approval}"


def log_node(kind: str, target: str) -> str:
    """The decision log's name of an effect."""
    return f"effect:{kind}:{target}"


def _entry(warrant: Warrant, kind: EffectKind, target: str, now: datetime, *, done: bool) -> LogEntry:
    return LogEntry(
        case_id=warrant.case_id,
        step=warrant.step,
        node=log_node(kind, target),
        kind="effect",
        actor=allowed_by(warrant.approval),
        what=f"{kind} {target}" + ("" if done else ", to be sent"),
        why="the policy allows it" if warrant.approval == "policy" else "a person decided it",
        evidence={
            "effect": effect_key(warrant.case_id, kind, target),
            "class": effect_class(kind),
            "payload_hash": warrant.payload_hash,
        },
        at=now,
    )
