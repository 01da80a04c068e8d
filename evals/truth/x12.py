"""Orders in an X12 file: 850, 860 and 875, by splitting at the separators that the ISA segment declares."""

from __future__ import annotations

from evals.samples import ExpectedCase
from evals.truth.values import case, day, line

# Transaction set -> its heading segment, where order number and date stand in it, its line segment, and where
# quantity and unit price stand in that.
_SETS = {
    "850": ("BEG", 3, 5, "PO1", 2, 4),
    "860": ("BCH", 3, 6, "POC", 3, 6),
    "875": ("G50", 3, 2, "G68", 1, 3),
}


def cases_of(raw: bytes) -> list[ExpectedCase] | None:
    """The orders of all interchanges; [] where there are only other transaction sets."""
    text = raw.decode("utf-8-sig", errors="replace").lstrip()
    if not text.startswith("ISA"):
        return None
    mark = text[3]
    sixteenth = text.split(mark, 16)
    if len(sixteenth) < 17:
        return None
    end = sixteenth[16][1]
    pieces = text.splitlines() if end in "\r\n" else text.replace("\r", "").replace("\n", "").split(end)
    segments = [[part.strip() for part in piece.strip().split(mark)] for piece in pieces]
    found: list[ExpectedCase] = []
    current: list[list[str]] = []
    for segment in segments:
        if segment[0] == "ST":
            current = []
        current.append(segment)
        if segment[0] == "SE" and current[0][0] == "ST" and current[0][1] in _SETS:
            found.append(_order(current))
    return found


def _order(segments: list[list[str]]) -> ExpectedCase:
    heading, at_number, at_date, item, at_quantity, at_price = _SETS[segments[0][1]]
    head = next((s for s in segments if s[0] == heading), [])
    lines = [line(_at(s, at_quantity), _at(s, at_price)) for s in segments if s[0] == item]
    return case(_at(head, at_number), lines, day(_at(head, at_date)))


def _at(segment: list[str], position: int) -> str | None:
    return segment[position] if position < len(segment) else None
