"""Writes letters for the correspondent's tests, from booked orders made the way the booker makes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from agents.booker.contract import BookerInput
from agents.booker.rules import propose_booking
from agents.correspondent.contract import CorrespondentInput
from agents.correspondent.rules import propose_reply
from orderdesk.domain.documents import Sender
from orderdesk.domain.evidence import Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.master import Customer
from orderdesk.domain.money import line_net
from orderdesk.domain.orders import ArticleRef, DraftLine, OrderDraft
from orderdesk.domain.results import (
    LineMatch,
    LinePrice,
    LineSupply,
    MatchResult,
    PricingResult,
    Reply,
    RiskResult,
    SupplyResult,
)

CASE_ID = "1a2b3c4d-0000-5000-8000-000000000000"
DAY = date(2026, 3, 10)
LANGUAGES = ("en", "de", "es", "fr")
CUSTOMER = Customer(
    customer_id="C1",
    name="Acme Pumps",
    email_domains=("acme.example", "gmail.com"),
    emails=("buying@acme.example",),
    contacts=("ann@partner.example",),
    payment_terms="Net 30",
    freight_terms="FOB origin",
    country="US",
)


def asked(**more: Any) -> DraftLine:
    values: dict[str, Any] = {
        "line_number": 1,
        "article": Stated(value=ArticleRef(buyer_part="HF-4471", description="deep groove bearing")),
        "quantity": Stated(value=Decimal(48)),
        "uom": Stated(value="EA"),
        "unit_price": Stated(value=Decimal("3.08")),
    }
    return DraftLine(**{**values, **more})


def order(*lines: DraftLine, **more: Any) -> OrderDraft:
    values: dict[str, Any] = {
        "intent": Stated(value="new_order"),
        "po_number": Stated(value="PO-4711"),
        "requested_date": Stated(value=DAY),
        "currency": Stated(value="EUR"),
        "lines": lines or (asked(),),
        "language": "en",
    }
    return OrderDraft(**{**values, **more})


def letter(kind: Any, the_draft: OrderDraft | None = None, **more: Any) -> Reply:
    """The reply of a kind; `sender` defaults to the account's own buyer."""
    values: dict[str, Any] = {
        "kind": kind,
        "case_id": CASE_ID,
        "draft": the_draft or order(),
        "customer": CUSTOMER,
        "sender": Sender(address="buying@acme.example"),
        "subject": "Order for March",
        "company_name": "Widget Supply",
    }
    return propose_reply(CorrespondentInput(**{**values, **more}))


def confirmation(
    the_draft: OrderDraft | None = None,
    *,
    match: dict[str, Any] | None = None,
    price: dict[str, Any] | None = None,
    supply: dict[str, Any] | None = None,
    findings: tuple[Finding, ...] = (),
    supply_findings: tuple[Finding, ...] = (),
    partial: bool = False,
    open_lines: tuple[int, ...] = (),
    **more: Any,
) -> Reply:
    """A confirmation of a draft; every line is booked as asked unless `match`, `price`, `supply` change it."""
    the_draft = the_draft or order()
    matches: list[LineMatch] = []
    prices: list[LinePrice] = []
    supplies: list[LineSupply] = []
    for index, line in enumerate(the_draft.lines):
        quantity = line.quantity.value if line.quantity else Decimal(1)
        m: dict[str, Any] = {
            "line_index": index,
            "sku": None if index in open_lines else "BRG-6205",
            "description": "Bearing 6205",
            "quantity": quantity,
            "uom": "EA",
            "base_quantity": quantity,
            "base_uom": "EA",
            **(match or {}),
        }
        p: dict[str, Any] = {
            "line_index": index,
            "unit_price": Decimal("3.08"),
            "price_base": Decimal(1),
            **(price or {}),
        }
        p["net"] = line_net(m["quantity"], p["unit_price"], "EUR", price_base=p["price_base"]).amount
        s: dict[str, Any] = {
            "line_index": index,
            "available": m["base_quantity"],
            "reserve": m["base_quantity"],
            "backorder": Decimal(0),
            "promised_date": DAY,
            **(supply or {}),
        }
        matches.append(LineMatch(**m))
        prices.append(LinePrice(**p))
        supplies.append(LineSupply(**s))
    customer = more.get("customer", CUSTOMER)
    matched = MatchResult(customer_id=customer.customer_id, ship_to_code="MAIN", lines=tuple(matches))
    nets = [p.net for p in prices if p.net is not None]
    pricing = PricingResult(currency="EUR", lines=tuple(prices), net_total=sum(nets, Decimal("0.00")))
    supplied = SupplyResult(lines=tuple(supplies), findings=supply_findings)
    proposal = propose_booking(
        BookerInput(
            draft=the_draft,
            match=matched,
            pricing=pricing,
            supply=supplied,
            risk=RiskResult(),
            customer=customer,
            business_date=date(2026, 3, 2),
            partial_booking=partial,
        )
    )
    return letter(
        "confirmation",
        the_draft,
        match=matched,
        pricing=pricing,
        supply=supplied,
        proposal=proposal,
        findings=findings,
        **more,
    )


def clarify(code: str, path: str = "", options: tuple[str, ...] = (), **facts: str) -> Finding:
    return Finding(
        code=code,
        severity="clarify",
        path=path,
        message="INTERNAL: margin floor 12%",
        question=code,
        facts=facts,
        options=options,
    )
