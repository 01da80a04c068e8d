"""Written numbers: both conventions, ambiguity, and what proves a convention."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.documents.written_numbers import (
    Convention,
    convention_of,
    decide,
    is_ambiguous,
    parse_number,
    readings,
)
from tools.documents.written_prices import parse_price


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("48", "48"),
        ("3.08", "3.08"),
        ("12,5", "12.5"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1'234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("$1,250.00", "1250.00"),
        ("5.760,00 €", "5760.00"),
        ("12,-", "12"),
        ("(12.50)", "-12.50"),
        ("-3", "-3"),
        ("0,123", "0.123"),
    ],
)
def test_numbers_with_one_meaning(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [("1,234", "1234", "1.234"), ("1.000", "1.000", "1000"), ("12.500", "12.5", "12500")],
)
def test_an_ambiguous_number_needs_a_convention(text: str, point: str, comma: str) -> None:
    assert is_ambiguous(text)
    assert parse_number(text) is None
    assert parse_number(text, "point") == Decimal(point)
    assert parse_number(text, "comma") == Decimal(comma)


@pytest.mark.parametrize("text", ["", "abc", "4-5", "1.2.3", "2,5,3", "12 34", "1..2", "BR-6204", "12:30"])
def test_what_is_no_number(text: str) -> None:
    assert readings(text) == {}


@given(
    value=st.decimals(min_value=0, max_value=9_999_999, places=2),
    convention=st.sampled_from(["point", "comma"]),
)
def test_a_full_amount_is_read_back_and_proves_its_convention(value: Decimal, convention: Convention) -> None:
    written = f"{value:,.2f}"
    if convention == "comma":
        written = written.translate(str.maketrans(",.", ".,"))
    assert parse_number(written) == value
    assert convention_of(written) == convention


@given(value=st.integers(min_value=1000, max_value=999_999), convention=st.sampled_from(["point", "comma"]))
def test_other_numbers_settle_an_ambiguous_one(value: int, convention: Convention) -> None:
    written = f"{value:,}" if convention == "point" else f"{value:,}".replace(",", ".")
    proof = "3.85" if convention == "point" else "3,85"
    assert parse_number(written, decide([written, proof])) == value


def test_numbers_that_disagree_settle_nothing() -> None:
    assert decide(["3.85", "3,85"]) is None
    assert decide(["1,234", "48"]) is None


@given(st.text(max_size=30))
def test_any_text_is_read_without_an_error(text: str) -> None:
    readings(text)
    parse_price(text)


@pytest.mark.parametrize(
    ("text", "amount", "currency", "base", "unit"),
    [
        ("$1,250.00/M", "1250.00", "", "1000", ""),
        ("3,85 €/Stk", "3.85", "EUR", None, "EA"),
        ("12.50 EUR per 100", "12.50", "EUR", "100", ""),
        ("USD 4.10 each", "4.10", "USD", None, "EA"),
        ("2,40 €/m", "2.40", "EUR", None, "M"),
        ("£7.25", "7.25", "GBP", None, ""),
        ("12.00/C", "12.00", "", "100", ""),
    ],
)
def test_prices_with_their_base(text: str, amount: str, currency: str, base: str | None, unit: str) -> None:
    price = parse_price(text)
    assert price is not None
    assert (price.amount, price.currency) == (Decimal(amount), currency)
    assert price.base == (Decimal(base) if base else None)
    assert price.unit == unit
