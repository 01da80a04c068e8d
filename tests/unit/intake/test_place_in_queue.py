"""The place in the queue: points are worth waiting time, nobody waits beyond a written bound, it fits its column."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from orderdesk.intake.priority import POINT_S, case_priority, place_in_queue
from orderdesk.policy.loader import load_policy

POLICY = load_policy(None).queue
DAY = date(2026, 3, 2)
# Places are counted in whole seconds: what is closer together than that goes by its number in the queue.
ROUNDING = timedelta(seconds=1)

points = st.integers(0, POLICY.most)
arrivals = st.datetimes(datetime(2026, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
gaps = st.timedeltas(timedelta(0), timedelta(days=3))
tiers = st.sampled_from(["standard", "key", None])
dates = st.none() | st.dates(DAY - timedelta(days=400), DAY + timedelta(days=400))
values = st.none() | st.decimals(-1_000_000, 1_000_000, places=2)


@given(points, arrivals, gaps)
def test_of_equal_points_who_came_first_is_served_first(mine: int, came: datetime, gap: timedelta) -> None:
    assert place_in_queue(mine, came) >= place_in_queue(mine, came + gap)
    assert place_in_queue(mine, came) > place_in_queue(mine, came + gap + ROUNDING)


@given(points, points, arrivals, gaps)
def test_a_point_is_worth_its_waiting_time_and_no_more(
    urgent: int, plain: int, came: datetime, gap: timedelta
) -> None:
    assume(urgent >= plain)
    worth = timedelta(seconds=(urgent - plain) * POINT_S)
    first, later = place_in_queue(plain, came), place_in_queue(urgent, came + gap)
    if gap < worth - ROUNDING:
        assert later > first
    if gap > worth + ROUNDING:
        assert later < first


@given(points, points, arrivals, gaps)
@example(0, POLICY.most, datetime(2026, 3, 2, tzinfo=UTC), timedelta(0))
def test_nothing_is_overtaken_by_what_comes_after_its_bound(
    waiting: int, newcomer: int, came: datetime, gap: timedelta
) -> None:
    bound = timedelta(seconds=POLICY.most * POINT_S)
    assert place_in_queue(waiting, came) > place_in_queue(newcomer, came + bound + ROUNDING + gap)


@given(st.integers(0, 3000), arrivals, gaps, gaps)
def test_two_that_wait_keep_their_order_whatever_the_time(
    mine: int, came: datetime, gap: timedelta, shift: timedelta
) -> None:
    ahead = place_in_queue(mine, came) - place_in_queue(0, came + gap)
    later = place_in_queue(mine, came + shift) - place_in_queue(0, came + shift + gap)
    assert abs(ahead - later) <= 2  # both are rounded


@given(st.integers(0, 3000), arrivals)
def test_a_place_fits_the_queues_column(most: int, came: datetime) -> None:
    assert -(2**31) <= place_in_queue(most, came) < 2**31


@given(arrivals)
def test_the_zone_a_time_is_written_in_does_not_matter(came: datetime) -> None:
    assert place_in_queue(3, came) == place_in_queue(3, came.astimezone(timezone(timedelta(hours=-7))))


@given(tiers, dates, values)
def test_points_stay_between_none_and_the_most_there_are(
    tier: Literal["standard", "key"] | None, requested: date | None, value: Decimal | None
) -> None:
    assert 0 <= case_priority(tier, requested, DAY, value, POLICY) <= POLICY.most


@given(dates, dates, values)
def test_a_key_customer_comes_before_any_other_that_came_with_it(
    mine: date | None, theirs: date | None, value: Decimal | None
) -> None:
    key = case_priority("key", mine, DAY, None, POLICY)
    assert key > case_priority("standard", theirs, DAY, value, POLICY)


@given(tiers, st.dates(DAY, DAY + timedelta(days=60)), st.integers(0, 60), values)
def test_wanted_sooner_is_never_less_urgent(
    tier: Literal["standard", "key"] | None, requested: date, days: int, value: Decimal | None
) -> None:
    sooner = case_priority(tier, requested, DAY, value, POLICY)
    assert sooner >= case_priority(tier, requested + timedelta(days=days), DAY, value, POLICY)


@pytest.mark.parametrize(
    ("tier", "days", "value", "expected"),
    [
        (None, None, None, 0),
        ("standard", 2, None, POLICY.soon_points),
        ("standard", -1, None, POLICY.soon_points),
        ("standard", 3, None, POLICY.week_points),
        ("standard", 7, None, POLICY.week_points),
        ("standard", 8, None, 0),
        ("standard", None, POLICY.large_order, POLICY.large_order_points),
        ("standard", None, POLICY.large_order - 1, 0),
        ("key", 0, POLICY.large_order, POLICY.most),
    ],
)
def test_points_by_example(
    tier: Literal["standard", "key"] | None, days: int | None, value: Decimal | None, expected: int
) -> None:
    requested = None if days is None else DAY + timedelta(days=days)
    assert case_priority(tier, requested, DAY, value, POLICY) == expected


def test_no_order_is_large_where_the_policy_says_so() -> None:
    none_is = POLICY.model_copy(update={"large_order": Decimal(0)})
    assert case_priority(None, None, DAY, Decimal(10**9), none_is) == 0
