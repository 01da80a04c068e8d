"""Every structured file of the public corpus against a second, minimal reading of the same bytes."""

from __future__ import annotations

import csv
import os
import re
import xml.etree.ElementTree as ET
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
from pydifact.exceptions import EDISyntaxError
from pydifact.parser import Parser
from pydifact.tokenizer import Tokenizer

from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import DraftLine, OrderDraft
from orderdesk.domain.units import unit_from_unece, unit_from_x12
from tools.documents.edifact import parse_edifact
from tools.documents.edifact_segments import decode_edifact, read_segments
from tools.documents.parsed import Parsed
from tools.documents.x12 import parse_x12
from tools.documents.xml_read import parse_xml

CORPUS = Path(os.environ.get("ORDERDESK_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
MANIFEST = CORPUS / "MANIFEST.tsv"
READERS = {
    "x12": parse_x12,
    "edifact": parse_edifact,
    "ubl": parse_xml,
    "cxml": parse_xml,
    "opentrans": parse_xml,
    "orderx": parse_xml,
}
pytestmark = pytest.mark.skipif(not MANIFEST.exists(), reason=f"the public corpus is not at {CORPUS}")


def rows(kind: str = "") -> list[dict[str, str]]:
    if not MANIFEST.exists():
        return []
    with MANIFEST.open(encoding="utf-8", newline="") as file:
        found = [r for r in csv.DictReader(file, delimiter="\t") if r["file"].partition("/")[0] in READERS]
    # Two JSON descriptions of an X12 order and one table are no structured order files.
    found = [r for r in found if not r["file"].endswith((".json", ".csv"))]
    return [r for r in found if r["file"].startswith(kind)]


def cases(kind: str = "") -> list[object]:
    return [pytest.param(row, id=row["file"]) for row in rows(kind)]


def read(row: dict[str, str]) -> tuple[bytes, Parsed]:
    raw = (CORPUS / row["file"]).read_bytes()
    return raw, READERS[row["file"].partition("/")[0]](raw, "doc")


def findings(parsed: Parsed) -> list[Finding]:
    return [*parsed.findings, *(f for draft in parsed.drafts for f in draft.findings)]


def number(text: str | None) -> Decimal | None:
    try:
        return Decimal((text or "").strip())
    except InvalidOperation:
        return None


def compare(line: DraftLine, quantity: str, unit: str | None, price: str | None, ids: set[str]) -> None:
    assert (line.quantity.value if line.quantity else None) == number(quantity)
    assert (line.unit_price.value if line.unit_price else None) == number(price)
    assert (line.uom.value if line.uom else None) == unit
    article = line.article.value
    stated = {
        article.seller_part,
        article.buyer_part,
        article.manufacturer_part,
        article.gtin,
        article.part,
    } - {""}
    assert stated <= ids
    assert stated or not ids


def number_of(draft: OrderDraft) -> str | None:
    return draft.po_number.value if draft.po_number else None


@pytest.mark.parametrize("row", cases())
def test_every_file_is_read_or_named(row: dict[str, str]) -> None:
    _, parsed = read(row)
    assert parsed.drafts or parsed.findings
    for draft in parsed.drafts:
        stated = [
            draft.po_number,
            draft.po_date,
            draft.requested_date,
            draft.currency,
            draft.stated_net_total,
        ]
        for line in draft.lines:
            stated += [
                line.article,
                line.quantity,
                line.uom,
                line.unit_price,
                line.line_total,
                line.requested_date,
            ]
        for value in stated:
            if value is not None:
                assert value.evidence is not None
                assert parsed.text[value.evidence.start : value.evidence.end] == value.evidence.quote != ""


@pytest.mark.parametrize("row", cases())
def test_the_defects_the_manifest_states_are_named(row: dict[str, str]) -> None:
    _, parsed = read(row)
    if row["doc_type"] not in ("850", "860", "Order", "ORDERS"):
        return
    messages = " ".join(f.message for f in findings(parsed))
    for says, real in re.findall(r"says (\S+) real (\S+)", row["checks"].replace(";", " ")):
        assert f"says {says} real {real}" in messages
    if "MISMATCH" in row["checks"]:
        assert "document_totals_wrong" in [f.code for f in findings(parsed)]
    elif "ok" in row["checks"].lower() and "says" not in row["checks"]:
        wrong = [
            f
            for f in findings(parsed)
            if f.code == "control_count_wrong" and f.facts["segment"] in ("SE", "CTT")
        ]
        assert not wrong


@pytest.mark.parametrize("row", cases())
def test_what_is_no_order_gives_no_draft(row: dict[str, str]) -> None:
    orders = ("850", "860", "875", "810+850", "ORDERS", "Order", "OrderChange", "OrderCancellation", "ORDER",
              "ORDERCHANGE", "SCRDMCCBDACIOMessageStructure", "?")  # fmt: skip
    is_order = row["doc_type"] in orders or (row["doc_type"] == "cXML" and row["lines"] != "0")
    _, parsed = read(row)
    if not is_order:
        assert parsed.drafts == ()
        assert {f.code for f in parsed.findings} == {"not_an_order"}
    elif row["doc_type"] != "?":
        assert len(parsed.drafts) == 1


def x12_rows(raw: bytes) -> list[list[str]]:
    text = raw.decode("utf-8-sig")
    mark = text[3]
    end = text.split(mark, 16)[16][1]
    pieces = text.splitlines() if end in " \r\n" else text.replace("\r", "").replace("\n", "").split(end)
    return [[part.strip() for part in piece.strip(" \r\n").split(mark)] for piece in pieces]


@pytest.mark.parametrize("row", cases("x12"))
def test_x12_orders(row: dict[str, str]) -> None:
    raw, parsed = read(row)
    segments = x12_rows(raw)
    heads = [s for s in segments if s[0] in ("BEG", "BCH")]
    lines = [s for s in segments if s[0] in ("PO1", "POC")] if heads else []
    if not heads:
        return
    (draft,) = parsed.drafts
    assert number_of(draft) == heads[0][3]
    assert len(draft.lines) == len(lines)
    for stated, line in zip(draft.lines, lines, strict=True):
        at = 2 if line[0] == "PO1" else 3
        line = [*line, *[""] * 9]
        unit = unit_from_x12(line[3]) if line[0] == "PO1" else None
        pairs = line[6 if at == 2 else 8 :]
        known = {v for q, v in zip(pairs[::2], pairs[1::2], strict=False) if q not in ("", "CG")}
        compare(stated, line[at], unit, line[4] if at == 2 else line[6], known)


def edifact_rows(raw: bytes) -> list[str]:
    text = raw.decode("utf-8-sig", errors="replace")
    if text.startswith("UNA"):
        text = text[9:].lstrip()
    if text.startswith('UNB"'):  # the one file with separators of its own
        text = text.translate(str.maketrans('"=;', "+:'"))
    return [s.strip() for s in re.split(r"(?<!\?)'", text) if s.strip()]


@pytest.mark.parametrize("row", cases("edifact"))
def test_edifact_orders(row: dict[str, str]) -> None:
    raw, parsed = read(row)
    segments = edifact_rows(raw)
    if not any(s.startswith("UNH") and "ORDERS" in s for s in segments):
        return
    (draft,) = parsed.drafts
    bgm = [s.split("+") for s in segments if s.startswith("BGM")]
    assert number_of(draft) == (bgm[0][2] if bgm else None)
    starts = [n for n, s in enumerate(segments) if s.startswith("LIN")]
    assert len(draft.lines) == len(starts)
    for stated, start, stop in zip(draft.lines, starts, [*starts[1:], len(segments)], strict=True):
        group = segments[start:stop]
        quantity = next(s for s in group if re.match(r"QTY\+(21|1|131):", s)).split("+")[1].split(":")
        price = next((s.split(":")[1] for s in group if s.startswith("PRI+")), None)
        unit = unit_from_unece(quantity[2]) if len(quantity) > 2 else None
        ids = {e.split(":")[0] for s in group if s.startswith(("LIN", "PIA")) for e in s.split("+")[2:]} - {
            ""
        }
        compare(stated, quantity[1], unit, price, ids)


@pytest.mark.parametrize("row", cases("edifact"))
def test_edifact_elements_are_those_of_a_library_where_it_copes(row: dict[str, str]) -> None:
    raw = (CORPUS / row["file"]).read_bytes()
    text = decode_edifact(raw)
    marks = Parser.get_control_characters(text)
    body = text[9:].lstrip() if text.startswith("UNA") else text
    # It takes the terminator of an empty segment for a part of the next segment's name.
    body = re.sub(r"(?<!\?)'{2,}", "'", body)
    try:
        theirs = list(Parser().convert_tokens_to_raw_segments(Tokenizer().get_tokens(body, marks)))
    except EDISyntaxError as error:
        pytest.skip(f"the library does not cope: {error}")
    if len(theirs) < 2:
        pytest.skip("the library does not find separators that are not declared")
    ours = [flat([[p.text for p in e] for e in s.elements]) for s in read_segments(raw).segments]
    assert ours == [flat(segment) for segment in theirs]


def flat(segment: list[object]) -> list[list[str]]:
    """A segment as lists of components without trailing empty ones, line breaks or empty elements at its end."""
    rows: list[list[str]] = []
    for element in segment:
        parts = [element] if isinstance(element, str) else list(element)  # type: ignore[call-overload]
        parts = [re.sub(r"[\r\n]", "", part).strip() for part in parts]
        while parts and not parts[-1]:
            parts.pop()
        rows.append(parts)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def tree(raw: bytes) -> ET.Element | None:
    text = re.sub(rb'\sxmlns(:\w+)?="[^"]*"', b"", raw)
    text = re.sub(
        rb"(</?|\s)[\w-]+:(?=[A-Za-z_])", rb"\1", re.sub(rb"<!--.*?-->", b"", text, flags=re.DOTALL)
    )
    try:
        return ET.fromstring(text)
    except ET.ParseError:
        return None


def said(node: ET.Element, path: str) -> str | None:
    found = node.find(path)
    return (found.text or "").strip() or None if found is not None else None


@pytest.mark.parametrize("row", cases("ubl"))
def test_ubl_orders(row: dict[str, str]) -> None:
    raw, parsed = read(row)
    root = tree(raw)
    if root is None:
        assert [f.code for f in parsed.findings] == ["unreadable_document"]
        return
    if root.tag not in ("Order", "OrderChange", "OrderCancellation"):
        return
    (draft,) = parsed.drafts
    assert number_of(draft) == (said(root, "ID") if root.tag == "Order" else said(root, "OrderReference/ID"))
    items = root.findall("OrderLine/LineItem")
    assert len(draft.lines) == len(items)
    for stated, item in zip(draft.lines, items, strict=True):
        quantity = item.find("Quantity")
        assert quantity is not None
        unit = unit_from_unece(quantity.get("unitCode", ""))
        ids = {(n.text or "").strip() for n in item.findall("Item/*/ID")} - {""}
        named = [n for n in item.findall("Item/*") if n.tag.endswith("ItemIdentification")]
        compare(stated, quantity.text or "", unit, said(item, "Price/PriceAmount"), ids if named else set())
        assert (stated.line_total.value if stated.line_total else None) == number(
            said(item, "LineExtensionAmount")
        )


SI_UBL = {
    "T01-R001": "CustomizationID", "T01-R002": "ProfileID", "T01-R003": "LineItem/ID", "T01-R004": "IssueDate",
    "T01-R006": " ID ", "T01-R007": "AllowanceChargeReason", "T01-R009": "DocumentCurrencyCode",
    "T01-R011": "negative", "T01-R012": "PayableAmount says -100", "T01-R013": "LineExtensionAmount says -100",
    "T01-R014": "LineExtensionAmount says 100 real 105", "T01-R015": "AllowanceTotalAmount says 15 real 0",
    "T01-R016": "ChargeTotalAmount says 25 real 24", "T01-R017": "PayableAmount says 124 real 125",
    "T01-R019": "AdditionalItemProperty[1]/Name", "T01-R020": "AdditionalItemProperty[1]/Value",
    "T01-R021": "Party", "T01-R022": "Party", "T01-R030": "@unitCode", "T01-R031": "LineItem/ID",
    "PO-R001": "UBL version 3.0", "PO-R200": "ver-badversion",
}  # fmt: skip


@pytest.mark.parametrize("rule", SI_UBL)
def test_broken_orders_of_a_validation_suite_are_named(rule: str) -> None:
    files = [r for r in rows("ubl") if f"-{rule}" in r["file"] and "PO-1.2-error" in r["file"]]
    assert files
    for row in files:
        _, parsed = read(row)
        assert SI_UBL[rule] in " | ".join(f.message for f in findings(parsed))


def test_a_valid_order_of_a_validation_suite_has_no_finding() -> None:
    (row,) = [r for r in rows("ubl") if r["file"].endswith("PO-1.2-ok-minimal.xml")]
    assert findings(read(row)[1]) == []


@pytest.mark.parametrize("row", cases("cxml"))
def test_cxml_orders(row: dict[str, str]) -> None:
    raw, parsed = read(row)
    root = tree(raw)
    assert root is not None
    header = root.find(".//OrderRequestHeader")
    if header is None:
        return
    (draft,) = parsed.drafts
    assert number_of(draft) == header.get("orderID")
    items = root.findall(".//ItemOut")
    assert len(draft.lines) == len(items)
    for stated, item in zip(draft.lines, items, strict=True):
        unit = unit_from_unece(said(item, "ItemDetail/UnitOfMeasure") or "")
        ids = {(n.text or "").strip() for n in item.findall("ItemID/*")}
        compare(stated, item.get("quantity", ""), unit, said(item, "ItemDetail/UnitPrice/Money"), ids)


@pytest.mark.parametrize("row", cases("opentrans"))
def test_opentrans_orders(row: dict[str, str]) -> None:
    raw, parsed = read(row)
    root = tree(raw)
    assert root is not None
    if root.tag not in ("ORDER", "ORDERCHANGE"):
        return
    (draft,) = parsed.drafts
    assert number_of(draft) == said(root, f"{root.tag}_HEADER/{root.tag}_INFO/ORDER_ID")
    items = root.findall(f"{root.tag}_ITEM_LIST/ORDER_ITEM")
    assert len(draft.lines) == len(items)
    for stated, item in zip(draft.lines, items, strict=True):
        unit = unit_from_unece(said(item, "ORDER_UNIT") or "")
        ids = {(n.text or "").strip() for n in item.findall("PRODUCT_ID//*") if n.tag.endswith("PID")}
        price = said(item, "PRODUCT_PRICE_FIX/PRICE_AMOUNT")
        compare(stated, said(item, "QUANTITY") or "", unit, price, ids)


@pytest.mark.parametrize("row", cases("orderx"))
def test_orderx_orders(row: dict[str, str]) -> None:
    raw, parsed = read(row)
    root = tree(raw)
    assert root is not None
    (draft,) = parsed.drafts
    assert number_of(draft) == said(root, "ExchangedDocument/ID")
    items = root.findall(".//IncludedSupplyChainTradeLineItem")
    assert len(draft.lines) == len(items)
    for stated, item in zip(draft.lines, items, strict=True):
        quantity = item.find(".//RequestedQuantity")
        assert quantity is not None
        ids = {
            said(item, f"SpecifiedTradeProduct/{n}") or ""
            for n in ("GlobalID", "SellerAssignedID", "BuyerAssignedID")
        }
        price = said(item, ".//NetPriceProductTradePrice/ChargeAmount")
        compare(stated, quantity.text or "", unit_from_unece(quantity.get("unitCode", "")), price, ids)
