"""The gate: policy decides what may happen by itself; the decision and its review are written before anything."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from langgraph.types import Command

from agents.correspondent.model.word import free_worded
from checkpoints.pools import Connection
from graphs.await_customer import UNANSWERED
from graphs.handoff import spent_of
from graphs.nodes import Node
from graphs.report import case_confidence, report_of
from graphs.review_request import hash_of_action, review_request
from graphs.services import Services
from graphs.state import Action, DeskState, PersonsEdit, all_findings, unfinished
from graphs.step_log import gate_entries, handoff_entry
from orderdesk.domain.findings import Finding
from orderdesk.domain.master import Customer
from orderdesk.domain.results import Disposition, EffectKind, GateDecision
from orderdesk.intake.case_rows import SQL as CASES
from orderdesk.intake.case_rows import get_case, set_case
from orderdesk.observability.decision_log import LogEntry, write_log
from orderdesk.policy.gate import GateInputs, decide, level_of
from orderdesk.policy.model import Policy
from orderdesk.review.reviews import open_review

Next = Literal["review", "perform"]

_ACTION_OF: dict[Disposition, Action] = {
    "auto": "book",
    "ask_customer": "ask",
    "refuse": "refuse",
    "duplicate": "duplicate",
    "file": "file",
}
_ACTION_OF_LEVEL: dict[str, Action] = {"refuse": "refuse", "duplicate": "duplicate", "file": "file"}
_RANK = {"clerk": 1, "manager": 2, "admin": 3}


def make_gate(services: Services) -> Node:
    """The gate node over the given services."""

    async def gate(state: DeskState) -> Command[Next]:
        """Decide by policy: go on, ask the customer, let a person decide, or refuse. The default is a person."""
        match = state.get("match")
        # A look-up of its own: the gate must work where the one the workers share has failed.
        customer = await services.master.customer(match.customer_id) if match and match.customer_id else None
        policy = services.policy.for_customer(match.customer_id if match else None)
        inputs = gate_inputs(state, customer)
        decision = _with_failures(decide(inputs, policy), state)
        action: Action = _ACTION_OF.get(decision.disposition) or _reviewed_action(state, inputs, policy)
        approval = "policy" if decision.disposition != "approve" else ""
        edit = state.get("edit")
        if (
            edit
            and decision.disposition in ("approve", "auto")
            and covered_by_edit(edit, inputs, policy, decision)
        ):
            action, approval = "book", edit.decision_id
        digest = (
            inputs.payload_hash if action == "book" and inputs.payload_hash else hash_of_action(state, action)
        )
        async with services.pool.connection() as connection, connection.transaction():
            await connection.execute(
                CASES.set_gate,
                {
                    "case_id": state.get("case_id"),
                    "disposition": approval if approval else "approve",
                    "payload_hash": digest,
                },
            )
            await write_log(connection, _log(state, decision, action, approval, digest, services))
            if approval:
                update = {"decision": decision, "action": action, "approval": approval}
                return Command(goto="perform", update=update)
            report = await _wait_for_person(connection, state, decision, action, inputs, policy, services)
        return Command(
            goto="review", update={"decision": decision, "action": action, "approval": "", **report}
        )

    return gate


def gate_inputs(state: DeskState, customer: Customer | None) -> GateInputs:
    """What the gate looks at, from the state of a case."""
    draft, match, pricing = state.get("draft"), state.get("match"), state.get("pricing")
    proposal, replies, risk = state.get("proposal"), state.get("replies"), state.get("risk")
    book = proposal.book if proposal else None
    findings = _after_answers(state, all_findings(state))
    codes = {f.code for f in findings}
    effects: tuple[EffectKind, ...] = ("book_order", "reserve", "export_order", "send_mail") if book else ()
    missing = _could_not(state)
    if proposal is not None:
        missing += proposal.missing
    elif draft is not None and draft.lines and match is None:
        missing += (f"its {len(draft.lines)} lines were not matched to our articles",)
    net = book.net_total if book else pricing.net_total if pricing else None
    return GateInputs(
        intent=draft.intent.value if draft else None,
        not_an_order=draft is not None and draft.intent.value == "other" and "intent_unclear" not in codes,
        duplicate_of=risk.duplicate_of if risk else None,
        findings=findings,
        confidence=case_confidence(state),
        customer_id=match.customer_id if match else None,
        customer_tier=customer.tier if customer else "standard",
        customer_autonomy=customer.autonomy if customer else None,
        amount=net,
        currency=book.currency if book else pricing.currency if pricing else None,
        effects=effects,
        missing=missing,
        question_address=replies.of("question").to if replies else "",
        free_worded_reply=replies is not None and free_worded(replies.of("question")),
        question_rounds=state.get("rounds", 0),
        payload_hash=hash_of_action(state, "book") if book else "",
    )


def _could_not(state: DeskState) -> tuple[str, ...]:
    return tuple(f"the {name} could not finish: {failed.why}" for name, failed in unfinished(state).items())


def _with_failures(decision: GateDecision, state: DeskState) -> GateDecision:
    """The decision with who could not finish as its first reasons: policy names them only where it got that far."""
    if decision.disposition != "approve":
        return decision
    return decision.model_copy(
        update={"reasons": tuple(dict.fromkeys([*_could_not(state), *decision.reasons]))}
    )


def _after_answers(state: DeskState, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Once the customer has answered, or has not in time, a person decides: it is not asked again by itself."""
    if not state.get("answers") and not any(f.code == UNANSWERED for f in findings):
        return findings
    return tuple(
        f.model_copy(update={"severity": "approve"}) if f.severity == "clarify" else f for f in findings
    )


def _reviewed_action(state: DeskState, inputs: GateInputs, policy: Policy) -> Action:
    """What an approval would set off where a person has to decide."""
    autonomy = policy.autonomy.resolve(inputs.intent or "other", inputs.customer_autonomy)
    if autonomy == "shadow":
        return "agree"
    level, _ = level_of(inputs, policy)
    if level == "ask":
        return "ask"
    return _ACTION_OF_LEVEL.get(level, "book")


def covered_by_edit(edit: PersonsEdit, inputs: GateInputs, policy: Policy, decision: GateDecision) -> bool:
    """Whether a person's edit already is the approval: it is complete, and nothing they have not seen came up."""
    if not inputs.complete or decision.approvals_needed > 1:
        return False
    autonomy = policy.autonomy.resolve(inputs.intent or "other", inputs.customer_autonomy)
    if autonomy == "shadow" or _RANK.get(edit.role, 0) < _RANK[decision.role]:
        return False
    new = tuple(f for f in inputs.findings if f"{f.code}@{f.path}" not in edit.seen)
    level, reasons = level_of(inputs.model_copy(update={"findings": new, "confidence": 1.0}), policy)
    # A manager's edit covers the value, too: their role was checked against it when they decided.
    by_value = (
        level == "approve"
        and edit.role in ("manager", "admin")
        and not any(f.severity != "info" for f in new)
    )
    return level == "auto" or (by_value and len(reasons) == 1)


async def _wait_for_person(
    connection: Connection,
    state: DeskState,
    decision: GateDecision,
    action: Action,
    inputs: GateInputs,
    policy: Policy,
    services: Services,
) -> dict[str, object]:
    now = services.clock.now()
    times = policy.reviews
    case = await get_case(connection, str(state.get("case_id")))
    request = review_request(
        state,
        decision,
        action,
        complete=inputs.complete or action != "book",
        due=now + timedelta(hours=times.due_after_hours),
        remind_at=now + timedelta(hours=times.remind_after_hours),
        escalate_at=now + timedelta(hours=times.escalate_after_hours),
        errors=(),
        spent=spent_of(case),
    )
    await open_review(connection, request, priority=case["priority"], now=now)
    if request.handoff is not None:
        await write_log(connection, [handoff_entry(state, request.handoff, now)])
    shown = {"review_id": request.review_id, "kind": request.kind, "payload_hash": request.payload_hash}
    report = report_of(state, "waiting_review", review=shown)
    report = await set_case(connection, request.case_id, "waiting_review", report, now)
    return {**report, "review_id": request.review_id}


def _log(
    state: DeskState, decision: GateDecision, action: str, approval: str, digest: str, services: Services
) -> list[LogEntry]:
    by_person = decision.disposition == "approve" and not approval
    evidence = {
        "payload_hash": digest,
        "role": decision.role,
        "approvals": decision.approvals_needed,
        "approval": approval,
        "policy": services.policy_fingerprint,
    }
    what = "a person decides" if by_person else f"{decision.disposition}: {action}"
    return gate_entries(state, decision, what, evidence, services.clock.now())
