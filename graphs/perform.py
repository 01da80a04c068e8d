"""The only node with effects: under the case's lock, approval and outcome are checked again, then all or nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from langgraph.types import Command
from psycopg.errors import UniqueViolation

from checkpoints.pools import Connection
from graphs.nodes import Node
from graphs.report import report_of
from graphs.review_request import hash_of_action
from graphs.services import Services
from graphs.state import DeskState, MessageFacts, Replies
from orderdesk.domain.errors import CaseIncident, EffectRefused
from orderdesk.domain.results import FINAL_OUTCOMES, Outcome, Reply
from orderdesk.intake.case_rows import SQL as CASES
from orderdesk.intake.case_rows import lock_case, set_case
from orderdesk.observability.decision_log import LogEntry, write_log
from orderdesk.review.reviews import SQL as REVIEWS
from tools.export import queue_export
from tools.ledger import Warrant, allowed_by
from tools.order_system import book_order, overtaken_on_account, short_of_stock
from tools.outbox import queue_mail

Next = Literal["await_customer", "supervisor", "__end__"]

# What is proposed anew, by ladders that start over, when others have overtaken what a case rests on.
_AGAIN: dict[str, Any] = {"proposal": None, "replies": None, "trails": None}
_OVERTAKEN_BY = {
    "risk": "other orders have used up the account's credit, or one of them is like this one",
    "supply": "other orders have taken stock that was promised",
}


def make_perform(services: Services) -> Node:
    """The perform node over the given services."""

    async def perform(state: DeskState) -> Command[Next]:
        """Do exactly what was approved, once: ledger, business rows, outcome and log in one transaction."""
        case_id = str(state.get("case_id"))
        try:
            async with services.pool.connection() as connection, connection.transaction():
                case = await lock_case(connection, case_id)
                if case["outcome"] in FINAL_OUTCOMES:
                    return Command(goto="__end__", update=case["report"] or {})
                warrant = await _warrant(connection, state, case_id)
                if stale := await _overtaken(connection, state, case_id, services):
                    why = " and ".join(_OVERTAKEN_BY[key] for key in stale)
                    await write_log(connection, [_again(state, why, services.clock.now())])
                    return Command(goto="supervisor", update={**stale, **_AGAIN})
                return await _carry_out(connection, state, warrant, services)
        except UniqueViolation:
            # Another case booked this customer's order number in the meantime: the risk worker will see it.
            async with services.pool.connection() as connection:
                why = "another message has been booked under its order number"
                await write_log(connection, [_again(state, why, services.clock.now())])
            return Command(goto="supervisor", update={"risk": None, "edit": None, **_AGAIN})

    return perform


def _again(state: DeskState, why: str, now: datetime) -> LogEntry:
    """Why an order that was decided is checked and proposed once more: who approved it will ask."""
    return LogEntry(
        case_id=state.get("case_id") or "", step=state.get("hops", 0), node="perform:again", kind="note",
        what="checked once more before booking", why=f"since it was proposed, {why}", at=now,
    )  # fmt: skip


async def _overtaken(
    connection: Connection, state: DeskState, case_id: str, services: Services
) -> dict[str, Any]:
    """Which checks other orders have overtaken since they were made; empty where they still hold.

    What a person approved with the credit in view stays approved; stock that is gone cannot be promised by anyone.
    """
    proposal, risk = state.get("proposal"), state.get("risk")
    if state.get("action") != "book" or proposal is None or proposal.book is None:
        return {}
    stale: dict[str, Any] = {}
    weighed = risk.own_exposure if risk else None
    if state.get("approval") == "policy" and weighed is not None:
        days = services.policy.for_customer(proposal.book.customer_id).duplicates.like_lines_days
        since = proposal.book.order_date - timedelta(days=days)
        if await overtaken_on_account(connection, case_id, proposal.book, weighed, since):
            stale["risk"] = None
    if await short_of_stock(connection, proposal.book):
        stale["supply"] = None
    return stale


async def _warrant(connection: Connection, state: DeskState, case_id: str) -> Warrant:
    """What allows the effects, from the tables, never from the state alone. Raises EffectRefused."""
    action, approval = state.get("action"), state.get("approval") or ""
    digest = hash_of_action(state, action or "book")
    gate = await (await connection.execute(CASES.get_gate, {"case_id": case_id})).fetchone()
    refused = EffectRefused(
        f"Case {case_id} has no valid approval for what it would do: look at its decision log."
    )
    if gate is None:
        raise refused
    autonomy = "shadow" if action == "agree" else "auto"
    warrant = Warrant(
        case_id=case_id,
        step=state.get("hops", 0),
        autonomy=autonomy,
        approval=approval,
        payload_hash=digest,
    )
    by_gate = gate["gate_disposition"] == approval and gate["gate_payload_hash"] == digest
    if approval == "policy":
        if by_gate:
            return warrant
        raise refused
    decision = await (await connection.execute(REVIEWS.get_decision, {"decision_id": approval})).fetchone()
    if decision is None or decision["case_id"] != case_id:
        raise refused
    match decision["type"]:
        case "approve" if decision["payload_hash"] == digest:
            return warrant
        case "edit" if by_gate:
            return warrant
        case "reject" if action == "reject":
            return warrant
        case "respond" if action == "ask" and decision["body"]["message"] == state.get("question"):
            return warrant
        case _:
            raise refused


async def _carry_out(
    connection: Connection, state: DeskState, warrant: Warrant, services: Services
) -> Command[Next]:
    now = services.clock.now()
    replies = state.get("replies") or Replies()
    match state.get("action"):
        case "book":
            number = await _book(connection, state, warrant, replies, services, now)
            return await _end(
                connection, state, warrant, "booked", f"order {number}", now, order_number=number
            )
        case "ask":
            return await _ask(connection, state, warrant, replies, services, now)
        case "refuse":
            sent = await _mail(connection, state, warrant, replies.of("refusal"), "refusal", services, now)
            return await _end(connection, state, warrant, "rejected", "refused by policy" + _told(sent), now)
        case "duplicate":
            risk = state.get("risk")
            number = risk.duplicate_of if risk else None
            reply = replies.of("duplicate")
            sent = await _mail(connection, state, warrant, reply, "duplicate", services, now, number)
            what = f"repeats {number}" + _told(sent)
            return await _end(connection, state, warrant, "duplicate", what, now, order_number=number)
        case "file":
            return await _end(connection, state, warrant, "not_an_order", "filed, nothing done", now)
        case "reject":
            return await _end(
                connection, state, warrant, "rejected", f"by a person: {state.get('question')}", now
            )
        case "agree":
            return await _end(connection, state, warrant, "answered", "shadow: agreed, nothing was done", now)
        case _:
            raise CaseIncident(f"Case {warrant.case_id} reached perform without an action: retry it.")


async def _book(
    connection: Connection,
    state: DeskState,
    warrant: Warrant,
    replies: Replies,
    services: Services,
    now: datetime,
) -> str:
    proposal = state.get("proposal")
    if proposal is None or proposal.book is None:
        raise EffectRefused(f"Case {warrant.case_id} has nothing complete to book: edit it first.")
    number = await book_order(connection, warrant, proposal.book, now=now)
    await queue_export(connection, warrant, proposal.book, number, now=now)
    await _mail(connection, state, warrant, replies.of("confirmation"), "confirmation", services, now, number)
    return number


async def _ask(
    connection: Connection,
    state: DeskState,
    warrant: Warrant,
    replies: Replies,
    services: Services,
    now: datetime,
) -> Command[Next]:
    """Send the questions and wait; a question in a reviewer's own words replaces the template's list."""
    rounds = state.get("rounds", 0) + 1
    reply = replies.of("question")
    if own := state.get("question"):
        reply = _in_own_words(replies, own)
    if (
        not await _mail(connection, state, warrant, reply, f"question-{rounds}", services, now)
        and not reply.to
    ):
        raise EffectRefused("There is no address on file to ask: edit or reject the order instead.")
    questions = reply.questions or ((own,) if own else ())
    report = report_of(state, "waiting_customer", questions=questions)
    report = await set_case(connection, warrant.case_id, "waiting_customer", report, now)
    match = state.get("match")
    times = services.policy.for_customer(match.customer_id if match else None).replies
    asked = {
        "case_id": warrant.case_id,
        "question": f"question-{rounds}",
        "remind_at": now + timedelta(hours=times.remind_after_hours),
        "expire_at": now + timedelta(hours=times.expire_after_hours),
    }
    await connection.execute(CASES.question_was_asked, asked)
    entry = _effect_log(state, warrant, "ask", f"asked {reply.to}", " / ".join(questions), now)
    await write_log(connection, [entry])
    return Command(
        goto="await_customer", update={**report, "rounds": rounds, "question": "", "review_id": None}
    )


def _in_own_words(replies: Replies, text: str) -> Reply:
    """A reviewer's question in the frame of whichever answer has an address on file."""
    frame = next((r for r in (replies.of("question"), *replies.options) if r.to), Reply())
    return frame.model_copy(update={"kind": "question", "body": text, "questions": (text,)})


async def _mail(
    connection: Connection,
    state: DeskState,
    warrant: Warrant,
    reply: Reply,
    target: str,
    services: Services,
    now: datetime,
    order_number: str | None = None,
) -> bool:
    return await queue_mail(
        connection, warrant, reply, target=target, sender=services.mail_from,
        in_reply_to=(state.get("facts") or MessageFacts()).message_id, order_number=order_number, now=now,
    )  # fmt: skip


async def _end(
    connection: Connection,
    state: DeskState,
    warrant: Warrant,
    outcome: Outcome,
    what: str,
    now: datetime,
    *,
    order_number: str | None = None,
) -> Command[Next]:
    report: dict[str, Any] = report_of(state, outcome, order_number=order_number)
    report = await set_case(connection, warrant.case_id, outcome, report, now)
    await connection.execute(REVIEWS.close_reviews, {"case_id": warrant.case_id, "now": now})
    decision = state.get("decision")
    why = "; ".join(decision.reasons) if decision and decision.reasons else "every check passed"
    await write_log(connection, [_effect_log(state, warrant, outcome, what, why, now)])
    return Command(goto="__end__", update={**report, "review_id": None})


def _effect_log(
    state: DeskState, warrant: Warrant, node: str, what: str, why: str, now: datetime
) -> LogEntry:
    return LogEntry(
        case_id=warrant.case_id,
        step=warrant.step,
        node=f"perform:{node}",
        n=state.get("rounds", 0),
        kind="effect",
        actor=allowed_by(warrant.approval),
        what=what,
        why=why,
        evidence={"payload_hash": warrant.payload_hash},
        at=now,
    )


def _told(sent: bool) -> str:
    return ", customer told" if sent else ", nobody told"
