"""One case against its truth, field by field: small pure functions over `process --json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from evals.samples import ExpectedCase

HEADER_FIELDS = (
    "intent", "customer_id", "po_number", "po_date", "requested_date", "ship_to_code", "currency", "net_total",
)  # fmt: skip
LINE_FIELDS = ("sku", "quantity", "uom", "unit_price")
# Compared as numbers: 48 and 48.00 are the same quantity.
NUMBERS = frozenset({"quantity", "unit_price", "net_total", "booked_quantity", "booked_unit_price"})

Report = Mapping[str, Any]


@dataclass(frozen=True)
class Check:
    """One value that was compared. `field` is what it is counted under, `where` its place in the case."""

    field: str
    where: str
    expected: str | None
    actual: str | None
    right: bool


def outcome_check(expected: ExpectedCase | None, actual: Report | None) -> Iterator[Check]:
    """Whether the case stopped where it should; a missing or surplus case is a wrong outcome too."""
    if expected is None:
        yield Check("outcome", "outcome", "no further case", _text(actual, "outcome"), right=False)
    elif "outcome" in expected:
        yield _check("outcome", "outcome", "outcome", expected, actual)
    elif actual is None:
        yield Check("outcome", "outcome", "a case", None, right=False)


def header_checks(expected: ExpectedCase | None, actual: Report | None) -> Iterator[Check]:
    """The header fields of which the truth speaks, and the findings that must be among those made."""
    for field in HEADER_FIELDS:
        if expected is not None and field in expected:
            yield _check(field, field, field, expected, actual)
    made = {finding["code"] for finding in actual["findings"]} if actual else set[str]()
    for code in (expected or {}).get("finding_codes", ()):
        shown = ", ".join(sorted(made)) or None
        yield Check("findings", "findings", str(code), shown, right=code in made)


def line_checks(expected: ExpectedCase | None, actual: Report | None) -> Iterator[Check]:
    """The number of lines, and of each line (by its position) the fields of which the truth speaks."""
    if expected is None or "lines" not in expected:
        return
    wanted: list[dict[str, Any]] = expected["lines"]
    found: list[dict[str, Any]] = list(actual["lines"]) if actual else []
    yield Check("lines", "lines", str(len(wanted)), str(len(found)), right=len(wanted) == len(found))
    for index, line in enumerate(wanted):
        read = found[index] if index < len(found) else None
        for field in LINE_FIELDS:
            if field in line:
                yield _check(f"lines.{field}", f"lines[{index}].{field}", field, line, read)


def same(field: str, expected: object, actual: object) -> bool:
    """Whether two values of a field mean the same: numbers by value, everything else to the letter."""
    if expected is None or actual is None:
        return expected is None and actual is None
    if field in NUMBERS:
        left, right = number(expected), number(actual)
        return left is not None and left == right
    return str(expected) == str(actual)


def number(value: object) -> Decimal | None:
    """A decimal string as a number; None for anything else."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _check(field: str, where: str, key: str, expected: Report, actual: Report | None) -> Check:
    right = actual is not None and same(key, expected[key], actual.get(key))
    return Check(field, where, _text(expected, key), _text(actual, key), right)


def _text(values: Report | None, key: str) -> str | None:
    value = values.get(key) if values is not None else None
    return None if value is None else str(value)
