"""How lines are named in a clerk's sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from agents.supply.contract import SupplyInput

# A sentence that names more lines than this is no longer read; the rest is counted.
_NAMED = 8


class OfLine(Protocol):
    """Anything that belongs to a draft line."""

    @property
    def line_index(self) -> int: ...


def line_word(entry: OfLine, given: SupplyInput) -> str:
    """'Line 2', by the document's own number."""
    return f"Line {given.draft.lines[entry.line_index].line_number}"


def line_list(entries: Sequence[OfLine], given: SupplyInput) -> str:
    """'line 2', 'lines 1, 2 and 3', 'all lines'."""
    if len(entries) > 1 and len(entries) == len(given.draft.lines):
        return "all lines"
    numbers = [str(given.draft.lines[entry.line_index].line_number) for entry in entries]
    if len(numbers) == 1:
        return f"line {numbers[0]}"
    if len(numbers) > _NAMED:
        return f"lines {', '.join(numbers[:_NAMED])} and {len(numbers) - _NAMED} more"
    return f"lines {', '.join(numbers[:-1])} and {numbers[-1]}"
