"""Answers to a review, in our form and in Agent Inbox's dialect, where every value comes back as text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from graphs.corrections import accepted_corrections
from orderdesk.review.answers import InvalidAnswer, flatten, parse_answer

SHOWN: dict[str, Any] = {
    "customer_id": "C1",
    "po_number": "P-1",
    "po_date": None,
    "ship_to_code": "",
    "requested_date": "2026-03-13",
    "lines": [
        {"line_number": 1, "sku": "A-1", "quantity": "40", "uom": "EA", "promised_date": None, "rush": False}
    ],
}


def agent_inbox(changed: dict[str, Any]) -> list[dict[str, Any]]:
    """The answer of Agent Inbox to an edit: text stays text, anything else is JSON in a text."""
    args = {k: v if isinstance(v, str) else json.dumps(v) for k, v in changed.items()}
    return [{"type": "edit", "args": {"action": "book_order", "args": args}}]


def corrections(raw: Any) -> dict[str, str]:
    answer = parse_answer(raw)
    assert answer is not None
    return accepted_corrections(flatten(SHOWN), answer.args, lines=1)


def test_an_edit_in_agent_inbox_changes_what_was_changed_and_nothing_else() -> None:
    line = {**SHOWN["lines"][0], "quantity": "400"}
    assert corrections(agent_inbox({**SHOWN, "lines": [line]})) == {"lines[0].quantity": "400"}


def test_sending_everything_back_as_it_was_is_no_edit() -> None:
    with pytest.raises(InvalidAnswer, match="Nothing was changed"):
        corrections(agent_inbox(SHOWN))


@pytest.mark.parametrize("quantity", [400, "400", 400.0])
def test_edited_values_are_coerced_from_text_and_numbers(quantity: Any) -> None:
    raw = {"decisions": [{"type": "edit", "edited_action": {"args": {"lines[0].quantity": quantity}}}]}
    assert float(corrections(raw)["lines[0].quantity"]) == 400


@pytest.mark.parametrize(
    ("raw", "kind", "message"),
    [
        ([{"type": "accept", "args": None}], "approve", ""),
        ({"decisions": [{"type": "approve"}]}, "approve", ""),
        ([{"type": "response", "args": "wrong customer"}], "reject", "wrong customer"),
        ({"decisions": [{"type": "reject", "message": "no"}]}, "reject", "no"),
        ({"decisions": [{"type": "respond", "message": "ask: boxes?"}]}, "respond", "ask: boxes?"),
    ],
)
def test_both_dialects_mean_the_same(raw: Any, kind: str, message: str) -> None:
    answer = parse_answer(raw)
    assert answer is not None
    assert (answer.type, answer.message) == (kind, message)


def test_ignore_leaves_it_pending() -> None:
    assert parse_answer([{"type": "ignore", "args": None}]) is None


@pytest.mark.parametrize(
    "raw", [None, "yes", [], [{"type": "accept"}] * 2, {"type": "sell"}, {"type": "reject"}]
)
def test_anything_else_is_refused_with_what_was_expected(raw: Any) -> None:
    with pytest.raises(InvalidAnswer):
        parse_answer(raw)
