"""Money: an exact decimal amount with its currency; rounding to the currency's minor unit."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from pydantic import Field

from orderdesk.domain.base import DecimalString, Value
from orderdesk.domain.errors import MoneyError

# ISO 4217: currencies whose minor unit is not two digits (those B2B orders meet).
_MINOR_DIGITS = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "VND": 0, "KWD": 3, "BHD": 3, "OMR": 3, "TND": 3}


class Money(Value):
    """An amount in one currency (ISO 4217 code). Adding two currencies is an error."""

    amount: DecimalString
    currency: str = Field(pattern=r"^[A-Z]{3}$")

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise MoneyError(f"cannot add {other.currency} to {self.currency}; state one currency per order")
        return Money(amount=self.amount + other.amount, currency=self.currency)

    def __sub__(self, other: Money) -> Money:
        return self + Money(amount=-other.amount, currency=other.currency)

    def times(self, factor: Decimal) -> Money:
        """The exact product, not rounded."""
        return Money(amount=self.amount * factor, currency=self.currency)

    def rounded(self) -> Money:
        """Rounded half up to the currency's minor unit (the commercial rule of EN 16931 and SAP)."""
        return Money(amount=round_money(self.amount, self.currency), currency=self.currency)


def round_money(amount: Decimal, currency: str) -> Decimal:
    """An amount rounded half up to the minor unit of its currency."""
    digits = _MINOR_DIGITS.get(currency, 2)
    return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def line_net(
    quantity: Decimal, unit_price: Decimal, currency: str, *, price_base: Decimal = Decimal(1)
) -> Money:
    """quantity x price / price base, rounded once per line (Peppol rule PEPPOL-T01 / EN 16931 BT-131)."""
    if price_base <= 0:
        raise MoneyError("price base must be above zero; mend price_base in products.csv")
    return Money(amount=quantity * unit_price / price_base, currency=currency).rounded()


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The exact sum of already rounded amounts; zero of the currency for none."""
    result = Money(amount=Decimal(0), currency=currency).rounded()
    for amount in amounts:
        result = result + amount
    return result
