"""What must never be booked as it stands, days of single lines, deliveries in parts, and what is no prose."""

from __future__ import annotations

import pytest
from messages import body, codes, lines, read

from orderdesk.domain.base import plain
from orderdesk.domain.documents import Document, DocumentFormat
from orderdesk.domain.findings import Finding


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("please send about 40 pcs AB-100", "quantity_not_exact"),
        ("please send 10-15 pcs AB-100", "quantity_not_exact"),
        ("please send between 10 and 15 pcs AB-100", "quantity_not_exact"),
        ("please send up to 50 AB-100", "quantity_not_exact"),
        ("please send 40+10 pcs AB-100", "quantity_not_exact"),
        ("bitte mindestens 40 Stück AB-100", "quantity_not_exact"),
        ("mándame hasta 40 cajas AB-100", "quantity_not_exact"),
        ("livrez-nous environ 40 pièces AB-100", "quantity_not_exact"),
        ("please send either 40 x AB-100 or 40 x AB-200", "alternatives_offered"),
        ("40 Stück AB-100 oder AB-200 bitte", "alternatives_offered"),
        ("if the price is below 3 EUR then send 100 pcs AB-100", "order_conditional"),
        ("100 Stück AB-100, falls unter 3 EUR", "order_conditional"),
        ("si el precio es bueno, 100 cajas AB-100", "order_conditional"),
        ("please send 40 pcs AB-100, not the AB-200", "exclusion_in_line"),
        ("please send 40 pcs AB-100, half now and half in April", "schedule_unclear"),
        ("40 pcs AB-100 a month please", "schedule_unclear"),
        ("provisional order: 40 pcs AB-100", "order_not_firm"),
        ("do you have 40 pcs AB-100 in stock?", "question_not_order"),
        ("please send 40 pcs AB-100 in 2-3 weeks", "date_unreadable"),
        ("Bestellung: 40 Stück AB-100, Lieferung Ende März", "date_unreadable"),
        ("please send 40 pcs AB-100\nRequested delivery: when the crew is back", "date_unreadable"),
        ("please quote 40 pcs AB-100", "quote_request"),
        ("we received 40 pcs AB-100 and 2 pcs AB-200 are missing, please send", "intent_unclear"),
    ],
)
def test_a_doubt_is_told(text: str, code: str) -> None:
    draft = read(text, "Order")
    told = {f.code for f in draft.findings if f.severity in ("clarify", "approve")}
    assert code in told


@pytest.mark.parametrize(
    "text",
    [
        "please send 40 pcs AB-100, and call me if you have any questions",
        "please send 40 pcs AB-100 by 20 March if possible",
        "could you please send us 40 pcs AB-100?",
        "please send 40 pcs AB-100. Please confirm by 20 March.",
        "please send 40 pcs AB-100\nDelivery date: asap",
    ],
)
def test_politeness_is_no_doubt(text: str) -> None:
    draft = read(text)
    assert lines(draft) == [("40", "AB-100")]
    assert not [f for f in draft.findings if f.severity != "info"]


def test_each_line_keeps_its_own_day() -> None:
    draft = read("- 40 x AB-100 by Friday\n- 20 x AB-200 on 12 April")
    assert [str(line.requested_date.value) for line in draft.lines if line.requested_date] == [
        "2026-03-20",
        "2026-04-12",
    ]
    assert draft.requested_date is None


@pytest.mark.parametrize(
    "text",
    [
        "please send 40 x AB-100 and 20 x AB-200 by 12 April",
        "40 x AB-100\n20 x AB-200\ndelivery 12 April please",
    ],
)
def test_a_day_that_closes_the_sentence_is_the_orders(text: str) -> None:
    draft = read(text)
    assert draft.requested_date is not None
    assert draft.requested_date.value.isoformat() == "2026-04-12"


def test_deliveries_in_parts() -> None:
    (line,) = read("5 boxes AB-100: 3 on Monday, 2 on Friday").lines
    assert [(plain(p.quantity), str(p.requested_date)) for p in line.schedule] == [
        ("3", "2026-03-23"),
        ("2", "2026-03-20"),
    ]


def test_the_note_wins_over_what_it_forwards_but_a_contradiction_is_asked() -> None:
    head = "-----Original Message-----\nFrom: Joe <joe@x.example>\nSent: 1 March 2026\nTo: Ann\nSubject: stock\n\n"
    forwarded = body(head + "we need 30 boxes AB-100", "forwarded")
    assert "contradicting_instructions" in codes(read("please send 20 boxes AB-100", "FW: stock", forwarded))
    settled = read("please send 20 boxes AB-100, Joe's figures are out of date", "FW: stock", forwarded)
    assert lines(settled) == [("20", "AB-100")]
    assert "contradicting_instructions" not in codes(settled)
    assert lines(read("please order the below", "FW: stock", forwarded)) == [("30", "AB-100")]


def _machine(format: DocumentFormat, finding: str = "", severity: str = "info", **facts: str) -> Document:
    findings = (Finding(code=finding, severity=severity, message="x", facts=facts),) if finding else ()  # type: ignore[arg-type]
    return Document(
        document_id="m",
        name="m",
        format=format,
        role="attachment",
        text="please send 40 boxes AB-100",
        findings=findings,
    )


@pytest.mark.parametrize(
    ("document", "intent", "told"),
    [
        (_machine("x12", "not_an_order", transaction="855"), "other", "not_an_order"),
        (_machine("edifact", "not_an_order", transaction="APERAK"), "other", "not_an_order"),
        (_machine("ubl", "not_an_order", name="OrderResponse"), "other", "not_an_order"),
        (_machine("x12", "not_an_order", transaction="840"), "quote_request", "quote_request"),
        (_machine("edifact", "not_an_order", transaction="REQOTE"), "quote_request", "quote_request"),
        (_machine("unknown", "unknown_xml", "approve"), "other", "intent_unclear"),
        (_machine("x12"), "new_order", "no_lines_found"),
    ],
)
def test_a_machines_file_without_a_readable_order_is_never_read_as_prose(
    document: Document, intent: str, told: str
) -> None:
    draft = read("", "", document)
    assert (draft.intent.value, draft.lines) == (intent, ())
    assert told in codes(draft)


@pytest.mark.parametrize(
    ("text", "subject"),
    [("3 boxes AB-100, PO-31452", ""), ("Pedido P-2026-041. 3 cajas AB-100", ""), ("3 boxes AB-100", "PO 4531"),
     ("our order 4711-A: 3 boxes AB-100", ""), ("Order 4711-A\n3 boxes AB-100", "Order 4711-A")],
)  # fmt: skip
def test_an_order_number_that_words_name_is_sure(text: str, subject: str) -> None:
    number = read(text, subject).po_number
    assert number is not None
    assert number.confidence >= 0.9


def test_an_order_verb_with_a_number_behind_it_names_nothing() -> None:
    number = read("Order 6204-ZZ, 40 boxes").po_number
    assert number is None or number.confidence < 0.9
