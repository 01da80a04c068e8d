"""The order's note: what the booked fields have no place for, so that nothing the customer said is lost."""

from __future__ import annotations

import unicodedata

from agents.booker.parts import LineParts
from orderdesk.domain.orders import OrderDraft, PartyRef
from orderdesk.domain.results import BookLine, MatchResult, SupplyResult

# A note is read by the people who pick and pack; longer ones are not.
_LIMIT = 500


def order_note(
    draft: OrderDraft,
    match: MatchResult,
    supply: SupplyResult,
    booked: tuple[tuple[LineParts, BookLine], ...],
) -> str:
    """One statement a line: a stated address without a code of ours, deliveries, customer's notes."""
    notes: list[str] = []
    if draft.ship_to and not match.ship_to_code and (address := _address(draft.ship_to)):
        notes.append(f"Ship-to as stated by the customer: {address}")
    deliveries = {f.path: f.facts["deliveries"] for f in supply.findings if f.code == "schedule_lines"}
    for parts, line in booked:
        if plan := deliveries.get(f"lines[{parts.index}].schedule"):
            notes.append(f"Line {line.line_number}, deliveries wanted: {plan}")
    if draft.note:
        notes.append(f"Customer's note: {_clean(draft.note)}")
    notes += [
        f"Line {line.line_number}, customer's note: {_clean(parts.draft.note)}"
        for parts, line in booked
        if parts.draft.note
    ]
    return "\n".join(notes)


def _address(party: PartyRef) -> str:
    parts = (party.name, party.street, party.postal_code, party.city, party.region, party.country)
    return ", ".join(_clean(part) for part in parts if part)


def _clean(text: str) -> str:
    """One line without control or invisible characters: a note must not look like another statement."""
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    visible = "".join(c for c in spaced if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
    line = " ".join(visible.split())
    return line if len(line) <= _LIMIT else line[: _LIMIT - 1] + "…"
