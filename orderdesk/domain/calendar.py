"""Business days: weekends and a country's holidays; pure, the holidays are handed in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

# ISO weekdays Monday = 1 ... Sunday = 7.
WEEKEND: tuple[int, ...] = (6, 7)

_DAY = timedelta(days=1)


def is_working_day(day: date, holidays: Collection[date], *, weekend: Collection[int] = WEEKEND) -> bool:
    """Whether goods can be moved on this day: neither weekend (ISO weekdays) nor one of the holidays."""
    return day.isoweekday() not in weekend and day not in holidays


def next_working_day(day: date, holidays: Collection[date], *, weekend: Collection[int] = WEEKEND) -> date:
    """The day itself where it is a working day, else the first one after it.

    Ends at date.max: a date from outside may stand at the end of the calendar and must not crash a case.
    """
    while day < date.max and not is_working_day(day, holidays, weekend=weekend):
        day += _DAY
    return day


def add_working_days(
    day: date, count: int, holidays: Collection[date], *, weekend: Collection[int] = WEEKEND
) -> date:
    """The count-th working day after `day`; count 0 is `next_working_day`. Ends at date.max.

    Raises ValueError for a negative count: a promise is never counted backwards.
    """
    if count < 0:
        raise ValueError(f"working days to add must not be negative, got {count}")
    if count == 0:
        return next_working_day(day, holidays, weekend=weekend)
    for _ in range(count):
        if day == date.max:
            break
        day = next_working_day(day + _DAY, holidays, weekend=weekend)
    return day
