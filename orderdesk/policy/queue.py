"""Which case is worked on first: points for what makes it urgent; source of the numbers: default.toml, area [queue]."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from orderdesk.domain.base import Value


class QueuePolicy(Value):
    """Points of a new case. One point is worth `orderdesk.intake.priority.POINT_S` seconds of waiting."""

    key_customer_points: int = Field(ge=0, le=1000)
    """For a customer of the tier `key`."""

    soon_days: int = Field(ge=0)
    """Wanted within so many days of the business date = soon."""

    soon_points: int = Field(ge=0, le=1000)
    """For an order wanted soon."""

    week_points: int = Field(ge=0, le=1000)
    """For an order wanted within seven days, but not soon."""

    large_order: Decimal = Field(ge=0)
    """An order that states at least this net value, in whatever currency, is large; 0 = none is."""

    large_order_points: int = Field(ge=0, le=1000)
    """For a large order."""

    @property
    def most(self) -> int:
        """The most points a case can have: nothing is overtaken by what came later than this is worth."""
        return self.key_customer_points + max(self.soon_points, self.week_points) + self.large_order_points
