"""The day a line can be there, and what that makes of the day it is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from agents.supply.days import OrderDays
from agents.supply.requested import Wanted
from agents.supply.stock import Allocation

# met: there on the wanted day, or no day was wanted. split: part now, the rest as backorder. incomplete:
# short, and the customer takes no parts. late: nothing can be there on the wanted day. not_promised: neither
# stock nor lead time is known.
Verdict = Literal["met", "split", "incomplete", "late", "not_promised"]


@dataclass(frozen=True)
class Ready:
    """The day the whole line can leave; `certain` False where neither stock nor a lead time is known."""

    day: date
    certain: bool


@dataclass(frozen=True)
class Promise:
    """What is promised for a line and how that relates to what was wanted."""

    line_index: int
    promised: date | None
    verdict: Verdict
    ready: Ready


def ready_day(
    allocation: Allocation, lead_time: int | None, purchase_day: date | None, days: OrderDays
) -> Ready:
    """When everything of a line can leave: from stock at once, else by receipt, purchase or lead time.

    Where several sources tell a date for what is not covered, the latest counts: a promise must hold.
    """
    if allocation.available is not None and allocation.backorder <= 0:
        return Ready(days.from_stock, certain=True)
    known = [day for day in (purchase_day, _lead(lead_time, days)) if day is not None]
    later = max(known) if known else days.standard
    if allocation.available is None:
        return Ready(later, certain=bool(known))
    parts = [days.after_receipt(allocation.receipt_date)] if allocation.receipt_date else []
    if allocation.uncovered > 0:
        parts.append(later)
    return Ready(max(parts), certain=True)


def _lead(lead_time: int | None, days: OrderDays) -> date | None:
    return None if lead_time is None else days.after_lead_time(lead_time)


def promise(
    wanted: Wanted, allocation: Allocation, ready: Ready, *, partial: bool, today: date, days: OrderDays
) -> Promise:
    """What can be promised for a line; `partial` = the customer takes part deliveries."""
    index = wanted.line_index
    short = allocation.backorder > 0
    if wanted.day is None:
        verdict: Verdict = "met" if not short else "split" if partial else "incomplete"
        return Promise(index, ready.day, verdict, ready)
    if wanted.ambiguous or first_day(wanted) < today:
        # A question about the day itself is already being asked; the offer is the day we can.
        day = ready.day if wanted.day < today else max(ready.day, days.working(wanted.day))
        return Promise(index, day, "split" if short and partial else "met", ready)
    target = days.working(wanted.day)
    if ready.day <= target and not late_delivery(wanted, allocation, ready, days):
        return Promise(index, target, "split" if short else "met", ready)
    if not ready.certain:
        return Promise(index, None, "not_promised", ready)
    some_now = allocation.reserve > 0 and days.from_stock <= target
    if short and some_now and not wanted.schedule:
        return Promise(index, ready.day, "split" if partial else "incomplete", ready)
    return Promise(index, max(ready.day, target), "late", ready)


def first_day(wanted: Wanted) -> date:
    """The earliest day anything of the line is wanted; the line must have a day."""
    assert wanted.day is not None
    return wanted.schedule[0].day if wanted.schedule else wanted.day


def late_delivery(wanted: Wanted, allocation: Allocation, ready: Ready, days: OrderDays) -> date | None:
    """The first scheduled day that cannot be met, counting the deliveries up against what is reserved."""
    total = sum((part.quantity for part in wanted.schedule), Decimal(0))
    if total <= 0:
        return None
    counted = Decimal(0)
    for part in wanted.schedule:
        counted += part.quantity
        needed = counted * allocation.quantity / total
        available_on = days.from_stock if needed <= allocation.reserve else ready.day
        if available_on > days.working(part.day):
            return part.day
    return None
