"""The places an X12 line is to be split over: SDQ segments with a quantity for each location."""

from __future__ import annotations

from decimal import Decimal

from orderdesk.domain.evidence import Stated
from tools.documents.edi_segments import Segment
from tools.documents.stated import Notebook, exact, joined


def destinations(rest: list[Segment]) -> str:
    """The locations with their quantities, in words; empty where the line goes to one place."""
    return joined([_words(segment) for segment in rest if segment.tag == "SDQ"])


def line_quantity(
    stated: Stated[Decimal] | None, rest: list[Segment], notes: Notebook, path: str, line: str
) -> Stated[Decimal] | None:
    """The line's quantity: as stated, else the sum over its locations (retailers leave PO102 to it).

    A line that goes to several places, and a sum that contradicts the line, are findings.
    """
    segments = [segment for segment in rest if segment.tag == "SDQ"]
    if not segments:
        return stated
    notes.note(
        "several_destinations",
        "approve",
        f"Line {line} is to be split over several locations (SDQ); a person has to enter the deliveries.",
        path=path,
    )
    quantities = [exact(quantity) for segment in segments for _, quantity in _pairs(segment)]
    if not quantities or None in quantities:
        return stated
    total = Decimal(sum(quantity for quantity in quantities if quantity is not None))
    if stated is None:
        return notes.stated(total, segments[0].at(4))
    if stated.value != total:
        notes.note(
            "document_totals_wrong",
            "clarify",
            f"Line {line} says {stated.value:f} but its locations add up to {total:f} (SDQ).",
            path=f"{path}.quantity",
            question="document_totals_wrong",
            element="SDQ",
            says=format(stated.value, "f"),
            real=format(total, "f"),
        )
    return stated


def _pairs(segment: Segment) -> list[tuple[str, str]]:
    return [(segment.get(at), segment.get(at + 1)) for at in range(3, len(segment) - 1, 2) if segment.get(at)]


def _words(segment: Segment) -> str:
    pairs = [f"{place}: {quantity}" for place, quantity in _pairs(segment)]
    return f"For locations {', '.join(pairs)} {segment.get(1)}".rstrip() if pairs else ""
