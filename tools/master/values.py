"""One cell of a master-data file as a checked value; what is wrong with it, in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from orderdesk.domain.units import UNIT_CODES, unit_from_unece, unit_from_word, unit_from_x12
from tools.master.columns import CURRENCIES, Column, ColumnType

CellValue = str | Decimal | int | date | bool | list[str] | None

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?|[+-]?\.\d+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# Nobody sells 10^24 of anything: a longer number is a slipped column or an id.
_MOST_DIGITS = 24


class BadCell(Exception):
    """A cell that is not what its column holds; the message says what was expected."""


def parse_cell(column: Column, text: str) -> CellValue:
    """The value of a cell; None for an empty one. Raises BadCell with what was expected."""
    text = text.strip()
    if "\x00" in text:
        raise BadCell("it holds a NUL character; expected text")
    if not text:
        if column.required:
            raise BadCell("it is empty; expected a value, as the row means nothing without it")
        return [] if column.type in ("list", "lower_list") else column.filled
    if column.type == "choice":
        return _choice(text, column.choices)
    return _PARSERS[column.type](text)


def _choice(text: str, choices: tuple[str, ...]) -> str:
    if text.lower() not in choices:
        raise BadCell(f"expected one of {', '.join(choices)}")
    return text.lower()


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text) or len(text) > _MOST_DIGITS:
        raise BadCell("expected a number with a decimal point and no thousands separator, like 1250.50")
    return Decimal(text)


def _not_negative(text: str) -> Decimal:
    number = _number(text)
    if number < 0:
        raise BadCell("expected a number of zero or more")
    return number


def _positive(text: str) -> Decimal:
    number = _number(text)
    if number <= 0:
        raise BadCell("expected a number above zero")
    return number


def _days(text: str) -> int:
    if not re.fullmatch(r"\d{1,5}", text):
        raise BadCell("expected a whole number of days, like 14")
    return int(text)


def _date(text: str) -> date:
    try:
        if not _DATE.fullmatch(text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise BadCell("expected a date as YYYY-MM-DD, like 2026-03-31") from None


def _flag(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise BadCell("expected true or false")
    return text.lower() == "true"


def _currency(text: str) -> str:
    if text.upper() not in CURRENCIES:
        raise BadCell("expected an ISO 4217 currency code, like USD or EUR")
    return text.upper()


def _country(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise BadCell("expected an ISO 3166 country code of two letters, like US or DE")
    return text.upper()


def _language(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}(-[A-Za-z]{2})?", text):
        raise BadCell("expected an ISO 639-1 language code of two letters, like en or de")
    return text[:2].lower()


def _unit(text: str) -> str:
    """Our code first; then the codes and words that other systems write for the same unit."""
    upper = text.upper()
    if upper in UNIT_CODES:
        return upper
    code = unit_from_unece(text) or unit_from_x12(text) or unit_from_word(text)
    if code:
        return code
    if not re.fullmatch(r"[A-Z0-9]{1,8}", upper):
        raise BadCell("expected a unit code, like EA, BX or KG")
    return upper  # a unit of the company's own: usable where orders write it the same way


def _list(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))


_PARSERS: dict[ColumnType, Callable[[str], CellValue]] = {
    "text": lambda text: text,
    "lower": str.lower,
    "list": _list,
    # addresses and domains; some systems write a domain as "@company.com"
    "lower_list": lambda text: [part.lstrip("@") for part in _list(text.lower())],
    "number": _number,
    "not_negative": _not_negative,
    "positive": _positive,
    "days": _days,
    "date": _date,
    "flag": _flag,
    "currency": _currency,
    "country": _country,
    "language": _language,
    "unit": _unit,
}
