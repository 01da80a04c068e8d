"""Values as a structured document states them: exact numbers, dates, units, or a finding that says why not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from orderdesk.domain.base import plain
from orderdesk.domain.evidence import Stated
from orderdesk.domain.findings import Finding, Severity
from orderdesk.domain.orders import OrderDraft
from orderdesk.domain.units import unit_from_word
from tools.documents.text_offsets import Place

T = TypeVar("T")

# Longer than any real quantity or price; keeps a hostile file from making us carry a million digits.
_MAX_DIGITS = 30
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d+")
_POINT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")


class Notebook:
    """Turns places into stated values for one order and collects the findings on the way."""

    def __init__(self, document_id: str, *, comma_is_point: bool = False) -> None:
        """`comma_is_point`: EDIFACT allows comma and point as decimal mark and no thousands separator."""
        self.document_id = document_id
        self.findings: list[Finding] = []
        self._comma = comma_is_point

    def stated(self, value: T, place: Place | None) -> Stated[T]:
        """A value a structured format defines: method structured, confidence 1."""
        return Stated[T](value=value, evidence=place.evidence(self.document_id) if place else None)

    def text(self, place: Place | None) -> Stated[str] | None:
        """The text as stated; None where nothing stands there."""
        return self.stated(place.text.strip(), place) if place and place.text.strip() else None

    def number(self, place: Place | None, path: str, label: str) -> Stated[Decimal] | None:
        """An exact decimal; None with a finding where it is not a number."""
        if place is None or not place.text.strip():
            return None
        value = exact(place.text.strip(), comma=self._comma)
        if value is None:
            self.unreadable(place, path, label, "a number")
            return None
        return self.stated(value, place)

    def amount(self, place: Place | None, path: str, label: str) -> Decimal | None:
        """As `number`, without its evidence."""
        stated = self.number(place, path, label)
        return stated.value if stated else None

    def day(
        self, place: Place | None, path: str, label: str, read: Callable[[str], date | None]
    ) -> Stated[date] | None:
        """A date as `read` understands it; None with a finding where it does not."""
        if place is None or not place.text.strip():
            return None
        value = read(place.text.strip())
        if value is None:
            self.unreadable(place, path, label, "a date")
            return None
        return self.stated(value, place)

    def unit(
        self, place: Place | None, path: str, known: Callable[[str], str | None]
    ) -> tuple[Stated[str] | None, str]:
        """Our unit code with its place, and the unit as written; an unknown unit is a finding."""
        written = place.text.strip() if place else ""
        if place is None or not written:
            return None, ""
        # Partners without a code list write the word ('STK', 'pcs', 'Karton').
        code = known(written) or unit_from_word(written)
        if code is not None:
            return self.stated(code, place), written
        self.note(
            "unit_unknown",
            "clarify",
            f"The unit '{written}' ({place.locator}) is not one we know; ask which unit is meant.",
            path=path,
            question="unit_unknown",
            unit=written,
        )
        return None, written

    def unreadable(self, place: Place, path: str, label: str, wanted: str) -> None:
        """Note a value that is there but is not what the format asks for."""
        shown = place.text.strip()[:60]
        self.note(
            "unreadable_value",
            "clarify",
            f"The {label} '{shown}' ({place.locator}) cannot be read as {wanted}.",
            path=path,
            question="unreadable_value",
            label=label,
            value=shown,
        )

    def count(
        self,
        label: str,
        says: str | Decimal | int,
        real: str | Decimal | int,
        where: str,
        *,
        severity: Severity = "reject",
    ) -> None:
        """Note a control figure that does not fit what the file holds: the partner has to send it again."""
        said, found = _figure(says), _figure(real)
        then = "the partner has to send it again" if severity == "reject" else "check it and tell the partner"
        self.note(
            "control_count_wrong",
            severity,
            f"{label} says {said} real {found} ({where}): the file is damaged or incomplete; {then}.",
            segment=label,
            says=said,
            real=found,
        )

    def note(
        self,
        code: str,
        severity: Severity,
        message: str,
        *,
        path: str = "",
        question: str = "",
        **facts: str,
    ) -> None:
        """Add a finding."""
        self.findings.append(
            Finding(code=code, severity=severity, path=path, message=message, question=question, facts=facts)
        )


def exact(text: str, *, comma: bool = False) -> Decimal | None:
    """A plain decimal number, exactly; None for anything else ('1,000', '1e9', '12 EA', 'NaN').

    '1,232.50' has only one reading, so its commas are left out; '1,000' has two.
    """
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if comma and "." not in text:
        text = text.replace(",", ".")
    if len(text) > _MAX_DIGITS or not text.isascii() or not _POINT.fullmatch(text):
        return None
    return Decimal(text)


def day_of(year: str, month: str, day: str) -> date | None:
    """A calendar date from its digits; a two-digit year counts as 1970-2069."""
    if not (year + month + day).isascii() or not (year + month + day).isdigit():
        return None
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 70 else 1900
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None


def iso_day(text: str) -> date | None:
    """The date of an XML date or dateTime ('2024-03-01', '2024-03-01T10:00:00Z'); its zone is not applied."""
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*|Z|[+-]\d{2}:?\d{2})?", text.strip(), re.DOTALL)
    return day_of(*match.groups()) if match else None


def joined(parts: list[str], separator: str = "\n") -> str:
    """Non-empty parts, each once, in order."""
    return separator.join(dict.fromkeys(part.strip() for part in parts if part.strip()))


def with_findings(draft: OrderDraft, findings: list[Finding]) -> OrderDraft:
    """The draft with further findings."""
    return draft.model_copy(update={"findings": (*draft.findings, *findings)})


def _figure(value: str | Decimal | int) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)
