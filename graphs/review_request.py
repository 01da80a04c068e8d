"""What a reviewer is shown of a case: the proposed action, the fields in doubt with evidence, the differences."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from graphs.handoff import handoff_of, handoff_text
from graphs.report import line_confidence, stated_reference
from graphs.state import DeskState, all_findings
from orderdesk.domain.base import plain
from orderdesk.domain.evidence import Evidence, Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.ids import derived_id, payload_hash
from orderdesk.domain.results import GateDecision, LineMatch
from orderdesk.review.payload import AllowedDecision, Difference, Handoff, ReviewField, ReviewRequest

_ACTIONS = {
    "book": "book_order",
    "ask": "ask_customer",
    "refuse": "refuse_order",
    "duplicate": "answer_duplicate",
    "file": "file_message",
    "agree": "agree_in_shadow",
}


def action_args(state: DeskState, action: str) -> dict[str, Any]:
    """Exactly what an action would do; an approval is bound to the hash of this."""
    proposal, replies = state.get("proposal"), state.get("replies")
    if action in ("ask", "refuse", "duplicate"):
        reply = replies.of(_reply_kind(action)) if replies else None
        mail = reply.model_dump(mode="json", include={"to", "subject", "body", "questions"}) if reply else {}
        return {"mail": mail, "question": state.get("question") or None, "duplicate_of": _duplicate(state)}
    if proposal is not None and proposal.book is not None:
        return proposal.book.model_dump(mode="json")
    return partial_args(state)


def hash_of_action(state: DeskState, action: str) -> str:
    """The hash an approval of an action is bound to: what is booked, and what the customer is told."""
    bound = {"action": action, "args": action_args(state, action), "mail": confirmation_of(state, action)}
    return payload_hash(bound)


def confirmation_of(state: DeskState, action: str) -> dict[str, Any] | None:
    """The mail that goes out with a booking; None where none does. A question or refusal is in the arguments."""
    replies = state.get("replies")
    reply = replies.of("confirmation") if replies and action == "book" else None
    return reply.model_dump(mode="json", include={"to", "subject", "body"}) if reply and reply.to else None


def partial_args(state: DeskState) -> dict[str, Any]:
    """As much of an order as is known, for a person to complete; unknown values are null."""
    draft, match = state.get("draft"), state.get("match")
    lines: list[dict[str, Any]] = []
    for index, line in enumerate(draft.lines if draft else ()):
        found = _match_of(match.lines if match else (), index)
        lines.append(
            {
                "line_number": line.line_number,
                "customer_ref": stated_reference(line.article.value),
                "description": line.article.value.description,
                "sku": found.sku if found else None,
                "quantity": _text(found.quantity if found else None)
                or _text(line.quantity.value if line.quantity else None),
                "uom": (found.uom if found else None) or (line.uom.value if line.uom else None),
            }
        )
    return {
        "customer_id": match.customer_id if match else None,
        "ship_to_code": match.ship_to_code if match else None,
        "po_number": draft.po_number.value if draft and draft.po_number else None,
        "requested_date": draft.requested_date.value.isoformat() if draft and draft.requested_date else None,
        "lines": lines,
    }


def review_request(
    state: DeskState,
    decision: GateDecision,
    action: str,
    *,
    complete: bool,
    due: datetime,
    remind_at: datetime | None = None,
    escalate_at: datetime | None = None,
    errors: tuple[str, ...],
    spent: str = "",
) -> ReviewRequest:
    """The review of a case's proposed action, as it will be stored and shown; `spent` is for a hand-off."""
    digest = hash_of_action(state, action)
    attempt = state.get("attempt", 0)
    case_id = str(state.get("case_id"))
    proposal, pricing = state.get("proposal"), state.get("pricing")
    book = proposal.book if proposal else None
    amount = book.net_total if book else pricing.net_total if pricing else None
    handoff = None if complete else handoff_of(state, decision, spent)
    return ReviewRequest(
        case_id=case_id,
        review_id=derived_id("review", case_id, digest, state.get("hops", 0), attempt),
        kind=decision.review_kind,
        action=_ACTIONS[action],
        args=action_args(state, action),
        allowed=_allowed(state, action, complete),
        description=_description(state, decision, handoff),
        due=due,
        remind_at=remind_at,
        escalate_at=escalate_at,
        amount=amount,
        currency=(book.currency if book else pricing.currency if pricing else None)
        if amount is not None
        else None,
        approvals_needed=max(1, decision.approvals_needed),
        role=decision.role,
        payload_hash=digest,
        attempt=attempt,
        errors=errors,
        reasons=decision.reasons,
        findings=all_findings(state),
        mail=confirmation_of(state, action),
        handoff=handoff,
        fields=_fields(state),
        diff=_differences(state),
    )


def _allowed(state: DeskState, action: str, complete: bool) -> tuple[AllowedDecision, ...]:
    allowed: list[AllowedDecision] = []
    if complete or action != "book":
        allowed.append("approve")
    draft = state.get("draft")
    if draft is not None and draft.lines:
        allowed.append("edit")
    allowed.append("reject")
    replies = state.get("replies")
    # In shadow nothing leaves the house, not even a question.
    if action != "agree" and replies is not None and any(r.to for r in replies.options):
        allowed.append("respond")
    return tuple(allowed)


def _description(state: DeskState, decision: GateDecision, handoff: Handoff | None) -> str:
    draft, match, facts = state.get("draft"), state.get("match"), state.get("facts")
    who = (
        (match.customer_id if match else None) or (facts.sender.address if facts else "") or "unknown sender"
    )
    what = draft.intent.value.replace("_", " ") if draft else "message that could not be read"
    po = f" {draft.po_number.value}" if draft and draft.po_number else ""
    head = f"**{what.capitalize()}{po}** from {who}"
    told = [handoff_text(handoff), ""] if handoff else []
    return "\n".join([head, "", *told, *(f"- {reason}" for reason in decision.reasons)])


def _fields(state: DeskState) -> tuple[ReviewField, ...]:
    """Every editable field, with its evidence; the desk brings those in doubt to the front."""
    draft, match = state.get("draft"), state.get("match")
    if draft is None:
        return ()
    findings = [f for f in all_findings(state) if f.severity != "info"]
    rows = [
        _field("customer_id", "Customer", match.customer_id if match else None,
               match.customer_confidence if match else 0.0, None, findings,
               match.customer_candidates if match else ()),
        _field("ship_to_code", "Ship to", match.ship_to_code if match else None, 1.0, None, findings),
        _stated("po_number", "Order number", draft.po_number, findings),
        _stated("requested_date", "Wanted on", draft.requested_date, findings),
    ]  # fmt: skip
    of_line: dict[str, list[Finding]] = {}  # an order of thousands of lines has thousands of findings
    for finding in findings:
        of_line.setdefault(finding.path.partition(".")[0], []).append(finding)
    for index, line in enumerate(draft.lines):
        findings = of_line.get(f"lines[{index}]", [])
        found = _match_of(match.lines if match else (), index)
        label = f"Line {line.line_number}"
        options = tuple(c.sku for c in found.candidates) if found else ()
        sku = found.sku if found else None
        confidence = line_confidence(line, found)
        rows.append(
            _field(
                f"lines[{index}].sku", f"{label} article", sku, found.confidence if found else 0.0,
                line.article.evidence, findings, options,
            )
        )  # fmt: skip
        quantity = found.quantity if found and found.quantity is not None else None
        stated = line.quantity.value if line.quantity else None
        evidence = line.quantity.evidence if line.quantity else None
        value = _text(quantity if quantity is not None else stated)
        rows.append(
            _field(f"lines[{index}].quantity", f"{label} quantity", value, confidence, evidence, findings)
        )
        unit = (found.uom if found else None) or (line.uom.value if line.uom else None)
        unit_evidence = line.uom.evidence if line.uom else None
        rows.append(_field(f"lines[{index}].uom", f"{label} unit", unit, confidence, unit_evidence, findings))
    return tuple(rows)


def _stated(path: str, label: str, stated: Stated[Any] | None, findings: list[Finding]) -> ReviewField:
    value = str(stated.value) if stated else None
    return _field(
        path,
        label,
        value,
        stated.confidence if stated else 1.0,
        stated.evidence if stated else None,
        findings,
    )


def _field(
    path: str,
    label: str,
    value: str | None,
    confidence: float,
    evidence: Evidence | None,
    findings: list[Finding],
    alternatives: tuple[str, ...] = (),
) -> ReviewField:
    mine = [
        f
        for f in findings
        if f.path == path or (f.path and _same_line(f.path, path) and path.endswith(".sku"))
    ]
    return ReviewField(
        path=path,
        label=label,
        value=value or "",
        confidence=0.0 if any(f.path == path for f in mine) else confidence,
        evidence=evidence,
        alternatives=alternatives,
        why=" ".join(f.message for f in mine),
    )


def _same_line(finding_path: str, path: str) -> bool:
    """A finding about a line as a whole belongs to its article."""
    return finding_path == path.rpartition(".")[0]


def _differences(state: DeskState) -> tuple[Difference, ...]:
    draft, pricing, match = state.get("draft"), state.get("pricing"), state.get("match")
    if draft is None:
        return ()
    rows: list[Difference] = []
    for index, line in enumerate(draft.lines):
        priced = next((p for p in (pricing.lines if pricing else ()) if p.line_index == index), None)
        stated, ours = line.unit_price, priced.unit_price if priced else None
        if stated is not None and ours is not None and stated.value != ours:
            rows.append(
                Difference(
                    path=f"lines[{index}].unit_price", stated=plain(stated.value), ours=plain(ours),
                    source=priced.source if priced else "",
                )
            )  # fmt: skip
        found = _match_of(match.lines if match else (), index)
        if line.quantity and found and found.quantity is not None and found.quantity != line.quantity.value:
            rows.append(
                Difference(
                    path=f"lines[{index}].quantity", stated=plain(line.quantity.value),
                    ours=f"{plain(found.quantity)} {found.uom or ''}".strip(), source="packs and units",
                )
            )  # fmt: skip
    return tuple(rows)


def _match_of(lines: tuple[LineMatch, ...], index: int) -> LineMatch | None:
    return next((line for line in lines if line.line_index == index), None)


def _text(value: Any) -> str | None:
    return None if value is None else plain(value)


def _duplicate(state: DeskState) -> str | None:
    risk = state.get("risk")
    return risk.duplicate_of if risk else None


def _reply_kind(action: str) -> Any:
    return {"ask": "question", "refuse": "refusal", "duplicate": "duplicate"}[action]
