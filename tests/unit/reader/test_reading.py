"""Reading a whole message by rules: header, intent, corrections, threads, attachments."""

from __future__ import annotations

import pytest
from messages import attachment, body, codes, lines, message, read

from orderdesk.domain.documents import Document
from orderdesk.domain.orders import Intent
from tools.documents.split import count_orders

ORDER = "PO Number|SKU|Qty\nPO-7788|AB-1|5\nPO-7788|AB-2|6"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("PO number 4500-77193: 3 boxes gloves", "4500-77193"),
        ("our PO# 190122. Please send 3 boxes gloves", "190122"),
        ("Unsere Bestellung Nr. 2026-118: 3 Kartons Handschuhe", "2026-118"),
        ("Bestellnummer: B-4711\n3 Kartons Handschuhe", "B-4711"),
        ("pedido nº 2026/118: 3 cajas de guantes", "2026/118"),
        ("n° de commande : CMD-99\n3 boîtes de gants", "CMD-99"),
        ("Order #12345: 3 boxes gloves", "12345"),
        ("PO-2026-001\n3 boxes gloves", "PO-2026-001"),
        ("Pedido P-2026-041. Ponme 3 cajas de guantes", "P-2026-041"),
        ("3 Kartons Handschuhe\nBest.-Nr.: 2026/0099", "2026/0099"),
        ("Bestellung 4711-A-7: 3 Kartons Handschuhe", "4711-A-7"),
    ],
)
def test_the_order_number_in_words(text: str, number: str) -> None:
    draft = read(text)
    assert draft.po_number is not None
    assert draft.po_number.value == number
    assert [q for q, _ in lines(draft)] == ["3"]


def test_the_documents_own_number_wins_over_the_subject_and_a_conflict_is_asked() -> None:
    draft = read("PO number 4500-1: 3 boxes gloves", "PO 4500-2")
    assert draft.po_number is not None
    assert draft.po_number.value == "4500-1"
    assert "po_number_conflict" in codes(draft)
    draft = read("3 boxes gloves", "New PO 4500-2")
    assert draft.po_number is not None
    assert draft.po_number.value == "4500-2"
    assert "po_number_conflict" not in codes(read("PO 4500-1: 3 boxes gloves", "PO 4500-1"))


@pytest.mark.parametrize(
    "text", ["P.O. Box 123, Springfield", "Please order 10000 pcs of AB-1", "3 boxes gloves"]
)
def test_no_order_number_is_invented(text: str) -> None:
    assert read(text).po_number is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("send 5 boxes tape by Friday 27th", "2026-03-27"),
        ("send 5 boxes tape, delivery next Tuesday please", "2026-03-24"),
        ("bitte 5 Kartons Band bis KW 14", "2026-03-30"),
        ("ponme 5 cajas de cinta para el 15 de abril", "2026-04-15"),
        ("livrez-nous 5 boîtes de ruban le 3 avril 2026", "2026-04-03"),
        ("5 boxes tape\nRequested delivery date: 2026-04-09", "2026-04-09"),
    ],
)
def test_the_requested_date(text: str, day: str) -> None:
    draft = read(text)
    assert draft.requested_date is not None
    assert draft.requested_date.value.isoformat() == day
    assert len(draft.lines) == 1


def test_an_exchangeable_date_is_asked_unless_the_country_settles_it() -> None:
    text = "please deliver 5 pcs AB-100 by 03/04/2026"
    assert "date_ambiguous" in codes(read(text))
    american, british = read(text, country="US"), read(text, country="GB")
    assert american.requested_date is not None
    assert british.requested_date is not None
    assert american.requested_date.value.isoformat() == "2026-03-04"
    assert british.requested_date.value.isoformat() == "2026-04-03"
    assert "date_ambiguous" not in codes(american) | codes(british)
    assert "date_ambiguous" in codes(read(text, country="CA"))


def test_as_soon_as_possible_is_no_date() -> None:
    draft = read("send 5 boxes tape asap")
    assert draft.requested_date is None
    assert "date_asap" in codes(draft)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("please send 5 boxes tape", "new_order"),
        ("cancel our order 4500077193 please", "cancel_order"),
        ("bitte stornieren Sie unsere Bestellung 4711-A", "cancel_order"),
        ("queremos anular el pedido 2026/118", "cancel_order"),
        ("merci d'annuler la commande CMD-99", "cancel_order"),
        ("please change our PO 4500077193: deliver on 5 May", "change_order"),
        ("bitte ändern: Änderung zur Bestellung 4711-A", "change_order"),
        ("where is our order 4500077193?", "order_status"),
        ("wo bleibt unsere Lieferung zur Bestellung 4711-A?", "order_status"),
        ("¿dónde está mi pedido 2026/118?", "order_status"),
        ("où en est notre commande CMD-99 ?", "order_status"),
        ("please quote 100 pcs of BR-6204", "quote_request"),
        ("bitte um Angebot für 100 Stück BR-6204", "quote_request"),
        ("¿cuánto cuestan 100 unidades de BR-6204?", "quote_request"),
        ("pourriez-vous nous faire un devis pour 100 pièces BR-6204", "quote_request"),
    ],
)
def test_the_intent(text: str, intent: Intent) -> None:
    assert read(text).intent.value == intent


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Please see attached our invoice 4711, amount due 300 EUR", "Invoice 4711"),
        ("Anbei unsere Rechnung 4711 über 300 EUR", "Rechnung"),
        ("I am out of office until 5 May", "Automatic reply: order"),
        ("Get 20% off! Unsubscribe here", "Special promotion"),
        ("Hello Bob,\n\nSee you at the concert tonight.", "Tonight"),
    ],
)
def test_what_is_no_order(text: str, subject: str) -> None:
    draft = read(text, subject)
    assert (draft.intent.value, draft.lines, codes(draft)) == ("other", (), {"not_an_order"})


@pytest.mark.parametrize(
    "title", ["INVOICE", "Rechnung", "Factura", "Facture n° 2022", "Lieferschein", "QUOTATION"]
)
def test_a_paper_that_is_no_order_though_its_table_looks_like_one(title: str) -> None:
    text = f"{title}\nPart Description Qty Price\nAB-1 Hex bolt 100 0.12\nAB-2 Washer 50 0.02\n"
    paper = Document(document_id="p", name="paper.pdf", format="pdf", role="attachment", text=text)
    draft = read("", "", paper)
    assert (draft.intent.value, draft.lines) == ("other", ())
    assert "not_an_order" in codes(draft)
    order = paper.model_copy(update={"text": text.replace(title, "PURCHASE ORDER")})
    assert lines(read("", "", order)) == [("100", "AB-1"), ("50", "AB-2")]


def test_an_unclear_wish_goes_to_a_person() -> None:
    draft = read("We have a complaint about the last delivery")
    assert draft.intent.value == "other"
    assert [(f.code, f.severity) for f in draft.findings] == [("intent_unclear", "approve")]


def test_automatic_messages_are_no_orders() -> None:
    from datetime import date

    from agents.reader.contract import ReaderContext
    from agents.reader.rules import read_by_rules

    bounce = message("please send 5 boxes tape").model_copy(update={"automatic": "bounce"})
    draft = read_by_rules(bounce, position=0, context=ReaderContext(business_date=date(2026, 3, 18)))
    assert (draft.intent.value, draft.lines) == ("other", ())


@pytest.mark.parametrize(
    "words",
    [
        "sorry, make it 50 instead of 40",
        "not 40 but 50 please",
        "nicht 40 sondern 50",
        "50 en lugar de 40",
        "50 au lieu de 40",
    ],
)
def test_a_clear_correction_takes_the_newer_figure_with_less_confidence(words: str) -> None:
    draft = read(f"please send:\n40 boxes AB-1\n12 boxes AB-2\n\n{words}")
    assert lines(draft) == [("50", "AB-1"), ("12", "AB-2")]
    assert "quantity_corrected" in codes(draft)
    assert draft.lines[0].quantity is not None
    assert draft.lines[0].quantity.confidence < 1.0


@pytest.mark.parametrize(
    "words", ["make it 50 instead of 40", "sorry, make it 50", "forget the gloves", "50 instead of 41"]
)
def test_an_unclear_correction_is_a_question(words: str) -> None:
    draft = read(f"please send:\n40 boxes AB-1\n40 boxes AB-2\n\n{words}")
    assert lines(draft) == [("40", "AB-1"), ("40", "AB-2")]
    assert "contradicting_instructions" in codes(draft)


@pytest.mark.parametrize(
    "text",
    ["same as last time please", "bitte wie immer", "lo de siempre por favor", "comme d'habitude, merci"],
)
def test_same_as_last_time_is_asked(text: str) -> None:
    draft = read(text, "order")
    assert draft.intent.value == "new_order"
    assert draft.lines == ()
    assert "same_as_last_time" in codes(draft)


def test_text_with_a_quantity_that_gave_no_line_is_reported() -> None:
    draft = read("please send 5 boxes tape.\nAnd 3 boxes.")
    assert lines(draft) == [("5", "tape")]
    (finding,) = [f for f in draft.findings if f.code == "unread_text"]
    assert finding.severity == "approve"
    assert "3 boxes" in finding.message


def test_delivery_and_terms() -> None:
    draft = read(
        "Please send 5 boxes tape. No partial deliveries.\nPayment terms: Net 30\nQuote: Q-2026-5\n\n"
        "Ship to:\nACME Ltd\n5 Mill Lane\nSpringfield, IL 62701\n"
    )
    assert draft.ship_complete is True
    assert (draft.payment_terms, draft.contract) == ("Net 30", "Q-2026-5")
    assert draft.ship_to is not None
    assert (draft.ship_to.name, draft.ship_to.postal_code, draft.ship_to.city) == (
        "ACME Ltd",
        "62701",
        "Springfield",
    )
    assert [q for q, _ in lines(draft)] == ["5"]
    mention = read("please ship 5 boxes tape to our Malmö site")
    assert mention.ship_to is not None
    assert "Malmö" in mention.ship_to.name
    assert lines(mention) == [("5", "tape")]


def test_the_newest_text_wins_over_the_quoted_one() -> None:
    quoted = body("please send 99 boxes AB-9", "quoted")
    draft = read("please send 5 boxes AB-1", "", quoted)
    assert lines(draft) == [("5", "AB-1")]


def test_a_forwarded_order_is_read_where_the_note_holds_none() -> None:
    forwarded = body("please send 5 boxes AB-1\nPO number 4500-9", "forwarded")
    draft = read("FYI, see below", "Fwd: order", forwarded)
    assert lines(draft) == [("5", "AB-1")]
    assert draft.po_number is not None
    assert draft.po_number.value == "4500-9"
    assert draft.source_document_id == "forwarded-1"
    assert lines(read("please send 7 boxes AB-2 instead", "Fwd: order", forwarded)) == [("7", "AB-2")]


def test_an_attached_order_with_a_mail_around_it_is_one_order() -> None:
    draft = read(
        "please find attached our order PO-7788, deliver by 2026-04-09", "PO-7788", attachment(ORDER)
    )
    assert count_orders(message("see attached PO-7788", "", attachment(ORDER))) == 1
    assert lines(draft) == [("5", "AB-1"), ("6", "AB-2")]
    assert draft.requested_date is not None
    assert draft.requested_date.value.isoformat() == "2026-04-09"
    assert "body_contradicts_attachment" not in codes(draft)


@pytest.mark.parametrize(
    "text", ["please send 50 x AB-1 as attached", "please also add 3 boxes AB-9 to the attached order"]
)
def test_a_mail_that_contradicts_its_attachment_is_a_question(text: str) -> None:
    draft = read(text, "", attachment(ORDER))
    assert lines(draft) == [("5", "AB-1"), ("6", "AB-2")]
    assert "body_contradicts_attachment" in codes(draft)


def test_how_many_orders_a_message_holds() -> None:
    twin = attachment(ORDER, "order.pdf", "pdf", parsed=False)
    other = attachment("PO Number|SKU|Qty\nPO-9900|AB-1|5", "other.csv")
    two = attachment("PO Number|SKU|Qty\nA-100|AB-1|5\nB-200|AB-2|6", "two.csv")
    assert count_orders(message("hello")) == 1
    assert count_orders(message("5 boxes tape")) == 1
    assert count_orders(message("see attached", "", attachment(ORDER), twin)) == 1
    assert count_orders(message("see attached", "", attachment(ORDER), other)) == 2
    assert count_orders(message("see attached", "", two)) == 2
    assert lines(read("see attached", "", two, position=1)) == [("6", "AB-2")]


def test_the_same_message_gives_the_same_draft() -> None:
    assert read("please send 5 boxes tape by Friday 27th, PO 4500-1") == read(
        "please send 5 boxes tape by Friday 27th, PO 4500-1"
    )


@pytest.mark.parametrize(
    "noise", [" " * 20_000, "a " * 10_000, "1," * 10_000, "and und y et " * 2_000, "-" * 20_000]
)
def test_hostile_text_is_left_out_and_told(noise: str) -> None:
    draft = read(f"please send 5 boxes AB-1\nx{noise}x\nand 7 boxes AB-2")
    assert lines(draft) == [("5", "AB-1"), ("7", "AB-2")]
    assert "unread_text" in codes(draft)


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("Our PO is 9913.", "9913"),
        ("nuestro pedido es el 5521", "5521"),
        ("Notre commande est la C-88", "C-88"),
        ("Our order is on its way for 3 days.", None),
    ],
)
def test_a_po_number_behind_a_verb(sentence: str, number: str | None) -> None:
    draft = read(f"Hi, please send 10 ea FST-10310 hex nut. {sentence}\n\nThanks")
    assert (draft.po_number.value if draft.po_number else None) == number
