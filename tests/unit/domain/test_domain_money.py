"""Money: rounding half up to the minor unit, exact sums, currencies that never mix."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderdesk.domain.errors import MoneyError
from orderdesk.domain.money import Money, line_net, round_money, total

AMOUNTS = st.decimals(-(10**9), 10**9, places=5)
CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "KWD"])
MINOR = {"EUR": Decimal("0.01"), "USD": Decimal("0.01"), "JPY": Decimal(1), "KWD": Decimal("0.001")}


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("1.004", "EUR", "1.00"),
        ("1.005", "EUR", "1.01"),
        ("2.675", "EUR", "2.68"),  # a float would give 2.67
        ("-1.005", "EUR", "-1.01"),
        ("1.5", "JPY", "2"),
        ("1.4999", "JPY", "1"),
        ("1.0005", "KWD", "1.001"),
    ],
)
def test_rounding_is_half_up_to_the_currency_s_minor_unit(amount: str, currency: str, rounded: str) -> None:
    assert str(round_money(Decimal(amount), currency)) == rounded


@given(AMOUNTS, CURRENCIES)
def test_rounding_moves_by_at_most_half_a_unit_and_only_once(amount: Decimal, currency: str) -> None:
    once = round_money(amount, currency)
    assert abs(once - amount) <= MINOR[currency] / 2
    assert round_money(once, currency) == once
    assert round_money(-amount, currency) == -once


@given(st.lists(AMOUNTS, max_size=20), CURRENCIES)
def test_a_total_is_the_exact_sum_in_any_order(amounts: list[Decimal], currency: str) -> None:
    moneys = [Money(amount=a, currency=currency).rounded() for a in amounts]
    assert total(moneys, currency).amount == sum((m.amount for m in moneys), Decimal(0))
    assert total(reversed(moneys), currency) == total(moneys, currency)


@given(AMOUNTS, AMOUNTS, CURRENCIES)
def test_adding_and_taking_away_are_each_other_s_opposite(a: Decimal, b: Decimal, currency: str) -> None:
    one, other = Money(amount=a, currency=currency), Money(amount=b, currency=currency)
    assert (one + other) - other == one


def test_two_currencies_never_meet() -> None:
    with pytest.raises(MoneyError, match="USD"):
        Money(amount=Decimal(1), currency="EUR") + Money(amount=Decimal(1), currency="USD")
    with pytest.raises(MoneyError):
        total([Money(amount=Decimal(1), currency="USD")], "EUR")


@given(
    st.decimals("0.001", 10**5, places=3),
    st.decimals(0, 10**5, places=4),
    CURRENCIES,
    st.sampled_from([1, 100, 1000]),
)
def test_line_net_is_rounded_once(quantity: Decimal, price: Decimal, currency: str, base: int) -> None:
    net = line_net(quantity, price, currency, price_base=Decimal(base))
    assert net.amount == round_money(quantity * price / base, currency)


def test_a_price_per_hundred_and_a_base_of_zero() -> None:
    assert line_net(Decimal(250), Decimal("12.50"), "EUR", price_base=Decimal(100)).amount == Decimal("31.25")
    with pytest.raises(MoneyError, match="price base"):
        line_net(Decimal(1), Decimal(1), "EUR", price_base=Decimal(0))


def test_money_leaves_python_as_text() -> None:
    assert (
        Money(amount=Decimal("3.080"), currency="EUR").model_dump_json()
        == '{"amount":"3.080","currency":"EUR"}'
    )
    for wrong in ("eur", "EURO", ""):
        with pytest.raises(ValueError):
            Money(amount=Decimal(1), currency=wrong)
    with pytest.raises(ValueError):
        Money(amount=Decimal("NaN"), currency="EUR")
