"""Business days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderdesk.domain.calendar import add_working_days, is_working_day, next_working_day

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
HOLIDAYS = st.frozensets(DAYS, max_size=20)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 3, 6), True),
        (date(2026, 3, 7), False),
        (date(2026, 3, 8), False),
        (date(2026, 3, 9), True),
    ],
)
def test_weekends_are_no_working_days(day: date, working: bool) -> None:
    assert is_working_day(day, frozenset()) is working


def test_a_holiday_is_no_working_day() -> None:
    assert not is_working_day(date(2026, 3, 9), {date(2026, 3, 9)})
    assert next_working_day(date(2026, 3, 7), {date(2026, 3, 9)}) == date(2026, 3, 10)


def test_other_countries_have_other_weekends() -> None:
    assert not is_working_day(date(2026, 3, 6), frozenset(), weekend=(5, 6))
    assert is_working_day(date(2026, 3, 8), frozenset(), weekend=(5, 6))


@given(DAYS, HOLIDAYS)
def test_the_next_working_day_is_the_first_one_and_stays(day: date, holidays: frozenset[date]) -> None:
    result = next_working_day(day, holidays)
    assert is_working_day(result, holidays)
    between = (day + timedelta(days=n) for n in range((result - day).days))
    assert not any(is_working_day(d, holidays) for d in between)
    assert next_working_day(result, holidays) == result


@given(DAYS, st.integers(1, 60), HOLIDAYS)
def test_added_working_days_are_counted_exactly(day: date, count: int, holidays: frozenset[date]) -> None:
    result = add_working_days(day, count, holidays)
    passed = [day + timedelta(days=n) for n in range(1, (result - day).days + 1)]
    assert sum(is_working_day(d, holidays) for d in passed) == count
    assert is_working_day(result, holidays)


@given(DAYS, st.integers(0, 30), st.integers(0, 30), HOLIDAYS)
def test_days_added_in_two_steps_are_the_same(day: date, a: int, b: int, holidays: frozenset[date]) -> None:
    start = next_working_day(day, holidays)
    once = add_working_days(start, a + b, holidays)
    assert add_working_days(add_working_days(start, a, holidays), b, holidays) == once


def test_nothing_is_counted_backwards_and_the_calendar_s_end_is_no_crash() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 3, 2), -1, frozenset())
    assert add_working_days(date(9999, 12, 30), 500, frozenset()) == date.max
    assert next_working_day(date.max, {date.max}) == date.max
