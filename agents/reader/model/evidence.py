"""A model's reading held against its sources: what does not stand there, word for word, is no evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from agents.reader.model import follows
from agents.reader.model.answer import OrderReading, Quoted, ReadLine
from agents.reader.model.folding import Folded, folded
from agents.reader.rules.circumstances import Circumstances
from orderdesk.domain.base import Value
from orderdesk.domain.documents import DocumentRole
from orderdesk.domain.evidence import Evidence
from orderdesk.domain.orders import Intent

T = TypeVar("T")


class Shown(Value):
    """A document as a model was shown it. Number 0 is the subject line, which is no document of its own."""

    number: int
    document_id: str = ""
    role: DocumentRole = "body"
    text: str


@dataclass(frozen=True)
class Claim(Generic[T]):
    """A value a model states. Unfounded: it does not follow from its quote, so it witnesses nothing."""

    value: T
    founded: bool
    evidence: Evidence


@dataclass(frozen=True)
class CheckedLine:
    """A line whose quote stands in its document."""

    evidence: Evidence
    part: Claim[str] | None = None
    description: str = ""
    quantity: Claim[Decimal] | None = None
    unit: Claim[str] | None = None
    unit_price: Claim[Decimal] | None = None
    requested_date: Claim[date] | None = None
    # Values that are no numbers or days at all, by field: 'quantity' -> 'forty-ish'.
    unreadable: tuple[tuple[str, str], ...] = ()


@dataclass
class Checked:
    """What is left of a reading, and what is not."""

    intent: Intent
    po_number: Claim[str] | None = None
    po_date: Claim[date] | None = None
    requested_date: Claim[date] | None = None
    currency: Claim[str] | None = None
    ship_to: Claim[str] | None = None
    lines: list[CheckedLine] = field(default_factory=list[CheckedLine])
    # Lines and header fields whose quote stands nowhere: (field, value); lines under 'lines'.
    missing: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    lost_lines: list[ReadLine] = field(default_factory=list[ReadLine])


class Place(NamedTuple):
    """Where a quote stands, and its words with what they are joined to: '70110' may be the end of 'TAP-70110'."""

    evidence: Evidence
    words: str


# The mark in front of each line a model is shown; it may have copied it within a quote of several lines.
_MARK = re.compile(r"(?:^|(?<=\n))\s*\d{1,3}\| ?")


class Sources:
    """The shown documents, ready to be searched."""

    def __init__(self, shown: Sequence[Shown]) -> None:
        self.shown: Mapping[int, Shown] = {paper.number: paper for paper in shown}
        self._folded: dict[int, Folded] = {}

    def find(self, quote: str, number: int) -> list[Place]:
        """Every place where a quote stands in the document it names; empty where it stands nowhere."""
        paper = self.shown.get(number)
        if paper is None:
            return []
        source = self._folded.setdefault(number, folded(paper.text))
        spans = source.find(folded(quote).text) or source.find(folded(_MARK.sub("", quote)).text)
        return [Place(_evidence(paper, *span), _joined(paper.text, *span)) for span in spans]


def _evidence(paper: Shown, start: int, end: int) -> Evidence:
    words = paper.text[start:end]
    if paper.number == 0:
        return Evidence(document_id=paper.document_id, quote=words, locator="subject")
    return Evidence(document_id=paper.document_id, start=start, end=end, quote=words)


def _joined(text: str, start: int, end: int, most: int = 40) -> str:
    """The words of a place up to the next blanks."""
    first, last = start, end
    while first > max(0, start - most) and not text[first - 1].isspace():
        first -= 1
    while last < min(len(text), end + most) and not text[last].isspace():
        last += 1
    return text[first:last]


def check(reading: OrderReading, sources: Sources, at: Circumstances) -> Checked:
    """The reading with each value that its source bears out, and a note of each that it does not."""
    checked = Checked(intent=reading.intent)
    if reading.intent_quote.strip() and not any(
        sources.find(reading.intent_quote, number) for number in sources.shown
    ):
        checked.missing.append(("intent", reading.intent))
    checked.po_number = _number(checked, "po_number", reading.po_number, sources)
    checked.po_date = _day(checked, "po_date", reading.po_date, sources, at)
    checked.requested_date = _day(checked, "requested_date", reading.requested_date, sources, at)
    if (place := _located(checked, "currency", reading.currency, sources)) and reading.currency:
        code = reading.currency.value.strip().upper()
        checked.currency = Claim(code, follows.currency_follows(code, place.words), place.evidence)
    if (place := _located(checked, "ship_to", reading.ship_to, sources)) and reading.ship_to:
        words = " ".join(reading.ship_to.value.split())
        checked.ship_to = Claim(words, follows.words_follow(words, place.words), place.evidence)
    taken: dict[tuple[str, int], int] = {}
    for line in reading.lines:
        places = sources.find(line.quote, line.document)
        if not places:
            checked.lost_lines.append(line)
            continue
        # the second line of the same words stands where they stand the second time
        key = (places[0].evidence.document_id, places[0].evidence.start)
        turn = taken.get(key, 0)
        taken[key] = turn + 1
        checked.lines.append(_line(line, places[min(turn, len(places) - 1)], at))
    return checked


def _line(line: ReadLine, place: Place, at: Circumstances) -> CheckedLine:
    evidence, quote = place
    unreadable: list[tuple[str, str]] = []
    quantity = price = None
    day = None
    if line.quantity is not None and (value := follows.decimal_of(line.quantity)) is not None:
        quantity = Claim(value, follows.count_follows(value, quote), evidence)
    elif line.quantity:
        unreadable.append(("quantity", line.quantity))
    if line.unit_price is not None and (value := follows.decimal_of(line.unit_price)) is not None:
        price = Claim(value, follows.amount_follows(value, quote), evidence)
    elif line.unit_price:
        unreadable.append(("unit_price", line.unit_price))
    if line.requested_date is not None and (found := follows.date_of(line.requested_date)) is not None:
        day = Claim(found, follows.day_follows(found, quote, at), evidence)
    elif line.requested_date:
        unreadable.append(("requested_date", line.requested_date))
    part, unit = (line.part_number or "").strip(), (line.unit or "").strip(" .")
    description = " ".join((line.description or "").split())
    return CheckedLine(
        evidence=evidence,
        part=Claim(part, follows.number_follows(part, quote), evidence) if part else None,
        description=description if follows.words_follow(description, quote) else "",
        quantity=quantity,
        # 'x' counts, it is no unit
        unit=Claim(unit, follows.unit_follows(unit, quote), evidence) if unit.lower() not in ("", "x", "×") else None,
        unit_price=price,
        requested_date=day,
        unreadable=tuple(unreadable),
    )  # fmt: skip


def _number(checked: Checked, name: str, stated: Quoted | None, sources: Sources) -> Claim[str] | None:
    place = _located(checked, name, stated, sources)
    if place is None or stated is None:
        return None
    value = stated.value.strip()
    return Claim(value, follows.number_follows(value, place.words), place.evidence)


def _day(
    checked: Checked, name: str, stated: Quoted | None, sources: Sources, at: Circumstances
) -> Claim[date] | None:
    place = _located(checked, name, stated, sources)
    if place is None or stated is None:
        return None
    value = follows.date_of(stated.value)
    if value is None:
        checked.missing.append((name, stated.value))
        return None
    return Claim(value, follows.day_follows(value, place.words, at), place.evidence)


def _located(checked: Checked, name: str, stated: Quoted | None, sources: Sources) -> Place | None:
    if stated is None or not stated.value.strip():
        return None
    places = sources.find(stated.quote, stated.document)
    if not places:
        checked.missing.append((name, stated.value))
        return None
    return places[0]
