"""What a model says is held against its source: words that do not stand there, and values they do not bear."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_readings import AT, line, reading, said

from agents.reader.model import follows
from agents.reader.model.answer import ReadLine
from agents.reader.model.evidence import Checked, CheckedLine, Shown, Sources, check
from agents.reader.model.folding import folded

TEXT = "Hello,\nplease send\n\n 40 rolls  TAP-70110,\n12\u00a0Stück KL-6204\u00adZZ by March 20.\nOur PO: HF-26-0401\n"


def checked(*lines: ReadLine, text: str = TEXT) -> Checked:
    return check(reading(*lines), Sources([Shown(number=1, document_id="d1", text=text)]), AT)


def only(found: Checked) -> CheckedLine:
    assert not found.lost_lines
    assert len(found.lines) == 1
    return found.lines[0]


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("40 rolls TAP-70110", "40 rolls  TAP-70110"),
        ("please send 40 rolls TAP-70110", "please send\n\n 40 rolls  TAP-70110"),
        ("12 Stück KL-6204ZZ", "12\u00a0Stück KL-6204\u00adZZ"),
        ("12 Stu\u0308ck KL-6204ZZ", "12\u00a0Stück KL-6204\u00adZZ"),
        ("1| please send\n1|  40 rolls  TAP-70110", "please send\n\n 40 rolls  TAP-70110"),
        ("TAP\u201170110", "TAP-70110"),
    ],
)
def test_a_quote_is_found_in_spite_of_blanks_and_unseen_characters(quote: str, words: str) -> None:
    evidence = only(checked(line(quote, None, "40"))).evidence
    assert TEXT[evidence.start : evidence.end] == words == evidence.quote


@pytest.mark.parametrize(
    "quote",
    ["40 rolls tap-70110", "40 rolls TAP-70111", "0 rolls TAP-70110", "40 rolls TAP-7011", "", "40 rolls ... KL", "x" * 3000],
)  # fmt: skip
def test_words_that_do_not_stand_there_are_no_evidence(quote: str) -> None:
    found = checked(line(quote, "TAP-70110", "40", "rolls"))
    assert not found.lines
    assert len(found.lost_lines) == 1


def test_a_quote_of_another_document_is_none() -> None:
    sources = Sources([Shown(number=1, text="nothing here"), Shown(number=2, text="40 rolls TAP-70110")])
    assert check(reading(line("40 rolls TAP-70110", document=1)), sources, AT).lost_lines
    assert check(reading(line("40 rolls TAP-70110", document=2)), sources, AT).lines
    assert check(reading(line("40 rolls TAP-70110", document=9)), sources, AT).lost_lines


def test_the_same_words_twice_are_two_places() -> None:
    text = "20 ea BRG-20510\n20 ea BRG-20510\n"
    found = checked(*[line("20 ea BRG-20510", "BRG-20510", "20", "ea")] * 2, text=text)
    assert [found.lines[0].evidence.start, found.lines[1].evidence.start] == [0, 16]


@pytest.mark.parametrize(
    ("quantity", "quote", "follows_from_it"),
    [
        ("40", "40 rolls TAP-70110", True),
        ("40.0", "40 rolls TAP-70110", True),
        ("41", "40 rolls TAP-70110", False),
        ("70110", "40 rolls TAP-70110", False),
        ("0", "40 rolls", False),
        ("4", "40 rolls", False),
        ("200", "200ea of it", True),
        ("40", "forty rolls", True),
        ("25", "fünfundzwanzig Rollen", True),
        ("24", "2 dozen", True),
        ("12", "a dozen", True),
        ("6", "half a dozen", True),
        ("24", "2 boxes", False),
        ("1", "a box", True),
        ("1000", "1.000 Stück", True),
        ("1", "1.000 Stück", True),
        ("1234.5", "1.234,50 m", True),
        ("1.5", "1½ m", True),
        ("50", "40+10 rolls", False),
        ("3", "a few rolls", False),
    ],
)
def test_a_quantity_stands_in_its_quote(quantity: str, quote: str, follows_from_it: bool) -> None:
    value = follows.decimal_of(quantity)
    assert value is not None
    assert follows.count_follows(value, quote) is follows_from_it


@pytest.mark.parametrize(
    ("part", "quote", "follows_from_it"),
    [
        ("TAP-70110", "40 rolls tap-70110", True),
        ("TAP 70110", "40 rolls TAP-70110", True),
        ("TAP70110", "40 TAP-70110.", True),
        ("TAP-70111", "40 rolls TAP-70110", False),
        ("70110", "40 rolls TAP-70110", False),
        ("TAP-7011", "40 rolls TAP-70110", False),
        ("6204", "10 6204/2RS", False),
        ("6204", "10 6204ZZ", False),
        ("6204-2RS", "10x 6204 2RS,", True),
        ("", "40 rolls", False),
        ("A" * 200, "A" * 200, False),
    ],
)
def test_a_part_number_stands_whole_in_its_quote(part: str, quote: str, follows_from_it: bool) -> None:
    assert follows.number_follows(part, quote) is follows_from_it


def test_a_quote_cut_out_of_a_longer_number_bears_no_part_number() -> None:
    found = checked(line("70110", "70110", None))
    assert not found.lost_lines
    assert found.lines[0].part is not None
    assert not found.lines[0].part.founded
    assert checked(line("204ZZ", "204ZZ")).lost_lines


@pytest.mark.parametrize(
    ("price", "quote", "follows_from_it"),
    [
        ("0.20", "zu 0,20 €/Stk", True),
        ("5.80", "at $5.80 each", True),
        ("5.8", "USD5.80", True),
        ("5.08", "at $5.80", False),
        ("580", "at $5.80", False),
        ("1250", "1.250,00 EUR", True),
    ],
)
def test_a_price_stands_in_its_quote(price: str, quote: str, follows_from_it: bool) -> None:
    assert follows.amount_follows(Decimal(price), quote) is follows_from_it


@pytest.mark.parametrize(
    ("unit", "quote", "follows_from_it"),
    [
        ("rolls", "40 rolls TAP", True),
        ("RL", "40 rolls TAP", True),
        ("Stück", "20 Stk BRG", True),
        ("boxes", "40 rolls TAP", False),
        ("ea", "200ea", True),
        ("ea", "40 TAP-70110", False),
        ("coils", "3 coils", True),
    ],
)
def test_a_unit_stands_in_its_quote(unit: str, quote: str, follows_from_it: bool) -> None:
    assert follows.unit_follows(unit, quote) is follows_from_it


@pytest.mark.parametrize(
    ("day", "quote", "follows_from_it"),
    [
        ("2026-03-20", "by March 20", True),
        ("2026-03-20", "Liefertermin: 20.03.2026", True),
        ("2026-03-20", "20.03.", True),
        ("2026-03-21", "by March 20", False),
        ("2026-03-27", "bis KW 13", True),
        ("2026-03-30", "bis KW 13", False),
        ("2026-03-20", "by Friday", True),
        ("2026-03-20", "as soon as possible", False),
    ],
)
def test_a_day_can_be_derived_from_its_quote(day: str, quote: str, follows_from_it: bool) -> None:
    assert follows.day_follows(date.fromisoformat(day), quote, AT) is follows_from_it


@pytest.mark.parametrize(
    ("code", "quote", "follows_from_it"),
    [("EUR", "0,20 €", True), ("USD", "US$ 5", True), ("USD", "$5", True), ("EUR", "$5", False), ("CHF", "in Franken", True)],
)  # fmt: skip
def test_a_currency_stands_in_its_quote(code: str, quote: str, follows_from_it: bool) -> None:
    assert follows.currency_follows(code, quote) is follows_from_it


@pytest.mark.parametrize("written", ["1e9999", "NaN", "-4", "4 or 5", "", "9" * 40, "forty"])
def test_what_is_no_number_is_none(written: str) -> None:
    value = follows.decimal_of(written)
    assert value is None or (value.is_finite() and value < 0)


def test_header_values_are_held_to_their_quotes() -> None:
    sources = Sources(
        [
            Shown(number=1, document_id="d1", text=TEXT),
            Shown(number=0, document_id="d1", text="PO HF-26-0401"),
        ]
    )
    answer = reading(
        po_number=said("HF-26-0401", "PO HF-26-0401", 0), requested_date=said("2026-03-20", "by March 20"),
        ship_to=said("Toledo plant", "please send"), currency=said("EUR", "Our PO"), po_date=said("soon", "by March 20"),
    )  # fmt: skip
    found = check(answer, sources, AT)
    assert found.po_number is not None
    assert found.po_number.founded
    assert found.po_number.evidence.locator == "subject"
    assert found.requested_date is not None
    assert found.requested_date.founded
    assert found.ship_to is not None
    assert not found.ship_to.founded
    assert found.currency is not None
    assert not found.currency.founded
    assert found.missing == [("po_date", "soon")]


@given(st.text(alphabet="aZ19 -.,\n\t\u00a0\u00ad\u200bü\u0308ß½", max_size=60), st.data())
def test_every_whole_stretch_of_a_text_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    source = folded(text)
    words = source.text.split(" ")
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    quote = " ".join(words[first : last + 1])
    spans = source.find(quote)
    assert bool(spans) == bool(quote)
    for start, end in spans:
        assert folded(text[start:end]).text == quote
