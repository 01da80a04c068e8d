"""Order lines in prose: four languages, nothing invented, nothing lost, evidence exact to the character."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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


@pytest.mark.parametrize("text", [text for cases in (ENGLISH, GERMAN, SPANISH, FRENCH) for text, _ in cases])
def test_evidence_stands_in_the_text_word_for_word(text: str) -> None:
    assert_exact(text, read(text))


PIECES = st.sampled_from(
    ["12", "3 boxes", "10x", "BR-6204", "qty 5", "@ $3.08", "gloves", "M8x40", "zinc", ",", "and", "\n", "- ", "(", ")",
     "1,234", "KW 12", "ß", "İ", "ﬁ", "é", "by 03/04/2026", "PO 4500-77", "please", "a dozen", ":", "½", "\t", "|"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=25).map(" ".join))
def test_evidence_is_exact_in_any_text(text: str) -> None:
    assert_exact(text, read(text))


def assert_exact(text: str, reading: ProseReading) -> None:
    for line in reading.lines:
        for stated in (line.article, line.quantity, line.uom, line.unit_price, line.line_total):
            if stated is not None:
                evidence = stated.evidence
                assert evidence is not None
                assert evidence.start >= 0
                assert text[evidence.start : evidence.end] == evidence.quote
                assert evidence.quote.strip()


def test_a_quantity_without_an_article_is_reported_not_lost() -> None:
    reading = read("Please send 3 boxes.\nAnd 2 boxes of screws.")
    assert seen(reading) == (("2", "BX", "", "screws"),)
    assert reading.unread


def test_a_wish_without_a_figure_is_kept_and_asked_for() -> None:
    reading = read("Please order a couple of boxes of gloves")
    assert seen(reading) == ((None, None, "", "gloves"),)
    assert [f.code for f in reading.findings] == ["line_unclear"]


def test_two_quantities_for_one_article_are_a_question() -> None:
    reading = read("10 boxes 200 pcs gloves")
    assert reading.lines[0].alternatives == ("10 BX", "200 EA")
    assert [(f.code, f.severity) for f in reading.findings] == [("line_unclear", "clarify")]


def test_prices_and_totals_of_a_line() -> None:
    (line,) = read("AB-100: 20 ea @ 1.50 = 30.00").lines
    assert line.unit_price is not None
    assert line.line_total is not None
    assert (plain(line.unit_price.value), plain(line.line_total.value)) == ("1.5", "30")
    (line,) = read("1,000 pcs of ABC-99 at $1,250.00/M").lines
    assert line.price_base is not None
    assert plain(line.price_base) == "1000"


def test_signature_and_address_give_no_lines_but_are_watched() -> None:
    text = "Please send 5 boxes of tape.\n\nRegards\nJoe\n12 Main Street\nSpringfield, IL 62701\nalso 3 boxes AB-1"
    reading = read(text)
    assert seen(reading) == (("5", "BX", "", "tape"),)
    assert [text[a:b] for a, b in reading.unread] == ["also 3 boxes AB-1"]
