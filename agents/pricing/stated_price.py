"""The customer's price of a line, brought to one booked unit so that it can be compared with ours."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from agents.pricing.our_price import OurPrice
from orderdesk.domain.errors import UnitError
from orderdesk.domain.master import Product
from orderdesk.domain.orders import DraftLine
from orderdesk.domain.results import LineMatch
from orderdesk.domain.units import unit_from_word


class StatedPrice(NamedTuple):
    """Exactly, for one booked unit; `assumed_base` where the customer left 'per 100' unsaid."""

    each: Fraction
    assumed_base: bool = False


def stated_price(
    line: DraftLine, match: LineMatch, product: Product, ours: OurPrice | None
) -> StatedPrice | None:
    """What the customer states for one booked unit; None where no price is stated.

    A line that states only its total states the price that follows from it. Raises UnitError where the price
    is for a unit the article has no factor for.
    """
    assert match.uom is not None
    stated_unit = line.uom.value if line.uom else match.uom
    if line.unit_price is None:
        if line.line_total is None or line.quantity is None or line.quantity.value <= 0:
            return None
        goods = Fraction(line.line_total.value) - Fraction(line.charges or 0)
        return StatedPrice(goods / Fraction(line.quantity.value) * _units(product, match.uom, stated_unit))
    price = Fraction(line.unit_price.value) * _units(product, match.uom, price_unit(line, stated_unit))
    if line.price_base is not None and line.price_base > 0:
        return StatedPrice(price / Fraction(line.price_base))
    if ours is not None and ours.price_base != 1 and _nearer_per_base(price, ours):
        return StatedPrice(price / Fraction(ours.price_base), assumed_base=True)
    return StatedPrice(price)


def price_unit(line: DraftLine, otherwise: str) -> str:
    """Our code of the unit the stated price is for."""
    if not line.price_uom:
        return otherwise
    return unit_from_word(line.price_uom) or line.price_uom.upper()


def _units(product: Product, unit: str, of: str) -> Fraction:
    if unit == of:  # needs no factor
        return Fraction(1)
    try:
        return Fraction(product.units.factor(unit)) / Fraction(product.units.factor(of))
    except ZeroDivisionError:
        raise UnitError(f"the factor of {of} is zero; mend uoms.csv") from None


def _nearer_per_base(price: Fraction, ours: OurPrice) -> bool:
    """Whether the number only makes sense per our price base: 5.20 for nuts we sell at 5.20 per 100."""
    per_base = price / Fraction(ours.price_base)
    return abs(per_base - ours.each) < abs(price - ours.each)
