"""Dates, stock and buying; source of the numbers: default.toml, area [delivery]."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from orderdesk.domain.base import DecimalString, Value
from orderdesk.policy.amounts import PerCurrency


class DeliveryPolicy(Value):
    """How dates are promised, stock is given out and shortages are bought."""

    time_zone: str
    """IANA name of the zone the cut-off time is in, for example 'Europe/Berlin'."""

    cut_off_time: time | None
    """From this local time on an order counts from the next working day; empty = no cut-off."""

    handling_working_days: int = Field(ge=0, le=1000)
    """Working days from the order to the day stocked goods leave."""

    standard_lead_time_working_days: int = Field(ge=0, le=1000)
    """Working days assumed for goods not in stock whose lead time is unknown."""

    far_date_days: int = Field(ge=1)
    """A date further away than this many calendar days is asked about."""

    min_purchase_margin: DecimalString = Field(ge=0, le=1)
    """Least share of the sales price left over a purchase's cost, as a fraction."""

    purchase_limit: PerCurrency
    """Per currency: most that is bought for one order without a person; no entry = always a person."""

    @field_validator("cut_off_time", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(
                f"{name!r} is not a time zone; write an IANA name like 'Europe/Berlin'"
            ) from None
        return name

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the cut-off time."""
        return ZoneInfo(self.time_zone)
