"""Units, packs, minimum: each rule on both sides of its limit."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matcher_builders import line, matching_policy, past, product

from agents.matcher.rules.quantities import QuantityMatch, match_quantity
from orderdesk.domain.master import PastLine, Product
from orderdesk.domain.orders import DraftLine
from orderdesk.policy.matching import MatchingPolicy

EACH = product("A")
BOXED = product("B", factors={"CS": "600"}, pack=("BX", "50"), minimum="50")
SINGLY = product("C", base="RL", pack=("CS", "24"), minimum="1")
TILE = product("T", base="M2", pack=("BX", "1.44"), minimum="1.44")
TILE_BOX = product("U", base="BX", factors={"M2": "0.6944444"})


def run(
    item: Product | None,
    ordered: DraftLine,
    *history: PastLine,
    policy: MatchingPolicy | None = None,
    **corrections: str,
) -> QuantityMatch:
    edits = {f"lines[0].{name}": value for name, value in corrections.items()}
    return match_quantity(0, ordered, item, history, policy or matching_policy(), edits)


def codes(match: QuantityMatch) -> list[tuple[str, str]]:
    return [(f.code, f.severity) for f in match.findings]


def test_the_items_own_factor_converts() -> None:
    match = run(BOXED, line("3", "BX"))
    assert (match.quantity, match.uom, match.base_quantity, match.base_uom) == (3, "BX", 150, "EA")
    assert not match.findings


def test_no_other_factor_does() -> None:
    for unit in ("BX", "DZ", "KG"):
        match = run(EACH, line("3", unit))
        assert codes(match) == [("unit_factor_missing", "clarify")]
        assert match.quantity is None
    assert run(BOXED, line("3", "PK")).findings[0].options == ("EA", "BX (50 EA)", "CS (600 EA)")


@pytest.mark.parametrize(
    ("quantity", "code"), [("0", "quantity_not_positive"), ("-1", "quantity_not_positive"), ("1", None)]
)
def test_zero_and_below_are_refused(quantity: str, code: str | None) -> None:
    assert codes(run(EACH, line(quantity))) == ([(code, "reject")] if code else [])


def test_zero_is_refused_even_where_the_article_is_unknown() -> None:
    assert codes(run(None, line("0"))) == [("quantity_not_positive", "reject")]


def test_no_quantity() -> None:
    assert codes(run(EACH, line(None))) == [("quantity_missing", "clarify")]


def test_no_unit_is_the_only_unit() -> None:
    assert run(EACH, line("5", None)).uom == "EA"


def test_no_unit_is_what_the_customer_always_used() -> None:
    twice = (past("B", "BX", "SO-1"), past("B", "BX", "SO-2"))
    assert run(BOXED, line("5", None), *twice).uom == "BX"
    assert codes(run(BOXED, line("5", None), twice[0])) == [("unit_unclear", "clarify")]
    mixed = (*twice, past("B", "EA", "SO-3"))
    assert codes(run(BOXED, line("5", None), *mixed)) == [("unit_unclear", "clarify")]
    assert codes(run(BOXED, line("5", None), past("X", "BX", "SO-1"), past("X", "BX", "SO-2"))) != []


def test_an_unknown_unit_word_is_asked_about_even_with_a_habit() -> None:
    twice = (past("B", "BX", "SO-1"), past("B", "BX", "SO-2"))
    match = run(BOXED, line("5", None, uom_stated="blips"), *twice)
    assert codes(match) == [("unit_unclear", "clarify")]
    assert len(match.findings[0].options) == 3


def test_a_unit_of_the_companys_own() -> None:
    own = product("O", factors={"TRAY": "8"})
    assert run(own, line("2", None, uom_stated="tray")).base_quantity == 16


def test_an_unknown_base_unit_goes_to_a_person() -> None:
    assert codes(run(product("N", base=""), line("2"))) == [("data_unknown_unit", "approve")]


@pytest.mark.parametrize(
    ("quantity", "booked", "expected"),
    [
        ("100", "100", []),
        ("90", "100", [("pack_rounded_up", "info")]),
        ("80", "100", [("pack_rounded_up", "info")]),  # 20 more is exactly a quarter
        ("79", None, [("pack_not_multiple", "clarify")]),
        ("10", None, [("pack_not_multiple", "clarify")]),
    ],
)
def test_packs(quantity: str, booked: str | None, expected: list[tuple[str, str]]) -> None:
    match = run(BOXED, line(quantity))
    assert codes(match) == expected
    assert match.base_quantity == (Decimal(booked) if booked else None)


def test_rounding_up_is_the_policys_choice() -> None:
    match = run(BOXED, line("90"), policy=matching_policy(pack_round_up=False))
    assert codes(match) == [("pack_not_multiple", "clarify")]
    assert match.findings[0].options == ("50 EA", "100 EA")


def test_an_article_with_a_minimum_below_its_pack_is_sold_singly() -> None:
    assert codes(run(SINGLY, line("5", "RL"))) == []


@pytest.mark.parametrize(("quantity", "expected"), [("12", []), ("11", [("below_minimum", "clarify")])])
def test_the_minimum(quantity: str, expected: list[tuple[str, str]]) -> None:
    assert codes(run(product("M", minimum="12"), line(quantity))) == expected


def test_what_is_counted_cannot_be_divided() -> None:
    assert codes(run(EACH, line("1.5"))) == [("quantity_fractional", "clarify")]
    assert codes(run(BOXED, line("2.5", "BX"))) == [("quantity_fractional", "clarify")]
    assert codes(run(product("K", base="KG"), line("1.5", "KG"))) == []
    assert codes(run(product("H", factors={"TH": "1000"}), line("1.5", "TH"))) == []


def test_area_is_turned_into_boxes_and_confirmed_the_first_time() -> None:
    first = run(TILE, line("30", "M2"))
    assert codes(first) == [("area_converted", "clarify")]
    assert first.findings[0].options == ("21 BX",)
    again = run(TILE, line("30", "M2"), past("T", "BX"))
    assert codes(again) == [("area_converted", "info")]
    assert (again.quantity, again.uom, again.base_quantity) == (Decimal("30.24"), "M2", Decimal("30.24"))


def test_area_of_what_is_stocked_in_boxes() -> None:
    match = run(TILE_BOX, line("30", "M2"), past("U", "BX"))
    assert (match.quantity, match.uom, match.base_quantity) == (21, "BX", 21)
    assert codes(run(TILE_BOX, line("30", "M2"))) == [("area_converted", "clarify")]


def test_boxes_of_tiles_are_no_area() -> None:
    match = run(TILE, line("30", "BX"))
    assert (match.base_quantity, codes(match)) == (Decimal("43.20"), [])


def test_a_reviewers_figures_win_and_are_not_rounded() -> None:
    match = run(BOXED, line("10", "PK"), quantity="60", uom="ea")
    assert (match.quantity, match.uom, codes(match)) == (60, "EA", [])
    assert codes(run(BOXED, line("10"), quantity="many")) == [("correction_invalid", "approve")]
    assert codes(run(BOXED, line("10"), quantity="NaN")) == [("correction_invalid", "approve")]
    assert codes(run(BOXED, line("10"), quantity="0")) == [("quantity_not_positive", "reject")]


@given(st.integers(1, 100_000), st.integers(1, 500))
def test_rounding_never_takes_away_and_stays_within_a_pack(ordered: int, pack: int) -> None:
    item = product("P", pack=("BX", str(pack)))
    match = run(item, line(str(ordered)), policy=matching_policy(pack_round_up_most="100000"))
    assert match.base_quantity is not None
    assert 0 <= match.base_quantity - ordered < pack
    assert match.base_quantity % pack == 0


def test_a_reviewers_unit_code_is_the_items_own_before_it_is_a_word() -> None:
    sets = product("S", base="ST", factors={"EA": "0.5"})
    assert run(sets, line("2", "EA"), uom="ST").uom == "ST"
    assert run(EACH, line("2", "PK"), uom="Stk").uom == "EA"
