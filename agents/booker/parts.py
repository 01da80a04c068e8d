"""Puts the workers' results for one line side by side, and stops where they do not fit together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from agents.booker.contract import BookerInput
from orderdesk.domain.errors import CaseIncident
from orderdesk.domain.orders import DraftLine
from orderdesk.domain.results import LineMatch, LinePrice, LineSupply


class _OfLine(Protocol):
    @property
    def line_index(self) -> int: ...


T = TypeVar("T", bound=_OfLine)


@dataclass(frozen=True)
class LineParts:
    """One draft line with what each worker made of it; None = that worker has nothing for it."""

    index: int
    number: int
    draft: DraftLine
    match: LineMatch | None
    price: LinePrice | None
    supply: LineSupply | None


def line_parts(given: BookerInput) -> tuple[LineParts, ...]:
    """One entry per draft line, in order.

    Raises CaseIncident where a worker names a line twice or one the draft does not have.
    """
    count = len(given.draft.lines)
    matches = _by_index("matcher", given.match.lines, count)
    prices = _by_index("pricing", given.pricing.lines, count)
    supplies = _by_index("supply", given.supply.lines, count)
    numbers = line_numbers(given.draft.lines)
    return tuple(
        LineParts(i, numbers[i], line, matches.get(i), prices.get(i), supplies.get(i))
        for i, line in enumerate(given.draft.lines)
    )


def line_numbers(lines: Sequence[DraftLine]) -> tuple[int, ...]:
    """The document's own numbers; where two lines share one, 1-based positions instead."""
    stated = tuple(line.line_number for line in lines)
    return stated if len(set(stated)) == len(stated) else tuple(range(1, len(stated) + 1))


def _by_index(worker: str, entries: Sequence[T], count: int) -> dict[int, T]:
    result: dict[int, T] = {}
    for entry in entries:
        if entry.line_index in result or not 0 <= entry.line_index < count:
            raise CaseIncident(
                f"the {worker} result has an entry for line position {entry.line_index} that is double or "
                f"not in the draft of {count} lines; start the case's workers again"
            )
        result[entry.line_index] = entry
    return result
