"""Numbers as people write them: both decimal conventions, what is ambiguous, and which convention others settle."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

# "point": 1,234.56 (the point is the decimal mark); "comma": 1.234,56.
Convention = Literal["point", "comma"]

_STRIP = re.compile(
    r"(?:US\$|A\$|C\$|CA\$|[$€£¥]"
    r"|\b(?:USD|EUR|GBP|CHF|CAD|AUD|MXN|SEK|NOK|DKK|PLN|CZK|JPY|Rs\.?|Euro?s?|kr)\b\.?)",
    re.IGNORECASE,
)
# blanks and apostrophes only ever group thousands (SI, Swiss and French usage), and only in threes
_GROUPED_BLANK = re.compile(r"^\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?=$|[.,])")


def readings(text: str) -> dict[Convention, Decimal]:
    """Every value a written number can have, by convention; equal values where it is unambiguous.

    Empty where the text is not one number. '1,234' reads 1234 (point) or 1.234 (comma); '3.08' is 3.08
    either way, as no one groups two digits.
    """
    body, negative = _body(text)
    if body is None:
        return {}
    marks = [c for c in body if c in ".,"]
    if not marks:
        return _both(Decimal(body), negative)
    kinds = set(marks)
    last = max(body.rfind("."), body.rfind(","))
    head, tail = body[:last], body[last + 1 :]
    if len(kinds) == 2:
        return _two_marks(body, head, tail, body[last], negative)
    mark = marks[0]
    if len(marks) > 1:
        if not _grouped(body, mark):
            return {}
        return _both(Decimal(body.replace(mark, "")), negative)
    if not head or not tail:
        return _both(Decimal((head or "0") + "." + (tail or "0")), negative) if head or tail else {}
    as_decimal = Decimal(f"{head}.{tail}")
    if len(tail) == 3 and 1 <= len(head) <= 3 and not head.startswith("0"):
        grouped = Decimal(head + tail)
        point, comma = (grouped, as_decimal) if mark == "," else (as_decimal, grouped)
        return {"point": -point if negative else point, "comma": -comma if negative else comma}
    return _both(as_decimal, negative)


def parse_number(text: str, convention: Convention | None = None) -> Decimal | None:
    """The number, or None where the text is no number or is ambiguous and no convention is given."""
    values = readings(text)
    if not values:
        return None
    if len(set(values.values())) == 1:
        return next(iter(values.values()))
    return values[convention] if convention else None


def is_ambiguous(text: str) -> bool:
    """Whether the written number has two values, one in each convention ('1,234', '1.000')."""
    return len(set(readings(text).values())) == 2


def convention_of(text: str) -> Convention | None:
    """The convention a written number proves, None where it proves none ('48', '1,234')."""
    body, _ = _body(text)
    if body is None or not readings(text) or is_ambiguous(text):
        return None
    marks = [c for c in body if c in ".,"]
    if not marks:
        return None
    if len(marks) > 1 and len(set(marks)) == 1:  # 1.234.567 groups with points
        return "comma" if marks[0] == "." else "point"
    return "point" if marks[-1] == "." else "comma"


def decide(samples: Iterable[str]) -> Convention | None:
    """The convention all proving samples share; None where none proves it or they disagree."""
    votes: set[Convention] = {vote for vote in map(convention_of, samples) if vote}
    return votes.pop() if len(votes) == 1 else None


def number_texts(text: str) -> tuple[str, ...]:
    """Written amounts in running text with exactly two decimals: what settles a document's convention.

    Dates (27.03.2026) and part numbers are not amounts; two decimals at a word's end nearly always are.
    """
    return tuple(m.group() for m in re.finditer(r"(?<![\w./,-])\d[\d.,'’]*[.,]\d{2}(?![\w./,-]*\d)", text))


def _both(value: Decimal, negative: bool) -> dict[Convention, Decimal]:
    value = -value if negative else value
    return {"point": value, "comma": value}


def _two_marks(body: str, head: str, tail: str, mark: str, negative: bool) -> dict[Convention, Decimal]:
    other = "," if mark == "." else "."
    if body.count(mark) != 1 or not tail or not _grouped(head, other):
        return {}
    return _both(Decimal(head.replace(other, "") + "." + tail), negative)


def _grouped(text: str, mark: str) -> bool:
    parts = text.split(mark)
    return 1 <= len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:])


def _body(text: str) -> tuple[str | None, bool]:
    """Digits and marks only, and whether the number is negative; None where it is not one number."""
    text = _STRIP.sub(" ", text).strip()
    text = re.sub(r"(?<=\d)\s*,-+$|(?<=\d)\.-+$", "", text)  # 12,- and 12.--
    negative = False
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1].strip()
    if text.endswith("-") or text.startswith(("-", "−")):
        negative, text = True, text.strip("-−").strip()
    text = text.lstrip("+").strip()
    grouped = _GROUPED_BLANK.match(text)
    if grouped:
        text = re.sub(r"[ \u00a0\u202f'’]", "", grouped.group()) + text[grouped.end() :]
    if not re.fullmatch(r"[0-9.,]*[0-9][0-9.,]*", text) or re.search(r"[.,]{2}", text):
        return None, negative
    return text, negative
