"""What the JSON API gives; the OpenAPI description is made from these."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from orderdesk.desk.api.report import CaseReport, Output
from orderdesk.domain.base import DecimalString


class Accepted(Output):
    """A message that is stored, with the cases it became or the case it answers."""

    message_id: str
    existed: bool = Field(description="the same message or key was here before; nothing was done again")
    answers_case: str | None = None
    case_ids: list[str]
    cases: list[CaseReport]


class CaseRow(Output):
    """A case in a list."""

    case_id: str
    status: str
    outcome: str | None
    intent: str | None
    customer_id: str | None
    po_number: str | None
    order_number: str | None
    net_total: str | None
    currency: str | None
    source: str
    subject: str
    sender: str
    created_at: datetime
    error: str | None


class CaseList(Output):
    """The newest cases first."""

    cases: list[CaseRow]


class LogRow(Output):
    """One entry of the decision log."""

    seq: int
    step: int
    node: str
    kind: str
    actor: str
    what: str
    why: str
    confidence: float | None
    evidence: Any
    latency_ms: int | None
    tokens_in: int
    tokens_out: int
    cost_usd: DecimalString | None
    at: datetime


class EffectRow(Output):
    """Something the desk did, or is about to do, outside itself."""

    key: str
    kind: str
    target: str
    status: Literal["pending", "sending", "done", "ambiguous", "failed", "dropped"]
    request: dict[str, Any]
    response: dict[str, Any] | None
    attempts: int
    last_error: str | None
    next_try_at: datetime | None
    approval: str
    created_at: datetime
    done_at: datetime | None


class DecisionRow(Output):
    """What a person decided."""

    decision_id: str
    review_id: str
    kind: str
    type: Literal["approve", "edit", "reject", "respond"]
    body: dict[str, Any]
    payload_hash: str
    actor: str
    role: str
    decided_at: datetime


class CaseStory(Output):
    """The whole story of a case."""

    status: str
    error: str | None
    report: CaseReport
    log: list[LogRow]
    decisions: list[DecisionRow]
    effects: list[EffectRow]


class ReviewRow(Output):
    """A waiting review in a list."""

    review_id: str
    case_id: str
    kind: str
    amount: DecimalString | None
    currency: str | None
    approvals: int
    approvals_needed: int
    role: str = Field(description="the least role that may decide")
    customer_id: str | None
    po_number: str | None
    subject: str
    sender: str
    description: str | None
    created_at: datetime
    due_at: datetime


class ReviewList(Output):
    """Reviews waiting for a person, the most urgent first."""

    reviews: list[ReviewRow]


class ReviewOut(Output):
    """One review, with what is shown to people (schema orderdesk.review/1) and its decision, if there is one."""

    review_id: str
    case_id: str
    interrupt_id: str | None
    kind: str
    payload: dict[str, Any]
    payload_hash: str
    approvals_needed: int
    approved_by: list[str] | None
    role: str
    created_at: datetime
    due_at: datetime
    closed_at: datetime | None
    decision_id: str | None
    decision_type: str | None
    decided_by: str | None
    decided_at: datetime | None


class DecisionOut(Output):
    """What became of a decision."""

    case_id: str
    review_id: str
    decision_id: str | None = Field(description="null while more approvals are needed")
    approvals_missing: int
    already: bool = Field(description="the same decision was on record; nothing was done again")
    report: CaseReport


class Stats(Output):
    """Counts, cost and latency of everything so far."""

    cases: int
    outcomes: dict[str, int]
    orders: int
    order_lines: int
    effects: dict[str, int]
    reviews_waiting: int
    questions_waiting: int
    dead_letters: int
    incidents: int
    model_calls: int
    tokens_in: int
    tokens_out: int
    cost_usd: str
    p50_ms: int
    p95_ms: int


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] = Field(
        default_factory=list[dict[str, str]],
        description="for bad input: where (pointer) and what was expected",
    )
