"""Builds small orders for the supply rules' tests."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from agents.supply.contract import SupplyInput
from agents.supply.rules import plan_supply
from orderdesk.domain.evidence import Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.master import Customer, Product, Stock, SupplierItem
from orderdesk.domain.orders import ArticleRef, DraftLine, OrderDraft, ScheduledDelivery
from orderdesk.domain.quantity import ItemUnits
from orderdesk.domain.results import LineMatch, MatchResult, SupplyResult
from orderdesk.policy.delivery import DeliveryPolicy
from orderdesk.policy.loader import load_policy

MONDAY = date(2026, 3, 2)


def delivery_policy(**changes: Any) -> DeliveryPolicy:
    """The default policy with some numbers changed, validated again."""
    return DeliveryPolicy.model_validate({**load_policy().delivery.model_dump(), **changes})


def line(
    number: int = 1,
    quantity: str = "10",
    *,
    wanted: date | None = None,
    schedule: tuple[tuple[str, date | None], ...] = (),
    price: str | None = None,
    uom: str = "EA",
) -> DraftLine:
    return DraftLine(
        line_number=number,
        article=Stated(value=ArticleRef(seller_part=f"A-{number}")),
        quantity=Stated(value=Decimal(quantity)),
        uom=Stated(value=uom),
        unit_price=Stated(value=Decimal(price)) if price else None,
        requested_date=Stated(value=wanted) if wanted else None,
        schedule=tuple(ScheduledDelivery(quantity=Decimal(q), requested_date=d) for q, d in schedule),
    )


def draft(
    *lines: DraftLine,
    wanted: date | None = None,
    ship_complete: bool | None = None,
    currency: str = "EUR",
    findings: tuple[Finding, ...] = (),
) -> OrderDraft:
    return OrderDraft(
        intent=Stated(value="new_order"),
        requested_date=Stated(value=wanted) if wanted else None,
        ship_complete=ship_complete,
        currency=Stated(value=currency),
        lines=lines,
        language="en",
        findings=findings,
    )


def matched(the_draft: OrderDraft, skus: tuple[str | None, ...] | None = None) -> MatchResult:
    """Every line matched to A-<number>, or to the given skus; quantities one to one in base units."""
    lines: list[LineMatch] = []
    for index, entry in enumerate(the_draft.lines):
        sku = skus[index] if skus else f"A-{entry.line_number}"
        assert entry.quantity is not None
        value = entry.quantity.value if sku else None
        lines.append(
            LineMatch(
                line_index=index,
                sku=sku,
                quantity=value,
                uom="EA" if sku else None,
                base_quantity=value,
                base_uom="EA" if sku else None,
            )
        )
    return MatchResult(customer_id="C1", lines=tuple(lines))


def product(sku: str = "A-1", *, lead: int | None = 3, **more: Any) -> Product:
    values: dict[str, Any] = {
        "sku": sku,
        "description": f"Article {sku}",
        "units": ItemUnits(base="EA"),
        "list_price": Decimal("10"),
        "currency": "EUR",
        "lead_time_days": lead,
    }
    return Product(**{**values, **more})


def stock(
    sku: str = "A-1",
    on_hand: str = "100",
    *,
    reserved: str = "0",
    own: str = "0",
    receipt: date | None = None,
    incoming: str | None = None,
) -> Stock:
    return Stock(
        sku=sku,
        on_hand=Decimal(on_hand),
        reserved=Decimal(reserved),
        own_reserved=Decimal(own),
        next_receipt_date=receipt,
        next_receipt_qty=Decimal(incoming) if incoming else None,
    )


def supplier(
    sku: str = "A-1",
    *,
    cost: str | None = "5",
    moq: str | None = None,
    lead: int | None = 7,
    currency: str | None = "EUR",
    supplier_id: str = "S1",
) -> SupplierItem:
    return SupplierItem(
        supplier_id=supplier_id,
        supplier_name=f"Supplier {supplier_id}",
        sku=sku,
        unit_cost=Decimal(cost) if cost else None,
        currency=currency,
        min_order_qty=Decimal(moq) if moq else None,
        lead_time_days=lead,
    )


def plan(
    the_draft: OrderDraft,
    *,
    match: MatchResult | None = None,
    products: tuple[Product, ...] | None = None,
    stocks: tuple[Stock, ...] = (),
    suppliers: tuple[SupplierItem, ...] = (),
    partial: bool | None = True,
    substitutes: bool | None = None,
    holidays: frozenset[date] | None = frozenset({date(2026, 12, 25)}),
    business_date: date = MONDAY,
    received_at: datetime | None = None,
    **policy: Any,
) -> SupplyResult:
    """Run the rules over a draft whose articles are known products unless said otherwise."""
    match = match or matched(the_draft)
    if products is None:
        products = tuple(product(m.sku) for m in match.lines if m.sku)
    return plan_supply(
        SupplyInput(
            draft=the_draft,
            match=match,
            products={p.sku: p for p in products},
            stock={s.sku: s for s in stocks},
            supplier_items=suppliers,
            customer=Customer(
                customer_id="C1", name="Acme", partial_allowed=partial, substitution_consent=substitutes
            ),
            holidays=holidays,
            business_date=business_date,
            received_at=received_at,
        ),
        delivery_policy(**policy),
    )


def codes(result: SupplyResult) -> list[str]:
    return [finding.code for finding in result.findings]


def finding(result: SupplyResult, code: str) -> Finding:
    (found,) = [f for f in result.findings if f.code == code]
    return found
