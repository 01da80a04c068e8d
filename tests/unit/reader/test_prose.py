"""Order lines in prose: four languages, nothing invented, nothing lost, evidence exact to the character."""

from __future__ import annotations

from datetime import date

import pytest
from prose_cases import ENGLISH, FRENCH, GERMAN, NOT_LINES, SPANISH, Expected

from agents.reader.rules.prose import ProseReading, ProseSource, read_prose
from orderdesk.domain.base import plain

TODAY = date(2026, 3, 18)


def read(text: str, language: str = "en") -> ProseReading:
    return read_prose(
        ProseSource(
            text=text, document_id="d1", today=TODAY, day_first=None, language=language, unit_words={}
        )
    )


def seen(reading: ProseReading) -> tuple[Expected, ...]:
    return tuple(
        (
            plain(line.quantity.value) if line.quantity else None,
            line.uom.value if line.uom else None,
            line.article.value.part or line.article.value.gtin,
            line.article.value.description,
        )
        for line in reading.lines
    )


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (language, text, expected)
        for language, cases in (("en", ENGLISH), ("de", GERMAN), ("es", SPANISH), ("fr", FRENCH))
        for text, expected in cases
    ],
)
def test_lines_of_a_written_order(language: str, text: str, expected: tuple[Expected, ...]) -> None:
    assert seen(read(text, language)) == expected


@pytest.mark.parametrize("text", NOT_LINES)
def test_figures_that_are_no_quantities_give_no_line(text: str) -> None:
    assert seen(read(text)) == ()
    assert seen(read("Please order 2 boxes of screws.\n" + text)) == (("2", "BX", "", "screws"),)
