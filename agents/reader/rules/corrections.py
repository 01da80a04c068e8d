"""Corrections inside a message ('make it 50 instead of 40') and what they do to the lines read so far."""
# ruff: noqa: E501 - patterns, one a line

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from agents.reader.rules.masks import NUMBER
from orderdesk.domain.base import plain
from orderdesk.domain.evidence import Evidence, Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import DraftLine
from tools.documents.signals import share
from tools.documents.written_numbers import parse_number

_N, _M = rf"(?P<new>{NUMBER})", rf"(?P<old>{NUMBER})"
_U = r"(?:[ \t]+(?!instead|rather|not|but|statt|sondern|en|au|to|sino|mais)[^\W\d_]+\.?){0,3}"
_PATTERNS = tuple(
    re.compile(p, re.IGNORECASE)
    for p in (
        rf"(?:(?:please |pls |sorry,? |actually,? )*(?:make|change)(?: (?:it|that|this))?(?: to)? )?{_N}{_U},? (?:instead of|rather than|in place of) (?:the )?{_M}{_U}",
        rf"\bnot {_M}{_U},? but (?:rather )?{_N}{_U}",
        rf"\b(?:change|correct|increase|reduce)[^.\n\d]{{0,40}} from {_M}{_U} to {_N}{_U}",
        rf"\b(?:should (?:be|read)|it's|we need) {_N}{_U},? not {_M}{_U}",
        rf"(?:bitte )?{_N}{_U},? (?:an)?statt(?: der| die)? {_M}{_U}",
        rf"\b(?:an)?statt {_M}{_U},? (?:bitte |doch )?{_N}{_U}",
        rf"\bnicht {_M}{_U},? sondern {_N}{_U}",
        rf"{_N}{_U},? (?:en lugar de|en vez de) (?:los |las )?{_M}{_U}",
        rf"\bno {_M}{_U},? sino {_N}{_U}",
        rf"{_N}{_U},? (?:au lieu de|plutôt que) (?:les )?{_M}{_U}",
        rf"\b(?:pas|non) {_M}{_U},? mais {_N}{_U}",
    )
)
# a new figure without the old one
_BARE = re.compile(
    rf"\b(?:(?:sorry|oops|correction|actually|wait|i mean|i meant|scratch that)[,:;. –-]+(?:please )?(?:make (?:it|that) )?|make (?:it|that) |"
    rf"(?:korrektur|sorry|quatsch|nein)[,:;. –-]+(?:bitte )?(?:doch )?(?:lieber )?|machen (?:sie|wir) (?:doch )?(?:lieber )?|doch lieber |"
    rf"(?:perdón|corrección|mejor)[,:;. –-]+(?:que sean )?|que sean |mejor |"
    rf"(?:pardon|correction|finalement)[,:;. –-]+(?:plutôt )?|mettez(?:-en)?(?: plutôt)? |plutôt ){_N}(?![ \t]*(?:[xX×]|%)\b){_U}",
    re.IGNORECASE,
)
_DROP = re.compile(
    r"\b(?:scratch|forget|leave out|skip|drop|don't (?:send|ship)|do not (?:send|ship)|without) (?:the|that|those|line|item)\b[^.\n]{0,60}|"
    r"\b(?:streichen sie|vergessen sie|ohne die|die [^.\n]{3,30} (?:bitte )?(?:streichen|weglassen|doch nicht))[^.\n]{0,50}|"
    r"\b(?:quita(?:d|r)?|olvida|no envíes|sin los|sin las)\b[^.\n]{0,50}|\b(?:oubliez|supprimez|retirez|ne pas envoyer|annulez la ligne)\b[^.\n]{0,50}",
    re.IGNORECASE,
)


class Correction(NamedTuple):
    """A correction: the new quantity, the old one where it is named, and where it stands."""

    new: Decimal | None
    old: Decimal | None
    start: int
    end: int
    new_start: int
    new_end: int


def corrections_of(text: str) -> tuple[Correction, ...]:
    """Every correction in a text, left to right; `new` None = 'leave it out'."""
    found: list[Correction] = []

    def take(match: re.Match[str], old: Decimal | None, new: Decimal | None) -> None:
        start, end = match.span()
        if end > start and not any(start < c.end and c.start < end for c in found):
            place = match.span("new") if new is not None else (start, end)
            found.append(Correction(new, old, start, end, *place))

    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if match.group("new") and match.group("old"):
                new, old = parse_number(match["new"]), parse_number(match["old"])
                if new is not None and old is not None:
                    take(match, old, new)
    for match in _BARE.finditer(text):
        new = parse_number(match["new"])
        if new is not None:
            take(match, None, new)
    for match in _DROP.finditer(text):
        take(match, None, None)
    return tuple(sorted(found, key=lambda c: c.start))


def apply_corrections(
    lines: Sequence[DraftLine], corrections: Sequence[Correction], text: str, document_id: str
) -> tuple[tuple[DraftLine, ...], tuple[Finding, ...]]:
    """The lines with the newer quantities where a correction can mean one line only; else a question.

    A line is meant by its part number in the correction's words, by the old quantity, or because it is
    the only line. The newer figure counts with lower confidence.
    """
    result, findings = list(lines), list[Finding]()
    for correction in corrections:
        words = text[correction.start : correction.end]
        targets = _targets(result, correction, words)
        if correction.new is None or len(targets) != 1:
            findings.append(_contradiction(words, [result[i] for i in targets] or result))
            continue
        index = targets[0]
        line = result[index]
        quantity = Stated(
            value=correction.new, method="rules",
            confidence=share(exact=True, one_reading=True, named=True, newest=False),
            evidence=Evidence(
                document_id=document_id, start=correction.new_start, end=correction.new_end,
                quote=text[correction.new_start : correction.new_end],
            ),
        )  # fmt: skip
        before = plain(line.quantity.value) if line.quantity else "none"
        result[index] = line.model_copy(update={"quantity": quantity})
        findings.append(Finding(
            code="quantity_corrected", severity="info", path=f"lines[{index}].quantity",
            message=f"The customer corrected the quantity from {before} to {plain(correction.new)}: '{words.strip()}'.",
            facts={"old": before, "new": plain(correction.new)},
        ))  # fmt: skip
    return tuple(result), tuple(findings)


def _targets(lines: Sequence[DraftLine], correction: Correction, words: str) -> list[int]:
    named = [
        i for i, line in enumerate(lines)
        if (part := line.article.value.part) and part.lower() in words.lower()
    ]  # fmt: skip
    if correction.old is None:
        return named or ([0] if len(lines) == 1 else [])
    fitting = [i for i, line in enumerate(lines) if line.quantity and line.quantity.value == correction.old]
    return [i for i in named if i in fitting] if named else fitting


def _contradiction(words: str, lines: Sequence[DraftLine]) -> Finding:
    options = tuple(
        f"{plain(line.quantity.value) if line.quantity else '?'} {line.article.value.part or line.article.value.description}"
        for line in lines[:5]
    )
    return Finding(
        code="contradicting_instructions", severity="clarify", path="lines", question="contradicting_instructions",
        message=f"'{' '.join(words.split())}' changes what was said before, but not clearly which line.",
        facts={"words": " ".join(words.split())}, options=options,
    )  # fmt: skip
