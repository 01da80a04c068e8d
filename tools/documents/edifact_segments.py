"""EDIFACT segments: service characters as UNA or the first segments show them, and the text a clerk sees."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tools.documents.edi_segments import Segment, SegmentText, printable
from tools.documents.text_offsets import decode

# Syntax identifier of UNB -> character set (ISO 9735, annex).
_CHARSETS = {
    "A": "ascii", "B": "ascii", "C": "latin-1", "D": "iso8859-2", "E": "iso8859-5", "F": "iso8859-7",
    "G": "iso8859-3", "H": "iso8859-4", "I": "iso8859-6", "J": "iso8859-8", "K": "iso8859-9",
    "L": "iso8859-15", "W": "utf-8", "Y": "utf-8",
}  # fmt: skip
_BLANK = " \t\r\n"
_MAX_SEGMENTS = 200_000


@dataclass(frozen=True, slots=True)
class ServiceCharacters:
    """The separators of an interchange. `declared` is False where they were found without UNA and differ
    from the standard ones."""

    component: str = ":"
    element: str = "+"
    release: str = "?"
    terminator: str = "'"
    declared: bool = True


@dataclass(frozen=True, slots=True)
class EdifactText:
    """Every segment of a file in order, and the text they have their places in."""

    segments: tuple[Segment, ...]
    text: str
    undeclared: bool = False
    empty_segments: int = 0
    cut_off: bool = False
    lost_header: str = ""
    too_many: bool = False


def read_segments(raw: bytes) -> EdifactText:
    """All segments of the file; a file without any gives an empty tuple and the decoded text."""
    source = decode_edifact(raw)
    start = re.search(r"(?:^|(?<=[\s']))(?:UNA.{6}\s*UN[BHG]|UN[BHG][^A-Za-z0-9\s])", source, re.DOTALL)
    if start is None:
        return EdifactText((), source)
    out = SegmentText()
    segments: list[Segment] = []
    counts: dict[str, int] = {}
    position, empty, undeclared, cut_off = start.start(), 0, False, False
    marks = ServiceCharacters()
    fresh = True
    while position < len(source):
        if fresh or source.startswith("UNA", position):
            marks, position = service_characters(source, position, marks)
            undeclared, fresh = undeclared or not marks.declared, False
        elements, following, closed = next_segment(source, position, marks)
        position = _skip_blanks(source, following)
        if not any(component[0].strip() for element in elements for component in element):
            empty += closed
            continue
        cut_off = cut_off or not closed
        tag = elements[0][0][0].strip().upper()
        if tag == "UNH":
            counts = {}
        counts[tag] = counts.get(tag, 0) + 1
        elements[0] = [(tag, tag), *elements[0][1:]]
        segments.append(
            out.segment(
                elements,
                element_mark=printable(marks.element, "+"),
                component_mark=printable(marks.component, ":"),
                terminator=printable(marks.terminator, "") if closed else "",
                locator=f"{tag}[{counts[tag]}]",
            )
        )
        if len(segments) > _MAX_SEGMENTS:
            return EdifactText((), source[:100_000], too_many=True)
        fresh = tag == "UNZ"
    before = " ".join(source[: start.start()].split())[:40]
    return EdifactText(tuple(segments), str(out), undeclared, empty, cut_off, before)


def decode_edifact(raw: bytes) -> str:
    """The text in the character set that UNB names; a wrong name is seen through where bytes are UTF-8."""
    named = re.search(rb"UNB[^A-Za-z0-9]UN[O]([A-Z])", raw[:400])
    return decode(raw, _CHARSETS.get(named.group(1).decode("ascii"), "latin-1") if named else "latin-1")


def service_characters(
    source: str, position: int, before: ServiceCharacters
) -> tuple[ServiceCharacters, int]:
    """The separators in force from `position`, and where the first segment after UNA starts."""
    if source.startswith("UNA", position) and len(source) >= position + 9:
        component, element, _point, release, _reserved, terminator = source[position + 3 : position + 9]
        end = _skip_blanks(source, position + 9)
        if terminator in "\r\n":
            terminator = "\n"
        return ServiceCharacters(component, element, "" if release == " " else release, terminator), end
    mark = source[position + 3 : position + 4]
    if mark == "+" and not _ends_segments(source, "'") and re.search(r"[\r\n]UN[HGTZ]\+", source):
        # Every segment on a line of its own and no terminator anywhere: the line break is what ends them.
        return ServiceCharacters(terminator="\n", declared=False), position
    if source.startswith("UNH", position) or mark in ("+", ""):
        return (ServiceCharacters() if mark == "+" else before), position
    return _inferred(source, position), position


def _ends_segments(source: str, terminator: str) -> bool:
    """Whether a terminator stands before any service segment or at the end."""
    ends = re.escape(terminator)
    return re.search(rf"{ends}[ \t\r\n]*(?:UN[HGTZES]\+|BGM\+|$)", source) is not None


def _inferred(source: str, position: int) -> ServiceCharacters:
    """Separators of an interchange that uses others than the standard ones without saying so in UNA."""
    element = source[position + 3]
    mark = re.escape(element)
    syntax = re.match(rf"UNB{mark}[A-Z]{{4}}(.)\d", source[position : position + 12])
    component = syntax.group(1) if syntax else ":"
    boundary = re.search(rf"([^A-Za-z0-9 \t\r\n])[ \t\r\n]*UN[HG]{mark}", source[position : position + 4000])
    terminator = boundary.group(1) if boundary else "'"
    release = "" if "?" in (element, component, terminator) else "?"
    return ServiceCharacters(component, element, release, terminator, declared=False)


def next_segment(
    source: str, position: int, marks: ServiceCharacters
) -> tuple[list[list[tuple[str, str]]], int, bool]:
    """One segment as elements of components, each (value, as written); where it ends; whether it was closed."""
    elements: list[list[tuple[str, str]]] = [[]]
    value: list[str] = []
    written: list[str] = []

    def close_component() -> None:
        elements[-1].append(("".join(value), "".join(written)))
        value.clear()
        written.clear()

    while position < len(source):
        char = source[position]
        position += 1
        if char == marks.release and marks.release and position < len(source):
            value.append(source[position])
            written.append(char + source[position])
            position += 1
        elif char == marks.terminator or (marks.terminator == "\n" and char == "\r"):
            close_component()
            return elements, position, True
        elif char == marks.element:
            close_component()
            elements.append([])
        elif char == marks.component:
            close_component()
        elif char not in "\r\n":
            # Files wrapped at a fixed width carry line breaks that are no part of the data.
            shown = char if char.isprintable() else " "
            value.append(shown)
            written.append(shown)
    close_component()
    return elements, position, False


def _skip_blanks(source: str, position: int) -> int:
    while position < len(source) and source[position] in _BLANK:
        position += 1
    return position
