"""Buying a shortage: supplier, minimum order, amount limit, margin."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from supply_builders import codes, draft, finding, line, matched, plan, product, stock, supplier


def test_a_shortage_is_bought_and_promised_by_the_supplier_s_date() -> None:
    result = plan(draft(line(quantity="10")), stocks=(stock(on_hand="4"),), suppliers=(supplier(lead=10),))
    (purchase,) = result.purchases
    assert (purchase.sku, purchase.quantity, purchase.supplier_id) == ("A-1", Decimal(6), "S1")
    assert finding(result, "purchase_proposed").severity == "info"
    # ten calendar days from the 2nd is the 12th, plus a day of handling
    assert result.lines[0].promised_date == date(2026, 3, 13)


@pytest.mark.parametrize(("moq", "bought"), [("6", "6"), ("7", "7"), (None, "6")])
def test_the_minimum_order_counts(moq: str | None, bought: str) -> None:
    result = plan(draft(line()), stocks=(stock(on_hand="4"),), suppliers=(supplier(moq=moq),))
    assert result.purchases[0].quantity == Decimal(bought)


@pytest.mark.parametrize(("quantity", "above"), [("200", False), ("201", True)])
def test_above_the_limit_a_person_decides(quantity: str, above: bool) -> None:
    result = plan(draft(line(quantity=quantity)), stocks=(stock(on_hand="0"),), suppliers=(supplier(),))
    assert ("purchase_above_limit" in codes(result)) is above
    assert ("purchase_proposed" in codes(result)) is not above
    assert len(result.purchases) == 1
    if above:
        judged = finding(result, "purchase_above_limit")
        assert judged.severity == "approve"
        assert "1005.00 EUR, above the limit of 1000 EUR" in judged.message


def test_the_limit_counts_for_all_purchases_of_an_order_together() -> None:
    result = plan(
        draft(line(1, "120"), line(2, "120")),
        stocks=(stock("A-1", "0"), stock("A-2", "0")),
        suppliers=(supplier("A-1"), supplier("A-2")),
    )
    assert codes(result).count("purchase_above_limit") == 2


def test_a_currency_without_a_limit_needs_a_person() -> None:
    result = plan(
        draft(line(), currency="SEK"),
        stocks=(stock(on_hand="0"),),
        products=(product(currency="SEK"),),
        suppliers=(supplier(currency="SEK"),),
    )
    assert "no purchase limit is set for SEK" in finding(result, "purchase_above_limit").message


@pytest.mark.parametrize(("cost", "kept"), [("8.50", True), ("8.51", False)])
def test_the_margin_on_our_price_must_be_kept(cost: str, kept: bool) -> None:
    result = plan(draft(line()), stocks=(stock(on_hand="0"),), suppliers=(supplier(cost=cost),))
    assert ("purchase_proposed" in codes(result)) is kept


def test_a_lower_price_stated_by_the_customer_counts_for_the_margin() -> None:
    result = plan(draft(line(price="5.50")), stocks=(stock(on_hand="0"),), suppliers=(supplier(cost="5"),))
    assert "margin of 9.1%" in finding(result, "purchase_above_limit").message


def test_a_margin_that_cannot_be_checked_does_not_pass() -> None:
    result = plan(
        draft(line()),
        stocks=(stock(on_hand="0"),),
        products=(product(list_price=None),),
        suppliers=(supplier(),),
    )
    assert "cannot be checked" in finding(result, "purchase_above_limit").message


def test_what_the_next_receipt_covers_is_not_bought() -> None:
    entry = stock(on_hand="4", receipt=date(2026, 3, 11), incoming="5")
    result = plan(draft(line(quantity="10")), stocks=(entry,), suppliers=(supplier(),))
    assert result.purchases[0].quantity == Decimal(1)


def test_two_lines_of_one_article_are_one_purchase() -> None:
    the_draft = draft(line(1, "6"), line(2, "5"))
    result = plan(
        the_draft,
        match=matched(the_draft, ("A-1", "A-1")),
        stocks=(stock(on_hand="0"),),
        suppliers=(supplier(moq="10"),),
    )
    assert [purchase.quantity for purchase in result.purchases] == [Decimal(11)]


def test_in_time_wins_over_cheap_and_cheap_over_fast() -> None:
    suppliers = (
        supplier(cost="4", lead=30, supplier_id="SLOW"),
        supplier(cost="6", lead=2, supplier_id="FAST"),
        supplier(cost="5", lead=4, supplier_id="MID"),
    )
    in_a_week = plan(
        draft(line(), wanted=date(2026, 3, 10)), stocks=(stock(on_hand="0"),), suppliers=suppliers
    )
    assert in_a_week.purchases[0].supplier_id == "MID"
    no_hurry = plan(
        draft(line(), wanted=date(2026, 5, 11)), stocks=(stock(on_hand="0"),), suppliers=suppliers
    )
    assert no_hurry.purchases[0].supplier_id == "SLOW"


@pytest.mark.parametrize(
    "item", [supplier("B-9"), supplier(cost=None), supplier(currency=None), supplier(cost="0")]
)
def test_without_a_known_supplier_and_cost_nothing_is_bought_and_it_is_said(item: object) -> None:
    result = plan(draft(line()), stocks=(stock(on_hand="0"),), suppliers=(item,))  # type: ignore[arg-type]
    assert result.purchases == ()
    assert finding(result, "data_unknown_supplier").severity == "info"


def test_an_unknown_supplier_lead_time_falls_back_to_the_article_s() -> None:
    result = plan(draft(line()), stocks=(stock(on_hand="0"),), suppliers=(supplier(lead=None),))
    assert result.lines[0].promised_date == date(2026, 3, 5)


def test_unknown_stock_buys_nothing() -> None:
    assert plan(draft(line()), suppliers=(supplier(),)).purchases == ()
