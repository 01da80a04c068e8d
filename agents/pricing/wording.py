"""How prices and lines are written in a clerk's sentence."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from orderdesk.domain.base import plain
from orderdesk.domain.orders import DraftLine

# A price is shown to this many places; beyond it no customer states one.
_PLACES = Decimal("0.000001")


def price_text(price: Decimal | Fraction) -> str:
    """A price with at least two places: '8.30', '0.0525'."""
    text = plain(to_decimal(price).quantize(_PLACES, rounding=ROUND_HALF_UP))
    whole, _, places = text.partition(".")
    return f"{whole}.{places.ljust(2, '0')}"


def to_decimal(value: Decimal | Fraction) -> Decimal:
    """A fraction as a decimal, to the context's 28 digits."""
    if isinstance(value, Decimal):
        return value
    return Decimal(value.numerator) / Decimal(value.denominator)


def line_name(line: DraftLine, sku: str | None) -> str:
    """'Line 2 (BRG-20510)', by the document's own number."""
    return f"Line {line.line_number} ({sku})" if sku else f"Line {line.line_number}"
