"""The stated price against ours, on both sides of every limit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pricing_builders import codes, contract, finding, line, matched, policy, price, priced, product

from orderdesk.domain.findings import worst


def differences(stated: str, quantity: str = "10", **given: object) -> set[str]:
    return codes(priced(line(quantity=quantity, unit_price=stated), **given))


@pytest.mark.parametrize(
    ("stated", "quantity", "expected"),
    [
        ("8.00", "10", set[str]()),
        ("7.95", "10", {"price_within_tolerance"}),
        ("8.05", "10", {"price_within_tolerance"}),
        ("7.94", "10", {"price_too_low"}),
        ("8.06", "10", {"price_too_high"}),
        ("7.95", "20", {"price_within_tolerance"}),
        ("7.95", "21", {"price_too_low"}),
        ("8.05", "21", {"price_too_high"}),
    ],
)
def test_tolerance_holds_per_unit_and_over_the_line(stated: str, quantity: str, expected: set[str]) -> None:
    assert differences(stated, quantity) == expected


def test_a_price_that_is_too_low_is_asked_with_both_figures() -> None:
    result = priced(line(unit_price="7.45"), prices=(contract("8.30"),))
    asked = finding(result, "price_too_low")
    assert (asked.severity, asked.question, asked.path) == ("clarify", "price_too_low", "lines[0].unit_price")
    assert (asked.facts["stated_price"], asked.facts["our_price"]) == ("7.45", "8.30")
    assert "7.45 EUR per EA" in asked.message
    assert "8.30 (contract C-1)" in asked.message
    assert result.lines[0].net is not None
    assert str(result.lines[0].net) == "83.00"


def test_a_price_that_is_too_high_is_booked_at_ours_with_notice() -> None:
    result = priced(line(unit_price="9.20"))
    assert finding(result, "price_too_high").severity == "info"
    assert str(result.net_total) == "80.00"


@pytest.mark.parametrize(("stated", "code"), [("23.99", "price_too_high"), ("24.00", "price_implausible")])
def test_a_price_several_times_ours_may_be_another_unit(stated: str, code: str) -> None:
    result = priced(line(unit_price=stated))
    assert codes(result) == {code}
    assert finding(result, code).severity == ("approve" if code == "price_implausible" else "info")


@pytest.mark.parametrize(("stated", "code"), [("5.56", "price_too_low"), ("5.55", "price_below_margin")])
def test_below_the_margin_floor_a_person_decides(stated: str, code: str) -> None:
    """Cost 5.00 and a floor of 10 %: the limit lies at 5.5556."""
    result = priced(line(unit_price=stated))
    assert codes(result) == {code}
    if code == "price_below_margin":
        assert finding(result, code).severity == "approve"
        assert "9.9%" in finding(result, code).message


def test_the_margin_counts_the_cost_of_the_booked_unit() -> None:
    boxes = line(quantity="2", uom="BX", unit_price="55.00")
    assert codes(priced(boxes, prices=(contract("80.00", uom="BX"),))) == {"price_below_margin"}
    boxes = line(quantity="2", uom="BX", unit_price="56.00")
    assert codes(priced(boxes, prices=(contract("80.00", uom="BX"),))) == {"price_too_low"}


def test_an_unknown_cost_says_so_and_the_customer_is_asked() -> None:
    assert differences("7.00", products=(product(unit_cost=None),)) == {"price_too_low", "data_unknown_cost"}


@pytest.mark.parametrize(("stated", "code"), [("0", "price_zero"), ("-1", "price_zero")])
def test_a_stated_zero_is_a_persons_decision(stated: str, code: str) -> None:
    assert finding(priced(line(unit_price=stated)), code).severity == "approve"


def test_a_price_per_box_is_compared_in_the_booked_unit() -> None:
    assert codes(priced(line(unit_price="80.00", price_uom="BX"))) == set()
    assert codes(priced(line(unit_price="70.00", price_uom="BX"))) == {"price_too_low"}


def test_boxes_booked_as_pieces_are_compared_per_piece() -> None:
    stated = line(quantity="2", uom="BX", unit_price="80.00")
    assert codes(priced(stated, matches=(matched(stated, uom="EA"),))) == set()


def test_a_price_for_a_unit_without_a_factor_cannot_be_compared() -> None:
    result = priced(line(unit_price="80.00", price_uom="PL"))
    assert finding(result, "price_not_comparable").severity == "approve"


def test_a_price_per_hundred_is_understood_stated_or_not() -> None:
    nuts = (product(list_price="5.20", price_base="100", unit_cost="0.03"),)
    stated = line(quantity="1000", unit_price="5.20", price_base="100")
    assert codes(priced(stated, products=nuts)) == set()
    assert codes(priced(line(quantity="1000", unit_price="5.20"), products=nuts)) == set()
    assert codes(priced(line(quantity="1000", unit_price="0.052"), products=nuts)) == set()
    assert codes(priced(line(quantity="1000", unit_price="4.60"), products=nuts)) == {"price_too_low"}


def test_a_line_that_states_only_its_total_states_the_price_that_follows() -> None:
    assert codes(priced(line(line_total="80.00"))) == set()
    assert codes(priced(line(line_total="60.00"))) == {"price_too_low"}


def test_the_price_of_an_expired_contract_is_a_persons_decision() -> None:
    old = contract("7.00", valid_to=date(2026, 3, 1))
    result = priced(line(unit_price="7.00"), prices=(old, price("8.00")))
    assert codes(result) == {"contract_expired"}
    assert finding(result, "contract_expired").severity == "approve"
    assert "2026-03-01" in finding(result, "contract_expired").message
    valid = contract("7.00", valid_to=date(2026, 3, 2))
    assert codes(priced(line(unit_price="7.00"), prices=(valid, price("8.00")))) == set()
    assert codes(priced(line(unit_price="6.50"), prices=(old, price("8.00")))) == {"price_too_low"}


def test_tolerances_are_the_policys() -> None:
    rules = policy(prices={"unit_tolerance": "1", "line_tolerance": "10"})
    assert differences("7.00", rules=rules) == {"price_within_tolerance"}


amounts = st.decimals("0.01", "500", places=2)


@given(stated=amounts, ours=amounts, quantity=st.integers(1, 500))
def test_a_lower_stated_price_beyond_tolerance_never_passes_and_ours_is_always_booked(
    stated: Decimal, ours: Decimal, quantity: int
) -> None:
    result = priced(line(quantity=str(quantity), unit_price=str(stated)), prices=(contract(str(ours)),))
    assert result.lines[0].unit_price == ours
    assert result.net_total == ours * quantity
    difference = ours - stated
    beyond = difference > Decimal("0.05") or difference * quantity > Decimal("1.00")
    about_price = [f for f in result.findings if f.path.endswith("unit_price")]
    assert (worst(about_price) != "info") is (beyond or stated >= ours * 3)


@pytest.mark.parametrize(("stated", "code"), [("6.00", "price_too_low"), ("5.99", "price_below_margin")])
def test_a_margin_exactly_at_the_floor_is_not_below_it(stated: str, code: str) -> None:
    """Cost 5.40 and a floor of 10 %: the limit lies at 6.00."""
    assert differences(stated, products=(product(unit_cost="5.40"),)) == {code}


def test_a_zero_price_of_ours_is_one_finding_whatever_is_stated() -> None:
    assert differences("5.00", prices=(contract("0"),)) == {"price_zero"}


def test_another_customers_expired_contract_says_nothing() -> None:
    other = price("7.00", customer_id="C-2", valid_to=date(2026, 3, 1))
    assert differences("7.00", prices=(other,)) == {"price_too_low"}


def test_a_price_base_of_zero_is_no_base() -> None:
    assert codes(priced(line(unit_price="8.00", price_base="0", line_total="80.00"))) == set()
