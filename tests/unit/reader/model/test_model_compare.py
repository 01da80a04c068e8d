"""Two witnesses: agreement raises, disagreement stops, honest small differences are none, nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from messages import body, table
from model_readings import both, line, new, reading, said, told

from agents.reader.model.answer import OrderReading
from agents.reader.model.compare_lines import MOST_ALONE
from orderdesk.domain.documents import Document
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import Intent, OrderDraft

TEXT = "PO HF-26-0401\nPlease ship:\n450 ea FST-10120\n10 rolls CLN-80210 at $5.80\nNeed by March 27.\n\nDana Whitfield\n"
WIDE = "450 ea FST-10120\n10 rolls CLN-80210 at $5.80"
FST = line("450 ea FST-10120", "FST-10120", "450", "ea")
CLN = line("10 rolls CLN-80210 at $5.80", "CLN-80210", "10", "rolls", price="5.80")
HEADER: dict[str, Any] = {
    "po_number": said("HF-26-0401", "PO HF-26-0401"),
    "requested_date": said("2026-03-27", "Need by March 27."),
}
DIFFER = "readings_differ"


def compared(*lines: Any, text: str = TEXT, **header: Any) -> list[tuple[str, str, str]]:
    rules, draft = both(text, reading(*lines, **{**HEADER, **header}))
    unchanged(rules, draft)
    return told(rules, draft)


def unchanged(rules: OrderDraft, draft: OrderDraft) -> None:
    """What the rules read stays what it is, whatever the model says."""

    def values(of: OrderDraft) -> list[Any]:
        header = [s.value if s else None for s in (of.po_number, of.po_date, of.requested_date, of.currency)]
        lines = [
            [s.value if s else None for s in (x.article, x.quantity, x.uom, x.unit_price, x.requested_date)]
            for x in of.lines
        ]
        return [header, lines, of.ship_to, of.bill_to]

    assert values(rules) == values(draft)
    assert set(map(Finding.model_dump_json, rules.findings)) <= set(
        map(Finding.model_dump_json, draft.findings)
    )


def test_agreement_says_nothing_and_lowers_nothing() -> None:
    rules, draft = both(TEXT, reading(FST, CLN, **HEADER))
    assert not new(rules, draft)
    for ours, theirs in zip(rules.lines, draft.lines, strict=True):
        assert ours.quantity is not None
        assert theirs.quantity is not None
        assert theirs.quantity.confidence >= ours.quantity.confidence
        assert theirs.quantity.method == "rules"


def test_agreement_raises_a_doubtful_value_half_way() -> None:
    rules, draft = both("Please send 40 rolls TAP-70110.\n\nPS: make that 60 rolls.", reading(
        line("Please send 40 rolls TAP-70110.\n\nPS: make that 60 rolls.", "TAP-70110", "60", "rolls")
    ))  # fmt: skip
    assert rules.lines[0].quantity is not None
    assert draft.lines[0].quantity is not None
    assert rules.lines[0].quantity.confidence == 0.75
    assert draft.lines[0].quantity.confidence == 0.875


@pytest.mark.parametrize(
    "other",
    [
        line("450 ea FST-10120", "FST-10120", "450.0", "ea"),
        line("450 ea FST-10120", "fst 10120", "450", "EA"),
        line("450 ea FST-10120", "FST10120", "450", "each"),
        line("450 ea FST-10120", "FST-10120", "450", None),
        line("- 450 ea FST-10120".removeprefix("- "), None, "450", "ea", description="ea FST-10120"),
        line("450 ea FST-10120", "FST-10120", "450", "ea", description="some hex bolt"),
        line("450 ea FST-10120", "FST-10120", "450", "ea", day="2026-03-27"),
    ],
)
def test_honest_small_differences_are_none(other: Any) -> None:
    assert not [t for t in compared(other, CLN) if t[1] != "info"]


@pytest.mark.parametrize(
    ("number", "quote"),
    [("PO HF-26-0401", "PO HF-26-0401"), ("hf-26-0401", "PO HF-26-0401"), ("HF 26 0401", "HF-26-0401")],
)
def test_an_order_number_with_its_label_is_the_same(number: str, quote: str) -> None:
    assert not compared(FST, CLN, po_number=said(number, quote))


def test_the_day_may_stand_with_the_lines_or_above_them() -> None:
    text = "20 ea BRG-20510 - March 26\n10 ea BRG-21010 - March 27\n"
    lines = (
        line("20 ea BRG-20510 - March 26", "BRG-20510", "20", "ea", day="2026-03-26"),
        line("10 ea BRG-21010 - March 27", "BRG-21010", "10", "ea", day="2026-03-27"),
    )
    assert not compared(*lines, text=text, po_number=None, requested_date=None)
    swapped = [x.model_copy(update={"requested_date": d}) for x, d in zip(lines, ("2026-03-27", "2026-03-26"), strict=True)]  # fmt: skip
    # each day stands in the other line's words
    found = compared(*swapped, text=text, po_number=None, requested_date=None)
    assert [t[:2] for t in found] == [("model_value_unfounded", "approve")] * 2


def test_dozens_are_dozens() -> None:
    text = "2 dozen TOL-40310 please"
    for quantity, unit in (("2", "dozen"), ("24", None)):
        found = compared(line("2 dozen TOL-40310", "TOL-40310", quantity, unit), text=text, po_number=None, requested_date=None)  # fmt: skip
        assert not [t for t in found if t[1] != "info"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # a figure that stands there, but is another's
        ([line(WIDE, "FST-10120", "10", "ea"), CLN], (DIFFER, "lines[0].quantity")),
        ([line(WIDE, "FST-10120", "450", "rolls"), CLN], (DIFFER, "lines[0].uom")),
        ([line("450 ea FST-10120", "FST-10120", "4500", "ea"), CLN], ("model_value_unfounded", "lines[0].quantity")),
        ([line("450 ea FST-10120", "FST-10121", "450", "ea"), CLN], ("model_value_unfounded", "lines[0].article")),
        ([line("450 ea FST-10120", "FST-10120", None, "ea"), CLN], (DIFFER, "lines[0].quantity")),
        ([line("450 ea FST-10120", "FST-10120", "450", "ea", price="450"), CLN], ("read_by_model_only", "lines[0].unit_price")),
        ([FST, line("10 rolls CLN-80210 at $5.80", "CLN-80210", "10", "rolls", price="10")], (DIFFER, "lines[1].unit_price")),
        ([FST], (DIFFER, "lines[1]")),
        ([FST, CLN, CLN], (DIFFER, "lines")),
        ([FST, CLN, line("PO HF-26-0401", "HF-26-0401", "26")], (DIFFER, "lines")),
        ([FST, CLN, line("99 ea GHOST-1", "GHOST-1", "99", "ea")], ("model_evidence_missing", "lines")),
        ([line("450 ea FST-10120", "FST-10120", "450", "ea", day="2026-03-28"), CLN], ("model_value_unfounded", "lines[0].requested_date")),
    ],
)  # fmt: skip
def test_a_wrong_line_is_a_persons(lines: list[Any], expected: tuple[str, str]) -> None:
    found = compared(*lines)
    assert (expected[0], "approve", expected[1]) in found


def test_swapped_lines_are_seen_however_wide_their_quotes() -> None:
    text = "Please send 40 rolls TAP-70110 and 80 rolls TAP-70210."
    wide = "40 rolls TAP-70110 and 80 rolls TAP-70210"
    swapped = [line(wide, "TAP-70110", "80", "rolls"), line(wide, "TAP-70210", "40", "rolls")]
    found = compared(*swapped, text=text, po_number=None, requested_date=None)
    assert [t[0] for t in found] == [DIFFER, DIFFER]
    right = [line(wide, "TAP-70210", "80", "rolls"), line(wide, "TAP-70110", "40", "rolls")]
    assert not compared(*right, text=text, po_number=None, requested_date=None)


def test_disagreement_halves_the_confidence() -> None:
    rules, draft = both(TEXT, reading(line(WIDE, "FST-10120", "10", "ea"), CLN, **HEADER))
    assert rules.lines[0].quantity is not None
    assert draft.lines[0].quantity is not None
    assert draft.lines[0].quantity.confidence == rules.lines[0].quantity.confidence / 2
    finding = next(f for f in new(rules, draft) if f.path == "lines[0].quantity")
    assert finding.options == ("450", "10")
    assert "450" in finding.message
    assert "'10'" in finding.message


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({"po_number": said("26-0401", "PO HF-26-0401")}, ("model_value_unfounded", "approve", "po_number")),
        ({"po_number": said("FST-10120", "450 ea FST-10120")}, (DIFFER, "approve", "po_number")),
        ({"requested_date": said("2026-03-28", "Need by March 27.")}, ("model_value_unfounded", "approve", "requested_date")),
        ({"po_number": said("HF-26-0401", "our PO HF-26-0401")}, ("model_evidence_missing", "info", "po_number")),
        ({"currency": said("USD", "$5.80")}, ("read_by_model_only", "info", "currency")),
        ({"ship_to": said("Dana Whitfield", "Dana Whitfield")}, ("read_by_model_only", "approve", "ship_to")),
        ({"ship_to": said("Reno depot", "Need by March 27.")}, ("model_value_unfounded", "info", "ship_to")),
    ],
)  # fmt: skip
def test_what_is_said_of_a_header_value(header: dict[str, Any], expected: tuple[str, str, str]) -> None:
    assert compared(FST, CLN, **header) == [expected]


@pytest.mark.parametrize(
    ("text", "header", "severity"),
    [
        ("20 ea BRG-20510, our reference K-77-81, thanks", {"po_number": said("K-77-81", "our reference K-77-81")}, "approve"),
        ("20 ea BRG-20510, thanks", {"po_number": said("BRG-20510", "BRG-20510")}, "info"),
        ("20 ea BRG-20510. Customer no. 771234.", {"po_number": said("771234", "Customer no. 771234")}, "info"),
        ("20 ea BRG-20510. Please reply by March 20.", {"requested_date": said("2026-03-20", "by March 20")}, "info"),
        ("20 ea BRG-20510. Our stocktaking begins; March 20 suits.", {"requested_date": said("2026-03-20", "March 20 suits")}, "approve"),
        ("20 ea BRG-20510\n\nRegards\nJoe\n2200 Matzinger Road, Toledo, OH 43612", {"ship_to": said("Toledo, OH 43612", "Toledo, OH 43612")}, "info"),
        ("20 ea BRG-20510, the Toledo people need it", {"ship_to": said("Toledo", "the Toledo people")}, "approve"),
    ],
)  # fmt: skip
def test_a_header_value_of_the_model_alone_never_enters_the_order(
    text: str, header: dict[str, Any], severity: str
) -> None:
    rules, draft = both(text, reading(line("20 ea BRG-20510", "BRG-20510", "20", "ea"), **header))
    unchanged(rules, draft)
    assert told(rules, draft) == [("read_by_model_only", severity, next(iter(header)))]


@pytest.mark.parametrize(
    ("wording", "same"),
    [
        ("Reno service depot", True),
        ("Redwood Conveyor Systems, Reno service depot, 75 Coney Island Drive, Sparks, NV 89431", True),
        ("75 Coney Island Drive, Sparks", True),
        ("Sparks", True),
        ("Reno service depot, 77 Coney Island Drive", False),
        ("2200 Matzinger Road, Toledo, OH 43612", False),
        ("our Toledo plant", False),
    ],
)
def test_a_place_in_other_words_is_the_same_place(wording: str, same: bool) -> None:
    address = "Redwood Conveyor Systems\nReno service depot\n75 Coney Island Drive\nSparks, NV 89431"
    text = f"PO RC-77600\nShip to:\n{address}\n\n40 ea BRG-20410\n\nWe moved: 77 Coney Island Drive, 2200 Matzinger Road, Toledo, OH 43612, our Toledo plant"  # fmt: skip
    answer = reading(
        line("40 ea BRG-20410", "BRG-20410", "40", "ea"), po_number=said("RC-77600", "PO RC-77600"),
        ship_to=said(wording, text[text.index("Redwood") :]),
    )  # fmt: skip
    rules, draft = both(text, answer)
    assert rules.ship_to is not None
    assert told(rules, draft) == ([] if same else [(DIFFER, "approve", "ship_to")])


@pytest.mark.parametrize(
    ("model", "kept"),
    [
        ("cancel_order", "cancel_order"),
        ("change_order", "change_order"),
        ("quote_request", "quote_request"),
        ("other", "new_order"),
        ("order_status", "new_order"),
    ],
)
def test_the_more_careful_intent_stays_and_a_person_decides(model: Intent, kept: Intent) -> None:
    rules, draft = both(TEXT, reading(FST, CLN, intent=model, **HEADER))
    assert rules.intent.value == "new_order"
    assert draft.intent.value == kept
    assert draft.intent.confidence <= 0.5
    assert (DIFFER, "approve", "intent") in told(rules, draft)
    assert [x.quantity and x.quantity.value for x in draft.lines] == [x.quantity and x.quantity.value for x in rules.lines]  # fmt: skip


def test_what_the_rules_file_is_no_order_because_a_model_says_so() -> None:
    text = "We sell 40 rolls TAP-70110 a day! Special offer. Unsubscribe here."
    rules, draft = both(text, reading(line("40 rolls TAP-70110", "TAP-70110", "40", "rolls")))
    assert rules.intent.value == draft.intent.value == "other"
    assert not draft.lines
    assert draft.intent.confidence <= rules.intent.confidence / 2
    assert told(rules, draft) == [(DIFFER, "approve", "intent")]


def test_nothing_is_filed_because_a_model_agrees() -> None:
    text = "Please find attached our invoice no. 2291\n\nItem Qty Price\nTAP-70110 40 5.80\nTotal 232.00"
    rules, draft = both(text, reading(intent="other"))
    assert rules.intent.value == "other"
    assert draft.intent.confidence == rules.intent.confidence < 0.9


HARD = (
    "Against PO-06007 we would be grateful for two articles, SAF-50311 as well as BRG-20511; of the former let it be 60 "
    "and of the latter 27.\n\nHannah Prentice\n"
)
FORMER = line("SAF-50311 as well as BRG-20511; of the former let it be 60", "SAF-50311", "60")
LATTER = line("BRG-20511; of the former let it be 60 and of the latter 27", "BRG-20511", "27")


def test_lines_no_rule_reads_are_drafted_for_a_person() -> None:
    rules, draft = both(HARD, reading(FORMER, LATTER, po_number=said("PO-06007", "Against PO-06007")))
    assert not rules.lines
    assert draft.intent.value == "new_order"
    assert draft.intent.confidence == MOST_ALONE < 0.9
    read = [(x.article.value.part, x.quantity and str(x.quantity.value)) for x in draft.lines]
    assert read == [("SAF-50311", "60"), ("BRG-20511", "27")]
    for one in draft.lines:
        assert one.article.method == "model"
        assert one.quantity is not None
        assert one.quantity.confidence == MOST_ALONE
        assert one.article.evidence is not None
        assert one.article.evidence.quote in HARD
    assert {t[:2] for t in told(rules, draft) if t[1] != "info"} == {("read_by_model_only", "approve")}
    assert ("read_by_model_only", "approve", "lines") in told(rules, draft)


@pytest.mark.parametrize(
    "wrong",
    [
        LATTER.model_copy(update={"quantity": "270"}),
        LATTER.model_copy(update={"part_number": "BRG-20510"}),
        LATTER.model_copy(update={"quote": "and of the latter 27 BRG-20511"}),
        LATTER.model_copy(update={"part_number": None}),
        LATTER.model_copy(update={"unit": "boxes"}),
    ],
)
def test_lines_of_the_model_alone_are_all_or_none(wrong: Any) -> None:
    rules, draft = both(HARD, reading(FORMER, wrong))
    assert not draft.lines
    assert any(code in ("model_value_unfounded", "model_evidence_missing") and severity == "approve" for code, severity, _ in told(rules, draft))  # fmt: skip
    assert (DIFFER, "approve", "lines") in told(rules, draft)


def test_an_attached_table_is_compared_line_by_line() -> None:
    grid, text = table("Item|Description|Qty|UoM\nAB-100|Bolt M8|500|EA\nAB-200|Nut M8|300|EA")
    pdf = Document(
        document_id="pdf-1", name="order.pdf", format="pdf", role="attachment", text=text, tables=(grid,)
    )
    rows = text.split("\n")
    lines = [
        line(rows[1], "AB-100", "500", "EA", document=2),
        line(rows[2], "AB-200", "300", "EA", document=2),
    ]
    rules, draft = both("Please see our order attached. Regards Joe", reading(*lines), more=(pdf,))
    assert len(rules.lines) == 2
    assert not told(rules, draft)
    wrong = [lines[0], lines[1].model_copy(update={"quantity": "500"})]
    rules, draft = both("Please see our order attached. Regards Joe", reading(*wrong), more=(pdf,))
    assert told(rules, draft) == [("model_value_unfounded", "approve", "lines[1].quantity")]


def test_a_line_out_of_older_mail_is_a_persons() -> None:
    quoted = body("Dear Joe, special offer: 100 rolls TAP-70111", role="quoted")
    lines = [line("40 rolls TAP-70110", "TAP-70110", "40", "rolls")]
    rules, draft = both("Please send 40 rolls TAP-70110", reading(*lines), more=(quoted,))
    assert not told(rules, draft)
    lines.append(line("100 rolls TAP-70111", "TAP-70111", "100", "rolls", document=2))
    rules, draft = both("Please send 40 rolls TAP-70110", reading(*lines), more=(quoted,))
    assert told(rules, draft) == [(DIFFER, "approve", "lines")]


def test_an_empty_reading_of_an_order_is_a_disagreement() -> None:
    rules, draft = both(TEXT, reading(intent="new_order"))
    assert told(rules, draft) == [(DIFFER, "approve", "lines[0]"), (DIFFER, "approve", "lines[1]")]
    rules, draft = both(TEXT, reading(intent="other"))
    assert told(rules, draft) == [(DIFFER, "approve", "intent")]


def test_what_the_rules_doubt_stays_doubted() -> None:
    answer: OrderReading = reading(line("about 40 rolls TAP-70110", "TAP-70110", "40", "rolls"))
    rules, draft = both("Please send about 40 rolls TAP-70110", answer)
    unchanged(rules, draft)
    assert any(f.severity == "clarify" for f in draft.findings)


def test_deliveries_in_parts_may_be_read_as_lines() -> None:
    text = "PO HF-26-0431. 100 ea BRG-20510: 60 on March 26 and 40 on March 30."
    quote = "100 ea BRG-20510: 60 on March 26 and 40 on March 30."
    parts = [
        line(quote, "BRG-20510", "60", "ea", day="2026-03-26"),
        line(quote, "BRG-20510", "40", "ea", day="2026-03-30"),
    ]
    rules, draft = both(text, reading(*parts))
    assert [len(x.schedule) for x in rules.lines] == [2]
    assert not told(rules, draft)
    rules, draft = both(text, reading(line(quote, "BRG-20510", "100", "ea")))
    assert not told(rules, draft)
    rules, draft = both(text, reading(parts[0]))
    assert (DIFFER, "approve", "lines[0].quantity") in told(rules, draft)


def test_a_mail_that_repeats_its_attachment_orders_nothing_twice() -> None:
    grid, text = table("Item|Description|Qty|UoM\nAB-100|Bolt M8|500|EA\nAB-200|Nut M8|300|EA")
    pdf = Document(
        document_id="pdf-1", name="order.pdf", format="pdf", role="attachment", text=text, tables=(grid,)
    )
    rows = text.split("\n")
    lines = [
        line(rows[1], "AB-100", "500", "EA", document=2),
        line(rows[2], "AB-200", "300", "EA", document=2),
    ]
    mail = "Our order is attached: 500 EA AB-100 among others."
    again = line("500 EA AB-100", "AB-100", "500", "EA")
    rules, draft = both(mail, reading(*lines, again), more=(pdf,))
    assert not told(rules, draft)
    other = again.model_copy(update={"part_number": "AB-200"})
    rules, draft = both(mail, reading(*lines, other), more=(pdf,))
    assert told(rules, draft) == [(DIFFER, "approve", "lines")]
