"""What prices and totals may differ by; source of the numbers: default.toml, area [prices]."""

from __future__ import annotations

from pydantic import Field

from orderdesk.domain.base import DecimalString, Value


class PricesPolicy(Value):
    """Tolerances of the price check, in units of the order's currency unless said otherwise."""

    unit_tolerance: DecimalString = Field(ge=0)
    """A stated unit price may differ from ours by this much per price unit."""

    line_tolerance: DecimalString = Field(ge=0)
    """The value of the line at the stated price may differ from ours by this much."""

    total_slack: DecimalString = Field(ge=0)
    """Rounding slack between a stated line total and quantity x price / base +- charges."""

    materiality: DecimalString = Field(ge=0)
    """A stated order total that is off by more than this goes to a person, not to the customer."""

    margin_floor: DecimalString = Field(ge=0, lt=1)
    """Least share of the price that must remain after unit cost, 0 to 1."""

    implausible_times: DecimalString = Field(gt=1)
    """A stated price at least this many times ours goes to a person instead of being noted."""
