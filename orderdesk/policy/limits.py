"""The approval limit in words: one sentence, the same for the clerk's finding and the gate's reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from orderdesk.policy.approvals import ApprovalsPolicy


def limit_reason(
    amount: Decimal, currency: str, tier: Literal["standard", "key"], approvals: ApprovalsPolicy
) -> str:
    """Why a net value needs a manager; empty where it is within the limit."""
    limit = approvals.limit_for(currency, tier)
    value = f"The order is worth {amount:,.2f} {currency}"
    if limit is None:
        return f"{value} and no approval limit is set for {currency}, so a manager decides."
    if amount > limit:
        return f"{value}, above the limit of {limit:,.2f} for {tier} accounts, so a manager decides."
    return ""
