"""Questions: one per clarify finding, worded in four languages for every code the product can ask."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from letters import LANGUAGES, asked, clarify, letter, order

import agents
from agents.correspondent.wording import questions, variants_of, wording
from orderdesk.domain.evidence import Stated
from orderdesk.domain.findings import PRECEDENCE, Finding

ROOT = Path(agents.__file__).parents[1]
# A clarify-finding as it stands in code: its code, or the question it names.
_LITERALS = (
    re.compile(r'severity="clarify".{0,900}?question="([a-z_]+)"', re.DOTALL),
    re.compile(r'code="([a-z_]+)",\s*severity="clarify"'),
    re.compile(r'"([a-z_]+)",\s*"clarify",'),
    re.compile(r'"([a-z_]+)": \("[a-z ]*clarify'),
    re.compile(r'\bclarify\(\s*"([a-z_]+)"'),
)


def asked_codes() -> set[str]:
    """Every code the product's sources ask the customer about."""
    found: set[str] = set()
    for package in ("agents", "tools", "orderdesk", "graphs"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text("utf-8")
            for pattern in _LITERALS:
                found |= set(pattern.findall(text))
    return found - set(PRECEDENCE)


def test_every_code_the_product_asks_about_is_worded_in_every_language() -> None:
    codes = asked_codes()
    assert {"requested_date_past", "currency_mismatch"} <= codes
    missing = {
        (language, code)
        for language in LANGUAGES
        for code in codes
        if not variants_of(questions(language), "questions", code)
    }
    assert not missing, (
        f"add a sentence to agents/correspondent/questions/<language>.toml for {sorted(missing)}"
    )


def test_the_languages_have_the_same_entries() -> None:
    for load in (questions, wording):
        english = {table: set(entries) for table, entries in load("en").items()}
        for language in LANGUAGES:
            assert {table: set(entries) for table, entries in load(language).items()} == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_can_be_asked_without_a_single_fact(language: str) -> None:
    for code in questions("en")["questions"]:
        for path in ("", "lines[0].quantity", "lines[9].quantity"):
            (question,) = letter(
                "question", order(language=language), findings=(clarify(code, path),)
            ).questions
            assert len(question) > 20
            assert "INTERNAL" not in question


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_variant_of_every_sentence_is_filled_by_known_values(language: str) -> None:
    """A misspelt value would silently drop its sentence: every name used must be one that is ever given."""
    known = {
        *(
            "at",
            "line",
            "ref",
            "field",
            "po",
            "our_article",
            "our_quantity",
            "our_price",
            "our_currency",
            "base_unit",
        ),
        *("asked_quantity", "asked_unit", "asked_price", "asked_line_total", "our_total", "asked_total"),
    }
    for code in questions(language)["questions"]:
        for sentence in variants_of(questions(language), "questions", code):
            names = set(re.findall(r"\{\{ ([a-z_]+)", sentence)) - {"f", "q"}
            assert names <= known, (code, names - known)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_a_question_uses_is_one_some_rule_gives(language: str) -> None:
    sources = "\n".join(
        path.read_text("utf-8")
        for package in ("agents", "tools", "orderdesk")
        for path in (ROOT / package).rglob("*.py")
    )
    for code in questions(language)["questions"]:
        for sentence in variants_of(questions(language), "questions", code):
            for name in re.findall(r"\{\{ [fq]\.([a-z_]+)", sentence):
                assert f'"{name}":' in sources or f'"{name}"]' in sources or f" {name}=" in sources, (
                    code,
                    name,
                )


def test_questions_are_numbered_and_carry_their_options() -> None:
    reply = letter(
        "question",
        findings=(
            clarify("ambiguous_article", "lines[0].article", ("BRG-1 Bearing", "BRG-2 Bearing, sealed")),
            Finding(code="price_within_tolerance", severity="info", message="not for the customer"),
            clarify("po_number_missing", "po_number"),
        ),
    )
    assert "1. Line 1 (“HF-4471”): several of our articles fit." in reply.body
    assert "   a) BRG-1 Bearing\n   b) BRG-2 Bearing, sealed\n" in reply.body
    assert "2. Your order has no order number of yours." in reply.body
    assert "not for the customer" not in reply.body
    assert len(reply.questions) == 2
    assert reply.questions[0].endswith("[BRG-1 Bearing | BRG-2 Bearing, sealed]")


def test_the_most_specific_sentence_that_is_complete_is_used() -> None:
    full = clarify(
        "requested_date_past",
        "requested_date",
        ("2026-03-05",),
        requested="2025-03-09",
        earliest="2026-03-05",
    )
    (question,) = letter("question", findings=(full,)).questions
    assert "2025-03-09 is in the past. The earliest we can deliver is 2026-03-05" in question
    (bare,) = letter("question", findings=(clarify("requested_date_past", "requested_date"),)).questions
    assert "When do you need the goods?" in bare


@pytest.mark.parametrize("options", [(), ("A", "B")])
def test_a_code_without_a_sentence_asks_in_general_and_never_quotes_the_clerk_s_message(
    options: tuple[str, ...],
) -> None:
    reply = letter("question", findings=(clarify("some_new_code", "lines[0].unit_price", options),))
    assert "Line 1" in reply.questions[0]
    assert "(price)" in reply.questions[0]
    assert "INTERNAL" not in reply.body


def test_choices_are_worded_in_the_language() -> None:
    short = clarify(
        "ship_complete_short",
        "lines[0].quantity",
        ("one delivery on 2026-03-16",),
        available="4",
        quantity="10",
        unit="EA",
        complete_date="2026-03-16",
    )
    reply = letter("question", order(language="de"), findings=(short,))
    assert "a) alles zusammen am 2026-03-16" in reply.body
    assert "one delivery" not in reply.body


def test_the_question_named_by_the_finding_wins_over_its_code() -> None:
    finding = clarify("line_unclear", "lines[0].quantity").model_copy(update={"question": "quantity_missing"})
    (question,) = letter("question", findings=(finding,)).questions
    assert "could not find a quantity" in question


def test_the_same_question_is_asked_once() -> None:
    same = clarify("po_number_missing", "po_number")
    assert len(letter("question", findings=(same, same)).questions) == 1


def test_price_questions_name_both_prices_but_no_margin() -> None:
    low = clarify("price_too_low", "lines[0].unit_price", margin="3.1%")
    reply = letter("question", order(asked(unit_price=Stated(value="1.00"))), findings=(low,))
    assert "3.1%" not in reply.body
