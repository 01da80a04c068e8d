"""What a reviewer is shown: LangChain's HITL request with our own part, schema orderdesk.review/1."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from orderdesk.domain.base import DecimalString, Value
from orderdesk.domain.evidence import Evidence
from orderdesk.domain.findings import Finding
from orderdesk.domain.results import ReviewKind

SCHEMA = "orderdesk.review/1"
AllowedDecision = Literal["approve", "edit", "reject", "respond"]


class ReviewField(Value):
    """A field a person should look at, with its place in the source."""

    path: str
    label: str
    value: str
    confidence: float
    evidence: Evidence | None = None
    alternatives: tuple[str, ...] = ()
    why: str = ""


class Difference(Value):
    """Where what would be booked differs from what the customer wrote."""

    path: str
    stated: str
    ours: str
    source: str = ""


class Handoff(Value):
    """What the desk can't complete: what is known and missing, why, what was tried, and what is needed now."""

    known: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    tried: tuple[str, ...] = Field(default=(), description="rungs of the ladders, with tries and times")
    spent: str = Field(default="", description="how long it took and what it cost, in words")
    needed: tuple[str, ...] = Field(default=(), description="what a person can do now")


class ReviewRequest(Value):
    """Everything a review shows; `args` is exactly what an approval is bound to."""

    case_id: str
    review_id: str
    kind: ReviewKind
    action: str = "book_order"
    args: dict[str, Any]
    mail: dict[str, Any] | None = Field(default=None, description="what the customer is told with a booking")
    allowed: tuple[AllowedDecision, ...]
    description: str
    due: datetime
    amount: DecimalString | None = None
    currency: str | None = None
    approvals_needed: int = 1
    role: Literal["clerk", "manager", "admin"] = "clerk"
    payload_hash: str
    attempt: int = 0
    errors: tuple[str, ...] = ()
    remind_at: datetime | None = None
    escalate_at: datetime | None = None
    handoff: Handoff | None = Field(
        default=None, description="set where there is nothing complete to approve"
    )
    reasons: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    fields: tuple[ReviewField, ...] = Field(default=())
    diff: tuple[Difference, ...] = ()


def hitl_payload(request: ReviewRequest) -> dict[str, Any]:
    """The interrupt's value. `arguments` repeats `args`: Agent Inbox reads one, Agent Chat UI the other."""
    amount: Decimal | None = request.amount
    return {
        "schema": SCHEMA,
        "attempt": request.attempt,
        "errors": list(request.errors) or None,
        "action_requests": [
            {
                "name": request.action,
                "args": request.args,
                "arguments": request.args,
                "description": request.description,
            }
        ],
        "review_configs": [
            {
                "action_name": request.action,
                "allowed_decisions": list(request.allowed),
                "args_schema": {"type": "object"},
            }
        ],
        "review": {
            "case_id": request.case_id,
            "review_id": request.review_id,
            "kind": request.kind,
            "due": request.due.isoformat(),
            "amount": format(amount, "f") if amount is not None else None,
            "currency": request.currency,
            "approvals_needed": request.approvals_needed,
            "role": request.role,
            "payload_hash": request.payload_hash,
            "reasons": list(request.reasons),
            "mail": request.mail,
            "handoff": request.handoff.model_dump(mode="json") if request.handoff else None,
            "findings": [f.model_dump(mode="json") for f in request.findings],
            "fields": [_field(f) for f in request.fields],
            "diff": [
                {"path": d.path, "from": d.stated, "to": d.ours, "source": d.source} for d in request.diff
            ],
        },
    }


def _field(field: ReviewField) -> dict[str, Any]:
    """A field as clients of the payload read it: the document's id is called `document` there."""
    dumped = field.model_dump(mode="json")
    if field.evidence is not None:
        evidence = field.evidence.model_dump(mode="json", exclude={"document_id"})
        dumped["evidence"] = {"document": field.evidence.document_id, **evidence}
    return dumped
