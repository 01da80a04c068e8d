"""What the pricing worker is given: plain data, so it runs and is judged alone; out comes PricingResult."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from orderdesk.domain.base import Value
from orderdesk.domain.master import Customer, Price, Product
from orderdesk.domain.orders import OrderDraft
from orderdesk.domain.results import MatchResult


class PricingInput(Value):
    """A matched order and what is known about its prices. A key that is absent means: not known."""

    draft: OrderDraft
    match: MatchResult
    products: dict[str, Product] = Field(default_factory=dict, description="by sku: the matched articles")
    prices: tuple[Price, ...] = Field(
        default=(),
        description="this customer's contracts (expired ones too) and the price list",
    )
    customer: Customer | None = None
    business_date: date
