"""From which order value on a person approves, who, and how many; numbers: default.toml, [approvals]."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from pydantic import model_validator

from orderdesk.domain.base import Value
from orderdesk.policy.amounts import PerCurrency


class ApprovalsPolicy(Value):
    """Order values per currency; a currency without an entry always needs a person."""

    limit: PerCurrency
    """Standard accounts: above this net value a manager approves."""

    limit_key: PerCurrency
    """Key accounts: above this net value a manager approves."""

    four_eyes: PerCurrency
    """Above this net value two people approve."""

    def limit_for(self, currency: str, tier: Literal["standard", "key"]) -> Decimal | None:
        """The value up to which no approval is needed; None where the currency has no entry."""
        return (self.limit_key if tier == "key" else self.limit).get(currency)

    @model_validator(mode="after")
    def _same_currencies(self) -> Self:
        listed = {*self.limit, *self.limit_key, *self.four_eyes}
        for name, table in (
            ("limit", self.limit),
            ("limit_key", self.limit_key),
            ("four_eyes", self.four_eyes),
        ):
            if absent := sorted(listed - set(table)):
                raise ValueError(f"approvals.{name} needs an entry for {', '.join(absent)} too")
        return self
