"""Workbooks with one order on each sheet: which sheets stand alone, and what of the text is theirs."""

from __future__ import annotations

from collections.abc import Sequence

from orderdesk.domain.documents import Table
from tools.documents.order_labels import find_labelled, normal_number
from tools.documents.order_layout import find_layout


def separate_sheets(tables: Sequence[Table], text: str) -> list[tuple[Table, str]]:
    """Each sheet with a text that holds only its own part, at its own place; empty where they are one order.

    Sheets are orders of their own where each has order lines and an order number above them, and no two agree.
    """
    if len(tables) < 2 or not all(table.locator.startswith("sheet ") for table in tables):
        return []
    found: list[tuple[Table, str]] = []
    numbers: set[str] = set()
    for table in tables:
        layout = find_layout(table)
        if layout is None:
            continue  # instructions, a list of units: no order stands there
        start, end = _span(table)
        own = " " * start + text[start:end] + " " * (len(text) - end)
        above = own[: max((c.end for row in table.rows[: max(layout.header_row, 0)] for c in row), default=0)]
        stated = [label for label in find_labelled(above, ("po_number",)) if label.strong]
        if not stated:
            return []
        numbers.add(normal_number(stated[0].value))
        found.append((table, own))
    return found if len(found) > 1 and len(numbers) == len(found) else []


def _span(table: Table) -> tuple[int, int]:
    cells = [cell for row in table.rows for cell in row if cell.start >= 0]
    return min((c.start for c in cells), default=0), max((c.end for c in cells), default=0)
