"""What the booker is given: what every other worker found; it hands back a Proposal and does nothing."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from orderdesk.domain.base import Value
from orderdesk.domain.master import Customer
from orderdesk.domain.orders import OrderDraft
from orderdesk.domain.results import MatchResult, PricingResult, RiskResult, SupplyResult


class BookerInput(Value):
    """A read, matched and checked order. Raises nothing by itself; the rules check that the parts agree."""

    draft: OrderDraft
    match: MatchResult
    pricing: PricingResult
    supply: SupplyResult
    risk: RiskResult
    customer: Customer | None = Field(default=None, description="the matched account; None = not known")
    business_date: date
    partial_booking: bool = Field(
        default=False, description="policy [booking]: book the certain lines while others are open"
    )
