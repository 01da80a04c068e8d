"""Stock: enough, short, split, complete, unknown, receipts, substitutes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from supply_builders import codes, draft, finding, line, matched, plan, product, stock

RECEIPT = date(2026, 3, 11)  # goods leave on the 12th


@pytest.mark.parametrize(("quantity", "backorder"), [("10", "0"), ("11", "1")])
def test_free_stock_is_what_nobody_else_has_reserved(quantity: str, backorder: str) -> None:
    result = plan(draft(line(quantity=quantity)), stocks=(stock(on_hand="20", reserved="7", own="3"),))
    assert result.lines[0].available == Decimal(10)
    assert result.lines[0].reserve == Decimal(10)
    assert result.lines[0].backorder == Decimal(backorder)


def test_more_reserved_than_there_is_leaves_nothing_free() -> None:
    result = plan(draft(line()), stocks=(stock(on_hand="5", reserved="9"),))
    assert (result.lines[0].available, result.lines[0].reserve) == (Decimal(0), Decimal(0))


def test_two_lines_of_one_article_do_not_get_the_same_piece() -> None:
    the_draft = draft(line(1, "6"), line(2, "6"))
    result = plan(the_draft, match=matched(the_draft, ("A-1", "A-1")), stocks=(stock(on_hand="10"),))
    assert [entry.reserve for entry in result.lines] == [Decimal(6), Decimal(4)]
    assert result.lines[1].backorder == Decimal(2)


def test_short_with_part_deliveries_is_split_with_the_receipt_s_date() -> None:
    result = plan(
        draft(line(), wanted=date(2026, 3, 4)), stocks=(stock(on_hand="4", receipt=RECEIPT, incoming="6"),)
    )
    said = finding(result, "backordered")
    assert said.severity == "info"
    assert "4 of 10 EA" in said.message
    assert result.lines[0].promised_date == date(2026, 3, 12)
    assert result.lines[0].reserve == Decimal(4)


@pytest.mark.parametrize("partial", [False, None])
def test_short_without_part_deliveries_is_asked_with_the_day_everything_is_there(
    partial: bool | None,
) -> None:
    result = plan(
        draft(line(), wanted=date(2026, 3, 4)),
        stocks=(stock(on_hand="4", receipt=RECEIPT, incoming="6"),),
        partial=partial,
    )
    asked = finding(result, "ship_complete_short")
    assert asked.severity == "clarify"
    assert asked.facts["complete_date"] == "2026-03-12"
    assert ("not known" in asked.message) is (partial is None)
    assert "backordered" not in codes(result)


@pytest.mark.parametrize(
    ("account", "order", "split"),
    [(True, None, True), (True, True, False), (None, False, True), (False, False, False)],
)
def test_the_order_s_ship_complete_and_the_account_decide_together(
    account: bool | None, order: bool | None, split: bool
) -> None:
    result = plan(draft(line(), ship_complete=order), stocks=(stock(on_hand="4"),), partial=account)
    assert ("backordered" in codes(result)) is split
    assert ("ship_complete_short" in codes(result)) is not split


def test_a_shortage_that_arrives_before_the_wanted_day_asks_nothing() -> None:
    result = plan(
        draft(line(), wanted=date(2026, 3, 12)),
        stocks=(stock(on_hand="4", receipt=RECEIPT, incoming="6"),),
        partial=False,
    )
    assert "ship_complete_short" not in codes(result)
    assert result.lines[0].promised_date == date(2026, 3, 12)


def test_an_order_that_is_not_split_is_held_to_its_last_day() -> None:
    result = plan(
        draft(line(1), line(2)),
        stocks=(stock("A-1"), stock("A-2", "4", receipt=RECEIPT, incoming="6")),
        partial=False,
    )
    assert [entry.promised_date for entry in result.lines] == [date(2026, 3, 12)] * 2


def test_a_receipt_that_is_too_small_or_overdue_promises_nothing() -> None:
    small = plan(
        draft(line()),
        stocks=(stock(on_hand="4", receipt=RECEIPT, incoming="5"),),
        products=(product(lead=20),),
    )
    assert small.lines[0].promised_date == date(2026, 3, 30)
    overdue = plan(
        draft(line()),
        stocks=(stock(on_hand="4", receipt=date(2026, 2, 27), incoming="50"),),
        products=(product(lead=20),),
    )
    assert overdue.lines[0].promised_date == date(2026, 3, 30)


def test_a_receipt_first_fills_what_is_already_reserved_beyond_stock() -> None:
    stocks = (stock(on_hand="0", reserved="5", receipt=RECEIPT, incoming="14"),)
    result = plan(draft(line(quantity="10")), stocks=stocks, products=(product(lead=20),))
    assert result.lines[0].promised_date == date(2026, 3, 30)


def test_unknown_stock_reserves_nothing_and_promises_no_earlier_than_the_lead_time() -> None:
    result = plan(draft(line(), wanted=date(2026, 3, 20)), products=(product(lead=3),))
    assert finding(result, "data_unknown_stock").severity == "info"
    assert (result.lines[0].available, result.lines[0].reserve) == (None, Decimal(0))
    assert result.lines[0].promised_date == date(2026, 3, 20)
    early = plan(draft(line(), wanted=date(2026, 3, 4)), products=(product(lead=3),))
    assert "date_before_lead_time" in codes(early)


def test_neither_stock_nor_lead_time_known_promises_no_early_date_and_blocks_nobody() -> None:
    result = plan(draft(line(), wanted=date(2026, 3, 4)), products=(product(lead=None),))
    assert result.lines[0].promised_date is None
    assert result.delivery_date is None
    assert all(f.severity == "info" for f in result.findings)
    assert "not promised" in finding(result, "data_unknown_lead_time").message


def test_unknown_stock_of_many_lines_is_said_once() -> None:
    result = plan(draft(*(line(n) for n in range(1, 31))))
    assert codes(result).count("data_unknown_stock") == 1


@pytest.mark.parametrize(
    ("consent", "free", "noted"), [(True, "10", True), (True, "9", False), (None, "10", False)]
)
def test_a_substitute_is_noted_only_with_consent_and_enough_of_it(
    consent: bool | None, free: str, noted: bool
) -> None:
    result = plan(
        draft(line()),
        products=(product(superseded_by="A-9"), product("A-9")),
        stocks=(stock(on_hand="0"), stock("A-9", free)),
        substitutes=consent,
    )
    assert ("substitute_available" in codes(result)) is noted


@given(
    quantities=st.lists(st.decimals(1, 500, places=2), min_size=1, max_size=6),
    on_hand=st.decimals(0, 1000, places=2),
    reserved=st.decimals(0, 1000, places=2),
    incoming=st.decimals(0, 1000, places=2),
)
def test_never_more_is_given_than_there_is_and_every_line_adds_up(
    quantities: list[Decimal], on_hand: Decimal, reserved: Decimal, incoming: Decimal
) -> None:
    the_draft = draft(*(line(n + 1, str(q)) for n, q in enumerate(quantities)))
    entry = stock(on_hand=str(on_hand), reserved=str(reserved), receipt=RECEIPT, incoming=str(incoming))
    result = plan(the_draft, match=matched(the_draft, ("A-1",) * len(quantities)), stocks=(entry,))
    assert sum(item.reserve for item in result.lines) <= max(Decimal(0), on_hand - reserved)
    for item, quantity in zip(result.lines, quantities, strict=True):
        assert item.reserve >= 0
        assert item.reserve + item.backorder == quantity
