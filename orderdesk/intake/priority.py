"""How urgent a new case is; the queue adds age, so that nothing starves."""

from __future__ import annotations

from datetime import date
from typing import Literal

# Steps, not weights learned from data: a key customer outranks any date, a date outranks size of the mail.
KEY_CUSTOMER = 100
WANTED_SOON = 20
WANTED_THIS_WEEK = 10


def case_priority(
    tier: Literal["standard", "key"] | None, requested: date | None, business_date: date
) -> int:
    """Higher is served first. `tier` is None while the customer is unknown."""
    priority = KEY_CUSTOMER if tier == "key" else 0
    if requested is not None:
        days = (requested - business_date).days
        priority += WANTED_SOON if days <= 2 else WANTED_THIS_WEEK if days <= 7 else 0
    return priority
