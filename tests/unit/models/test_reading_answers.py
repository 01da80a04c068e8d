"""An answer is taken whole or not at all: nothing that was cut, doubled or bent ever passes."""

from __future__ import annotations

import json
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.reader.model.answer import OrderReading
from tools.models.answers import MAX_TEXT, read_answer
from tools.models.contract import Closed
from tools.models.errors import InvalidAnswer

TEXT = st.text(max_size=8).filter(lambda text: "\x00" not in text)
QUOTED = st.none() | st.fixed_dictionaries({"value": TEXT, "quote": TEXT, "document": st.integers(0, 9)})
LINE = st.fixed_dictionaries(
    {"quote": TEXT, "document": st.integers(0, 9)}
    | dict.fromkeys(
        ("part_number", "description", "quantity", "unit", "unit_price", "requested_date"), st.none() | TEXT
    )
)
READING = st.fixed_dictionaries(
    {"intent": st.sampled_from(["new_order", "order_status"]), "intent_quote": TEXT}
    | dict.fromkeys(("po_number", "po_date", "requested_date", "currency", "ship_to"), QUOTED)
    | {"lines": st.lists(LINE, max_size=3)}
)


class Small(Closed):
    """A small answer."""

    kind: Literal["a", "b"]
    items: list[int]


@given(READING, st.sampled_from([None, 2]))
def test_an_answer_passes_only_whole(reading: dict[str, Any], indent: int | None) -> None:
    text = json.dumps(reading, indent=indent, ensure_ascii=indent is None)
    read = read_answer(OrderReading, text)
    assert len(read.lines) == len(reading["lines"])
    for cut in range(len(text)):
        with pytest.raises(InvalidAnswer):
            read_answer(OrderReading, text[:cut])


@given(READING)
def test_each_part_is_needed_and_no_other_is_taken(reading: dict[str, Any]) -> None:
    for name in reading:
        rest = {other: value for other, value in reading.items() if other != name}
        with pytest.raises(InvalidAnswer, match=f"{name}: field required"):
            read_answer(OrderReading, json.dumps(rest))
    with pytest.raises(InvalidAnswer, match=r"\(another name\): extra inputs"):
        read_answer(OrderReading, json.dumps(reading | {"approved": True}))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, "empty"), ("", "empty"), ("  \n", "empty"), ([{"type": "text"}], "empty"), ("null", "the whole"),
        ("x" * (MAX_TEXT + 1), "too long"), ('{"kind": "a", "items": [1], "items": []}', "given twice"),
        ('{"kind": "a", "items": [1]} {"kind": "a", "items": []}', "one complete JSON object"),
        ('{"kind": "a\\u0000", "items": []}', "NUL"), ('{"kind": "a", "items": [' + "9" * 5000 + "]}", ""),
        ('{"kind": "a", "items": ' + "[" * 50_000, ""), ('{"kind": "c", "items": []}', "kind: input should be 'a' or 'b'"),
        ('{"kind": "a", "items": [1, "x", NaN]}', "items.1"), ("nonsense", "one complete JSON object"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(content: object, fault: str) -> None:
    with pytest.raises(InvalidAnswer) as raised:
        read_answer(Small, content)
    assert fault in raised.value.fault


def test_a_fault_is_short_and_quotes_nothing() -> None:
    secret = "4111 1111 1111 1111"
    wrong = {"kind": secret, "items": [secret] * 400, secret: secret}
    with pytest.raises(InvalidAnswer) as raised:
        read_answer(Small, json.dumps(wrong))
    assert secret not in str(raised.value)
    assert len(raised.value.fault) < 800
    assert "and 397 more" in raised.value.fault
