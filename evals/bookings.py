"""Wrong bookings: the worst class of error there is, judged on what was booked, not on what was read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evals.checks import Report, same
from evals.samples import ExpectedCase
from orderdesk.domain.results import FINAL_OUTCOMES

BOOKED = frozenset({"booked", "changed"})
# Ended without a person and without a question; a dead letter is a person's.
STRAIGHT_THROUGH = FINAL_OUTCOMES - {"dead_letter"}


def wrong_booking(
    expected: ExpectedCase | None, actual: Report | None, *, bookable: bool = True
) -> list[str]:
    """What is wrong about a booking, in words; empty where nothing was booked or all of it is right."""
    if actual is None or actual["outcome"] not in BOOKED:
        return []
    if not bookable:
        return ["booked for somebody who is no customer of this company"]
    if expected is None:
        return ["booked, although there is no such order in the message"]
    return list(_differences(expected, actual))


def _differences(expected: ExpectedCase, actual: Report) -> Iterator[str]:
    outcome = expected.get("outcome", actual["outcome"])
    if outcome != actual["outcome"]:
        yield f"{actual['outcome']}, but it should be {outcome}"
    # To another address, or in another currency, is as wrong as another article.
    for field in ("customer_id", "ship_to_code", "currency", "net_total"):
        if field in expected and not same(field, expected[field], actual.get(field)):
            yield f"{field} {actual.get(field)} instead of {expected[field]}"
    if "lines" not in expected:
        return
    wanted: list[dict[str, Any]] = expected["lines"]
    booked: list[dict[str, Any]] = list(actual["lines"])
    if len(wanted) != len(booked):
        yield f"{len(booked)} lines instead of {len(wanted)}"
    # With the total given, a price of ours in place of the stated one is right exactly where the total is.
    prices = "net_total" not in expected
    for index, (line, ours) in enumerate(zip(wanted, booked, strict=False)):
        yield from (f"lines[{index}].{text}" for text in _line(line, ours, prices))


def _line(expected: dict[str, Any], actual: dict[str, Any], prices: bool) -> Iterator[str]:
    fields = ["sku", "quantity", "uom"]
    if "booked_unit_price" in expected or (prices and expected.get("unit_price") is not None):
        fields.append("unit_price")
    for field in fields:
        if field not in expected and f"booked_{field}" not in expected:
            continue
        right, done = _as_booked(expected, field), _as_booked(actual, field)
        if not same(field, right, done):
            yield f"{field} {done} instead of {right}"


def _as_booked(line: dict[str, Any], field: str) -> Any:
    return line.get(f"booked_{field}", line.get(field))
