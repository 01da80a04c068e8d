"""Builds read, matched, priced and supplied orders for the booker's and correspondent's tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from agents.booker.contract import BookerInput
from orderdesk.domain.evidence import Stated
from orderdesk.domain.master import Customer
from orderdesk.domain.money import line_net
from orderdesk.domain.orders import ArticleRef, DraftLine, OrderDraft
from orderdesk.domain.results import (
    LineMatch,
    LinePrice,
    LineSupply,
    MatchResult,
    PricingResult,
    RiskResult,
    SupplyResult,
)

CUSTOMER = Customer(
    customer_id="C1",
    name="Acme Pumps",
    email_domains=("acme.example",),
    emails=("buying@acme.example",),
    contacts=("ann@partner.example",),
    currency="EUR",
    payment_terms="Net 30",
    freight_terms="FOB origin",
    language="en",
    country="US",
)
DAY = date(2026, 3, 10)


def line(
    number: int = 1, quantity: str = "48", uom: str = "EA", price: str | None = "3.08", **more: Any
) -> DraftLine:
    values: dict[str, Any] = {
        "line_number": number,
        "article": Stated(value=ArticleRef(buyer_part=f"HF-{number}", description="deep groove bearing")),
        "quantity": Stated(value=Decimal(quantity)),
        "uom": Stated(value=uom),
        "uom_stated": uom,
        "unit_price": Stated(value=Decimal(price)) if price else None,
    }
    return DraftLine(**{**values, **more})


def draft(*lines: DraftLine, **more: Any) -> OrderDraft:
    values: dict[str, Any] = {
        "intent": Stated(value="new_order"),
        "po_number": Stated(value="PO-4711"),
        "requested_date": Stated(value=DAY),
        "currency": Stated(value="EUR"),
        "lines": lines,
        "language": "en",
    }
    return OrderDraft(**{**values, **more})


def match_of(index: int, line: DraftLine, **more: Any) -> LineMatch:
    quantity = line.quantity.value if line.quantity else None
    values: dict[str, Any] = {
        "line_index": index,
        "sku": f"BRG-{index + 1}",
        "description": 'Bearing 6205, 1/2"',
        "method": "agreed_part_number",
        "quantity": quantity,
        "uom": line.uom.value if line.uom else None,
        "base_quantity": quantity,
        "base_uom": "EA",
    }
    return LineMatch(**{**values, **more})


def price_of(match: LineMatch, unit_price: str = "3.08", base: str = "1", **more: Any) -> LinePrice:
    net = None
    if match.quantity is not None:
        net = line_net(match.quantity, Decimal(unit_price), "EUR", price_base=Decimal(base)).amount
    values: dict[str, Any] = {
        "line_index": match.line_index,
        "unit_price": Decimal(unit_price),
        "price_base": Decimal(base),
        "net": net,
    }
    return LinePrice(**{**values, **more})


def supply_of(match: LineMatch, backorder: str = "0", **more: Any) -> LineSupply:
    quantity = match.base_quantity or Decimal(0)
    short = Decimal(backorder)
    values: dict[str, Any] = {
        "line_index": match.line_index,
        "available": quantity - short,
        "reserve": quantity - short,
        "backorder": short,
        "promised_date": DAY,
    }
    return LineSupply(**{**values, **more})


def booking(
    the_draft: OrderDraft,
    *,
    matches: tuple[LineMatch, ...] | None = None,
    prices: tuple[LinePrice, ...] | None = None,
    supplies: tuple[LineSupply, ...] | None = None,
    **more: Any,
) -> BookerInput:
    """A whole, consistent order unless a part is given."""
    if matches is None:
        matches = tuple(match_of(i, entry) for i, entry in enumerate(the_draft.lines))
    if prices is None:
        prices = tuple(price_of(m) for m in matches)
    if supplies is None:
        supplies = tuple(supply_of(m) for m in matches)
    nets = [p.net for p in prices]
    whole = all(net is not None for net in nets) and len(nets) == len(the_draft.lines)
    values: dict[str, Any] = {
        "draft": the_draft,
        "match": MatchResult(customer_id="C1", ship_to_code="MAIN", lines=matches),
        "pricing": PricingResult(
            currency="EUR",
            lines=prices,
            net_total=sum((net for net in nets if net is not None), Decimal("0.00")) if whole else None,
        ),
        "supply": SupplyResult(lines=supplies),
        "risk": RiskResult(),
        "customer": CUSTOMER,
        "business_date": date(2026, 3, 2),
    }
    return BookerInput(**{**values, **more})
