"""Whether a value follows from the words it is said to rest on: its digits, its characters, its unit stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from agents.reader.rules.circumstances import Circumstances
from agents.reader.rules.masks import NUMBER
from agents.reader.rules.mentions import prose_unit
from agents.reader.rules.vocabulary import NUMBER_WORDS, ONE_BEFORE_UNIT
from orderdesk.domain.units import fold_unit, unit_from_word
from tools.documents.written_dates import FoundDate, find_dates
from tools.documents.written_numbers import parse_number, readings
from tools.documents.written_prices import CURRENCY, currency_code

_PLAIN = re.compile(r"\d{1,12}(?:\.\d{1,12})?")
_AMOUNT = re.compile(rf"(?<![\d.,])(?:{NUMBER})")
_COUNT = re.compile(rf"(?<![\w.,/])(?<!\w-)(?:{NUMBER})")
_WORD = re.compile(r"[^\W\d_]+[²³23]?")
_NUMBER_WORD = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, (*NUMBER_WORDS, *ONE_BEFORE_UNIT)), key=len, reverse=True))})(?!\w)",
    re.IGNORECASE,
)
_FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_HALF = re.compile(r"\b(?:half|halbes|media|demi)\b", re.IGNORECASE)
_DOLLARS = frozenset(("USD", "CAD", "AUD", "NZD", "MXN"))
_LONGEST_NUMBER = 60  # characters of a part or order number


def decimal_of(written: str) -> Decimal | None:
    """The number a model wrote as digits with a decimal point; None where it is none."""
    written = written.strip()
    if _PLAIN.fullmatch(written):
        return Decimal(written)
    return parse_number(written, "point") if len(written) <= 30 else None


def date_of(written: str) -> date | None:
    """The day a model wrote as YYYY-MM-DD; None where it is none."""
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        return None


def count_follows(value: Decimal, quote: str) -> bool:
    """Whether a quantity stands in the quote, in figures, in words, or as dozens."""
    counts = set(_counts(quote))
    if value in counts:
        return True
    if any(unit_from_word(word) == "DZ" for word in _WORD.findall(quote)):
        halves = {count / 2 for count in (*counts, Decimal(1))} if _HALF.search(quote) else set[Decimal]()
        return value in halves or any(value == count * 12 for count in (*counts, *halves, Decimal(1)))
    return False


def amount_follows(value: Decimal, quote: str) -> bool:
    """Whether a price's figure stands in the quote, in either decimal convention."""
    return any(value in readings(m.group()).values() for m in _AMOUNT.finditer(quote))


def number_follows(value: str, quote: str) -> bool:
    """Whether a part or order number stands in the quote as a whole; blanks and joints between its characters
    do not count, but '20510' is no number of 'BRG-20510'."""
    characters = [c for c in value if c.isalnum()]
    if not characters or len(characters) > _LONGEST_NUMBER:
        return False
    body = r"[\s./_-]{0,3}".join(re.escape(c) for c in characters)
    whole = rf"(?<![^\W_])(?<![^\W_][/_-])(?<!\d\.){body}(?![^\W_])(?![/_-][^\W_])(?!\.\d)"
    return re.search(whole, quote, re.IGNORECASE) is not None


def unit_follows(unit: str, quote: str) -> bool:
    """Whether a unit word, or another word of the same unit, stands in the quote."""
    words = {fold_unit(word) for word in _WORD.findall(quote)}
    code = unit_from_word(unit)
    return fold_unit(unit) in words or (code is not None and any(unit_from_word(w) == code for w in words))


def days_in(quote: str, at: Circumstances) -> Iterator[FoundDate]:
    """The dates a quote holds; one that stands alone ('20.03.') is taken for one."""
    yield from find_dates(quote, today=at.today, day_first=at.day_first)
    yield from find_dates(f"date: {quote}", today=at.today, day_first=at.day_first)


def day_follows(value: date, quote: str, at: Circumstances) -> bool:
    """Whether a day can be derived from the quote; any day of a week that is named as one ('KW 12')."""
    for found in days_in(quote, at):
        if value in found.options or (found.kind == "week" and _same_week(value, found.value)):
            return True
    return False


def same_day(rules: date, model: date, quote: str, at: Circumstances) -> bool:
    """Whether two days are the same, or two days of the one week the quote names."""
    weeks = (found for found in days_in(quote, at) if found.kind == "week")
    return rules == model or any(_same_week(rules, f.value) and _same_week(model, f.value) for f in weeks)


def currency_follows(code: str, quote: str) -> bool:
    """Whether the currency's sign, code or word stands in the quote; a bare '$' fits every dollar."""
    for match in CURRENCY.finditer(quote):
        if currency_code(match.group()) == code or (match.group() == "$" and code in _DOLLARS):
            return True
    return False


def words_follow(value: str, quote: str) -> bool:
    """Whether every word and figure of the value stands in the quote."""
    words = set(words_of(value))
    return bool(words) and words <= set(words_of(quote))


def words_of(text: str) -> list[str]:
    """Words and figures of a text, lower case."""
    return re.findall(r"[^\W_]+", text.lower())


def unit_code(word: str, language: str, own: Mapping[str, str]) -> str | None:
    """Our code for a unit as the reader's rules know it."""
    return prose_unit(word, language, own) or unit_from_word(word)


def _counts(quote: str) -> Iterator[Decimal]:
    for match in _COUNT.finditer(quote):
        yield from readings(match.group()).values()
    for match in _NUMBER_WORD.finditer(quote):
        yield Decimal(NUMBER_WORDS.get(match.group().lower(), 1))
    for sign, part in _FRACTIONS.items():
        for match in re.finditer(rf"(\d{{0,6}}) ?{sign}", quote):
            yield part + Decimal(match[1] or 0)


def _same_week(left: date, right: date) -> bool:
    return left - timedelta(days=left.weekday()) == right - timedelta(days=right.weekday())
