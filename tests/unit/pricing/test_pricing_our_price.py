"""Which of our prices counts: contract, price list, list price; tiers, units, dates, currency."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pricing_builders import codes, contract, customer, finding, line, matched, order, price, priced, product

from agents.pricing.worker import estimate_net
from orderdesk.domain.money import Money, round_money


def unit_price(*prices: object, **more: object) -> Decimal | None:
    result = priced(line(quantity=str(more.pop("quantity", "10"))), prices=prices, **more)
    return result.lines[0].unit_price


def test_the_contract_goes_before_the_price_list_and_that_before_the_list_price() -> None:
    assert unit_price() == Decimal("8.00")
    assert unit_price(price("7.50")) == Decimal("7.50")
    assert unit_price(price("7.50"), contract("7.80")) == Decimal("7.80")
    result = priced(line(), prices=(contract("7.80", valid_from=date(2026, 1, 1)),))
    assert result.lines[0].source == "contract C-1 from 2026-01-01"
    assert result.net_total == Decimal("78.00")
    assert not result.findings


def test_another_customers_contract_never_counts() -> None:
    assert unit_price(price("1.00", customer_id="C-2")) == Decimal("8.00")


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 2, 28), "8.00"),
        (date(2026, 3, 1), "7.00"),
        (date(2026, 3, 31), "7.00"),
        (date(2026, 4, 1), "8.00"),
    ],
)
def test_a_price_counts_on_its_first_and_last_day(on: date, expected: str) -> None:
    row = contract("7.00", valid_from=date(2026, 3, 1), valid_to=date(2026, 3, 31))
    assert unit_price(row, on=on) == Decimal(expected)


@pytest.mark.parametrize(("quantity", "expected"), [("99", "7.00"), ("100", "6.50"), ("500", "6.00")])
def test_the_best_tier_the_quantity_reaches_counts(quantity: str, expected: str) -> None:
    tiers = (contract("7.00"), contract("6.50", min_qty="100"), contract("6.00", min_qty="500"))
    assert unit_price(*tiers, quantity=quantity) == Decimal(expected)


def test_a_price_of_another_unit_is_converted_by_the_articles_factor() -> None:
    assert unit_price(contract("65.00", uom="BX")) == Decimal("6.50")
    boxes = priced(line(quantity="2", uom="BX"), prices=(contract("6.50"),))
    assert (boxes.lines[0].unit_price, boxes.lines[0].net) == (Decimal("65.00"), Decimal("130.00"))


def test_the_booked_units_own_price_goes_before_a_converted_one() -> None:
    assert unit_price(contract("60.00", uom="BX"), contract("6.90")) == Decimal("6.90")


def test_a_tier_is_counted_in_the_units_of_its_row() -> None:
    row = contract("60.00", uom="BX", min_qty="2")
    assert unit_price(row, quantity="19") == Decimal("8.00")
    assert unit_price(row, quantity="20") == Decimal("6.00")


def test_a_unit_without_a_factor_has_no_price() -> None:
    result = priced(line(), prices=(contract("99.00", uom="PL"),), products=(product(list_price=None),))
    assert finding(result, "price_unknown").severity == "approve"
    assert result.lines[0].unit_price is None
    assert result.net_total is None


def test_a_price_that_does_not_end_is_kept_per_base_and_stays_exact() -> None:
    thirds = product(units={"base": "EA", "factors": {"BX": "3"}}, list_price=None)
    stated = line(quantity="9")
    result = priced(stated, prices=(contract("10.00", uom="BX"),), products=(thirds,))
    assert (result.lines[0].unit_price, result.lines[0].price_base) == (Decimal("10.00"), Decimal(3))
    assert result.lines[0].net == Decimal("30.00")


def test_a_list_price_per_hundred_keeps_its_base() -> None:
    nuts = product(list_price="5.20", price_base="100", unit_cost="0.03")
    result = priced(line(quantity="1600"), products=(nuts,))
    assert (result.lines[0].unit_price, result.lines[0].price_base) == (Decimal("5.20"), Decimal(100))
    assert result.net_total == Decimal("83.20")
    boxes = priced(line(quantity="3", uom="BX"), products=(nuts,))
    assert (boxes.lines[0].unit_price, boxes.net_total) == (Decimal("0.52"), Decimal("1.56"))


def test_prices_in_another_currency_do_not_count() -> None:
    result = priced(line(), prices=(contract("7.00", currency="USD"),), products=(product(currency="USD"),))
    assert "EUR" in finding(result, "price_unknown").message


def test_an_unmatched_line_has_no_price_and_no_total_and_no_finding_of_pricing() -> None:
    first, second = line(1), line(2)
    result = priced(first, second, matches=(matched(first), matched(second, 1, sku=None)))
    assert [price.unit_price for price in result.lines] == [Decimal("8.00"), None]
    assert result.net_total is None
    assert not result.findings


def test_a_zero_price_of_ours_is_a_persons_decision_unless_a_contract_promises_it() -> None:
    assert finding(priced(line(), prices=(price("0"),)), "price_zero").severity == "approve"
    assert finding(priced(line(), prices=(contract("0"),)), "price_zero").severity == "info"
    assert finding(priced(line(unit_price="0"), prices=(contract("0"),)), "price_zero").severity == "info"
    assert finding(priced(line(unit_price="5"), prices=(contract("0"),)), "price_zero").severity == "approve"
    assert "price_zero" not in codes(priced(line(), prices=(contract("0.01"),)))


def test_a_line_under_an_unknown_contract_without_a_stated_price_is_a_persons_decision() -> None:
    assert finding(priced(line(), contract="Q-311"), "contract_unknown").severity == "approve"
    assert "contract_unknown" not in codes(priced(line(), contract="Q-311", prices=(contract("7"),)))
    assert "contract_unknown" not in codes(priced(line(unit_price="8.00"), contract="Q-311"))


def test_without_any_currency_nothing_is_priced() -> None:
    result = priced(line(), account=customer(currency=None), products=(product(currency=None),))
    assert finding(result, "currency_unknown").severity == "approve"
    assert result.currency is None
    assert result.net_total is None


def test_the_estimate_counts_our_price_else_the_stated_one() -> None:
    first, second, third = line(1), line(2, unit_price="3.00"), line(3)
    matches = (matched(first), matched(second, 1, sku=None), matched(third, 2, sku=None))
    assert estimate_net(order(first, second, third, matches=matches)) == Money(
        amount=Decimal("110.00"), currency="EUR"
    )
    assert estimate_net(order(third, matches=(matched(third, sku=None),))) is None


@given(
    lines=st.lists(
        st.tuples(st.decimals("0.01", "9999", places=2), st.decimals("0.001", "500", places=3)),
        min_size=1,
        max_size=6,
    )
)
def test_the_total_is_the_exact_sum_of_rounded_lines(lines: list[tuple[Decimal, Decimal]]) -> None:
    drafts = [line(n + 1, quantity=str(quantity)) for n, (quantity, _) in enumerate(lines)]
    products = tuple(product(f"A-{n + 1}", list_price=str(amount)) for n, (_, amount) in enumerate(lines))
    result = priced(*drafts, products=products)
    expected = [round_money(quantity * amount, "EUR") for quantity, amount in lines]
    assert [price.net for price in result.lines] == expected
    assert result.net_total == sum(expected)
