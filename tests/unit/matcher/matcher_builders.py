"""Builds small catalogues, drafts and accounts for the matcher's tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from agents.matcher.rules.articles import Shelf
from agents.matcher.rules.proposals import Proposer
from agents.matcher.tokeniser import TradeTokeniser
from orderdesk.domain.evidence import Stated
from orderdesk.domain.master import Customer, PastLine, Product, ShipTo
from orderdesk.domain.orders import ArticleRef, DraftLine, OrderDraft, PartyRef
from orderdesk.domain.quantity import ItemUnits
from orderdesk.policy.loader import load_policy
from orderdesk.policy.matching import MatchingPolicy
from tools.master.fold import fold_gtin, fold_part, strip_zeros
from tools.master.repository import PartHits
from tools.master.rows import Alias
from tools.master.search import ArticleIndex


def matching_policy(**changes: Any) -> MatchingPolicy:
    """The default policy with some numbers changed, validated again."""
    return MatchingPolicy.model_validate({**load_policy().matching.model_dump(), **changes})


def product(
    sku: str,
    description: str = "",
    *,
    base: str = "EA",
    factors: dict[str, str] | None = None,
    pack: tuple[str, str] | None = None,
    minimum: str | None = None,
    **more: Any,
) -> Product:
    units = {unit: Decimal(factor) for unit, factor in (factors or {}).items()}
    if pack:
        units.setdefault(pack[0], Decimal(pack[1]))
    return Product(
        sku=sku,
        description=description or sku,
        units=ItemUnits(base=base, factors=units),
        pack_uom=pack[0] if pack else None,
        pack_size=Decimal(pack[1]) if pack else None,
        min_order_qty=Decimal(minimum) if minimum else None,
        **more,
    )


def index_of(*products: Product) -> ArticleIndex:
    rows = [
        {"sku": p.sku, "description": p.description, "long_description": p.long_description, "category": ""}
        for p in products
    ]
    return ArticleIndex(rows, TradeTokeniser())


def parts_of(*products: Product) -> PartHits:
    """What the database would say to any number: every article by number and GTIN."""
    numbers: dict[str, tuple[str, ...]] = {}
    stripped: dict[str, tuple[str, ...]] = {}
    gtins: dict[str, tuple[str, ...]] = {}
    for p in products:
        folded = fold_part(p.sku)
        numbers[folded] = (*numbers.get(folded, ()), p.sku)
        stripped[strip_zeros(folded)] = (*stripped.get(strip_zeros(folded), ()), p.sku)
        if p.gtin:
            gtins[fold_gtin(p.gtin)] = (*gtins.get(fold_gtin(p.gtin), ()), p.sku)
    return PartHits(by_number=numbers, by_stripped=stripped, by_gtin=gtins)


def shelf_of(
    *products: Product,
    aliases: tuple[tuple[str, str], ...] = (),
    learned: tuple[tuple[str, str], ...] = (),
    bought: tuple[str, ...] = (),
    consent: bool | None = None,
    policy: MatchingPolicy | None = None,
) -> Shelf:
    policy = policy or matching_policy()
    return Shelf(
        aliases=(
            *(Alias(customer_ref=ref, sku=sku) for ref, sku in aliases),
            *(Alias(customer_ref=ref, sku=sku, learned=True) for ref, sku in learned),
        ),
        parts=parts_of(*products),
        proposer=Proposer(index_of(*products), frozenset(bought), policy),
        products={p.sku: p for p in products},
        policy=policy,
        substitution_consent=consent,
    )


def line(
    quantity: str | None = "10", uom: str | None = "EA", *, uom_stated: str = "", **article: str
) -> DraftLine:
    return DraftLine(
        line_number=1,
        article=Stated(value=ArticleRef(**article)),
        quantity=Stated(value=Decimal(quantity)) if quantity is not None else None,
        uom=Stated(value=uom) if uom else None,
        uom_stated=uom_stated,
    )


def draft(*lines: DraftLine, **more: Any) -> OrderDraft:
    return OrderDraft(intent=Stated(value="new_order"), language="en", lines=lines, **more)


def past(sku: str, uom: str = "EA", order: str = "SO-1", quantity: str = "10") -> PastLine:
    return PastLine(
        order_number=order, order_date=date(2026, 1, 5), sku=sku, quantity=Decimal(quantity), uom=uom
    )


def customer(customer_id: str, name: str = "", **more: Any) -> Customer:
    return Customer(customer_id=customer_id, name=name or customer_id, **more)


def address(code: str, **more: Any) -> ShipTo:
    return ShipTo(customer_id="C1", code=code, **more)


def party(**more: Any) -> PartyRef:
    return PartyRef(**more)
