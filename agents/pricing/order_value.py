"""The net value of the whole order against the least and the most that goes on by itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from agents.pricing.wording import price_text
from orderdesk.domain.findings import Finding
from orderdesk.policy.approvals import ApprovalsPolicy
from orderdesk.policy.booking import BookingPolicy
from orderdesk.policy.limits import limit_reason


def below_minimum(net_total: Decimal, currency: str, policy: BookingPolicy) -> list[Finding]:
    """An order below the minimum: the customer is asked, or a person adds the surcharge the policy names."""
    minimum = policy.order_minimum.get(currency)
    if minimum is None or net_total >= minimum:
        return []
    surcharge = policy.small_order_surcharge.get(currency)
    facts = {"net_total": price_text(net_total), "minimum": price_text(minimum), "currency": currency}
    worth = (
        f"The order is worth {price_text(net_total)} {currency}, below the minimum of {price_text(minimum)}."
    )
    if surcharge is not None:
        return [
            Finding(
                code="order_below_minimum",
                severity="approve",
                path="lines",
                message=f"{worth} A person adds the surcharge of {price_text(surcharge)} {currency} or "
                "waives it.",
                facts={**facts, "surcharge": price_text(surcharge)},
            )
        ]
    return [
        Finding(
            code="order_below_minimum",
            severity="clarify",
            path="lines",
            message=f"{worth} The customer has to order more or withdraw it.",
            question="order_below_minimum",
            facts=facts,
        )
    ]


def above_limit(
    net_total: Decimal, currency: str, tier: Literal["standard", "key"], policy: ApprovalsPolicy
) -> list[Finding]:
    """An order above the approval limit of its currency and tier."""
    reason = limit_reason(net_total, currency, tier, policy)
    if not reason:
        return []
    limit = policy.limit_for(currency, tier)
    facts = {"net_total": price_text(net_total), "currency": currency}
    if limit is not None:
        facts["limit"] = price_text(limit)
    return [Finding(code="value_above_limit", severity="approve", path="lines", message=reason, facts=facts)]
