"""X12 segments: the separators an interchange declares, or really uses, and the text a clerk is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tools.documents.edi_segments import Segment, SegmentText, printable
from tools.documents.stated import Notebook

_MAX_SEGMENTS = 200_000
_MAX_INTERCHANGES = 1_000
# Not \s: the control characters some partners use as separators count as blanks in Python.
_BLANK = " \t\r\n"
_NEWLINE = re.compile(r"\r\n|\r|\n")
_INDENTED_BREAK = re.compile(r"[\r\n]+[ \t]*")
_AFTER_ISA = r"(?:GS|ST|TA1|ISB|ISE|IEA|SE|BEG|BCH)"


@dataclass(frozen=True, slots=True)
class Separators:
    """What an interchange is written with; terminator "\\n" stands for any line break."""

    element: str
    component: str
    terminator: str
    blank_declared: bool = False


@dataclass(slots=True)
class Interchange:
    """One interchange; `strict_counts`: per SE, what a literal reading of a blank terminator would count."""

    segments: list[Segment]
    separators: Separators
    strict_counts: list[int] = field(default_factory=list[int])


def find_separators(source: str) -> Separators | None:
    """The separators of the interchange that starts at source[0] with ISA, GS or ST.

    They are taken from the 16 elements of ISA rather than from its fixed columns, as partners forget the
    padding; a group or set without ISA shows them at its first segment boundary. None where no sense can be
    made of it.
    """
    tag = next((t for t in ("ISA", "GS", "ST") if source.startswith(t)), "")
    mark = source[len(tag) : len(tag) + 1]
    if not tag or not mark or mark.isalnum() or mark in _BLANK:
        return None
    window = source[:4000]
    flat = _INDENTED_BREAK.sub("", window)
    sep = re.escape(mark)
    if tag == "ISA":
        parts = flat.split(mark, 16)
        tail = parts[16] if len(parts) == 17 else ""
        full = re.match(rf"(.)([^A-Za-z0-9])[ \t\r\n]*{_AFTER_ISA}{sep}", tail)
        if full:
            component, terminator = full.groups()
            if terminator in _BLANK and _NEWLINE.search(window):
                return Separators(mark, component, "\n", blank_declared=True)
            return Separators(mark, component, terminator)
        bare = re.match(rf"(.)[ \t\r\n]*{_AFTER_ISA}{sep}", tail)
        if bare and _NEWLINE.search(window) and not _ends_lines(window, bare.group(1)):
            return Separators(mark, bare.group(1), "\n")
    boundary = re.search(rf"([^A-Za-z0-9 ])[ \t\r\n]*(?:GS|ST|TA1|BEG|BCH|G50|REF|N1|SE){sep}", window[2:])
    if boundary is None:
        return None
    terminator = boundary.group(1)
    return Separators(mark, "", "\n" if terminator in "\r\n" else terminator)


def _ends_lines(window: str, mark: str) -> bool:
    """Whether a character stands at the end of most lines: then it is the terminator, not ISA16."""
    lines = [line.rstrip(_BLANK) for line in _NEWLINE.split(window) if line.strip(_BLANK)]
    return sum(line.endswith(mark) for line in lines) * 2 > len(lines)


def interchanges(source: str, text: SegmentText, notes: Notebook) -> list[Interchange]:
    """Every interchange with its segments; each may have separators of its own."""
    found: list[Interchange] = []
    position = _next_start(source, 0)
    total = seen = 0
    unreadable = False
    while position is not None:
        seen += 1
        separators = find_separators(source[position : position + 4000])
        following = _next_isa(source, position + 3, separators)
        body = source[position : following if following is not None else len(source)]
        if separators is None and not unreadable:
            unreadable = True
            notes.note(
                "unreadable_document",
                "clarify",
                f"The interchange at character {position + 1} cannot be taken apart: "
                "its ISA segment is cut off or its separators contradict each other.",
                question="unreadable_document",
            )
        elif separators is not None:
            interchange = Interchange([], separators)
            _segments(body, separators, text, interchange)
            total += len(interchange.segments)
            found.append(interchange)
        position = following
        if total > _MAX_SEGMENTS or seen > _MAX_INTERCHANGES:
            notes.note(
                "reader_limit_exceeded",
                "approve",
                "The file has too many segments or interchanges; ask the partner to split it.",
            )
            return []
    return found


def lost_header(source: str) -> str:
    """What stands before the first segment that can be read, shortened; empty where nothing does."""
    start = _next_start(source, 0)
    before = source[:start] if start else ""
    return " ".join(before.split())[:40]


def _next_start(source: str, position: int) -> int | None:
    match = re.compile(r"(?:^|(?<=[ \t\r\n]))(?:ISA|GS|ST)(?=[^A-Za-z0-9 \t\r\n])").search(source, position)
    return match.start() if match else None


def _next_isa(source: str, position: int, separators: Separators | None) -> int | None:
    """Where the next interchange starts: ISA right after a terminator or at the start of a line."""
    before = re.escape(separators.terminator) if separators and separators.terminator != "\n" else r"\r\n"
    pattern = re.compile(rf"(?:(?<=[{before}\r\n])|(?<=[{before}\r\n] ))ISA(?=[^A-Za-z0-9 \t\r\n])")
    match = pattern.search(source, position)
    return match.start() if match else None


def tokenize(source: str, separators: Separators) -> list[list[str]]:
    """Segments as lists of elements; empty segments and outer blanks dropped, wrapped lines joined."""
    if separators.terminator == "\n":
        pieces = _NEWLINE.split(source)
    else:
        pieces = [_NEWLINE.sub("", piece) for piece in source.split(separators.terminator)]
    return [piece.strip(_BLANK).split(separators.element) for piece in pieces if piece.strip(_BLANK)]


def _segments(body: str, separators: Separators, text: SegmentText, into: Interchange) -> None:
    element = printable(separators.element, "*")
    terminator = "" if separators.terminator == "\n" else printable(separators.terminator, "")
    seen: dict[str, int] = {}
    strict = 0
    for parts in tokenize(body, separators):
        tag = parts[0].strip(_BLANK).upper()
        if tag in ("ST", "ISA"):
            seen = {}
        seen[tag] = seen.get(tag, 0) + 1
        if tag == "ST":
            strict = 0
        # How many segments a literal reading of a blank terminator would give: one more for each blank.
        strict += len([p for p in separators.element.join(parts).split(" ") if p])
        segment = text.segment(
            ([(_visible(part), _visible(part))] for part in [tag, *parts[1:]]),
            element_mark=element,
            component_mark="",
            terminator=terminator,
            locator=f"{tag}[{seen[tag]}]" if tag not in ("ISA", "GS", "ST", "BEG") else tag,
        )
        if tag == "SE":
            into.strict_counts.append(strict)
        into.segments.append(segment)


def _visible(part: str) -> str:
    return "".join(c if c.isprintable() else " " for c in part)
