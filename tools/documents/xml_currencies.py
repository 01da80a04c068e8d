"""Amounts of an order's lines that are not in the order's own currency."""

from __future__ import annotations

from collections.abc import Iterable

from tools.documents.stated import Notebook
from tools.documents.xml_safe import Node


def note_mixed_currencies(lines: Iterable[Node], attribute: str, currency: str, notes: Notebook) -> None:
    """Note line amounts in another currency than the order's; tax may be stated in one of its own."""
    found: set[str] = set()
    queue = list(lines)
    while queue:
        node = queue.pop()
        if node.name.startswith("Tax"):
            continue
        if code := node.attributes.get(attribute, "").strip().upper():
            found.add(code)
        queue += node.children
    others = sorted(found - {currency.upper()})
    if others and currency:
        stated = ", ".join([currency, *others])
        notes.note(
            "mixed_currencies",
            "clarify",
            f"The lines state different currencies: {stated}.",
            path="currency",
            question="mixed_currencies",
            currencies=stated,
        )
