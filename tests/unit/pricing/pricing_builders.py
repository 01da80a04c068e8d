"""Builds small orders for the pricing rules' tests: one article in pieces, boxes of 10, and per-100 prices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from agents.pricing.contract import PricingInput
from agents.pricing.worker import price_order
from orderdesk.domain.evidence import Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.master import Customer, Price, Product
from orderdesk.domain.orders import ArticleRef, DraftLine, OrderDraft
from orderdesk.domain.quantity import ItemUnits
from orderdesk.domain.results import LineMatch, MatchResult, PricingResult
from orderdesk.policy.loader import load_policy
from orderdesk.policy.model import Policy

TODAY = date(2026, 3, 2)
BOX = Decimal(10)


def policy(**sections: dict[str, Any]) -> Policy:
    """The default policy with some numbers changed, validated again."""
    data = load_policy().model_dump()
    for name, changes in sections.items():
        data[name] = {**data[name], **changes}
    return Policy.model_validate(data)


def product(sku: str = "A-1", **changes: Any) -> Product:
    values: dict[str, Any] = {
        "sku": sku,
        "description": "bearing",
        "units": ItemUnits(base="EA", factors={"BX": BOX}),
        "list_price": "8.00",
        "unit_cost": "5.00",
        "currency": "EUR",
        **changes,
    }
    return Product.model_validate(values)


def price(amount: str, **changes: Any) -> Price:
    values: dict[str, Any] = {
        "sku": "A-1",
        "uom": "EA",
        "unit_price": amount,
        "currency": "EUR",
        "min_qty": "1",
        **changes,
    }
    return Price.model_validate(values)


def contract(amount: str, **changes: Any) -> Price:
    return price(amount, customer_id="C-1", **changes)


def line(number: int = 1, quantity: str = "10", uom: str | None = "EA", **changes: Any) -> DraftLine:
    """A stated line; unit_price and line_total as plain strings."""
    stated = {
        key: Stated(value=Decimal(changes.pop(key))) for key in ("unit_price", "line_total") if key in changes
    }
    return DraftLine(
        line_number=number,
        article=Stated(value=ArticleRef(seller_part=f"A-{number}")),
        quantity=Stated(value=Decimal(quantity)),
        uom=Stated(value=uom) if uom else None,
        **stated,
        **changes,
    )


def matched(line: DraftLine, index: int = 0, *, sku: str | None = "A-1", uom: str | None = None) -> LineMatch:
    """The line as the matcher would book it, in `uom` (the stated one where not given)."""
    assert line.quantity is not None
    stated = line.uom.value if line.uom else "EA"
    factors = {"EA": Decimal(1), "BX": BOX}
    base = line.quantity.value * factors.get(stated, Decimal(1))
    booked = uom or stated
    return LineMatch(
        line_index=index,
        sku=sku,
        quantity=base / factors.get(booked, Decimal(1)),
        uom=booked,
        base_quantity=base,
        base_uom="EA",
    )


def customer(**changes: Any) -> Customer:
    values: dict[str, Any] = {"customer_id": "C-1", "name": "Acme", "currency": "EUR", **changes}
    return Customer.model_validate(values)


def order(
    *lines: DraftLine,
    prices: tuple[Price, ...] = (),
    products: tuple[Product, ...] | None = None,
    account: Customer | None = None,
    matches: tuple[LineMatch, ...] | None = None,
    currency: str | None = None,
    total: str | None = None,
    on: date = TODAY,
    **header: Any,
) -> PricingInput:
    skus = {f"A-{number}" for number in range(1, len(lines) + 1)}
    known = products if products is not None else tuple(product(sku) for sku in sorted(skus))
    return PricingInput(
        draft=OrderDraft(
            intent=Stated(value="new_order"),
            lines=lines,
            currency=Stated(value=currency) if currency else None,
            stated_net_total=Stated(value=Decimal(total)) if total else None,
            **header,
        ),
        match=MatchResult(
            customer_id="C-1",
            lines=matches
            if matches is not None
            else tuple(matched(line, i, sku=f"A-{i + 1}") for i, line in enumerate(lines)),
        ),
        products={p.sku: p for p in known},
        prices=prices,
        customer=account or customer(),
        business_date=on,
    )


def priced(*lines: DraftLine, rules: Policy | None = None, **given: Any) -> PricingResult:
    return price_order(order(*lines, **given), rules or load_policy())


def codes(result: PricingResult) -> set[str]:
    return {finding.code for finding in result.findings}


def finding(result: PricingResult, code: str) -> Finding:
    found = [finding for finding in result.findings if finding.code == code]
    assert len(found) == 1, f"expected one {code}, found {[f.code for f in result.findings]}"
    return found[0]
