"""Public PDFs and sheets, read as they come in: purchase orders exactly, everything else as no order."""

from __future__ import annotations

import csv
import os
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from agents.reader.contract import ReaderContext
from agents.reader.rules import read_by_rules
from orderdesk.domain.documents import ReadMessage
from orderdesk.domain.orders import OrderDraft
from tools.documents.read import read_message
from tools.documents.split import count_orders

CORPUS = Path(os.environ.get("ORDERDESK_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
pytestmark = pytest.mark.skipif(
    not (CORPUS / "MANIFEST.tsv").exists(), reason=f"the public corpus is not at {CORPUS}"
)
CONTEXT = ReaderContext(business_date=date(2026, 3, 18))
# A row of these forms as their text shows it: part number, words, quantity, price, total.
ROW = re.compile(
    r"^(?P<part>[A-Z][A-Z0-9]+-[A-Z0-9]+)\s+(?P<words>.+?)\s+(?P<qty>\d+)\s+(?P<price>[\d,.]+)\s+(?P<total>[\d,]+\.\d\d)\s*$",
    re.MULTILINE,
)


def files(folder: str, pattern: str) -> list[Path]:
    return sorted((CORPUS / folder).glob(pattern)) if (CORPUS / folder).exists() else []


def read(path: Path) -> tuple[ReadMessage, OrderDraft]:
    message = read_message(path.read_bytes(), path.name)
    return message, read_by_rules(message, position=0, context=CONTEXT)


@pytest.mark.parametrize("path", files("pdf", "*-PO-*.pdf"), ids=lambda p: p.stem)
def test_a_pdf_purchase_order_is_read_as_it_prints(path: Path) -> None:
    message, draft = read(path)
    text = message.documents[0].text
    printed = [
        (
            m["part"],
            Decimal(m["qty"]),
            Decimal(m["price"].replace(",", "")),
            Decimal(m["total"].replace(",", "")),
        )
        for m in ROW.finditer(text.replace("\t", " "))
    ]
    number = re.search(r"PO #\s*(\d+)", text)
    subtotal = re.search(r"SUBTOTAL\s*([\d,.]+)", text)
    assert printed
    assert number
    assert subtotal
    assert count_orders(message) == 1
    assert draft.intent.value == "new_order"
    assert draft.po_number is not None
    assert draft.po_number.value == number[1]
    assert [
        (
            line.article.value.part,
            line.quantity and line.quantity.value,
            line.unit_price and line.unit_price.value,
            line.line_total and line.line_total.value,
        )
        for line in draft.lines
    ] == printed
    assert draft.stated_net_total is not None
    assert draft.stated_net_total.value == Decimal(subtotal[1].replace(",", ""))
    assert not [f for f in draft.findings if f.severity != "info"]
    assert_evidence(message, draft)


@pytest.mark.parametrize(
    "path",
    [p for p in files("pdf", "*") if re.search(r"invoice|TradeConfirmation", p.name, re.IGNORECASE)],
    ids=lambda p: p.stem,
)
def test_a_pdf_that_is_no_order(path: Path) -> None:
    message, draft = read(path)
    assert count_orders(message) == 1
    assert (draft.intent.value, draft.lines) == ("other", ())
    assert "not_an_order" in {f.code for f in draft.findings}


@pytest.mark.parametrize("path", files("spreadsheet", "*PurchaseOrder.csv"), ids=lambda p: p.stem)
def test_a_sheet_gives_its_rows(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    message, draft = read(path)
    assert draft.po_number is not None
    assert {draft.po_number.value} == {row["PO_NUMBER"] for row in rows}
    assert draft.po_date is not None
    assert draft.po_date.value.strftime("%Y%m%d") == rows[0]["PO_DATE"]
    assert [
        (
            line.line_id,
            line.article.value.gtin or line.article.value.part,
            line.quantity and line.quantity.value,
            line.unit_price and line.unit_price.value,
            line.uom_stated,
        )
        for line in draft.lines
    ] == [
        (r["LINE_NUMBER"], r["UPC_NUMBER"], Decimal(r["QUANTITY"]), Decimal(r["PRICE"]), r["UOM"])
        for r in rows
    ]
    assert all(line.uom for line in draft.lines)
    assert draft.buyer.customer_number == rows[0]["CUSTOMER_NUMBER"]
    assert_evidence(message, draft)


def test_a_sheet_that_is_no_order() -> None:
    for path in files("spreadsheet", "*rules.csv"):
        _, draft = read(path)
        assert draft.lines == ()


@pytest.mark.parametrize(
    "path", [*files("email", "*"), *files("email-body", "zapier__*")], ids=lambda p: p.name
)
def test_no_order_line_is_invented_in_public_mail(path: Path) -> None:
    """None of these mails orders anything; one that only a person can judge is for a person."""
    message, draft = read(path)
    assert_evidence(message, draft)
    waits = any(f.severity in ("clarify", "approve") for f in draft.findings)
    assert draft.intent.value != "new_order" or waits or draft.lines == ()


def assert_evidence(message: ReadMessage, draft: OrderDraft) -> None:
    """Every value with offsets stands in its document, character for character."""
    texts = {d.document_id: d.text for d in message.documents}
    stated = [draft.po_number, draft.po_date, draft.requested_date, draft.currency, draft.stated_net_total]
    for line in draft.lines:
        stated += [line.article, line.quantity, line.uom, line.unit_price, line.line_total]
    for value in stated:
        evidence = value.evidence if value is not None else None
        if evidence is not None and evidence.start >= 0:
            assert texts[evidence.document_id][evidence.start : evidence.end] == evidence.quote
