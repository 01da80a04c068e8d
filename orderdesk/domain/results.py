"""What each worker hands back: typed, small, JSON-friendly; the state of a case is made of these."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from orderdesk.domain.base import DecimalString, Probability, Value
from orderdesk.domain.findings import Finding

MatchMethod = Literal[
    "sku",
    "gtin",
    "agreed_part_number",
    "learned_alias",
    "manufacturer_part",
    "history",
    "fuzzy",
    "model",
    "person",
    "none",
]


class Candidate(Value):
    """An article that could be meant; `signals` are what spoke for and against it."""

    sku: str
    description: str = ""
    score: Probability = 0.0
    signals: tuple[str, ...] = ()
    bought_before: bool = False


class LineMatch(Value):
    """A draft line matched to an article and its quantity in base units."""

    line_index: int = Field(description="0-based position in the draft")
    sku: str | None = None
    description: str = ""
    method: MatchMethod = "none"
    confidence: Probability = 0.0
    candidates: tuple[Candidate, ...] = ()
    quantity: DecimalString | None = Field(
        default=None, description="in `uom`, as it will be booked (packs already rounded where policy allows)"
    )
    uom: str | None = None
    base_quantity: DecimalString | None = None
    base_uom: str | None = None


class MatchResult(Value):
    """Customer, ship-to, articles and units."""

    customer_id: str | None = None
    customer_method: str = ""
    customer_confidence: Probability = 0.0
    customer_candidates: tuple[str, ...] = ()
    ship_to_code: str | None = None
    lines: tuple[LineMatch, ...] = ()
    findings: tuple[Finding, ...] = ()


class LinePrice(Value):
    """Our price for a line, per `uom` of the booked quantity."""

    line_index: int
    unit_price: DecimalString | None = None
    price_base: DecimalString
    net: DecimalString | None = None
    source: str = Field(default="", description="'contract C-100 from 2026-01-01', 'list price'")


class PricingResult(Value):
    """Prices, totals and what differs from what the customer stated."""

    currency: str | None = None
    lines: tuple[LinePrice, ...] = ()
    net_total: DecimalString | None = None
    findings: tuple[Finding, ...] = ()


class LineSupply(Value):
    """Can we deliver a line, when, and what would have to be bought."""

    line_index: int
    available: DecimalString | None = Field(
        default=None, description="base units free to promise; None = unknown"
    )
    reserve: DecimalString = Field(description="base units to reserve now")
    backorder: DecimalString = Field(description="base units that come later")
    promised_date: date | None = None


class PurchaseProposal(Value):
    """Goods to buy for a shortage."""

    supplier_id: str
    sku: str
    quantity: DecimalString
    unit_cost: DecimalString
    currency: str


class SupplyResult(Value):
    """Stock, dates, packs, substitutes, purchase proposals."""

    lines: tuple[LineSupply, ...] = ()
    purchases: tuple[PurchaseProposal, ...] = ()
    delivery_date: date | None = None
    findings: tuple[Finding, ...] = ()


class RiskResult(Value):
    """Credit, duplicates, fraud signs, injection, unusual quantities."""

    duplicate_of: str | None = Field(
        default=None, description="the existing order number this message repeats"
    )
    signs: tuple[str, ...] = ()
    own_exposure: DecimalString | None = Field(
        default=None, description="our open orders of the account when its credit was weighed"
    )
    findings: tuple[Finding, ...] = ()


EffectKind = Literal["book_order", "reserve", "purchase", "send_mail", "export_order"]
EffectClass = Literal["read", "reversible", "irreversible"]


class BookLine(Value):
    """A line exactly as it will be booked."""

    line_number: int
    sku: str
    description: str = ""
    customer_ref: str = ""
    quantity: DecimalString
    uom: str
    base_quantity: DecimalString
    unit_price: DecimalString
    price_base: DecimalString
    net: DecimalString
    reserve: DecimalString
    backorder: DecimalString
    promised_date: date | None = None


class BookOrder(Value):
    """An order exactly as it will be booked; an approval is bound to the hash of this."""

    customer_id: str
    po_number: str = ""
    po_date: date | None = None
    order_date: date
    requested_date: date | None = None
    ship_to_code: str = ""
    currency: str
    payment_terms: str = ""
    lines: tuple[BookLine, ...]
    net_total: DecimalString
    purchases: tuple[PurchaseProposal, ...] = ()
    note: str = ""


class Proposal(Value):
    """What the booker proposes to do; nothing is done before the gate."""

    book: BookOrder | None = None
    findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = Field(
        default=(), description="what stands in the way of booking, in plain words"
    )


ReplyKind = Literal["confirmation", "question", "refusal", "duplicate", "none"]


class Reply(Value):
    """A proposed answer. `{order_number}` in subject and body is filled in when the order is booked."""

    kind: ReplyKind = "none"
    to: str = Field(default="", description="an address on file; empty = nobody may be written to")
    subject: str = ""
    body: str = ""
    language: str = "en"
    template: str = ""
    questions: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


Disposition = Literal["auto", "ask_customer", "approve", "refuse", "duplicate", "file"]
ReviewKind = Literal["fields", "value", "email", "purchase", "handoff"]


class GateDecision(Value):
    """What policy makes of it all: go, ask, let a person decide (who, how many) or refuse."""

    disposition: Disposition
    review_kind: ReviewKind = "handoff"
    approvals_needed: int = 1
    role: Literal["clerk", "manager", "admin"] = "clerk"
    reasons: tuple[str, ...] = ()
    payload_hash: str = ""


Outcome = Literal[
    "booked", "changed", "cancelled", "answered", "waiting_review", "waiting_customer", "rejected",
    "duplicate", "not_an_order", "split", "dead_letter",
]  # fmt: skip
FINAL_OUTCOMES: frozenset[Outcome] = frozenset(
    (
        "booked",
        "changed",
        "cancelled",
        "answered",
        "rejected",
        "duplicate",
        "not_an_order",
        "split",
        "dead_letter",
    )
)
WAITING_OUTCOMES: frozenset[Outcome] = frozenset(("waiting_review", "waiting_customer"))
