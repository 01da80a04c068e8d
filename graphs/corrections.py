"""What a person may correct, by path, and how a corrected value enters the draft."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from orderdesk.domain.evidence import Stated
from orderdesk.domain.orders import OrderDraft
from orderdesk.domain.units import UNIT_CODES, unit_from_word
from orderdesk.review.answers import InvalidAnswer

# Paths a reviewer may set; everything else of an order follows from these and from master data.
HEADER_PATHS = ("customer_id", "ship_to_code", "po_number", "requested_date")
LINE_PATHS = ("sku", "quantity", "uom", "unit_price")
_LINE = re.compile(r"lines\[(\d{1,6})\]\.(\w+)$")
# What a value may be: one line of text, and digits before and behind the point of a figure.
_LONGEST = 200
_DIGITS, _PLACES = 12, 12


def accepted_corrections(
    shown: Mapping[str, str], edited: Mapping[str, str], *, lines: int
) -> dict[str, str]:
    """The edited values that differ from what was shown, checked and normalised.

    Raises InvalidAnswer naming the first value that cannot be taken.
    """
    accepted: dict[str, str] = {}
    for path, value in edited.items():
        value = value.strip()
        # Agent Inbox sends back every value as text, an unknown one as "null".
        if value == shown.get(path, "") or (value == "null" and not shown.get(path)):
            continue
        accepted[path] = _checked(path, value, lines)
    if not accepted:
        raise InvalidAnswer("Nothing was changed: approve it as it is, or edit a value.")
    return accepted


def _checked(path: str, value: str, lines: int) -> str:
    line = _LINE.match(path)
    if path not in HEADER_PATHS and not (line and line[2] in LINE_PATHS and int(line[1]) < lines):
        allowed = ", ".join([*HEADER_PATHS, *(f"lines[n].{name}" for name in LINE_PATHS)])
        raise InvalidAnswer(f"{path} cannot be edited here; editable are {allowed}.")
    if not value:
        raise InvalidAnswer(f"{path} is empty: write a value.")
    if len(value) > _LONGEST or not value.isprintable():
        raise InvalidAnswer(f"{path}: write at most {_LONGEST} characters, on one line.")
    name = line[2] if line else path
    if name in ("quantity", "unit_price"):
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise InvalidAnswer(
                f"{path}: {value!r} is not a number; write it with a point, as 12.5."
            ) from None
        if not number.is_finite() or number < 0 or (name == "quantity" and number == 0):
            raise InvalidAnswer(f"{path}: {value!r} must be above zero.")
        # Written out, 1e999999999 fills the memory: no quantity or price has more digits than these.
        if number and not -_PLACES <= number.adjusted() < _DIGITS:
            raise InvalidAnswer(f"{path}: {value!r} is no figure an order can have.")
        return format(number, "f")
    if name == "uom":
        code = value.upper() if value.upper() in UNIT_CODES else unit_from_word(value)
        if code is None:
            raise InvalidAnswer(f"{path}: {value!r} is not a unit we know; write EA, BX, CS, KG or the like.")
        return code
    if name == "requested_date":
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            raise InvalidAnswer(f"{path}: {value!r} is not a date; write it as 2026-03-15.") from None
    return value


def corrected_draft(draft: OrderDraft, corrections: Mapping[str, str]) -> OrderDraft:
    """The draft with a person's header values and prices; articles and quantities are the matcher's."""
    if not corrections:
        return draft
    changes: dict[str, Any] = {}
    if number := corrections.get("po_number"):
        changes["po_number"] = Stated[str](value=number, method="person")
    if day := corrections.get("requested_date"):
        changes["requested_date"] = Stated[date](value=date.fromisoformat(day), method="person")
    settled = {path for path in ("po_number", "requested_date") if path in corrections}
    settled |= {match[0] for path in corrections if (match := _LINE.match(path))}
    changes["findings"] = tuple(f for f in draft.findings if f.path not in settled)
    return draft.model_copy(update=changes)
