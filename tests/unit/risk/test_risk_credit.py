"""Credit: the limit, what is overdue, prepayment, and figures that are unknown or old."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from risk_builders import assessed, codes, customer, existing, finding, policy


@pytest.mark.parametrize(("net", "held"), [("1000.00", False), ("1000.01", True)])
def test_exposure_and_order_may_reach_the_limit_but_not_pass_it(net: str, held: bool) -> None:
    account = customer(credit_limit="10000", open_balance="7000")
    result = assessed(account=account, own_exposure="2000", net=net)
    assert ("credit_limit_exceeded" in codes(result)) is held
    if held:
        found = finding(result, "credit_limit_exceeded")
        assert (found.severity, found.hold) == ("approve", True)
        assert found.facts["over"] == "0.01"
        for figure in ("7,000.00", "2,000.00", "1,000.01", "10,000.00"):
            assert figure in found.message


@pytest.mark.parametrize(("overdue", "held"), [("0", False), ("0.01", True)])
def test_an_overdue_balance_holds_beyond_the_grace(overdue: str, held: bool) -> None:
    assert ("overdue_balance" in codes(assessed(account=customer(overdue_balance=overdue)))) is held


@pytest.mark.parametrize(("overdue", "held"), [("200", False), ("200.01", True)])
def test_the_grace_is_the_policys(overdue: str, held: bool) -> None:
    result = assessed(
        account=customer(overdue_balance=overdue), rules=policy(credit={"overdue_grace": "200"})
    )
    assert ("overdue_balance" in codes(result)) is held
    if held:
        assert finding(result, "overdue_balance").hold


@pytest.mark.parametrize(
    ("unknown", "given"),
    [
        ({"credit_limit": None}, {}),
        ({"open_balance": None}, {}),
        ({"overdue_balance": None}, {}),
        ({"currency": "USD"}, {}),
        ({}, {"net": None}),
        ({}, {"own_exposure": None}),
    ],
)
def test_what_is_unknown_is_said_and_blocks_nothing(unknown: dict[str, Any], given: dict[str, Any]) -> None:
    result = assessed(account=customer(**unknown), **given)
    assert finding(result, "data_unknown_credit").severity == "info"
    assert codes(result) == {"data_unknown_credit"}


def test_an_unknown_open_balance_does_not_hide_what_is_known_to_exceed() -> None:
    result = assessed(account=customer(open_balance=None), net="10000.01")
    assert "credit_limit_exceeded" in codes(result)


def test_an_account_that_pays_in_advance_is_released_by_a_person() -> None:
    result = assessed(account=customer(payment_terms="PREPAID", credit_limit=None))
    assert codes(result) == {"prepayment_due"}
    assert not finding(result, "prepayment_due").hold
    assert "prepayment_due" not in codes(assessed(account=customer(payment_terms="Net 30")))


@pytest.mark.parametrize(("as_of", "old"), [(date(2026, 2, 16), False), (date(2026, 2, 15), True)])
def test_old_figures_are_called_out(as_of: date, old: bool) -> None:
    assert ("credit_figures_old" in codes(assessed(account=customer(as_of=as_of)))) is old


def test_an_order_that_is_already_booked_needs_no_credit() -> None:
    booked = existing("SO-1", ("A-1", "10"))
    result = assessed(account=customer(open_balance="99999"), existing_orders=(booked,))
    assert result.duplicate_of == "SO-1"
    assert codes(result) == {"duplicate_order"}
