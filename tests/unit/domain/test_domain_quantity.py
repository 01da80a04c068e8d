"""Quantities: conversion by the item's own factors only, exact, packs rounded up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderdesk.domain.base import plain
from orderdesk.domain.errors import UnitError
from orderdesk.domain.quantity import (
    ItemUnits,
    Quantity,
    convert,
    factors_of,
    round_up_to_multiple,
    to_base,
)

SCREWS = ItemUnits(base="EA", factors={"BX": Decimal(50), "PL": Decimal(4000)})
VALUES = st.decimals(0, 10**6, places=3)


@given(VALUES, st.sampled_from(["EA", "BX", "PL"]))
def test_to_base_and_back_is_the_same_quantity(value: Decimal, unit: str) -> None:
    there = to_base(Quantity(value=value, unit=unit), SCREWS)
    assert there.unit == "EA"
    assert convert(there, unit, SCREWS).value == value


@given(VALUES, VALUES)
def test_conversion_keeps_sums(a: Decimal, b: Decimal) -> None:
    def base(value: Decimal) -> Decimal:
        return to_base(Quantity(value=value, unit="BX"), SCREWS).value

    assert base(a) + base(b) == base(a + b)


def test_only_the_item_s_own_factors_count() -> None:
    with pytest.raises(UnitError, match="EA, BX, PL"):
        to_base(Quantity(value=Decimal(1), unit="DZ"), SCREWS)
    with pytest.raises(UnitError, match="no unit"):
        to_base(Quantity(value=Decimal(1)), SCREWS)


@given(VALUES, st.decimals("0.01", 1000, places=2))
def test_rounding_up_gives_the_least_multiple_not_below(value: Decimal, multiple: Decimal) -> None:
    result = round_up_to_multiple(value, multiple)
    assert result >= value
    assert result - value < multiple
    assert result % multiple == 0


@pytest.mark.parametrize(("value", "rounded"), [("50", "50"), ("50.001", "100"), ("51", "100"), ("0", "0")])
def test_both_sides_of_a_pack(value: str, rounded: str) -> None:
    assert round_up_to_multiple(Decimal(value), Decimal(50)) == Decimal(rounded)


@pytest.mark.parametrize("size", ["0", "-1"])
def test_a_pack_of_nothing_is_an_error(size: str) -> None:
    with pytest.raises(UnitError, match="pack_size"):
        round_up_to_multiple(Decimal(1), Decimal(size))


def test_a_factor_of_uoms_wins_over_the_pack_size() -> None:
    assert factors_of("BX", Decimal(50), {"BX": Decimal(60), "PL": Decimal(9)}) == {"BX": 60, "PL": 9}
    assert factors_of("BX", Decimal(50), {}) == {"BX": 50}
    assert factors_of(None, Decimal(50), {}) == factors_of("BX", None, {}) == {}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("48.00", "48"),
        ("3.080", "3.08"),
        ("1E+3", "1000"),
        ("-0.00", "0"),
        ("0.0001", "0.0001"),
        ("100", "100"),
    ],
)
def test_plain_is_how_people_write_numbers(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_plain_never_changes_a_value(value: Decimal) -> None:
    assert Decimal(plain(value)) == value
    assert "E" not in plain(value)


def test_a_quantity_reads_as_people_say_it() -> None:
    assert str(Quantity(value=Decimal("48.0"), unit="EA")) == "48 EA"
    assert str(Quantity(value=Decimal("1.50"))) == "1.5"
