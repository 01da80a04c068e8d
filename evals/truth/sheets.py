"""Orders in CSV files whose header names the columns in plain words."""

from __future__ import annotations

import csv
import io

from evals.samples import ExpectedCase
from evals.truth.values import case, day, line


def cases_of(raw: bytes) -> list[ExpectedCase] | None:
    """The one order of the table; None unless it has PO_NUMBER and QUANTITY columns and one PO number."""
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig", errors="replace"))))
    if not rows or not {"PO_NUMBER", "QUANTITY"} <= set(rows[0]):
        return None
    numbers = {row["PO_NUMBER"] for row in rows}
    if len(numbers) != 1:
        return None
    lines = [line(row["QUANTITY"], row.get("PRICE")) for row in rows]
    return [case(numbers.pop(), lines, day(rows[0].get("PO_DATE")))]
