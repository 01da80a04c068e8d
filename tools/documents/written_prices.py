"""Prices as people write them: amount, currency, and how many of which unit the price is for."""
# ruff: noqa: E501 - patterns

from __future__ import annotations

import re
from decimal import Decimal

from orderdesk.domain.base import DecimalString, Value
from orderdesk.domain.units import unit_from_word
from tools.documents.written_numbers import Convention, is_ambiguous, parse_number, readings

_SYMBOLS = {"€": "EUR", "£": "GBP", "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD"}
_CODES = [
    "USD",
    "EUR",
    "GBP",
    "CHF",
    "CAD",
    "AUD",
    "MXN",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CZK",
    "JPY",
    "HUF",
    "RON",
    "BRL",
    "INR",
    "NZD",
    "ZAR",
    "TRY",
    "CNY",
]
_WORDS = {"euro": "EUR", "euros": "EUR", "dollars": "USD", "pounds": "GBP", "franken": "CHF", "pesos": "MXN"}
_CODE = "|".join(_CODES)
CURRENCY = re.compile(
    rf"US\$|CA?\$|A\$|[€£$]|(?<![A-Za-z])(?:{_CODE})(?![A-Za-z])|(?<![A-Za-z])(?:euros?|dollars|Franken|pesos)(?![A-Za-z])",
    re.IGNORECASE,
)
# what stands behind a price: '/M' a thousand, '/C' a hundred, 'per 100', 'je 100 Stk', 'each', '/ud'
_PER = re.compile(
    r"[ \t]*(?:(?:/|per|pro|je|por|par|for|cada|chaque|la|el|le|the|al|als)[ \t]*(?P<n>\d{1,6})?[ \t]*(?P<u>[A-Za-zÀ-ÿ²³]{1,12}\.?)?"
    r"|(?P<each>each|ea\.?|apiece|cada un[oa]|c/u|das stück|pro stück|pièce|l['’]unité|la unidad))",
    re.IGNORECASE,
)


class WrittenPrice(Value):
    """A price; `base` units of `unit` cost `amount`. `ambiguous` = the amount has two readings."""

    amount: DecimalString
    currency: str = ""
    base: DecimalString | None = None
    unit: str = ""
    ambiguous: bool = False


def currency_code(text: str) -> str:
    """The ISO code of the first currency sign or word; empty where none stands there, or only a bare '$'.

    A bare dollar sign is not one currency (US, Canadian, Australian ...), so it settles nothing alone.
    """
    match = CURRENCY.search(text)
    if not match:
        return ""
    word = match.group()
    return (
        _SYMBOLS.get(word.upper(), "")
        or _WORDS.get(word.lower(), "")
        or (word.upper() if word.upper() in _CODES else "")
    )


def parse_price(text: str, convention: Convention | None = None) -> WrittenPrice | None:
    """A price cell or phrase such as '3,85 €/Stk', '$1,250.00/M', '12.50 per 100'; None where there is no amount."""
    match = re.search(r"\d[\d.,'’\u00a0\u202f]*(?: \d{3}(?!\d)[\d.,]*)*(?:,-+)?", text)
    if not match:
        return None
    raw = match.group().rstrip(".,'’\u00a0\u202f ") if not match.group().endswith("-") else match.group()
    sign = "-" if text[: match.start()].rstrip().endswith(("-", "−")) else ""
    amount = parse_number(sign + raw, convention)
    ambiguous = is_ambiguous(raw) and convention is None
    if amount is None:
        values = readings(raw)
        if not values:
            return None
        amount = min(values.values())
    tail = CURRENCY.sub(" ", text[match.end() :])
    base, unit = per_of(tail)
    return WrittenPrice(
        amount=amount, currency=currency_code(text), base=base, unit=unit, ambiguous=ambiguous
    )


def per_of(tail: str) -> tuple[Decimal | None, str]:
    """(price base, our unit code) of what follows an amount; (None, '') where nothing is said."""
    match = _PER.match(tail)
    if not match or match.group("each"):
        return None, "EA" if match else ""
    count, word = match.group("n"), match.group("u") or ""
    if word in ("M", "MM") and not count:  # trade usage: /M is per mille, /m per metre
        return Decimal(1000), ""
    if word == "C" and not count:
        return Decimal(100), ""
    unit = unit_from_word(word) or "" if word else ""
    if unit in ("HU", "TH") and not count:
        return Decimal(100 if unit == "HU" else 1000), ""
    return (Decimal(count) if count and int(count) > 0 else None), unit
