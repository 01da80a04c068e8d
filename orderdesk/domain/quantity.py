"""Quantities with units, and conversion by an item's own factors only."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

from pydantic import Field

from orderdesk.domain.base import DecimalString, Value, plain
from orderdesk.domain.errors import UnitError


class Quantity(Value):
    """A number of units; the unit is one of our codes (see units.py), or None where none was stated."""

    value: DecimalString
    unit: str | None = None

    def __str__(self) -> str:
        return f"{plain(self.value)} {self.unit}" if self.unit else plain(self.value)


class ItemUnits(Value):
    """An item's base unit and the factor (base units in one) of every other unit it is sold in."""

    base: str
    factors: dict[str, DecimalString] = Field(default_factory=dict)

    def factor(self, unit: str) -> Decimal:
        """Base units in one `unit`. Raises UnitError where the item has no such factor."""
        if unit == self.base:
            return Decimal(1)
        try:
            return self.factors[unit]
        except KeyError:
            known = ", ".join([self.base, *sorted(self.factors)])
            raise UnitError(f"this item has no factor for {unit}; it is sold in {known}") from None


def to_base(quantity: Quantity, units: ItemUnits) -> Quantity:
    """The quantity in the item's base unit. A quantity without a unit cannot be converted."""
    if quantity.unit is None:
        raise UnitError("no unit was stated; ask which unit is meant")
    return Quantity(value=quantity.value * units.factor(quantity.unit), unit=units.base)


def convert(quantity: Quantity, unit: str, units: ItemUnits) -> Quantity:
    """The quantity in another of the item's units; exact, so it may have a fraction."""
    return Quantity(value=to_base(quantity, units).value / units.factor(unit), unit=unit)


def round_up_to_multiple(value: Decimal, multiple: Decimal) -> Decimal:
    """The least multiple that is not below value."""
    if multiple <= 0:
        raise UnitError("a pack size must be above zero; mend pack_size in products.csv")
    return (value / multiple).to_integral_value(rounding=ROUND_CEILING) * multiple


def factors_of(
    pack_uom: str | None, pack_size: Decimal | None, uoms: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """All factors of an item; a factor in uoms.csv wins over pack_size where both speak."""
    factors = {pack_uom: pack_size} if pack_uom and pack_size else {}
    return {**factors, **uoms}
