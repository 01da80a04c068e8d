"""Days of single lines ('40 x AB-1 by Friday') and deliveries in parts ('5 boxes: 3 on Monday, 2 on Friday')."""
# ruff: noqa: E501 - patterns

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from agents.reader.rules.masks import NUMBER
from agents.reader.rules.mentions import prose_unit
from agents.reader.rules.wanted import stated_date
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import DraftLine, ScheduledDelivery
from tools.documents.written_dates import FoundDate
from tools.documents.written_numbers import parse_number

_PREPOSITION = r"on|by|for|before|until|in|due|at|am|bis|zum|ab|im|el|para|antes del|le|pour|avant|au"
_PART = re.compile(
    rf"(?:[\s,;:(+–*-]|\b(?:and|und|y|et|plus|sowie|then|dann|luego|puis)\b)*(?<![\w.,/-])(?P<n>{NUMBER})[ \t]*(?P<u>(?!(?:{_PREPOSITION})\b)[^\W\d_]+\.?)?[ \t,:=–-]*(?:(?:{_PREPOSITION})\b)?(?:[ \t]*(?:the|den|dem|el|le))?[ \t]*",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"[\s.,;:!?)]*(?:please|bitte|por favor|svp|merci|thanks|danke|gracias)?[\s.,;:!?)]*", re.IGNORECASE
)


class Place(NamedTuple):
    """Where a line was read: its clause and the number of the sentence it stands in."""

    start: int
    end: int
    sentence: int
    sentence_end: int


class Run(NamedTuple):
    """Deliveries in parts: how much on which day, and where it stands."""

    parts: tuple[tuple[Decimal, FoundDate], ...]
    start: int
    end: int


class LineDates(NamedTuple):
    """The lines with their own days; the places of those days; the one day that all lines share."""

    lines: tuple[DraftLine, ...]
    owned: tuple[tuple[int, int], ...]
    shared: FoundDate | None
    findings: tuple[Finding, ...]


def runs_of(
    text: str, dates: Sequence[FoundDate], language: str, unit_words: Mapping[str, str]
) -> tuple[Run, ...]:
    """Two or more quantities, each with its day, and nothing but joining words between them."""
    runs: list[Run] = []
    open_run: list[tuple[Decimal, FoundDate]] = []
    begin = 0

    def close() -> None:
        if len(open_run) > 1:
            runs.append(Run(tuple(open_run), begin, open_run[-1][1].end))
        open_run.clear()

    for index, found in enumerate(dates):
        previous = dates[index - 1].end if index else 0
        joined = _PART.fullmatch(text, previous, found.start) if open_run else None
        match = joined
        if match is None:
            close()
            line = text.rfind("\n", 0, found.start) + 1
            starts = [
                m for m in _PART.finditer(text, max(previous, line), found.start) if m.end() == found.start
            ]
            match = starts[-1] if starts else None
        value = parse_number(match["n"]) if match else None
        word = match["u"] if match else None
        if match is None or value is None or (word and prose_unit(word, language, unit_words) is None):
            close()
            continue
        if not open_run:
            begin = match.start("n")
        open_run.append((value, found))
    close()
    return tuple(runs)


def settle_dates(
    text: str, document_id: str, lines: Sequence[DraftLine], places: Sequence[Place], dates: Sequence[FoundDate],
    runs: Sequence[Run],
) -> LineDates:  # fmt: skip
    """Give each line the day that stands in its clause; one day at the end of a sentence counts for all of its
    lines, and a day that all lines share is the order's."""
    findings: list[Finding] = []
    result = list(lines)
    owned: list[tuple[int, int]] = []
    for run in runs:
        owned.append((run.start, run.end))
        index = next(
            (
                i
                for i in reversed(range(len(places)))
                if places[i].start <= run.start and run.start - places[i].end < 40
            ),
            None,
        )
        if index is None or result[index].schedule:
            findings.append(_unplaced(text[run.start : run.end]))
            continue
        schedule = tuple(ScheduledDelivery(quantity=q, requested_date=d.value) for q, d in run.parts)
        result[index] = result[index].model_copy(update={"schedule": schedule})
        for _, found in run.parts:
            stated_date(found, text, document_id, f"lines[{index}].schedule", True, findings)
    own = _own_dates(text, places, [d for d in dates if not any(a <= d.start < b for a, b in owned)])
    distinct = {f.value for found in own.values() for f in found}
    if len(distinct) == 1 and len(own) == len(lines):
        shared = next(iter(own.values()))[0]
        if not any(line.schedule for line in result):
            return LineDates(tuple(result), tuple(owned), shared, tuple(findings))
    for index, found in own.items():
        owned += [(f.start, f.end) for f in found]
        path = f"lines[{index}].requested_date"
        if len({f.value for f in found}) > 1:
            findings.append(_several(path, text, found))
        stated = stated_date(found[0], text, document_id, path, len(found) == 1, findings)
        result[index] = result[index].model_copy(update={"requested_date": stated})
    return LineDates(tuple(result), tuple(owned), None, tuple(findings))


def _own_dates(text: str, places: Sequence[Place], dates: Sequence[FoundDate]) -> dict[int, list[FoundDate]]:
    own: dict[int, list[FoundDate]] = {}
    for index, place in enumerate(places):
        found = [d for d in dates if place.start <= d.start < place.end and not _own_line(text, place, d)]
        if found:
            own[index] = found
    for index in list(own):
        together = [i for i, p in enumerate(places) if p.sentence == places[index].sentence]
        last = own[index][-1]
        at_end = _TRAILING.fullmatch(text, last.end, places[index].sentence_end) is not None
        # '40 x A and 20 x B by Friday': the day closes the sentence and counts for all of it
        if index == together[-1] and at_end and not any(i in own for i in together[:-1]):
            for i in together[:-1]:
                own[i] = own[index]
    return own


def _own_line(text: str, place: Place, found: FoundDate) -> bool:
    """Whether a date stands on a line of its own behind words of delivering: it speaks of the whole order."""
    before = text[place.start : found.start].rpartition("\n")
    return (
        bool(before[1])
        and re.match(
            r"\s*(?:please |bitte |por favor,? |merci de )?(?:deliver|ship|need|required?|requested|due|arriv|liefer|benötigt|termin|entreg|para el|fecha|livr|date|pour le|by\b|bis\b)",
            before[2],
            re.IGNORECASE,
        )
        is not None
    )


def _several(path: str, text: str, found: Sequence[FoundDate]) -> Finding:
    options = tuple(dict.fromkeys(f.value.isoformat() for f in found))
    written = " / ".join(text[f.start : f.end] for f in found)
    return Finding(
        code="date_conflict", severity="clarify", path=path, question="date_conflict", options=options,
        message=f"The line names several days: {written}.",
    )  # fmt: skip


def _unplaced(words: str) -> Finding:
    shown = " ".join(words.split())
    return Finding(
        code="unread_text", severity="approve", path="lines", facts={"text": shown},
        message=f"'{shown}' names quantities with days, but it is not clear of which article.",
    )  # fmt: skip
