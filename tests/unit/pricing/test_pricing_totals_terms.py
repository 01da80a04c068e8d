"""Totals as stated, currency, terms, the order minimum and the approval limit."""

from __future__ import annotations

import pytest
from pricing_builders import codes, customer, finding, line, policy, priced, product

from agents.pricing.terms import same_terms


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("80.02", set[str]()),
        ("79.98", set[str]()),
        ("80.03", {"line_total_mismatch"}),
        ("79.97", {"line_total_mismatch"}),
    ],
)
def test_a_line_total_may_be_off_by_the_slack(stated: str, expected: set[str]) -> None:
    assert codes(priced(line(unit_price="8.00", line_total=stated))) == expected


def test_a_line_total_counts_charges_and_price_base() -> None:
    assert codes(priced(line(unit_price="8.00", line_total="84.50", charges="4.50"))) == set()
    assert codes(priced(line(unit_price="800.00", price_base="100", line_total="80.00"))) == set()
    asked = finding(priced(line(unit_price="8.00", line_total="88.00")), "line_total_mismatch")
    assert (asked.severity, asked.question) == ("clarify", "line_total_mismatch")
    assert (asked.facts["stated_total"], asked.facts["computed_total"]) == ("88.00", "80.00")


def test_a_line_total_is_checked_without_a_match_too() -> None:
    stated = line(unit_price="8.00", line_total="90.00")
    assert "line_total_mismatch" in codes(priced(stated, matches=(), products=()))


@pytest.mark.parametrize(
    ("total", "severity"),
    [
        ("160.00", None),
        ("160.01", "clarify"),
        ("159.99", "clarify"),
        ("210.00", "clarify"),
        ("210.01", "approve"),
    ],
)
def test_the_order_total_is_the_exact_sum(total: str, severity: str | None) -> None:
    lines = (line(1, unit_price="8.00", line_total="80.00"), line(2, unit_price="8.00", line_total="80.00"))
    result = priced(*lines, total=total)
    if severity is None:
        assert codes(result) == set()
    else:
        assert finding(result, "order_total_mismatch").severity == severity


def test_charges_and_tax_explain_a_total() -> None:
    stated = line(unit_price="8.00", line_total="80.00")
    assert codes(priced(stated, total="92.00", charges_total="12.00")) == set()
    assert codes(priced(stated, total="95.20", stated_tax_total="15.20")) == set()
    assert "order_total_mismatch" in codes(priced(stated, total="92.00"))


def test_a_total_alone_is_compared_with_ours() -> None:
    assert codes(priced(line(1), line(2), total="162.00")) == set()
    assert codes(priced(line(1), line(2), total="162.01")) == {"order_total_mismatch"}


def test_a_total_over_lines_of_which_some_state_nothing_says_so() -> None:
    result = priced(line(1, unit_price="8.00"), line(2), total="160.00")
    assert finding(result, "data_unknown_order_total").severity == "info"


def test_another_currency_than_the_accounts_is_asked() -> None:
    result = priced(line(unit_price="8.70"), currency="USD", total="87.00")
    asked = finding(result, "currency_mismatch")
    assert (asked.severity, asked.options) == ("clarify", ("EUR", "USD"))
    assert codes(result) == {"currency_mismatch"}
    assert codes(priced(line(), currency="EUR")) == set()


@pytest.mark.parametrize(("written", "same"), [("€", True), ("Euro", True), ("$", False), ("Taler", False)])
def test_a_currency_that_is_no_code_is_understood_where_it_can_mean_the_accounts(
    written: str, same: bool
) -> None:
    assert codes(priced(line(), currency=written)) == (set() if same else {"currency_mismatch"})


def test_a_currency_nobody_knows_is_left_to_a_person() -> None:
    assert codes(priced(line(), currency="Taler", account=customer(currency=None))) == {"currency_unknown"}


def test_an_account_without_a_currency_says_so() -> None:
    result = priced(line(), account=customer(currency=None))
    assert finding(result, "data_unknown_currency").severity == "info"
    assert result.currency == "EUR"


@pytest.mark.parametrize(
    ("stated", "on_file", "same"),
    [
        ("Net 30", "30 Tage netto", True),
        ("NET30", "Net 30", True),
        ("30 days from date of invoice", "Net 30", True),
        ("60 días", "60 dias", True),
        ("2% 10 net 30", "Net 30", False),
        ("Net 60", "Net 30", False),
        ("Prepaid", "Net 30", False),
        ("DAP Portland", "DAP", True),
        ("EXW", "DAP", False),
        ("FOB origin", "FOB", True),
        ("FOB destination", "FOB origin", False),
    ],
)
def test_terms_are_compared_by_what_they_say(stated: str, on_file: str, same: bool) -> None:
    assert same_terms(stated, on_file) is same


@pytest.mark.parametrize("kind", ["payment", "freight"])
def test_terms_unlike_the_accounts_are_a_persons_decision(kind: str) -> None:
    field = f"{kind}_terms"
    account = customer(**{field: "Net 30"})
    differ = finding(priced(line(), account=account, **{field: "Net 60"}), f"{kind}_terms_differ")
    assert differ.severity == "approve"
    assert codes(priced(line(), account=account, **{field: "net 30"})) == set()
    assert codes(priced(line(), account=account)) == set()
    assert codes(priced(line(), **{field: "Net 60"})) == {f"data_unknown_{kind}_terms"}


@pytest.mark.parametrize(("minimum", "expected"), [("80.00", set[str]()), ("80.01", {"order_below_minimum"})])
def test_an_order_below_the_minimum_is_asked(minimum: str, expected: set[str]) -> None:
    rules = policy(booking={"order_minimum": {"EUR": minimum}})
    result = priced(line(), rules=rules)
    assert codes(result) == expected
    if expected:
        assert finding(result, "order_below_minimum").question == "order_below_minimum"


def test_a_surcharge_of_the_policy_is_added_by_a_person() -> None:
    rules = policy(booking={"order_minimum": {"EUR": "100"}, "small_order_surcharge": {"EUR": "15"}})
    found = finding(priced(line(), rules=rules), "order_below_minimum")
    assert (found.severity, found.facts["surcharge"]) == ("approve", "15.00")


@pytest.mark.parametrize(
    ("price", "tier", "held"),
    [
        ("500.00", "standard", False),
        ("500.01", "standard", True),
        ("1000.00", "key", False),
        ("1000.01", "key", True),
    ],
)
def test_a_value_above_the_limit_is_a_persons_decision(price: str, tier: str, held: bool) -> None:
    result = priced(line(), products=(product(list_price=price),), account=customer(tier=tier))
    assert ("value_above_limit" in codes(result)) is held
    if held:
        assert finding(result, "value_above_limit").severity == "approve"
