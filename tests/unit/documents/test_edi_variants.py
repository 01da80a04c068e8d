"""EDI orders as partners really send them: without an envelope, other terminators, quantities by location."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from orderdesk.domain.orders import OrderDraft
from tools.documents.edifact import parse_edifact
from tools.documents.edifact_line import edifact_day
from tools.documents.file import read_file
from tools.documents.limits import ReaderLimits
from tools.documents.mail import Part
from tools.documents.sniff import sniff
from tools.documents.x12 import parse_x12


def x12_set(*body: str, end: str = "~\n") -> str:
    segments = ["ST*850*0001", "BEG*00*SA*PO-5**20240301", *body]
    return end.join([*segments, f"SE*{len(segments) + 1}*0001"]) + end


def x12(*body: str) -> OrderDraft:
    (draft,) = parse_x12(x12_set(*body).encode(), "doc").drafts
    return draft


def edifact(*body: str, end: str = "'\n") -> str:
    segments = ["UNH+1+ORDERS:D:96A:UN", "BGM+220+PO-5+9", "DTM+137:20240301:102", "NAD+BY+4012345000009::9"]
    segments += [*body, "UNS+S"]
    return end.join([*segments, f"UNT+{len(segments) + 1}+1"]) + end


def order(text: str) -> OrderDraft:
    (draft,) = parse_edifact(text.encode(), "doc").drafts
    return draft


@pytest.mark.parametrize(
    "text",
    [
        x12_set("PO1*1*2*EA*3**VN*A1"),
        x12_set("PO1*1*2*EA*3**VN*A1", end="~"),
        "GS*PO*ACME*DESK*20240301*1200*7*X*004010~\n" + x12_set("PO1*1*2*EA*3**VN*A1") + "GE*1*7~\n",
    ],
)
@pytest.mark.parametrize("name", ["order.edi", "order.txt", "order", "order.x12"])
def test_a_group_or_set_without_its_interchange_is_known(text: str, name: str) -> None:
    assert sniff(text.encode(), name) == "x12"
    (draft,) = parse_x12(text.encode(), "doc").drafts
    assert draft.po_number is not None
    assert draft.po_number.value == "PO-5"
    assert draft.findings == ()


def test_prose_that_begins_like_a_segment_is_prose() -> None:
    for text in ("ST. 850 pieces please", "GS1 label on every box", "ISA is our buyer", "UNH is a code"):
        assert sniff(text.encode(), "note.txt") == "text"


def test_an_edifact_message_without_its_interchange_is_known() -> None:
    text = edifact("LIN+1++A1:SA", "QTY+21:2:PCE")
    assert sniff(text.encode(), "order.txt") == "edifact"
    assert sniff(b"UNA:+.? '" + text.encode(), "order.txt") == "edifact"
    assert order(text).findings == ()


def test_segments_ended_by_line_breaks_alone() -> None:
    body = edifact("LIN+1++A1:SA", "QTY+21:2:PCE", end="\n")
    parsed = parse_edifact(f"UNB+UNOA:1+S+R+260215:1200+1\n{body}UNZ+1+1\n".encode(), "doc")
    (draft,) = parsed.drafts
    assert draft.findings == ()
    assert [line.quantity.value for line in draft.lines if line.quantity] == [2]
    assert [f.code for f in parsed.findings] == ["edi_separators_undeclared"]


def test_quantities_by_location_are_the_lines_quantity_where_it_states_none() -> None:
    draft = x12("PO1*1**EA*4.5**VN*A1", "SDQ*EA*92*0551*10*0552*20", "SDQ*EA*92*0553*30")
    (line,) = draft.lines
    assert line.quantity is not None
    assert line.quantity.value == 60
    assert "0551: 10, 0552: 20" in line.note
    assert [f.code for f in draft.findings] == ["several_destinations"]


def test_locations_that_do_not_add_up_to_the_line_are_named() -> None:
    draft = x12("PO1*1*50*EA*4.5**VN*A1", "SDQ*EA*92*0551*10*0552*20")
    assert draft.lines[0].quantity is not None
    assert draft.lines[0].quantity.value == 50
    assert [f.code for f in draft.findings] == ["several_destinations", "document_totals_wrong"]
    assert "says 50 but its locations add up to 30" in draft.findings[1].message


def test_a_hash_total_is_not_compared_where_lines_leave_their_quantity_to_the_locations() -> None:
    draft = x12("PO1*1**EA*4.5**VN*A1", "SDQ*EA*92*0551*10", "CTT*1*10")
    assert [f.code for f in draft.findings] == ["several_destinations"]


@pytest.mark.parametrize(
    ("po1", "ctp", "price"),
    [
        ("PO1*1*2*EA***VN*A1", "CTP**UCP*3.25", "3.25"),
        ("PO1*1*2*EA*3**VN*A1", "CTP**NET*9", "3"),
        ("PO1*1*2*EA***VN*A1", "CTP**RTL*9.99", None),
    ],
)
def test_a_net_price_of_ctp_stands_in_for_a_missing_one_a_retail_price_never(
    po1: str, ctp: str, price: str | None
) -> None:
    stated = x12(po1, ctp).lines[0].unit_price
    assert (stated.value if stated else None) == (Decimal(price) if price else None)


def test_components_of_a_kit_are_kept() -> None:
    assert "Holds 2 EA SUB-1" in x12("PO1*1*2*EA*3**VN*A1", "SLN*1**I*2*EA*3.5***VN*SUB-1").lines[0].note


def test_a_price_of_an_unknown_kind_counts_where_it_is_the_only_one() -> None:
    def price(*segments: str) -> Decimal | None:
        stated = order(edifact("LIN+1++A1:SA", "QTY+21:2:PCE", *segments)).lines[0].unit_price
        return stated.value if stated else None

    assert price("PRI+1E:19.5") == Decimal("19.5")
    assert price("PRI+SRP:30", "PRI+AAA:19.5") == Decimal("19.5")
    assert price("PRI+SRP:30") is None, "nobody orders at the recommended retail price"
    assert price("PRI+1E:19.5", "PRI+2E:18") is None


def test_a_line_for_several_places_is_not_booked_by_itself() -> None:
    draft = order(edifact("LIN+1++A1:SA", "QTY+21:30:PCE", "LOC+7+3011::92", "QTY+11:10"))
    assert [f.code for f in draft.findings] == ["several_destinations"]


@pytest.mark.parametrize(("written", "unit"), [("STK", "EA"), ("pcs", "EA"), ("Karton", "CT"), ("QQQ", None)])
def test_a_unit_written_as_a_word(written: str, unit: str | None) -> None:
    stated = order(edifact("LIN+1++A1:SA", f"QTY+21:2:{written}")).lines[0].uom
    assert (stated.value if stated else None) == unit


def test_dates_with_a_short_year_and_a_time() -> None:
    assert edifact_day("2401151200", "201") == date(2024, 1, 15)
    assert edifact_day("2413151200", "201") is None


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (
            "UNB+UNOA:1+A+B+240101:0800+5'UNH+1+ORDERR:2:3:OD'UNT+2+1'UNZ+1+5'",
            "unsupported_version",
            "ODETTE",
        ),
        ("STX=ANA:1+5000000000000:X+6000000000000:Y+240101:1200+1'", "unsupported_attachment", "TRADACOMS"),
    ],
)
def test_order_formats_that_are_not_read_are_named(text: str, code: str, words: str) -> None:
    part = Part(role="attachment", name="order.edi", media_type="", raw=text.encode())
    (finding,) = read_file(part, "doc", ReaderLimits()).findings
    assert finding.code == code
    assert words in finding.message
    assert finding.severity != "info"


ISA = "ISA*00*          *00*          *ZZ*ACME           *ZZ*DESK           *240301*1200*U*00401*000000007*0*P*>~\n"
UNB = "UNB+UNOA:1+ACME:14+DESK:14+260215:1200+1'\n"


def test_a_damaged_interchange_header_is_named_and_the_order_read() -> None:
    text = f"{ISA[1:]}GS*PO*ACME*DESK*20240301*1200*7*X*004010~\n{x12_set('PO1*1*2*EA*3**VN*A1')}GE*1*7~\nIEA*1*000000007~\n"
    assert sniff(text.encode(), "order.txt") == "x12"
    (draft,) = parse_x12(text.encode(), "doc").drafts
    assert [(f.code, f.severity, f.facts["segment"]) for f in draft.findings] == [
        ("edi_segment_missing", "approve", "ISA")
    ]


def test_a_damaged_edifact_header_is_named_and_the_order_read() -> None:
    text = UNB[1:] + edifact("LIN+1++A1:SA", "QTY+21:2:PCE") + "UNZ+1+1'\n"
    assert sniff(text.encode(), "order.txt") == "edifact"
    draft = order(text)
    assert [(f.code, f.severity, f.facts["segment"]) for f in draft.findings] == [
        ("edi_segment_missing", "approve", "UNB")
    ]


def test_an_order_whose_set_header_is_damaged_is_not_lost_without_a_word() -> None:
    damaged = f"{ISA}GS*PO*ACME*DESK*20240301*1200*7*X*004010~\n{x12_set('PO1*1*2*EA*3**VN*A1')[1:]}GE*1*7~\nIEA*1*000000007~\n"
    parsed = parse_x12(damaged.encode(), "doc")
    assert parsed.drafts == ()
    found = [(f.code, f.severity, f.facts["segment"]) for f in parsed.findings]
    assert ("edi_segment_missing", "reject", "ST") in found
    assert "not_an_order" not in [code for code, _, _ in found]


def test_a_message_whose_header_is_damaged_is_named_on_the_others() -> None:
    good = edifact("LIN+1++A1:SA", "QTY+21:2:PCE")
    draft = order(f"{UNB}{good[1:]}{good}UNZ+2+1'\n")
    assert "UNH" in [f.facts.get("segment") for f in draft.findings if f.severity == "reject"]


def test_a_number_in_the_plumbers_list_is_an_article_number() -> None:
    (line,) = order(edifact("LIN+1++4000862141404:SRS", "QTY+21:2:PCE")).lines
    assert line.article.value.gtin == "4000862141404"
    (line,) = order(edifact("LIN+1++1234567:SRS", "QTY+21:2:PCE")).lines
    assert line.article.value.part == "1234567"
