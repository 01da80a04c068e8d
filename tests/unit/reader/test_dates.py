"""Written dates in figures and words; 03/04 stays open unless something settles it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.documents.written_dates import find_dates, parse_date, settled_order

WEDNESDAY = date(2026, 3, 18)


def days(text: str, day_first: bool | None = None) -> list[str]:
    return [f.value.isoformat() for f in find_dates(text, today=WEDNESDAY, day_first=day_first)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-04-01", "2026-04-01"),
        ("7/27/2019", "2019-07-27"),
        ("27.03.2026", "2026-03-27"),
        ("bis 27.3.", "2026-03-27"),
        ("15. März 2026", "2026-03-15"),
        ("March 15, 2026", "2026-03-15"),
        ("15 Oct 2014", "2014-10-15"),
        ("para el 15 de abril", "2026-04-15"),
        ("le 3 avril 2026", "2026-04-03"),
        ("1er avril", "2026-04-01"),
        ("by Friday 27th", "2026-03-27"),
        ("next Tuesday", "2026-03-24"),
        ("nächsten Montag", "2026-03-23"),
        ("lundi prochain", "2026-03-23"),
        ("bis KW 14", "2026-03-30"),
        ("in two weeks", "2026-04-01"),
        ("Ende des Monats", "2026-03-31"),
        ("mañana", "2026-03-19"),
        ("demain", "2026-03-19"),
        ("by the 27th", "2026-03-27"),
        ("Lieferung am Freitag, den 27.03.", "2026-03-27"),
        ("by Jan 5", "2026-01-05"),
        ("by Nov 5", "2026-11-05"),
    ],
)
def test_a_date_in_text(text: str, day: str) -> None:
    assert days(text) == [day]


@pytest.mark.parametrize(
    "text",
    [
        "4500-77193-12",
        "tel 06/12/34/56/78",
        "version 1.2.3",
        "class 8.8.",
        '1/2-13 x 2"',
        "3/4 inch",
        "M8x40",
    ],
)
def test_figures_that_are_no_dates(text: str) -> None:
    assert days(text) == []


def test_day_and_month_stay_open_until_the_order_is_known() -> None:
    (found,) = find_dates("by 03/04/2026", today=WEDNESDAY, day_first=None)
    assert found.ambiguous
    assert set(found.options) == {date(2026, 4, 3), date(2026, 3, 4)}
    assert days("by 03/04/2026", day_first=True) == ["2026-04-03"]
    assert days("by 03/04/2026", day_first=False) == ["2026-03-04"]


def test_a_weekday_that_does_not_fit_its_date_leaves_both_open() -> None:
    (found,) = find_dates("Friday, 12 March 2026", today=WEDNESDAY, day_first=None)
    assert found.options == (date(2026, 3, 12), date(2026, 3, 20))


def test_a_document_settles_its_own_order() -> None:
    assert settled_order("7/27/2019 and 3/4/2019") is False
    assert settled_order("27/7/2019") is True
    assert settled_order("3/4/2019") is None
    assert settled_order("3/4/2019\nRedmond, WA 98052") is False
    assert settled_order("3/4/2019\nLondon W2 8HG") is True


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_written_dates_are_read_back(day: date) -> None:
    for written in (
        day.isoformat(),
        day.strftime("%d.%m.%Y"),
        day.strftime("%d %B %Y"),
        day.strftime("%Y%m%d"),
    ):
        found = parse_date(written, today=WEDNESDAY, day_first=None)
        assert found is not None
        assert found.options == (day,)
    slashed = parse_date(day.strftime("%d/%m/%Y"), today=WEDNESDAY, day_first=None)
    assert slashed is not None
    assert day in slashed.options
    assert slashed.ambiguous == (day.day <= 12 and day.day != day.month)


@given(st.text(alphabet="0123456789/.- marchFridKW,ª", max_size=40))
def test_every_found_date_stands_where_it_says(text: str) -> None:
    for found in find_dates(text, today=WEDNESDAY, day_first=None):
        assert 0 <= found.start < found.end <= len(text)
