"""What may be booked at all; source of the numbers: default.toml, area [booking]."""

from __future__ import annotations

from pydantic import Field

from orderdesk.domain.base import Value
from orderdesk.policy.amounts import PerCurrency


class BookingPolicy(Value):
    """Conditions of a booking that are neither price, credit nor delivery."""

    partial_booking: bool
    """Book the certain lines of an order while others are open."""

    po_required: bool
    """Orders need a PO number where the account does not say otherwise."""

    order_minimum: PerCurrency
    """Per currency: least net value of an order; no entry = no minimum."""

    small_order_surcharge: PerCurrency
    """Per currency: surcharge a person may add to an order below the minimum instead of a question."""

    max_lines: int = Field(ge=1)
    """Lines of one order the desk works on by itself; a longer one is a person's."""

    require_data: tuple[str, ...]
    """Codes of `data_unknown_*` findings that stop a case at a person."""
