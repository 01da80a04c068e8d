"""A case's report as the JSON API gives it: the same fields as `orderdesk process --json`."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Output(BaseModel):
    """Something the API gives."""

    model_config = ConfigDict(extra="ignore")


class LineOut(BaseModel):
    """A line as the customer stated it; booked_* only where they differ or were not stated."""

    model_config = ConfigDict(extra="allow")

    line_number: int
    customer_ref: str | None = None
    sku: str | None = None
    description: str | None = None
    quantity: str | None = None
    uom: str | None = None
    uom_stated: str | None = None
    unit_price: str | None = None
    confidence: float | None = None
    booked_quantity: str | None = None
    booked_uom: str | None = None
    booked_unit_price: str | None = None
    requested_date: date | None = None


class FindingOut(Output):
    """What a check saw."""

    code: str
    severity: Literal["info", "clarify", "approve", "reject"]
    path: str = Field(description="'lines[0].unit_price'; 0-based")
    message: str


class ReviewRef(Output):
    """The review a case waits for."""

    review_id: str
    kind: str


class CaseReport(BaseModel):
    """A case as `orderdesk process --json` prints it. Unknown values are null; numbers are decimal strings."""

    model_config = ConfigDict(extra="allow")

    case_id: str
    source: str | None = None
    intent: str | None = None
    outcome: str | None = Field(default=None, description="null until the case reached its first stop")
    order_number: str | None = None
    customer_id: str | None = None
    po_number: str | None = None
    po_date: date | None = None
    requested_date: date | None = None
    ship_to_code: str | None = None
    currency: str | None = None
    lines: list[LineOut] = Field(default_factory=list[LineOut])
    net_total: str | None = None
    confidence: float | None = None
    findings: list[FindingOut] = Field(default_factory=list[FindingOut])
    questions: list[str] = Field(default_factory=list[str])
    review: ReviewRef | None = None
    model_calls: int | None = 0
    tokens_in: int | None = 0
    tokens_out: int | None = 0
    cost_usd: str | None = "0"
    latency_ms: int | None = 0
    steps: int | None = 0
    checkpoints: int | None = 0
