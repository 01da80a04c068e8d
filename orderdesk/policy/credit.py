"""When an account's credit holds an order; source of the numbers: default.toml, area [credit]."""

from __future__ import annotations

from pydantic import Field

from orderdesk.domain.base import DecimalString, Value


class CreditPolicy(Value):
    """Limits of the credit check, in the account's currency."""

    overdue_grace: DecimalString = Field(ge=0)
    """An overdue balance up to this amount does not hold an order."""

    prepaid_terms: tuple[str, ...]
    """Payment terms that need no credit; compared without case and blanks."""

    stale_after_days: int = Field(ge=0)
    """Figures older than this many days are called out in the finding, as they may have changed."""
