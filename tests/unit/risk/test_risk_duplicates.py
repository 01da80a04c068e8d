"""The same order again: repeated, revised, a PO number reused or missing, like lines, the same attachment."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from risk_builders import assessed, case, codes, customer, existing, finding, past, policy

from agents.risk.contract import SeenAttachment
from agents.risk.duplicates import normal_po
from agents.risk.worker import assess
from orderdesk.policy.loader import load_policy


def test_the_same_po_and_lines_repeat_the_existing_order() -> None:
    booked = existing("SO-1", ("A-1", "10"), ("A-2", "5"))
    result = assessed(("A-2", "5"), ("A-1", "10"), existing_orders=(booked,))
    assert result.duplicate_of == "SO-1"
    assert finding(result, "duplicate_order").severity == "info"


@pytest.mark.parametrize(
    "ordered",
    [(("A-1", "11"),), (("A-1", "10"), ("A-2", "1")), (("A-2", "10"),), ((None, "10"),)],
)
def test_the_same_po_with_other_content_is_asked(ordered: tuple[tuple[str | None, str], ...]) -> None:
    result = assessed(*ordered, existing_orders=(existing("SO-1", ("A-1", "10")),))
    assert result.duplicate_of is None
    asked = finding(result, "po_number_reused")
    assert (asked.severity, asked.question, asked.facts["order_number"]) == (
        "clarify",
        "po_number_reused",
        "SO-1",
    )


def test_the_same_lines_to_another_place_are_other_content() -> None:
    booked = existing("SO-1", ("A-1", "10"), ship_to_code="EAST")
    assert assessed(existing_orders=(booked,), ship_to_code="EAST").duplicate_of == "SO-1"
    assert "po_number_reused" in codes(assessed(existing_orders=(booked,), ship_to_code="WEST"))


def test_a_revision_goes_to_a_person_whatever_its_lines() -> None:
    booked = existing("SO-1", ("A-1", "10"))
    for ordered in (("A-1", "10"), ("A-1", "20")):
        result = assessed(ordered, existing_orders=(booked,), revision=True)
        assert result.duplicate_of is None
        assert finding(result, "revision_received").severity == "approve"
        assert "po_number_reused" not in codes(result)
    assert "No order" in finding(assessed(revision=True), "revision_received").message


def test_an_imported_order_counts_as_existing_too() -> None:
    history = past("10")
    result = assessed(po="old po 0", history=history)
    assert result.duplicate_of == "OLD-0"
    boxes = past("1", uom="BX")
    assert assessed(po="OLD-PO-0", history=boxes).duplicate_of == "OLD-0"


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("PO-31452", "po 31452", True),
        ("0004500018734", "4500018734", True),
        ("HF/26/0311", "HF-26-0311", True),
        ("HF-26-0311", "HF-26-0312", False),
        ("A0012", "A12", False),
    ],
)
def test_po_numbers_are_compared_as_people_write_them(left: str, right: str, same: bool) -> None:
    assert (normal_po(left) == normal_po(right)) is same


@pytest.mark.parametrize(
    ("account", "default", "severity"),
    [(True, False, "clarify"), (False, True, "info"), (None, False, "info"), (None, True, "clarify")],
)
def test_a_missing_po_number_is_asked_where_it_is_needed(
    account: bool | None, default: bool, severity: str
) -> None:
    rules = policy(booking={"po_required": default})
    result = assessed(po=None, account=customer(po_required=account), rules=rules)
    assert finding(result, "po_number_missing").severity == severity


@pytest.mark.parametrize(("days", "possible"), [(5, True), (6, False)])
@pytest.mark.parametrize("po", ["PO-2", None])
def test_like_lines_under_another_po_within_the_days_of_the_policy(
    days: int, possible: bool, po: str | None
) -> None:
    booked = existing("SO-1", ("A-1", "10"), days_ago=days)
    result = assessed(po=po, existing_orders=(booked,))
    assert ("possible_duplicate" in codes(result)) is possible
    if possible:
        assert finding(result, "possible_duplicate").severity == "approve"


def test_other_lines_under_another_po_are_another_order() -> None:
    booked = existing("SO-1", ("A-1", "11"))
    assert "possible_duplicate" not in codes(assessed(po="PO-2", existing_orders=(booked,)))


def test_the_same_attachment_without_a_po_number_is_a_persons_decision() -> None:
    seen = (SeenAttachment(name="order.pdf", received_on=date(2026, 2, 1), order_number="SO-1"),)
    found = finding(assessed(po=None, seen_attachments=seen), "same_attachment_again")
    assert found.severity == "approve"
    assert "SO-1" in found.message
    assert "same_attachment_again" not in codes(assessed(po="PO-2", seen_attachments=seen))
    assert "same_attachment_again" not in codes(assessed(po=None))


lines = st.lists(
    st.tuples(st.sampled_from(["A-1", "A-2", "A-3"]), st.integers(1, 5).map(str)), min_size=1, max_size=4
)


@given(ordered=lines, booked=lines)
def test_only_an_order_of_equal_content_is_ever_a_repeat(
    ordered: list[tuple[str, str]], booked: list[tuple[str, str]]
) -> None:
    given_case = case(*ordered, existing_orders=(existing("SO-1", *booked),))
    result = assess(given_case, load_policy())
    assert (result.duplicate_of == "SO-1") is (sorted(ordered) == sorted(booked))
