"""Quantities far from what the customer ever took: times the largest, three sigma, too short a history."""

from __future__ import annotations

from typing import Any

import pytest
from risk_builders import assessed, codes, finding, past, policy


def quantity_case(quantity: str, *earlier: str, **more: Any) -> set[str]:
    result = assessed(("A-1", quantity), history=past(*earlier, **more))
    return {f.code for f in result.findings}


@pytest.mark.parametrize(("quantity", "unusual"), [("20", False), ("21", True)])
def test_more_than_five_times_the_largest_is_unusual(quantity: str, unusual: bool) -> None:
    # far apart on purpose, so that three sigma is no limit here
    rules = policy(risk={"quantity_sigma": "1000"})
    result = assessed(("A-1", quantity), history=past("2", "4", "3"), rules=rules)
    assert ("quantity_unusual" in codes(result)) is unusual


@pytest.mark.parametrize(("quantity", "unusual"), [("22", False), ("23", True)])
def test_more_than_three_sigma_is_unusual(quantity: str, unusual: bool) -> None:
    """6, 10, 14: the mean is 10 and the deviation 4, so the limit lies at 22, above twice the mean."""
    assert ("quantity_unusual" in quantity_case(quantity, "6", "10", "14")) is unusual


def test_a_steady_buyer_may_take_a_few_more() -> None:
    assert "quantity_unusual" not in quantity_case("20", "10", "10", "10")
    assert "quantity_unusual" in quantity_case("21", "10", "10", "10")


@pytest.mark.parametrize(("quantity", "unusual"), [("50", False), ("51", True)])
def test_five_times_the_largest_counts_from_the_first_earlier_order(quantity: str, unusual: bool) -> None:
    """From three orders on three sigma is the lower limit whatever was ordered, so this one decides before."""
    assert quantity_case(quantity, "10") == ({"quantity_unusual"} if unusual else {"data_unknown_history"})


def test_too_short_a_history_says_so() -> None:
    assert quantity_case("1000") == {"data_unknown_history"}
    assert quantity_case("50", "10", "10") == {"data_unknown_history"}
    assert "quantity_unusual" in quantity_case("1000", "10", "10", "10")


def test_history_is_compared_in_base_units_and_per_order() -> None:
    assert "quantity_unusual" not in quantity_case("100", "10", "10", "10", uom="BX")
    result = assessed(("A-1", "15"), ("A-1", "15"), history=past("10", "10", "10"))
    found = finding(result, "quantity_unusual")
    assert found.facts["quantity"] == "30"
    assert found.severity == "approve"
