"""What the supply worker is given: plain data, so it runs and is judged alone; out comes SupplyResult."""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime, Field

from orderdesk.domain.base import Value
from orderdesk.domain.master import Customer, Product, Stock, SupplierItem
from orderdesk.domain.orders import OrderDraft
from orderdesk.domain.results import MatchResult


class SupplyInput(Value):
    """A matched order and what is known about its articles. A key that is absent means: not known."""

    draft: OrderDraft
    match: MatchResult
    products: dict[str, Product] = Field(
        default_factory=dict, description="by sku: the matched articles, and their successors where known"
    )
    stock: dict[str, Stock] = Field(default_factory=dict, description="by sku, successors too")
    supplier_items: tuple[SupplierItem, ...] = Field(
        default=(), description="every supplier's entry for the matched articles; these are the approved ones"
    )
    customer: Customer | None = None
    holidays: frozenset[date] | None = Field(
        default=None, description="of the ship-to country; None or empty = no holidays are loaded for it"
    )
    business_date: date
    received_at: AwareDatetime | None = Field(
        default=None, description="when the message arrived, for the cut-off; None = not known"
    )
