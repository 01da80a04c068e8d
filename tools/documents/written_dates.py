"""Dates as people write them, in figures and words: English, German, Spanish, French (Italian, Dutch months).

A date whose day and month could be exchanged (03/04) keeps both options unless the caller knows the order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

from orderdesk.domain.base import Value
from tools.documents.date_words import COUNT, MONTHS, PATTERNS, WEEKDAYS

# exact: a calendar day stands there; the others were counted from the day of writing
DateKind = Literal["exact", "no_year", "weekday", "week", "relative"]


class FoundDate(Value):
    """A date in a text: its value (the first option), where it stands, and every option it leaves open."""

    value: date
    options: tuple[date, ...]
    start: int
    end: int
    kind: DateKind = "exact"

    @property
    def ambiguous(self) -> bool:
        """Whether more than one day can be meant."""
        return len(self.options) > 1


def find_dates(text: str, *, today: date, day_first: bool | None) -> tuple[FoundDate, ...]:
    """Every date in running text, left to right, not overlapping.

    `today` is the day the text was written; dates without a year and dates in words count from it.
    `day_first` is the order of 03/04 where it is known, None where it is not.
    """
    folded = _fold_same_length(text)
    found: list[FoundDate] = []
    taken: list[tuple[int, int]] = []
    for name, pattern in PATTERNS:
        for match in pattern.finditer(folded):
            start, end = match.span()
            # a sentence may end behind a month's name; '27.3.' keeps its point
            closing = " ,." if name in ("day_month", "month_day", "weekday_day") else " ,"
            while end > start and folded[end - 1] in closing:
                end -= 1
            while start < end and folded[start] == " ":
                start += 1
            if any(start < e and s < end for s, e in taken):
                continue
            result = _READERS[name](match, today, day_first)
            if result is None:
                continue
            options, kind = result
            found.append(FoundDate(value=options[0], options=options, start=start, end=end, kind=kind))
            taken.append((start, end))
    return tuple(sorted(found, key=lambda f: f.start))


def parse_date(text: str, *, today: date, day_first: bool | None) -> FoundDate | None:
    """The one date a cell or a labelled field holds; also 20260304 as exports write it."""
    compact = re.fullmatch(r"\s*((?:19|20)\d\d)(\d\d)(\d\d)(?:\d{4,6})?\s*", text)
    if compact:
        value = _day(int(compact[1]), int(compact[2]), int(compact[3]))
        return FoundDate(value=value, options=(value,), start=0, end=len(text)) if value else None
    dates = find_dates(text, today=today, day_first=day_first)
    return dates[0] if dates else None


_US_ADDRESS = re.compile(r"\b[A-Z]{2},?[ \t]+\d{5}(?:-\d{4})?\b")
_UK_ADDRESS = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b")


def settled_order(text: str) -> bool | None:
    """Whether a document writes the day first: by its own unmistakable figures (7/27/2019), else by the
    country of its addresses (a US state with a ZIP code: month first; a UK postcode: day first); else None."""
    firsts: set[bool] = set()
    for match in re.finditer(r"(?<![\w./-])(\d\d?)[/-](\d\d?)[/-](?:20)?\d\d(?![\w/-])", text):
        a, b = int(match[1]), int(match[2])
        if a > 12 >= b:
            firsts.add(True)
        elif b > 12 >= a:
            firsts.add(False)
    if firsts:
        return firsts.pop() if len(firsts) == 1 else None
    american, british = bool(_US_ADDRESS.search(text)), bool(_UK_ADDRESS.search(text))
    return None if american == british else british


def _fold_same_length(text: str) -> str:
    """Lower case without accents, every character in its place, so that offsets stay true."""
    out: list[str] = []
    for c in text:
        base = unicodedata.normalize("NFKD", c.lower())[:1] if c != "º" else c
        out.append(base if len(base) == 1 else " ")
    return re.sub(r"[\s\u00a0]", " ", "".join(out))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(raw: str | None) -> int | None:
    if not raw:
        return None
    number = int(raw.strip("' "))
    return number if number > 99 else 2000 + number


def _nearest(month: int, day: int, today: date) -> date | None:
    """The day in the year that makes it lie between 90 days ago and nine months ahead: orders look forward,
    but a past date must stay visible as past."""
    for year in (today.year - 1, today.year, today.year + 1):
        value = _day(year, month, day)
        if value and value >= today - timedelta(days=90):
            return value
    return None


_Result = tuple[tuple[date, ...], DateKind] | None
_Match = re.Match[str]


def _dated(year: int | None, month: int, day: int, today: date) -> _Result:
    value = _day(year, month, day) if year else _nearest(month, day, today)
    return ((value,), "exact" if year else "no_year") if value else None


def _ymd(m: _Match, today: date, _: bool | None) -> _Result:
    return _dated(int(m["y"]), int(m["m"]), int(m["d"]), today)


# 'class 8.8.' and '3/4' are no dates; without a year only a date word before the figures makes them one
_BEFORE_DATE = re.compile(
    r"(?:\b(?:by|on|before|until|till|due|from|am|bis|zum|zu[mr]|den|dem|vom|ab|el|para|antes del?|hasta|le|pour|avant|"
    r"date|datum|fecha|termin|delivery|lieferung|entrega|livraison)(?: (?:the|den|el|le|zum|dia))?|liefertermin)[ :]*$"
)


def _weekday_fits(m: _Match, result: _Result, today: date) -> _Result:
    """'Friday, 12 March' which is no Friday: the weekday or the date is wrong, so both stay open."""
    if result is None or not m["w"] or any(o.weekday() == WEEKDAYS[m["w"]] for o in result[0]):
        return result
    return (result[0][0], _next_weekday(WEEKDAYS[m["w"]], today)), result[1]


def _dots(m: _Match, today: date, _: bool | None) -> _Result:
    if not m["y"] and not m["w"] and not _BEFORE_DATE.search(m.string[: m.start()]):
        return None
    return _weekday_fits(m, _dated(_year(m["y"]), int(m["m"]), int(m["d"]), today), today)


def _slash(m: _Match, today: date, day_first: bool | None) -> _Result:
    return _weekday_fits(m, _exchangeable(m, _year(m["y"]), today, day_first), today)


def _short_slash(m: _Match, today: date, day_first: bool | None) -> _Result:
    if not m["w"] and not _BEFORE_DATE.search(m.string[: m.start()]):
        return None
    result = _weekday_fits(m, _exchangeable(m, None, today, day_first), today)
    return (result[0], "no_year") if result else None


def _exchangeable(m: _Match, year: int | None, today: date, day_first: bool | None) -> _Result:
    a, b = int(m["a"]), int(m["b"])
    by_day = _day(year, b, a) if year else _nearest(b, a, today)
    by_month = _day(year, a, b) if year else _nearest(a, b, today)
    order = (by_month, by_day) if day_first is False else (by_day, by_month)
    options = tuple(dict.fromkeys(o for o in order if o))
    if not options:
        return None
    if m["w"] and len(options) > 1:  # 'Friday 03/04': the weekday may settle it
        fitting = tuple(o for o in options if o.weekday() == WEEKDAYS[m["w"]])
        options = fitting or options
    return (options if day_first is None else options[:1]), "exact"


def _named(m: _Match, today: date, _: bool | None) -> _Result:
    return _weekday_fits(m, _dated(_year(m["y"]), MONTHS[m["mn"]], int(m["d"]), today), today)


def _next_weekday(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _next_monthday(day: int, today: date) -> date | None:
    for ahead in range(62):
        value = today + timedelta(days=ahead)
        if value.day == day:
            return value
    return None


def _weekday_day(m: _Match, today: date, _: bool | None) -> _Result:
    day, weekday = _next_monthday(int(m["d"]), today), WEEKDAYS[m["w"]]
    if day is None:
        return None
    return ((day,) if day.weekday() == weekday else (day, _next_weekday(weekday, today))), "weekday"


def _weekday(m: _Match, today: date, _: bool | None) -> _Result:
    day = _next_weekday(WEEKDAYS[m["w"]], today)
    # 'next Friday' said on a Monday: to some the coming one, to others that of next week
    skips = (m["n"] or "").startswith(("next", "naechst", "nachst")) or "prochain" in f"{m['n']} {m['n2']}"
    if skips and day.isocalendar().week == today.isocalendar().week:
        return (day, day + timedelta(days=7)), "weekday"
    return (day,), "weekday"


def _week(m: _Match, today: date, _: bool | None) -> _Result:
    """The Monday: goods that come on Monday are there 'by' and 'in' that week, whichever was meant; of the
    running week the Friday, as its Monday is gone."""
    week, year = int(m["wk"]), _year(m["y"])
    years = (year,) if year else (today.year, today.year + 1)
    for candidate in years:
        try:
            monday = date.fromisocalendar(candidate, week, 1)
        except ValueError:
            continue
        if year or monday >= today - timedelta(days=13):
            running = monday <= today < monday + timedelta(days=5)
            return (monday + timedelta(days=4) if running else monday,), "week"
    return None


def _ordinal(m: _Match, today: date, _: bool | None) -> _Result:
    day = _next_monthday(int(m["d"] or m["d2"]), today)
    return ((day,), "no_year") if day else None


def _in_n(m: _Match, today: date, _: bool | None) -> _Result:
    count = COUNT.get(m["n"]) or int(m["n"])
    weeks = m["u"].startswith(("week", "woche", "semana", "semaine"))
    return (today + timedelta(days=count * (7 if weeks else 1)),), "relative"


def _word(m: _Match, today: date, _: bool | None) -> _Result:
    word = m["word"]
    if word in ("day after tomorrow", "uebermorgen", "ubermorgen", "pasado manana", "apres-demain"):
        value = today + timedelta(days=2)
    elif word in ("tomorrow", "morgen", "manana", "demain"):
        value = today + timedelta(days=1)
    elif "month" in word or "monat" in word or word.endswith((" mes", " mois")):
        value = (today.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    elif word.startswith(("next", "naechste", "nachste", "proxima", "la semana", "semaine")):
        value = today - timedelta(days=today.weekday()) + timedelta(days=7)
    else:
        value = today + timedelta(days=(4 - today.weekday()) % 7)
    return (value,), "relative"


_READERS: dict[str, Callable[[_Match, date, bool | None], _Result]] = {
    "ymd": _ymd, "dots": _dots, "slash": _slash, "short_slash": _short_slash, "day_month": _named, "month_day": _named,
    "weekday_day": _weekday_day, "week": _week, "weekday": _weekday, "ordinal": _ordinal, "in_n": _in_n,
    "word": _word,
}  # fmt: skip
