"""The units table: one code of ours for every way a unit is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderdesk.domain.units import (
    UNIT_CODES,
    fold_unit,
    unit_from_unece,
    unit_from_word,
    unit_from_x12,
    unit_label,
    unit_words,
)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("pieces", "EA"),
        ("Stück", "EA"),
        ("STK.", "EA"),
        ("unidades", "EA"),
        ("cajas", "BX"),
        ("Boîtes", "BX"),
        ("Karton", "CT"),
        ("VPE", "PK"),
        ("rollos", "RL"),
        ("Paar", "PR"),
        ("m²", "M2"),
        ("kg", "KG"),
        ("parsec", None),
        ("", None),
    ],
)
def test_words_in_four_languages(word: str, code: str | None) -> None:
    assert unit_from_word(word) == code


@pytest.mark.parametrize(
    ("code", "ours"), [("EA", "EA"), ("CA", "CS"), ("MR", "M"), ("TH", "TH"), ("KGM", "KG"), ("??", None)]
)
def test_x12_codes(code: str, ours: str | None) -> None:
    assert unit_from_x12(code) == ours


@pytest.mark.parametrize(
    ("code", "ours"),
    [("C62", "EA"), ("H87", "EA"), ("MTR", "M"), ("MTK", "M2"), ("XBX", "BX"), ("ST", "SH"), ("??", None)],
)
def test_un_ece_codes(code: str, ours: str | None) -> None:
    assert unit_from_unece(code) == ours


@given(st.sampled_from(unit_words()))
def test_every_word_leads_to_a_code_of_ours_however_it_is_written(word: str) -> None:
    code = unit_from_word(word)
    assert code in UNIT_CODES
    assert unit_from_word(f" {word.upper()} ") == code
    assert fold_unit(word) == word


@given(st.sampled_from(sorted(UNIT_CODES)))
def test_every_code_of_ours_has_a_label_of_its_own(code: str) -> None:
    assert unit_label(code)
    assert [other for other in UNIT_CODES if unit_label(other) == unit_label(code)] == [code]


@given(st.text(max_size=30))
def test_no_text_from_outside_breaks_the_table(text: str) -> None:
    for result in (unit_from_word(text), unit_from_x12(text), unit_from_unece(text)):
        assert result is None or result in UNIT_CODES


def test_words_come_longest_first() -> None:
    lengths = [len(word) for word in unit_words()]
    assert lengths == sorted(lengths, reverse=True)
    assert unit_label("FURLONG") == "FURLONG"
