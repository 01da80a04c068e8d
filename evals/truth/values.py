"""Values as truth carries them: numbers and dates as strings in `process --json`'s form."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from evals.samples import ExpectedCase


def case(po_number: str | None, lines: list[dict[str, Any]], po_date: str | None = None) -> ExpectedCase:
    """One order as stated; a value that is no number or date is left out, so that it is not judged."""
    stated: ExpectedCase = {"po_number": (po_number or "").strip() or None, "lines": lines}
    if po_date is not None:
        stated["po_date"] = po_date
    return stated


def line(quantity: str | None, unit_price: str | None) -> dict[str, Any]:
    """One line's numbers, as far as they are numbers."""
    stated = {"quantity": number(quantity), "unit_price": number(unit_price)}
    return {key: value for key, value in stated.items() if value is not None}


def number(text: str | None) -> str | None:
    """A plain decimal number, thousands commas removed; None for anything else."""
    try:
        found = Decimal((text or "").strip().replace(",", ""))
    except InvalidOperation:
        return None
    return format(found, "f") if found.is_finite() else None


def day(text: str | None) -> str | None:
    """A date written YYYY-MM-DD... or YYYYMMDD, as YYYY-MM-DD; None for anything else."""
    match = re.match(r"(\d{4})-(\d\d)-(\d\d)|(\d{4})(\d\d)(\d\d)(?!\d)", (text or "").strip())
    if match is None:
        return None
    year, month, number_of_day = (int(group) for group in match.groups() if group is not None)
    try:
        return date(year, month, number_of_day).isoformat()
    except ValueError:
        return None
