"""Dates: missing, past, moved, too early, too far, cut-off, several deliveries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from supply_builders import MONDAY, codes, draft, finding, line, matched, plan, product, stock

from orderdesk.domain.errors import CaseIncident
from orderdesk.domain.findings import Finding


def test_stocked_goods_without_a_date_are_promised_after_handling() -> None:
    result = plan(draft(line()), stocks=(stock(),))
    assert result.lines[0].promised_date == date(2026, 3, 3)
    assert result.delivery_date == date(2026, 3, 3)
    assert finding(result, "requested_date_missing").severity == "info"


def test_goods_not_in_stock_without_a_date_are_promised_after_their_lead_time() -> None:
    result = plan(draft(line()), stocks=(stock(on_hand="0"),), products=(product(lead=3),))
    assert result.lines[0].promised_date == date(2026, 3, 5)


def test_unknown_lead_time_uses_the_standard_one_and_says_so() -> None:
    result = plan(draft(line()), stocks=(stock(on_hand="0"),), products=(product(lead=None),))
    assert result.lines[0].promised_date == date(2026, 3, 9)
    assert "2026-03-09" in finding(result, "data_unknown_lead_time").message


@pytest.mark.parametrize(("offset", "past"), [(-1, True), (0, False), (1, False)])
def test_a_date_before_the_order_is_asked_about_with_the_earliest_date(offset: int, past: bool) -> None:
    result = plan(draft(line(), wanted=MONDAY + timedelta(days=offset)), stocks=(stock(),))
    assert ("requested_date_past" in codes(result)) is past
    if past:
        asked = finding(result, "requested_date_past")
        assert asked.severity == "clarify"
        assert asked.path == "requested_date"
        assert asked.facts["earliest"] == "2026-03-03"
        assert asked.options == ("2026-03-03",)


def test_a_past_date_of_one_line_is_asked_about_at_that_line() -> None:
    result = plan(
        draft(line(1), line(2, wanted=date(2025, 3, 9)), wanted=date(2026, 3, 10)),
        stocks=(stock("A-1"), stock("A-2")),
    )
    assert finding(result, "requested_date_past").path == "lines[1].requested_date"
    assert result.lines[0].promised_date == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("wanted", "promised", "moved"),
    [
        (date(2026, 3, 6), date(2026, 3, 6), False),
        (date(2026, 3, 7), date(2026, 3, 10), True),  # Saturday; Monday the 9th is a holiday
        (date(2026, 3, 9), date(2026, 3, 10), True),
        (date(2026, 3, 10), date(2026, 3, 10), False),
    ],
)
def test_weekends_and_holidays_move_to_the_next_working_day(
    wanted: date, promised: date, moved: bool
) -> None:
    result = plan(draft(line(), wanted=wanted), stocks=(stock(),), holidays=frozenset({date(2026, 3, 9)}))
    assert result.lines[0].promised_date == promised
    assert ("date_moved_to_working_day" in codes(result)) is moved
    assert "date_before_lead_time" not in codes(result)


@pytest.mark.parametrize(("wanted", "late"), [(date(2026, 3, 4), True), (date(2026, 3, 5), False)])
def test_a_date_before_the_lead_time_without_stock_is_asked_back(wanted: date, late: bool) -> None:
    result = plan(draft(line(), wanted=wanted), stocks=(stock(on_hand="0"),), products=(product(lead=3),))
    assert ("date_before_lead_time" in codes(result)) is late
    assert result.lines[0].promised_date == date(2026, 3, 5)
    if late:
        assert finding(result, "date_before_lead_time").facts["earliest"] == "2026-03-05"


@pytest.mark.parametrize(("wanted", "late"), [(MONDAY, True), (date(2026, 3, 3), False)])
def test_stocked_goods_need_their_handling_day(wanted: date, late: bool) -> None:
    result = plan(draft(line(), wanted=wanted), stocks=(stock(),))
    assert ("date_before_lead_time" in codes(result)) is late


def test_an_order_date_that_many_lines_miss_is_asked_once_with_the_last_day() -> None:
    result = plan(
        draft(line(1), line(2), wanted=date(2026, 3, 3)),
        products=(product("A-1", lead=3), product("A-2", lead=4)),
        stocks=(stock("A-1", "0"), stock("A-2", "0")),
    )
    asked = finding(result, "date_before_lead_time")
    assert asked.facts["earliest"] == "2026-03-06"
    assert asked.facts["lines"] == "1, 2"


@pytest.mark.parametrize(("days", "far"), [(365, False), (366, True)])
def test_a_date_far_away_is_asked_about(days: int, far: bool) -> None:
    result = plan(draft(line(), wanted=MONDAY + timedelta(days=days)), stocks=(stock(),))
    assert ("requested_date_far" in codes(result)) is far


@pytest.mark.parametrize(
    ("received", "promised"),
    [
        (datetime(2026, 3, 2, 13, 59, 59, tzinfo=UTC), date(2026, 3, 3)),
        (datetime(2026, 3, 2, 14, 0, tzinfo=UTC), date(2026, 3, 4)),
        (datetime(2026, 3, 3, 7, 0, tzinfo=UTC), date(2026, 3, 4)),  # the sender's evening, our morning
        (datetime(2026, 7, 1, 15, 0, tzinfo=UTC), date(2026, 3, 3)),  # another day: the date was set by hand
        (None, date(2026, 3, 3)),
    ],
)
def test_after_the_cut_off_an_order_counts_from_the_next_working_day(
    received: datetime | None, promised: date
) -> None:
    result = plan(draft(line()), stocks=(stock(),), received_at=received)
    assert result.lines[0].promised_date == promised
    assert ("after_cut_off" in codes(result)) is (promised == date(2026, 3, 4))


def test_the_cut_off_is_in_the_company_s_own_zone_and_may_be_absent() -> None:
    at = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # nine in the morning in Chicago
    in_chicago = plan(draft(line()), stocks=(stock(),), received_at=at, time_zone="America/Chicago")
    assert "after_cut_off" not in codes(in_chicago)
    without = plan(draft(line()), stocks=(stock(),), received_at=at, cut_off_time="")
    assert "after_cut_off" not in codes(without)


def test_an_order_of_a_sunday_counts_from_monday() -> None:
    result = plan(draft(line()), stocks=(stock(),), business_date=date(2026, 3, 1))
    assert result.lines[0].promised_date == date(2026, 3, 3)


def test_an_ambiguous_date_is_left_to_the_reader_s_question() -> None:
    unclear = Finding(code="date_ambiguous", severity="clarify", path="requested_date", message="03/04?")
    result = plan(draft(line(), wanted=date(2026, 2, 4), findings=(unclear,)), stocks=(stock(),))
    assert not {"requested_date_past", "date_before_lead_time", "date_ambiguous"} & set(codes(result))


def test_several_dates_are_schedule_lines() -> None:
    result = plan(
        draft(line(schedule=(("4", date(2026, 3, 10)), ("6", date(2026, 4, 14))))),
        stocks=(stock(),),
    )
    said = finding(result, "schedule_lines")
    assert said.facts["deliveries"] == "4 EA on 2026-03-10; 6 EA on 2026-04-14"
    assert result.lines[0].promised_date == date(2026, 4, 14)
    assert result.lines[0].reserve == Decimal(10)


@pytest.mark.parametrize(("on_hand", "late"), [("4", False), ("3", True)])
def test_the_first_delivery_must_be_there_on_its_own_day(on_hand: str, late: bool) -> None:
    result = plan(
        draft(line(schedule=(("4", date(2026, 3, 3)), ("6", date(2026, 4, 14))))),
        stocks=(stock(on_hand=on_hand),),
        products=(product(lead=20),),
    )
    assert ("date_before_lead_time" in codes(result)) is late


def test_one_scheduled_date_is_the_line_s_date() -> None:
    result = plan(draft(line(schedule=(("10", date(2026, 3, 10)),))), stocks=(stock(),))
    assert "schedule_lines" not in codes(result)
    assert result.lines[0].promised_date == date(2026, 3, 10)


@pytest.mark.parametrize(("second", "asked"), [("6", False), ("7", True)])
def test_deliveries_must_add_up_to_the_line(second: str, asked: bool) -> None:
    result = plan(
        draft(line(schedule=(("4", date(2026, 3, 10)), (second, date(2026, 3, 20))))), stocks=(stock(),)
    )
    assert ("schedule_quantity_mismatch" in codes(result)) is asked


@pytest.mark.parametrize("none_loaded", [None, frozenset[date]()])
def test_unloaded_holidays_are_said(none_loaded: frozenset[date] | None) -> None:
    assert "data_unknown_holidays" in codes(plan(draft(line()), stocks=(stock(),), holidays=none_loaded))
    assert "data_unknown_holidays" not in codes(plan(draft(line()), stocks=(stock(),)))


def test_dates_at_the_end_of_the_calendar_do_not_crash() -> None:
    result = plan(draft(line(), wanted=date.max), stocks=(stock(),), business_date=date(9999, 12, 30))
    assert result.lines[0].promised_date == date.max


def test_unmatched_lines_get_no_promise_but_their_dates_are_checked() -> None:
    the_draft = draft(line(), wanted=date(2026, 1, 2))
    result = plan(the_draft, match=matched(the_draft, (None,)))
    assert result.lines[0].promised_date is None
    assert result.delivery_date is None
    assert finding(result, "requested_date_past").facts["earliest"] == "2026-03-09"


def test_a_match_of_another_draft_is_an_incident() -> None:
    two = draft(line(1), line(2))
    with pytest.raises(CaseIncident):
        plan(draft(line(1)), match=matched(two))
