"""The hand-off: what the desk can't complete, said to the person who takes over: what is known, missing, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphs.state import DeskState, unfinished
from graphs.trails import what_was_tried
from orderdesk.domain.base import plain
from orderdesk.domain.results import GateDecision, LineMatch
from orderdesk.review.payload import Handoff

# Lines named one by one; a longer order is looked at in the fields themselves.
SHOWN_LINES = 10


def handoff_of(state: DeskState, decision: GateDecision, spent: str = "") -> Handoff:
    """What a person is told who has to complete a case by hand; `spent` as `spent_of` words it."""
    return Handoff(
        known=tuple(_known(state)),
        missing=tuple(_missing(state)),
        why=decision.reasons,
        tried=tuple(what_was_tried(state)),
        spent=spent,
        needed=tuple(_needed(state)),
    )


def handoff_text(handoff: Handoff) -> str:
    """The hand-off in a few sentences, for a summary."""
    known = "; ".join(handoff.known) or "nothing yet"
    missing = "; ".join(handoff.missing) or "nothing, but it is not certain enough"
    parts = [f"I can't complete this. Known: {known}. Missing: {missing}."]
    if handoff.tried:
        parts.append(f"Tried: {'; '.join(handoff.tried)}.")
    if handoff.spent:
        parts.append(f"So far: {handoff.spent}.")
    return " ".join([*parts, f"Needed: {'; '.join(handoff.needed)}."])


def spent_of(case: Mapping[str, Any]) -> str:
    """How long a case (its row) has been worked on and what its model calls have cost, in words."""
    parts = [f"{case['worked_ms'] / 1000:.1f} s of work"] if case["worked_ms"] else []
    cost = case["cost"]
    if cost and cost["model_calls"]:
        calls = "1 model call" if cost["model_calls"] == 1 else f"{cost['model_calls']} model calls"
        price = "their price is not known" if cost["cost_usd"] is None else f"{cost['cost_usd']} USD"
        parts.append(f"{calls}, {price}")
    return ", ".join(parts)


def _known(state: DeskState) -> list[str]:
    draft, match, facts = state.get("draft"), state.get("match"), state.get("facts")
    known: list[str] = []
    if match and match.customer_id:
        known.append(f"customer {match.customer_id}")
    elif facts and facts.sender.address:
        known.append(f"it came from {facts.sender.address}")
    if draft is None:
        return known
    known.append(f"it is a {draft.intent.value.replace('_', ' ')}")
    if draft.po_number:
        known.append(f"order number {draft.po_number.value}")
    if draft.requested_date:
        known.append(f"wanted on {draft.requested_date.value.isoformat()}")
    if match and match.ship_to_code:
        known.append(f"deliver to {match.ship_to_code}")
    for index, line in enumerate(draft.lines[:SHOWN_LINES]):
        found = _found(state, index)
        quantity = line.quantity.value if line.quantity else None
        uom = line.uom.value if line.uom else line.uom_stated
        article = (found.sku if found else None) or line.article.value.description or "an article"
        amount = f"{plain(quantity)} {uom}".strip() if quantity is not None else "some"
        known.append(f"line {line.line_number}: {amount} of {article}")
    if more := len(draft.lines) - SHOWN_LINES:
        known += [f"{more} more lines"] if more > 0 else []
    return known


def _missing(state: DeskState) -> list[str]:
    missing = [f"the result of the {name}" for name in state.get("failures") or {}]
    proposal, draft, match = state.get("proposal"), state.get("draft"), state.get("match")
    if proposal is not None:
        return [*missing, *proposal.missing]
    if draft is None:
        return [*missing, "everything the message asks for"]
    if match is None or not match.customer_id:
        missing.append("the customer")
    for index, line in enumerate(draft.lines):
        found = _found(state, index)
        parts = [
            *(["article"] if found is None or not found.sku else []),
            *(["quantity"] if line.quantity is None else []),
        ]
        if parts:
            missing.append(f"line {line.line_number}: {' and '.join(parts)}")
    if not draft.lines:
        missing.append("any order line")
    return missing


def _needed(state: DeskState) -> list[str]:
    """What a person can do now; what a worker asked for comes first."""
    stopped = unfinished(state)
    needed = [failed.needed for failed in stopped.values() if failed.needed]
    needed += [
        f"somebody has to look into the fault of the {n}" for n, failed in stopped.items() if failed.fault
    ]
    draft = state.get("draft")
    if draft is not None and draft.lines:
        needed.append("complete the order by editing it, or reject it")
    else:
        needed.append("enter the order by hand and reject this one, saying so")
    if stopped:
        needed.append("`orderdesk retry` takes it up again once the cause is gone")
    return list(dict.fromkeys(needed))


def _found(state: DeskState, index: int) -> LineMatch | None:
    match = state.get("match")
    return next((line for line in (match.lines if match else ()) if line.line_index == index), None)
