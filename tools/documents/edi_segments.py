"""Segments of an EDI file with the place of each element in the text a clerk is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tools.documents.text_offsets import Place


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: `elements[0]` is the tag; each element is its components, each with its place."""

    elements: tuple[tuple[Place, ...], ...]
    start: int
    end: int

    @property
    def tag(self) -> str:
        """The segment's name, upper case ('PO1', 'LIN')."""
        return self.elements[0][0].text.upper()

    def get(self, element: int, component: int = 0) -> str:
        """A component's text without outer blanks; empty where the segment is shorter."""
        place = self.at(element, component)
        return place.text.strip() if place else ""

    def at(self, element: int, component: int = 0) -> Place | None:
        """A component with its place; None where the segment is shorter or nothing stands there."""
        if element >= len(self.elements) or component >= len(self.elements[element]):
            return None
        place = self.elements[element][component]
        return place if place.text.strip() else None

    def __len__(self) -> int:
        return len(self.elements)


@dataclass(slots=True)
class SegmentText:
    """The text of an EDI file as shown: one segment a line, separators printable; offsets fit this text."""

    parts: list[str] = field(default_factory=list[str])
    length: int = 0

    def add(self, text: str) -> None:
        """Append text."""
        self.parts.append(text)
        self.length += len(text)

    def segment(
        self,
        elements: Iterable[Iterable[tuple[str, str]]],
        *,
        element_mark: str,
        component_mark: str,
        terminator: str,
        locator: str,
    ) -> Segment:
        """Append one segment and return it with places.

        Each component comes as (value, as written): the two differ where release characters were used.
        """
        start = self.length
        placed: list[tuple[Place, ...]] = []
        for number, components in enumerate(elements):
            if number:
                self.add(element_mark)
            row: list[Place] = []
            for position, (value, written) in enumerate(components):
                if position:
                    self.add(component_mark)
                at = self.length
                self.add(written)
                name = f"{locator}/{number:02d}" + (f"-{position + 1:02d}" if position else "")
                row.append(Place(value, at, self.length, name, written))
            placed.append(tuple(row))
        end = self.length
        self.add(terminator + "\n")
        return Segment(tuple(placed), start, end)

    def __str__(self) -> str:
        return "".join(self.parts)


def printable(mark: str, instead: str) -> str:
    """A separator as shown: itself, or a stand-in where it is a control character or a blank."""
    return mark if mark.isprintable() and not mark.isspace() else instead
