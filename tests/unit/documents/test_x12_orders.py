"""X12 orders: separators as partners really write them, control counts, every field with its place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderdesk.domain.evidence import Stated
from orderdesk.domain.orders import OrderDraft
from tools.documents.parsed import Parsed
from tools.documents.x12 import parse_x12
from tools.documents.x12_segments import Separators, find_separators, tokenize

ISA = [
    "ISA", "00", " " * 10, "00", " " * 10, "ZZ", "ACMEBUYER".ljust(15), "01", "OURDESK".ljust(15),
    "240301", "1200", "U", "00401", "000000007", "0", "P",
]  # fmt: skip
ORDER = [
    "ST*850*0001",
    "BEG*00*NE*PO-4711**20240301",
    "CUR*BY*USD",
    "REF*CT*FRAME-9",
    "REF*11*C-100",
    "PER*BD*Ann Lee*TE*555-0100*EM*ann@acme.example",
    "FOB*CC",
    "ITD*01*3*2**10**30",
    "DTM*063*20240320",
    "DTM*002*20240315",
    "N9*L1**Dock 4 only",
    "MSG*Call before delivery",
    "SAC*C*D240***1500",
    "N1*BY*Acme Corp*92*ACME1",
    "N1*ST*Acme Plant*92*DOCK4",
    "N2*Receiving",
    "N3*1 Mill Road*Gate 2",
    "N4*Dayton*OH*45402*US",
    "PO1*1*12*CS*48.50*PE*VN*HX-100*BP*77-1*UP*012345678905",
    "PID*F****Hex bolt 1/2",
    "SAC*A*C310***250",
    "SCH*6*CS***002*20240310",
    "SCH*6*CS***002*20240410",
    "PO1*2*300*EA*7.25*HP*MG*M-9",
    "DTM*002*20240318",
    "CTT*2*312",
    "AMT*TT*606.25",
    "SE*28*0001",
]


def interchange(
    body: list[str] = ORDER, *, end: str = "~\n", isa: list[str] = ISA, group: str = "PO"
) -> bytes:
    header = "*".join(isa) + "*>" + end
    rest = [f"GS*{group}*ACMEGS*OURGS*20240301*1200*7*X*004010", *body, "GE*1*7", "IEA*1*000000007"]
    return (header + end.join(rest) + end).encode()


def only(parsed: Parsed) -> OrderDraft:
    assert len(parsed.drafts) == 1
    return parsed.drafts[0]


def codes(parsed: Parsed) -> list[str]:
    found = list(parsed.findings) + [f for d in parsed.drafts for f in d.findings]
    return [finding.code for finding in found]


def values(draft: OrderDraft) -> list[tuple[object, ...]]:
    def v(stated: Stated[object] | None) -> object:
        return stated.value if stated else None

    return [
        (line.line_id, v(line.quantity), v(line.uom), v(line.unit_price), line.article.value)
        for line in draft.lines
    ]


def test_reads_every_field_of_an_order() -> None:
    draft = only(parse_x12(interchange(), "doc"))
    assert draft.intent.value == "new_order"
    assert draft.po_number is not None
    assert draft.po_number.value == "PO-4711"
    assert draft.po_date is not None
    assert draft.po_date.value == date(2024, 3, 1)
    assert draft.requested_date is not None
    assert draft.requested_date.value == date(2024, 3, 15)
    assert "Do not deliver after 2024-03-20" in draft.note
    assert "Call before delivery" in draft.note
    assert draft.currency is not None
    assert draft.currency.value == "USD"
    assert draft.contract == "FRAME-9"
    assert draft.buyer.customer_number == "C-100"
    assert draft.buyer.ids == ("ACME1", "ACMEBUYER", "ACMEGS")
    assert draft.buyer.email == "ann@acme.example"
    assert draft.ship_to is not None
    assert (draft.ship_to.name, draft.ship_to.code) == ("Acme Plant Receiving", "DOCK4")
    assert (draft.ship_to.city, draft.ship_to.region, draft.ship_to.postal_code) == ("Dayton", "OH", "45402")
    assert draft.freight_terms == "collect"
    assert draft.payment_terms == "2% 10 days, net 30"
    assert draft.charges_total == Decimal("15.00")
    assert draft.stated_net_total is not None
    assert draft.stated_net_total.value == Decimal("606.25")
    assert draft.source_document_id == "doc"
    assert draft.reply_format == "x12"
    assert draft.findings == ()


def test_reads_lines_with_ids_price_basis_schedule_and_charges() -> None:
    first, second = only(parse_x12(interchange(), "doc")).lines
    assert first.article.value.seller_part == "HX-100"
    assert first.article.value.buyer_part == "77-1"
    assert first.article.value.gtin == "012345678905"
    assert first.article.value.description == "Hex bolt 1/2"
    assert first.quantity is not None
    assert first.quantity.value == 12
    assert first.uom is not None
    assert first.uom.value == "CS"
    assert first.price_uom == "EA", "a case is ordered but the price is per each"
    assert first.charges == Decimal("-2.50")
    assert [(s.quantity, s.requested_date) for s in first.schedule] == [
        (6, date(2024, 3, 10)),
        (6, date(2024, 4, 10)),
    ]
    assert second.price_base == 100
    assert second.article.value.manufacturer_part == "M-9"
    assert second.requested_date is not None
    assert second.requested_date.value == date(2024, 3, 18)


def test_every_value_stands_where_its_evidence_says() -> None:
    parsed = parse_x12(interchange(end="~"), "doc")
    draft = only(parsed)
    stated = [draft.po_number, draft.po_date, draft.currency, draft.stated_net_total]
    for line in draft.lines:
        stated += [line.article, line.quantity, line.uom, line.unit_price]
    for value in stated:
        assert value is not None
        assert value.evidence is not None
        assert parsed.text[value.evidence.start : value.evidence.end] == value.evidence.quote
        assert value.evidence.quote
    assert draft.lines[1].quantity is not None
    assert draft.lines[1].quantity.evidence is not None
    assert draft.lines[1].quantity.evidence.locator == "PO1[2]/02"


@pytest.mark.parametrize("end", ["~", "~\n", "~\r\n", "\n", "\r\n", "|", "\x1c", "'\r\n   "])
def test_separators_do_not_matter(end: str) -> None:
    assert values(only(parse_x12(interchange(end=end), "d"))) == values(only(parse_x12(interchange(), "d")))


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: b"\xef\xbb\xbf" + raw,
        lambda raw: b"\r\n  " + raw,
        lambda raw: raw.replace(b"*", b"\x1d"),
        lambda raw: b"\n".join(raw.replace(b"\n", b"")[i : i + 80] for i in range(0, len(raw), 80)),
        lambda raw: raw.replace(b"ACMEBUYER      ", b"ACMEBUYER"),
        lambda raw: raw[raw.index(b"GS*") :],
        lambda raw: raw[raw.index(b"ST*") : raw.index(b"GE*")],
        lambda raw: raw.decode().encode("utf-16"),
    ],
    ids=["bom", "blanks", "control-separator", "wrapped", "unpadded", "no-isa", "st-only", "utf16"],
)
def test_tolerates_how_partners_really_write(change: object) -> None:
    parsed = parse_x12(change(interchange()), "d")  # type: ignore[operator]
    assert values(only(parsed)) == values(only(parse_x12(interchange(), "d")))
    assert "control_count_wrong" not in codes(parsed)


@pytest.mark.parametrize(
    ("old", "new", "said", "real"),
    [
        ("SE*28*0001", "SE*18*0001", "18", "28"),
        ("CTT*2*312", "CTT*3*312", "3", "2"),
        ("CTT*2*312", "CTT*2*300", "300", "312"),
        ("SE*28*0001", "SE*28*0009", "0009", "0001"),
    ],
)
def test_wrong_control_figures_refuse_the_order(old: str, new: str, said: str, real: str) -> None:
    draft = only(parse_x12(interchange([new if s == old else s for s in ORDER]), "d"))
    (finding,) = draft.findings
    assert finding.code == "control_count_wrong"
    assert finding.severity == "reject"
    assert f"says {said} real {real}" in finding.message


def test_wrong_group_count_concerns_each_order_of_the_file() -> None:
    raw = interchange().replace(b"GE*1*7", b"GE*2*7")
    (finding,) = only(parse_x12(raw, "d")).findings
    assert finding.code == "control_count_wrong"
    assert "GE says 2 real 1" in finding.message


def test_order_that_is_cut_off_is_refused() -> None:
    raw = interchange()
    parsed = parse_x12(raw[: raw.index(b"CTT")], "d")
    assert [f.facts.get("segment") for f in only(parsed).findings] == ["SE", "GE", "IEA"]
    assert only(parsed).findings[0].severity == "reject"


def test_blank_declared_as_terminator_is_read_by_lines_and_shown_to_a_person() -> None:
    body = [s for s in ORDER if not s.startswith("PID")]
    body[-1] = "SE*27*0001"
    draft = only(parse_x12(interchange(body, end=" \r\n"), "d"))
    assert len(draft.lines) == 2
    (finding,) = draft.findings
    assert (finding.code, finding.severity) == ("control_count_wrong", "approve")
    assert "SE says 27 real" in finding.message


def test_other_sets_are_named_and_orders_beside_them_are_read() -> None:
    invoice = ["ST*810*0001", "BIG*20240301*1", "SE*3*0001"]
    parsed = parse_x12(interchange([*invoice, *ORDER]).replace(b"GE*1*7", b"GE*2*7"), "d")
    assert only(parsed).findings == ()
    (finding,) = parsed.findings
    assert finding.code == "not_an_order"
    assert "810 (invoice)" in finding.message


def test_several_interchanges_each_with_separators_of_its_own() -> None:
    second = interchange(end="\n").replace(b"*", b"|").replace(b"PO-4711", b"PO-4712")
    parsed = parse_x12(interchange() + b"\n" + second, "d")
    assert [d.po_number.value for d in parsed.drafts if d.po_number] == ["PO-4711", "PO-4712"]


def test_change_order_and_cancellation() -> None:
    change = [
        "ST*860*0001",
        "BCH*04*SA*PO-4711***20240301",
        "POC*1*QD*5*0*EA*4.10**VN*HX-100",
        "CTT*1*5",
        "SE*5*0001",
    ]
    draft = only(parse_x12(interchange(change, group="PC"), "d"))
    assert (draft.intent.value, draft.is_revision) == ("change_order", True)
    assert draft.lines[0].quantity is not None
    assert draft.lines[0].quantity.value == 5
    assert "quantity decrease" in draft.lines[0].note
    cancel = [s.replace("BEG*00", "BEG*01") for s in ORDER]
    assert only(parse_x12(interchange(cancel), "d")).intent.value == "cancel_order"


def test_grocery_order() -> None:
    grocery = [
        "ST*875*0001", "G50*N*20240301*77", "G62*02*20240310", "N1*ST*Store*9*123", "G68*10*CA*1.57*006121100201",
        "G69*APPLESAUCE", "G68*5*CA*3.98**VN*A-1", "G76*15*CA", "SE*9*0001",
    ]  # fmt: skip
    draft = only(parse_x12(interchange(grocery), "d"))
    assert draft.requested_date is not None
    assert draft.requested_date.value == date(2024, 3, 10)
    assert [(v[1], v[2], v[3]) for v in values(draft)] == [
        (10, "CS", Decimal("1.57")),
        (5, "CS", Decimal("3.98")),
    ]
    assert draft.lines[0].article.value.gtin == "006121100201"
    assert draft.lines[1].article.value.seller_part == "A-1"
    assert draft.findings == ()


@pytest.mark.parametrize(
    ("quantity", "expected"), [("0", Decimal(0)), ("-5", Decimal(-5)), ("0.5", Decimal("0.5"))]
)
def test_quantities_are_kept_as_stated(quantity: str, expected: Decimal) -> None:
    body = ["ST*850*1", "BEG*00*NE*1**20240301", f"PO1*1*{quantity}*EA*1", "CTT*1", "SE*5*1"]
    line = only(parse_x12(interchange(body), "d")).lines[0]
    assert line.quantity is not None
    assert line.quantity.value == expected


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("12*CS*48.50", "1,000*CS*48.50", "unreadable_value", "lines[0].quantity"),
        ("12*CS*48.50", "12*QQ*48.50", "unit_unknown", "lines[0].uom"),
        ("12*CS*48.50", "12*CS*abc", "unreadable_value", "lines[0].unit_price"),
        ("20240301\n", "soon\n", "unreadable_value", "po_date"),
        ("DTM*002*20240315", "DTM*002*20240231", "unreadable_value", "requested_date"),
    ],
)
def test_what_cannot_be_read_is_asked_never_guessed(old: str, new: str, code: str, path: str) -> None:
    text = interchange(end="\n").decode().replace(old, new)
    draft = only(parse_x12(text.encode(), "d"))
    finding = next(f for f in draft.findings if f.code == code)
    assert finding.path == path
    assert finding.severity == "clarify"


@pytest.mark.parametrize(
    ("segment", "path"), [("BEG*00*NE*PO-4711**20240301", "po_number"), ("PO1", "lines")]
)
def test_missing_mandatory_segment_is_named(segment: str, path: str) -> None:
    draft = only(parse_x12(interchange([s for s in ORDER if not s.startswith(segment)]), "d"))
    finding = next(f for f in draft.findings if f.code == "edi_segment_missing")
    assert (finding.path, finding.severity) == (path, "reject")
    assert finding.facts["segment"] == segment[:3]


def test_test_interchange_is_not_booked_by_itself() -> None:
    draft = only(parse_x12(interchange(isa=[*ISA[:-1], "T"]), "d"))
    assert [(f.code, f.severity) for f in draft.findings] == [("test_message", "approve")]


SEPARATOR = st.characters(
    blacklist_categories=["L", "N", "Cs", "Cc"], blacklist_characters=" \t\r\n\ufeff", max_codepoint=0x2FF
)
WORD = st.text(st.sampled_from("abcXYZ019"), max_size=8)


@settings(max_examples=60)
@given(
    marks=st.lists(SEPARATOR, min_size=3, max_size=3, unique=True), rows=st.lists(st.lists(WORD, max_size=5))
)
def test_any_separators_round_trip(marks: list[str], rows: list[list[str]]) -> None:
    element, component, terminator = marks
    body = [["GS", "PO"], *[["REF", *row] for row in rows], ["SE", "1"]]
    header = element.join(["ISA", *(p.strip() or "x" for p in ISA[1:]), component])
    text = terminator.join([header, *(element.join(row) for row in body)]) + terminator
    found = find_separators(text)
    assert found is not None
    assert found == Separators(element, component, terminator)
    assert tokenize(text, found)[1:] == body


def test_more_interchanges_than_any_order_has_are_refused() -> None:
    parsed = parse_x12(b"\nISA*" * 50_000, "d")
    assert sorted(codes(parsed)) == ["reader_limit_exceeded", "unreadable_document"]
    assert len(parsed.text) <= 250_001


@settings(max_examples=100)
@given(st.binary(max_size=400), st.sampled_from([b"", b"ISA*", b"ISA*00*~GS*PO~ST*850*1~", b"ST*850*1~"]))
def test_random_bytes_give_a_parsed_with_findings(noise: bytes, head: bytes) -> None:
    parsed = parse_x12(head + noise, "d")
    assert parsed.findings or parsed.drafts
    assert "\0" not in parsed.text


@settings(max_examples=60)
@given(
    st.integers(min_value=0, max_value=900), st.integers(min_value=0, max_value=200), st.binary(max_size=5)
)
def test_damaged_orders_never_crash(at: int, gap: int, noise: bytes) -> None:
    raw = interchange()
    parsed = parse_x12(raw[:at] + noise + raw[at + gap :], "d")
    assert parsed.format == "x12"
