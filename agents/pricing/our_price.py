"""Our price for an article: the customer's contract, else the price list, else the article's list price."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from pydantic import Field

from orderdesk.domain.base import DecimalString, Value
from orderdesk.domain.errors import UnitError
from orderdesk.domain.master import Price, Product

# A converted price is written per one unit where that is exact within this many places, else per price base.
_EXACT_PLACES = 6


class Wanted(Value):
    """What a price is looked up for."""

    customer_id: str = ""
    currency: str
    quantity: DecimalString = Field(gt=0)
    uom: str
    on: date


class OurPrice(Value):
    """A price per `price_base` of the booked unit."""

    unit_price: DecimalString
    price_base: DecimalString
    source: str
    contract: bool = False

    @property
    def each(self) -> Fraction:
        """Exactly, for one booked unit."""
        return Fraction(self.unit_price) / Fraction(self.price_base)


def our_price(product: Product, prices: tuple[Price, ...], wanted: Wanted) -> OurPrice | None:
    """The price that counts on the day; None where none is known in the order's currency.

    A price of the booked unit goes before one of another unit, which the article's own factor converts.
    Of the tiers the quantity reaches, the lowest price counts.
    """
    rows = [price for price in prices if price.sku == product.sku and _reached(price, product, wanted)]
    today = [price for price in rows if _valid(price, wanted.on)]
    contract = [p for p in today if p.customer_id and p.customer_id == wanted.customer_id]
    for group in (contract, [p for p in today if not p.customer_id]):
        own_unit = [price for price in group if price.uom == wanted.uom]
        if best := min((_in_unit(p, product, wanted) for p in own_unit or group), key=_each, default=None):
            return best
    return _list_price(product, wanted)


def expired_price(
    product: Product, prices: tuple[Price, ...], wanted: Wanted
) -> tuple[OurPrice, date] | None:
    """The customer's latest contract price that has run out, and its last day."""
    ended = [
        (price.valid_to, price)
        for price in prices
        if price.sku == product.sku
        and price.customer_id
        and price.customer_id == wanted.customer_id
        and price.valid_to is not None
        and price.valid_to < wanted.on
        and _reached(price, product, wanted)
    ]
    if not ended:
        return None
    last = max(day for day, _ in ended)
    same_day = [_in_unit(price, product, wanted) for day, price in ended if day == last]
    return min(same_day, key=_each), last


def _each(price: OurPrice) -> Fraction:
    return price.each


def _valid(price: Price, on: date) -> bool:
    """Ranges are inclusive; an empty end is open."""
    return (price.valid_from is None or price.valid_from <= on) and (
        price.valid_to is None or on <= price.valid_to
    )


def _reached(price: Price, product: Product, wanted: Wanted) -> bool:
    """Whether the row is in the order's currency, convertible, and its least quantity is ordered."""
    if price.currency != wanted.currency:
        return False
    try:
        ratio = _ratio(product, wanted.uom, price.uom)
    except UnitError:
        return False
    return Fraction(wanted.quantity) * ratio >= Fraction(price.min_qty)


def _ratio(product: Product, unit: str, of: str) -> Fraction:
    """Units `of` in one `unit`, by the article's own factors. Raises UnitError."""
    return Fraction(product.units.factor(unit)) / Fraction(product.units.factor(of))


def _in_unit(price: Price, product: Product, wanted: Wanted) -> OurPrice:
    ratio = _ratio(product, wanted.uom, price.uom)
    amount, base = _written(price.unit_price, ratio)
    whose = f"contract {price.customer_id}" if price.customer_id else "price list"
    since = f" from {price.valid_from.isoformat()}" if price.valid_from else ""
    tier = f", from {price.min_qty.normalize():f} {price.uom}" if price.min_qty > 1 else ""
    return OurPrice(
        unit_price=amount, price_base=base, source=f"{whose}{since}{tier}", contract=bool(price.customer_id)
    )


def _list_price(product: Product, wanted: Wanted) -> OurPrice | None:
    if product.list_price is None or product.currency not in (None, wanted.currency):
        return None
    try:
        ratio = _ratio(product, wanted.uom, product.units.base)
    except UnitError:
        return None
    if ratio == 1:  # as the article's row writes it, for example per 100
        return OurPrice(unit_price=product.list_price, price_base=product.price_base, source="list price")
    amount, base = _written(product.list_price, ratio / Fraction(product.price_base))
    return OurPrice(unit_price=amount, price_base=base, source="list price")


def _written(price: Decimal, ratio: Fraction) -> tuple[Decimal, Decimal]:
    """price x ratio as (price, price base), exactly: per one unit where the decimals end soon enough."""
    each = Fraction(price) * ratio
    scaled = each * 10**_EXACT_PLACES
    if scaled.denominator == 1:
        amount = Decimal(scaled.numerator).scaleb(-_EXACT_PLACES)
        return _two_places(amount), Decimal(1)
    return price * ratio.numerator, Decimal(ratio.denominator)


def _two_places(amount: Decimal) -> Decimal:
    """Without trailing zeros beyond two places."""
    short = amount.normalize()
    exponent = short.as_tuple().exponent
    return short if isinstance(exponent, int) and exponent < -2 else amount.quantize(Decimal("0.01"))
