"""Identifiers that are the same at every replay; the precedence of findings; the clock; confidence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderdesk.domain.clock import FixedClock, SystemClock, business_date
from orderdesk.domain.findings import PRECEDENCE, Finding, worst
from orderdesk.domain.ids import case_id_for, content_hash, derived_id, message_id_for, payload_hash

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
SEVERITIES: tuple[Literal["info", "clarify", "approve", "reject"], ...] = (
    "info",
    "clarify",
    "approve",
    "reject",
)
FINDINGS = st.builds(
    lambda severity, hold: Finding(code="a_code", severity=severity, message="m", hold=hold),
    st.sampled_from(SEVERITIES),
    st.booleans(),
)


def test_ids_are_fixed_for_all_time() -> None:
    # These very values are stored as primary keys; a change here orphans every known case.
    message = message_id_for("abc@example")
    assert message == "da5f6ed6-4a48-5f00-9b4c-a25f6ecc7140"
    assert case_id_for(message, 0) == "ed0401e9-ffb3-5b94-90a7-007d857e4425"
    assert derived_id("review", "c", 1) == "6b449741-fefc-5899-b77c-3754761e1d43"
    assert content_hash(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert payload_hash({"b": 1, "a": "ü"}) == payload_hash({"a": "ü", "b": 1})


@given(st.text(min_size=1), st.integers(0, 999), st.integers(0, 999))
def test_every_order_of_a_message_has_its_own_case(key: str, one: int, other: int) -> None:
    message = message_id_for(key)
    assert (case_id_for(message, one) == case_id_for(message, other)) is (one == other)
    assert UUID(case_id_for(message, one)).version == 5


@given(JSON, JSON)
def test_a_payload_s_hash_is_the_payload(one: object, other: object) -> None:
    assert (payload_hash(one) == payload_hash(other)) is (repr_json(one) == repr_json(other))


def repr_json(value: object) -> str:
    import json

    return json.dumps(value, sort_keys=True)


def test_derived_ids_depend_on_every_part() -> None:
    ids = {derived_id("review", "c", 1), derived_id("review", "c", 2), derived_id("effect", "c", 1)}
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("severity", "hold", "rank"),
    [
        ("reject", False, "reject"),
        ("approve", True, "hold"),
        ("clarify", False, "clarify"),
        ("approve", False, "approve"),
        ("info", False, "info"),
        ("clarify", True, "clarify"),
    ],
)
def test_the_rank_of_a_finding(
    severity: Literal["info", "clarify", "approve", "reject"], hold: bool, rank: str
) -> None:
    assert Finding(code="x", severity=severity, message="m", hold=hold).precedence == rank


def test_the_written_precedence() -> None:
    assert PRECEDENCE == ("reject", "hold", "clarify", "approve", "info")
    of_rank = {
        "reject": Finding(code="x", severity="reject", message="m"),
        "hold": Finding(code="x", severity="approve", hold=True, message="m"),
        "clarify": Finding(code="x", severity="clarify", message="m"),
        "approve": Finding(code="x", severity="approve", message="m"),
        "info": Finding(code="x", severity="info", message="m"),
    }
    for higher, lower in pairwise(PRECEDENCE):
        assert worst((of_rank[lower], of_rank[higher])) == higher
    assert worst(()) == "info"


@given(st.lists(FINDINGS, min_size=1, max_size=8), st.randoms())
def test_the_worst_does_not_depend_on_the_order_and_never_gets_better(
    findings: list[Finding], random: object
) -> None:
    result = worst(findings)
    assert result == worst(list(reversed(findings)))
    assert result in [finding.precedence for finding in findings]
    assert PRECEDENCE.index(worst([*findings, findings[0]])) <= PRECEDENCE.index(result)
    assert all(PRECEDENCE.index(result) <= PRECEDENCE.index(f.precedence) for f in findings)


def test_a_code_is_stable_and_plain() -> None:
    with pytest.raises(ValueError):
        Finding(code="Not A Code", severity="info", message="m")


def test_the_business_date_is_as_of_then_the_message_s_own_then_today() -> None:
    clock = FixedClock(datetime(2026, 3, 2, 12, tzinfo=UTC))
    # half past one in the morning in Tokyo is the sender's own new day
    tokyo = datetime(2026, 3, 3, 1, 30, tzinfo=timezone(timedelta(hours=9)))
    assert business_date(date(2026, 1, 1), tokyo, clock) == date(2026, 1, 1)
    assert business_date(None, tokyo, clock) == date(2026, 3, 3)
    assert business_date(None, None, clock) == date(2026, 3, 2)


def test_the_fixed_clock_moves_only_when_moved() -> None:
    clock = FixedClock(datetime(2026, 3, 2, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.advance(timedelta(hours=1))
    assert clock.now() == datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert SystemClock().now().tzinfo is not None
    with pytest.raises(ValueError, match="aware"):
        FixedClock(datetime(2026, 3, 2))
