"""The days of one order: from when it counts, and the days goods can leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from orderdesk.domain.calendar import add_working_days, next_working_day
from orderdesk.policy.delivery import DeliveryPolicy


@dataclass(frozen=True)
class OrderDays:
    """Counts working days for one order; `start` is the working day the order counts from."""

    start: date
    holidays: frozenset[date]
    handling: int
    standard_lead: int
    after_cut_off: bool

    @property
    def from_stock(self) -> date:
        """The day stocked goods leave."""
        return add_working_days(self.start, self.handling, self.holidays)

    @property
    def standard(self) -> date:
        """The day goods of unknown lead time are assumed to leave."""
        return self.after_lead_time(self.standard_lead)

    def after_lead_time(self, working_days: int) -> date:
        """The day goods leave after a lead time in working days; never earlier than stocked goods."""
        return add_working_days(self.start, max(working_days, self.handling), self.holidays)

    def after_receipt(self, arrival: date) -> date:
        """The day goods leave that arrive on `arrival`."""
        return add_working_days(max(arrival, self.start), self.handling, self.holidays)

    def after_purchase(self, calendar_days: int) -> date:
        """The day goods leave that a supplier brings `calendar_days` after the order."""
        room = (date.max - self.start).days
        return self.after_receipt(self.start + timedelta(days=min(max(calendar_days, 0), room)))

    def working(self, day: date) -> date:
        """The day itself or the next working day."""
        return next_working_day(day, self.holidays)


def order_days(
    business_date: date,
    received_at: datetime | None,
    holidays: frozenset[date] | None,
    policy: DeliveryPolicy,
) -> OrderDays:
    """The days of an order received at `received_at` (aware; None = not known) for a business date."""
    known = holidays or frozenset[date]()
    late = _after_cut_off(business_date, received_at, policy)
    start = add_working_days(business_date, 1, known) if late else next_working_day(business_date, known)
    return OrderDays(
        start=start,
        holidays=known,
        handling=policy.handling_working_days,
        standard_lead=policy.standard_lead_time_working_days,
        after_cut_off=late,
    )


def _after_cut_off(business_date: date, received_at: datetime | None, policy: DeliveryPolicy) -> bool:
    """Whether the message came after the business date's cut-off.

    The business date may be one the caller set (--as-of) or the sender's own calendar day, which can be
    the day before ours; a moment further away than that says nothing about this day's cut-off.
    """
    if received_at is None or policy.cut_off_time is None:
        return False
    local = received_at.astimezone(policy.zone)
    days_later = (local.date() - business_date).days
    return days_later == 1 or (days_later == 0 and local.time() >= policy.cut_off_time)
