"""Reviews and their decisions: opened once, decided once, bound to exactly what was shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb

from checkpoints.pools import Connection
from checkpoints.queries import load_queries
from orderdesk.domain.base import Value
from orderdesk.domain.errors import OrderDeskError, StaleDecision
from orderdesk.domain.ids import derived_id
from orderdesk.observability.decision_log import LogEntry, write_log
from orderdesk.review.actors import Actor, must_be_allowed
from orderdesk.review.answers import Answer, InvalidAnswer
from orderdesk.review.payload import ReviewRequest, hitl_payload

SQL = load_queries("orderdesk.review", "queries.sql")


class Decided(Value):
    """What became of an answer: a decision, or one approval of several."""

    case_id: str
    review_id: str
    interrupt_id: str
    decision_id: str | None = None
    approvals_missing: int = 0
    already: bool = False


async def open_review(
    connection: Connection, request: ReviewRequest, *, priority: int, now: datetime
) -> dict[str, Any]:
    """Keep a review and close what the case showed before; the same review again changes nothing.

    Returns the interrupt's payload, as stored.
    """
    payload = hitl_payload(request)
    where = {"case_id": request.case_id, "review_id": request.review_id, "now": now}
    await connection.execute(SQL.close_other_reviews, where)
    await connection.execute(
        SQL.open_review,
        {
            **where,
            "kind": request.kind,
            "payload": Jsonb(payload),
            "payload_hash": request.payload_hash,
            "amount": request.amount,
            "currency": request.currency,
            "approvals_needed": request.approvals_needed,
            "role": request.role,
            "attempt": request.attempt,
            "priority": priority,
            "created_at": now,
            "due_at": request.due,
            "remind_at": request.remind_at,
            "escalate_at": request.escalate_at,
        },
    )
    return payload


async def decide(
    connection: Connection,
    *,
    review_id: str,
    payload_hash: str,
    answer: Answer,
    actor: Actor,
    limits: Mapping[str, Decimal],
    now: datetime,
) -> Decided:
    """Record a person's answer, in the caller's transaction, before the case goes on.

    Raises NotAllowed, StaleDecision (closed, or no longer what was shown) or InvalidAnswer.
    """
    review = await (await connection.execute(SQL.lock_review, {"review_id": review_id})).fetchone()
    if review is None:
        raise OrderDeskError(f"There is no review {review_id}: run `orderdesk review list`.")
    where = {"review_id": review_id}
    if review["closed_at"] is not None:
        return await _already(connection, review, payload_hash, answer)
    if review["payload_hash"] != payload_hash:
        raise StaleDecision("The order has changed since this was shown: look at the review again.")
    if review["interrupt_id"] is None:
        raise StaleDecision("The case is still being worked on: try again in a moment.")
    must_be_allowed(actor, review["role"], review["amount"], dict(limits))
    allowed = review["payload"]["review_configs"][0]["allowed_decisions"]
    if answer.type not in allowed:
        missing = "; ".join(review["payload"]["review"]["reasons"][:3])
        raise InvalidAnswer(f"'{answer.type}' is not possible here ({missing}): choose {', '.join(allowed)}.")
    decided = Decided(case_id=review["case_id"], review_id=review_id, interrupt_id=review["interrupt_id"])
    if answer.type == "approve":
        await connection.execute(
            SQL.add_approval, {**where, "actor": actor.name, "role": actor.role, "at": now}
        )
        row = await (await connection.execute(SQL.count_approvals, where)).fetchone()
        missing_count = review["approvals_needed"] - int(row["n"] if row else 0)
        if missing_count > 0:
            await _log(connection, review, actor, answer, now, note=f"{missing_count} more approval needed")
            return decided.model_copy(update={"approvals_missing": missing_count})
    decision_id = derived_id("decision", review["interrupt_id"])
    await connection.execute(
        SQL.insert_decision,
        {
            **where,
            "decision_id": decision_id,
            "interrupt_id": review["interrupt_id"],
            "case_id": review["case_id"],
            "type": answer.type,
            "body": Jsonb({"args": answer.args, "message": answer.message}),
            "payload_hash": payload_hash,
            "actor": actor.name,
            "role": actor.role,
            "decided_at": now,
        },
    )
    await connection.execute(SQL.close_review, {**where, "now": now})
    await _log(connection, review, actor, answer, now)
    return decided.model_copy(update={"decision_id": decision_id})


async def _already(
    connection: Connection, review: dict[str, Any], payload_hash: str, answer: Answer
) -> Decided:
    """The same answer again is fine and does nothing; another one comes too late."""
    row = await (await connection.execute(SQL.get_review, {"review_id": review["review_id"]})).fetchone()
    if row is None or row["decision_id"] is None:
        raise StaleDecision("This review is closed: the case no longer waits for it. Look at the case.")
    body = row["decision_body"]
    other = answer.type in ("edit", "respond") and (body["args"], body["message"]) != (
        answer.args,
        answer.message,
    )
    if row["decision_type"] != answer.type or other or review["payload_hash"] != payload_hash:
        raise StaleDecision(
            f"{row['decided_by']} already decided this ({row['decision_type']}, "
            f"{row['decided_at']:%d %b %H:%M}): the first decision stands."
        )
    return Decided(
        case_id=review["case_id"],
        review_id=review["review_id"],
        interrupt_id=review["interrupt_id"],
        decision_id=row["decision_id"],
        already=True,
    )


async def _log(
    connection: Connection,
    review: dict[str, Any],
    actor: Actor,
    answer: Answer,
    now: datetime,
    note: str = "",
) -> None:
    why = answer.message or note or ("; ".join(f"{k} = {v}" for k, v in answer.args.items()) or "as shown")
    entry = LogEntry(
        case_id=review["case_id"],
        step=review["attempt"],
        node=f"review:{review['review_id']}:{actor.name}",
        kind="review",
        actor=f"{actor.name} ({actor.role})",
        what=answer.type,
        why=why,
        evidence={"payload_hash": review["payload_hash"]},
        at=now,
    )
    await write_log(connection, [entry])


async def resolve_review_id(connection: Connection, prefix: str) -> str:
    """A review's whole id from the start of it. Raises OrderDeskError when none or several fit."""
    rows = await (await connection.execute(SQL.find_review, {"prefix": prefix})).fetchall()
    if len(rows) != 1:
        found = "several reviews begin" if rows else "no review begins"
        raise OrderDeskError(
            f"{found.capitalize()} with {prefix!r}: run `orderdesk review list` for the ids."
        )
    return str(rows[0]["review_id"])
