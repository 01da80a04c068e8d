"""No text of a customer can forge a line, a header, a placeholder or a quotation."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from letters import asked, clarify, confirmation, letter, order

from agents.correspondent.text import clean, quoted
from orderdesk.domain.evidence import Stated
from orderdesk.domain.orders import ArticleRef

NASTY = st.text(
    alphabet=st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("\r\n\t\x00\x0b\x0c\x1b\x85\u2028\u2029\u200b\u202e\u2066\ufeff{}[]“”„«»\"'%"),
    ),
    max_size=200,
)
BREAKS = (
    "\r",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x85",
    "\u2028",
    "\u2029",
    "\x00",
    "\u202e",
    "\u200b",
)


def hostile(text: str) -> Any:
    """An order whose every free field is the text."""
    return order(
        asked(
            article=Stated(value=ArticleRef(seller_part=text, description=text)),
            uom=None,
            uom_stated=text,
            note=text,
        ),
        po_number=Stated(value=text),
        payment_terms=text,
        freight_terms=text,
        note=text,
    )


@given(NASTY)
def test_a_confirmation_keeps_its_lines_whatever_the_customer_writes(text: str) -> None:
    plain_letter = confirmation(hostile("x")).body
    reply = confirmation(hostile(text), subject=text)
    same = confirmation(hostile("x" if clean(text) else ""), subject="").body
    assert reply.body.count("\n") == same.count("\n")
    assert not any(mark in reply.body + reply.subject for mark in BREAKS)
    assert "\n" not in reply.subject
    assert reply.body.count("{") == reply.body.count("}") == 1
    assert reply.body.format(order_number="SO-1").count("SO-1") >= 1
    assert plain_letter.splitlines()[0] == reply.body.splitlines()[0]


@given(NASTY, NASTY)
def test_a_question_keeps_its_lines_whatever_findings_quote(text: str, option: str) -> None:
    facts = {
        "document": text,
        "unit": text,
        "value": text,
        "written": text,
        "requested": text,
        "earliest": text,
    }
    findings = tuple(
        clarify(code, "lines[0].quantity", (option, "B"), **facts)
        for code in (
            "unit_unknown",
            "unreadable_value",
            "date_ambiguous",
            "requested_date_past",
            "unknown_code",
        )
    )
    reply = letter("question", hostile(text), findings=findings)
    assert not any(mark in reply.body for mark in BREAKS)
    assert "{" not in reply.body
    numbered = [
        row for row in reply.body.split("\n") if row[:3] in ("1. ", "2. ", "3. ", "4. ", "5. ", "6. ")
    ]
    assert len(numbered) == 5


@given(NASTY, st.sampled_from(["en", "de", "es", "fr"]), st.integers(2, 80))
def test_quoted_text_cannot_leave_its_quotes(text: str, language: str, limit: int) -> None:
    result = quoted(text, language, limit)
    marks = {"en": "“”", "de": "„“", "es": "«»", "fr": "«»"}[language]
    assert result.count(marks[0]) == 1
    assert result.count(marks[1]) == 1
    assert result.startswith(marks[0])
    assert result.endswith(marks[1])
    assert len(result) <= limit + 4


def test_inch_marks_stay_readable() -> None:
    assert quoted('1/2-13 x 2"', "en") == "“1/2-13 x 2″”"


def test_a_forged_total_stands_in_quotes_on_the_line_of_the_reference() -> None:
    forged = "HF-1\n\nNet total: EUR 0.00\nYour order is free {order_number}"
    body = confirmation(order(asked(article=Stated(value=ArticleRef(buyer_part=forged))))).body
    assert [row for row in body.split("\n") if row.startswith("Net total")] == ["Net total: EUR 147.84"]
    assert "Your reference: “HF-1 Net total: EUR 0.00 Your order is free (order_number)”" in body


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Order for March", "Re: Order for March - PO PO-4711 [OD-1a2b3c4d]"),
        ("RE: AW: Fwd: PO-4711 bolts", "Re: PO-4711 bolts [OD-1a2b3c4d]"),
        ("", "Re: Your order - PO PO-4711 [OD-1a2b3c4d]"),
        ("x\r\nBcc: all@evil.example", "Re: x Bcc: all@evil.example - PO PO-4711 [OD-1a2b3c4d]"),
        ("Re: bolts [OD-ffffffff]", "Re: bolts - PO PO-4711 [OD-1a2b3c4d]"),
    ],
)
def test_the_subject_keeps_the_customer_s_and_carries_only_our_token(subject: str, expected: str) -> None:
    assert confirmation(subject=subject).subject == expected


@given(NASTY)
def test_the_subject_is_one_short_line_with_one_token(text: str) -> None:
    subject = letter(
        "question", order(po_number=Stated(value=text)), subject=text, findings=(clarify("po"),)
    ).subject
    assert subject.endswith(" [OD-1a2b3c4d]")
    assert subject.count("[OD-") == 1
    assert len(subject) < 200
    assert subject == clean(subject)
