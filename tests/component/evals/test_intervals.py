"""Wilson's interval and the upper bound behave as a statistician expects, for any counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.intervals import upper_bound, wilson

TOTALS = st.integers(min_value=1, max_value=100_000)


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    total = draw(TOTALS)
    return draw(st.integers(min_value=0, max_value=total)), total


@given(counts())
def test_the_interval_holds_the_share_and_stays_between_0_and_1(of: tuple[int, int]) -> None:
    right, total = of
    interval = wilson(right, total)
    assert interval is not None
    assert 0.0 <= interval.low <= right / total <= interval.high <= 1.0
    assert interval.low < interval.high


@given(counts())
def test_the_interval_of_the_wrong_is_the_mirror_of_that_of_the_right(of: tuple[int, int]) -> None:
    right, total = of
    ours, mirror = wilson(right, total), wilson(total - right, total)
    assert ours is not None
    assert mirror is not None
    assert ours.low == pytest.approx(1 - mirror.high, abs=1e-9)


@given(counts())
def test_more_of_the_same_makes_it_narrower(of: tuple[int, int]) -> None:
    right, total = of
    few, many = wilson(right, total), wilson(right * 4, total * 4)
    assert few is not None
    assert many is not None
    assert many.high - many.low < few.high - few.low


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    # Published values: Newcombe 1998, table I, method 3 (81 of 263, 15 of 148, 0 of 20, 1 of 29).
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_published_intervals(right: int, total: int, low: float, high: float) -> None:
    interval = wilson(right, total)
    assert interval is not None
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@given(st.integers(min_value=30, max_value=100_000))
def test_nothing_wrong_is_bounded_by_the_rule_of_three(total: int) -> None:
    bound = upper_bound(0, total)
    assert bound is not None
    assert 0.95 * 3 / total < bound <= 3 / total


@given(counts())
def test_more_events_never_bound_lower(of: tuple[int, int]) -> None:
    events, total = of
    bound = upper_bound(events, total)
    assert bound is not None
    assert events / total <= bound <= 1.0
    if events:
        less = upper_bound(events - 1, total)
        assert less is not None
        assert less <= bound


def test_nothing_counted_says_nothing() -> None:
    assert wilson(0, 0) is None
    assert upper_bound(0, 0) is None


@pytest.mark.parametrize(("part", "total"), [(2, 1), (-1, 3), (0, -1)])
def test_a_count_that_cannot_be_is_refused(part: int, total: int) -> None:
    with pytest.raises(ValueError, match="no count"):
        wilson(part, total)
