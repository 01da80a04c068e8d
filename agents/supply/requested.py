"""When each line is wanted: its own date, its schedule, or the order's date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orderdesk.domain.orders import DraftLine, OrderDraft

HEADER_PATH = "requested_date"


@dataclass(frozen=True)
class Delivery:
    """A part of a line wanted on a day; `quantity` in the line's stated unit."""

    quantity: Decimal
    day: date


@dataclass(frozen=True)
class Wanted:
    """When one line is wanted. `day` is the last day where there is a schedule; None = no date stated."""

    line_index: int
    day: date | None
    path: str
    ambiguous: bool = False
    schedule: tuple[Delivery, ...] = ()

    @property
    def from_header(self) -> bool:
        """Whether the order's date counts, not one of the line."""
        return self.path == HEADER_PATH


def wanted_dates(draft: OrderDraft) -> tuple[Wanted, ...]:
    """One entry per draft line, in order; the line's own date wins over the order's."""
    unclear = {f.path for f in draft.findings if f.code == "date_ambiguous"}
    return tuple(_wanted(index, line, draft, unclear) for index, line in enumerate(draft.lines))


def _wanted(index: int, line: DraftLine, draft: OrderDraft, unclear: set[str]) -> Wanted:
    own = f"lines[{index}].requested_date"
    parts = schedule_of(line)
    days = sorted({part.day for part in parts})
    if len(days) > 1:
        return Wanted(index, days[-1], own, own in unclear, parts)
    if line.requested_date is not None:
        return Wanted(index, line.requested_date.value, own, own in unclear)
    if days:
        return Wanted(index, days[0], own, own in unclear)
    day = draft.requested_date.value if draft.requested_date else None
    return Wanted(index, day, HEADER_PATH, HEADER_PATH in unclear)


def schedule_of(line: DraftLine) -> tuple[Delivery, ...]:
    """The line's dated deliveries, earliest first; parts without a date are not deliveries of their own."""
    dated = [Delivery(p.quantity, p.requested_date) for p in line.schedule if p.requested_date is not None]
    return tuple(sorted(dated, key=lambda part: part.day))
