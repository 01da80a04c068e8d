"""EDIFACT orders: service characters, character sets, control counts, mandatory segments, every field."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderdesk.domain.orders import OrderDraft
from tools.documents.edifact import parse_edifact
from tools.documents.edifact_line import edifact_day
from tools.documents.edifact_segments import read_segments
from tools.documents.parsed import Parsed

BODY = [
    "UNH+42+ORDERS:D:96A:UN:EAN008",
    "BGM+220+PO-4711+9",
    "DTM+137:20240301:102",
    "DTM+2:202403151200:203",
    "DTM+63:20240320:102",
    "FTX+GEN+++Bitte vorher anrufen?: 0711 5?+5",
    "RFF+CT:RAHMEN-9",
    "NAD+BY+4012345000009::9++Müller GmbH+Hauptstr. 1+Stuttgart++70173+DE",
    "RFF+VA:DE123456789",
    "RFF+API:K-100",
    "CTA+OC+:Anna Lee",
    "COM+anna@mueller.example:EM+0711 55:TE",
    "NAD+DP+4012345000016::9++Werk 2",
    "NAD+SU+4098765000005::9",
    "CUX+2:EUR:9",
    "PAT+1++5::D:30",
    "TOD+3++EXW",
    "LIN+10++4000862141404:SRV",
    "PIA+5+HX-100:SA+77-1:IN",
    "IMD+F++:::Sechskantschraube M8:verzinkt",
    "QTY+21:12,5:KGM",
    "QTY+192:1:KGM",
    "DTM+2:20240318:102",
    "PRI+AAA:48.50::::C62",
    "MOA+203:606.25",
    "LIN+20++A-1:SA",
    "QTY+21:300:PCE",
    "PRI+AAA:7.25:::100:PCE",
    "UNS+S",
    "MOA+86:628",
    "CNT+2:2",
    "CNT+1:312.5",
    "UNT+33+42",
]


def interchange(body: list[str] = BODY, *, end: str = "'", una: str = "", syntax: str = "UNOC:3") -> bytes:
    rows = [f"UNB+{syntax}+BUYER:14+DESK:14+240301:1200+77", *body, "UNZ+1+77"]
    return (una + end.join(rows) + end).encode("latin-1")


def only(parsed: Parsed) -> OrderDraft:
    assert len(parsed.drafts) == 1
    return parsed.drafts[0]


def comparable(draft: OrderDraft) -> str:
    """The draft without the places its values stand at, which differ with the separators."""
    return str(
        [draft.po_number and draft.po_number.value, draft.buyer, draft.note]
        + [
            (
                line.article.value,
                line.quantity and line.quantity.value,
                line.unit_price and line.unit_price.value,
            )
            for line in draft.lines
        ]
    )


def test_reads_every_field_of_an_order() -> None:
    draft = only(parse_edifact(interchange(), "doc"))
    assert draft.intent.value == "new_order"
    assert draft.po_number is not None
    assert draft.po_number.value == "PO-4711"
    assert draft.po_date is not None
    assert draft.po_date.value == date(2024, 3, 1)
    assert draft.requested_date is not None
    assert draft.requested_date.value == date(2024, 3, 15)
    assert draft.note == "Bitte vorher anrufen: 0711 5+5\nDeliver not after 2024-03-20"
    assert draft.currency is not None
    assert draft.currency.value == "EUR"
    assert draft.contract == "RAHMEN-9"
    assert draft.buyer.name == "Müller GmbH"
    assert draft.buyer.ids == ("4012345000009", "BUYER")
    assert draft.buyer.customer_number == "K-100"
    assert draft.buyer.tax_id == "DE123456789"
    assert (draft.buyer.contact, draft.buyer.email, draft.buyer.phone) == (
        "Anna Lee",
        "anna@mueller.example",
        "0711 55",
    )
    assert draft.ship_to is not None
    assert (draft.ship_to.name, draft.ship_to.code) == ("Werk 2", "4012345000016")
    assert draft.payment_terms == "30 days"
    assert draft.freight_terms == "EXW"
    assert draft.stated_net_total is not None
    assert draft.stated_net_total.value == 628
    assert draft.reply_format == "edifact"
    assert [f.code for f in draft.findings] == ["free_goods"]


def test_reads_lines_with_ids_units_and_price_basis() -> None:
    first, second = only(parse_edifact(interchange(), "doc")).lines
    article = first.article.value
    assert (article.gtin, article.seller_part, article.buyer_part) == ("4000862141404", "HX-100", "77-1")
    assert article.description == "Sechskantschraube M8 verzinkt"
    assert first.line_number == 10
    assert first.quantity is not None
    assert first.quantity.value == Decimal("12.5"), "a comma is a decimal mark in EDIFACT"
    assert first.uom is not None
    assert (first.uom.value, first.uom_stated) == ("KG", "KGM")
    assert first.price_uom == "EA"
    assert first.line_total is not None
    assert first.line_total.value == Decimal("606.25")
    assert first.requested_date is not None
    assert first.requested_date.value == date(2024, 3, 18)
    assert second.price_base == 100
    assert second.article.value.seller_part == "A-1"


def test_every_value_stands_where_its_evidence_says() -> None:
    parsed = parse_edifact(interchange(), "doc")
    draft = only(parsed)
    stated = [draft.po_number, draft.po_date, draft.currency]
    for line in draft.lines:
        stated += [line.article, line.quantity, line.uom, line.unit_price]
    for value in stated:
        assert value is not None
        assert value.evidence is not None
        assert parsed.text[value.evidence.start : value.evidence.end] == value.evidence.quote != ""


@pytest.mark.parametrize(
    "raw",
    [
        interchange(end="'\r\n"),
        interchange(una="UNA:+.? '"),
        interchange(una="UNA:+.? '\r\n", end="'\n"),
        b"\xef\xbb\xbf" + interchange().decode("latin-1").encode(),
        interchange(syntax="UNOW:4").decode("latin-1").encode(),
        b"\n".join(interchange()[i : i + 80] for i in range(0, len(interchange()), 80)),
    ],
    ids=["crlf", "una", "una-lines", "bom", "unow", "wrapped"],
)
def test_tolerates_how_partners_really_write(raw: bytes) -> None:
    draft = only(parse_edifact(raw, "d"))
    assert comparable(draft) == comparable(only(parse_edifact(interchange(), "d")))
    assert "control_count_wrong" not in [f.code for f in draft.findings]


# Without released characters, so that other separators can be put in by plain replacement.
PLAIN = [*(s for s in BODY[:-1] if not s.startswith("FTX")), "UNT+32+42"]


@pytest.mark.parametrize(
    ("una", "marks", "declared"),
    [("UNA|;.! \n", "|;\n", True), ("UNA|;.  ~", "|;~", True), ("", "^|~", False)],
    ids=["line-ends", "no-release", "undeclared"],
)
def test_separators_of_the_partners_own(una: str, marks: str, declared: bool) -> None:
    swapped = una + interchange(PLAIN).decode("latin-1").translate(str.maketrans(":+'", marks))
    parsed = parse_edifact(swapped.encode("latin-1"), "d")
    assert comparable(only(parsed)) == comparable(only(parse_edifact(interchange(PLAIN), "d")))
    assert [f.code for f in parsed.findings] == ([] if declared else ["edi_separators_undeclared"])
    assert "control_count_wrong" not in [f.code for f in only(parsed).findings]


@pytest.mark.parametrize(
    ("old", "new", "said", "real"),
    [
        ("UNT+33+42", "UNT+30+42", "30", "33"),
        ("UNT+33+42", "UNT+33+43", "43", "42"),
        ("CNT+2:2", "CNT+2:3", "3", "2"),
        ("CNT+1:312.5", "CNT+1:17", "17", "312.5"),
    ],
)
def test_wrong_control_figures_refuse_the_order(old: str, new: str, said: str, real: str) -> None:
    draft = only(parse_edifact(interchange([new if s == old else s for s in BODY]), "d"))
    finding = next(f for f in draft.findings if f.code == "control_count_wrong")
    assert finding.severity == "reject"
    assert f"says {said} real {real}" in finding.message


@pytest.mark.parametrize("tag", ["BGM", "NAD", "LIN", "UNT"])
def test_missing_mandatory_segment_is_named(tag: str) -> None:
    body = [s for s in BODY if not s.startswith(tag)]
    if tag == "LIN":
        body = body[: BODY.index("LIN+10++4000862141404:SRV")] + BODY[BODY.index("UNS+S") :]
    draft = only(parse_edifact(interchange(body), "d"))
    missing = [f for f in draft.findings if f.code == "edi_segment_missing"]
    assert tag in [f.facts["segment"] for f in missing]
    assert {f.severity for f in missing} == {"reject"}


def test_missing_mandatory_element_is_named_with_its_segment() -> None:
    body = ["DTM+:20240301:102" if s.startswith("DTM+137") else s for s in BODY]
    finding = next(f for f in only(parse_edifact(interchange(body), "d")).findings if "2005" in f.message)
    assert (finding.code, finding.severity, finding.facts["segment"]) == (
        "edi_segment_missing",
        "reject",
        "DTM",
    )


def test_interchange_without_trailer_goes_to_a_person() -> None:
    raw = interchange().replace(b"UNZ+1+77'", b"")
    finding = next(f for f in only(parse_edifact(raw, "d")).findings if f.code == "edi_segment_missing")
    assert (finding.facts["segment"], finding.severity) == ("UNZ", "approve")


@pytest.mark.parametrize(
    ("bgm", "intent"),
    [
        ("BGM+220+PO-4711", "new_order"),
        ("BGM+220+PO-4711+4", "change_order"),
        ("BGM+220+PO-4711+5", "change_order"),
        ("BGM+220+PO-4711+1", "cancel_order"),
    ],
)
def test_message_function_gives_the_intent(bgm: str, intent: str) -> None:
    body = [bgm if s.startswith("BGM") else s for s in BODY]
    draft = only(parse_edifact(interchange(body), "d"))
    assert draft.intent.value == intent
    assert draft.is_revision == (intent != "new_order")


def test_an_account_number_below_another_party_is_not_the_buyers() -> None:
    body = [s for s in BODY if s != "RFF+API:K-100"]
    body.insert(body.index("NAD+SU+4098765000005::9") + 1, "RFF+API:OURS")
    assert only(parse_edifact(interchange(body), "d")).buyer.customer_number == ""


def test_order_change_message() -> None:
    body = [s.replace("ORDERS", "ORDCHG").replace("BGM+220", "BGM+230") for s in BODY]
    assert only(parse_edifact(interchange(body), "d")).intent.value == "change_order"


def test_several_messages_and_other_kinds() -> None:
    second = [s.replace("PO-4711", "PO-4712").replace("+42", "+43") for s in BODY]
    invoice = ["UNH+44+INVOIC:D:96A:UN", "BGM+380+1+9", "UNT+3+44"]
    raw = interchange([*BODY, *second, *invoice]).replace(b"UNZ+1", b"UNZ+3")
    parsed = parse_edifact(raw, "d")
    assert [d.po_number.value for d in parsed.drafts if d.po_number] == ["PO-4711", "PO-4712"]
    assert [f.code for f in parsed.findings] == ["not_an_order"]
    assert "INVOIC (invoice)" in parsed.findings[0].message


def test_unknown_unit_and_unreadable_quantity_are_asked() -> None:
    body = [s.replace("21:12,5:KGM", "21:1.000,5:QQQ") for s in BODY]
    findings = only(parse_edifact(interchange(body), "d")).findings
    assert {(f.code, f.path) for f in findings} >= {
        ("unit_unknown", "lines[0].uom"),
        ("unreadable_value", "lines[0].quantity"),
    }


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("20240229", "102", date(2024, 2, 29)),
        ("20230229", "102", None),
        ("240301", "101", date(2024, 3, 1)),
        ("202403011530", "203", date(2024, 3, 1)),
        ("20240301-20240305", "718", date(2024, 3, 1)),
        ("20240301", "", date(2024, 3, 1)),
        ("240301", "", None),
        ("202412", "616", None),
    ],
)
def test_dates_by_their_format(text: str, form: str, expected: date | None) -> None:
    assert edifact_day(text, form) == expected


@settings(max_examples=60)
@given(value=st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=30))
def test_released_text_comes_back_as_written(value: str) -> None:
    released = "".join("?" + c if c in "?+:'" else c for c in value)
    segments = read_segments(f"UNB+UNOA:1+{released}+B'UNH+1+ORDERS'".encode()).segments
    assert segments[0].elements[2][0].text == value


@settings(max_examples=100)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"UNA", b"UNB+UNOA:1+", b"UNB+UNOC:3+A+B'UNH+1+ORDERS'LIN+1'"]),
)
def test_random_bytes_give_a_parsed_with_findings(noise: bytes, head: bytes) -> None:
    parsed = parse_edifact(head + noise, "d")
    assert parsed.findings or parsed.drafts
    assert "\0" not in parsed.text


@settings(max_examples=60)
@given(
    st.integers(min_value=0, max_value=900), st.integers(min_value=0, max_value=200), st.binary(max_size=5)
)
def test_damaged_orders_never_crash(at: int, gap: int, noise: bytes) -> None:
    raw = interchange()
    assert parse_edifact(raw[:at] + noise + raw[at + gap :], "d").format == "edifact"
