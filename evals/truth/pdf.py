"""Orders in PDF files: data embedded as XML, or text in which number, lines and totals are beyond doubt."""

from __future__ import annotations

import re
from decimal import Decimal

import pypdfium2

from evals.samples import ExpectedCase
from evals.truth import xml_orders
from evals.truth.values import case, line, number

_PO_NUMBER = re.compile(r"\bP\.?O\.?\s*(?:#|No\.?|Number)\s*:?\s*(\S+)", re.IGNORECASE)
_SUBTOTAL = re.compile(r"\bSUB-?TOTAL\s*:?\s*\D?([\d,]+\.\d\d)", re.IGNORECASE)
_ROW = re.compile(r"^\S.*\s(?P<quantity>[\d,]+)\s+(?P<price>[\d,]+(?:\.\d+)?)\s+(?P<total>[\d,]+\.\d\d)$")


def cases_of(raw: bytes) -> list[ExpectedCase] | None:
    """The order of the file; None without an order number, or without lines that add up."""
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError:
        return None
    try:
        for index in range(document.count_attachments()):
            attachment = document.get_attachment(index)
            if attachment.get_name().lower() == "order-x.xml":
                return xml_orders.cases_of(bytes(attachment.get_data()))
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    found = _PO_NUMBER.search(text)
    rows = [row for row in map(_ROW.match, text.splitlines()) if row and _multiplies(row)]
    if found is None or not rows or not _all_rows(rows, text):
        return None
    return [case(found[1], [line(row["quantity"], row["price"]) for row in rows])]


def _multiplies(row: re.Match[str]) -> bool:
    quantity, price, total = (Decimal(number(row[name]) or 0) for name in ("quantity", "price", "total"))
    return quantity * price == total


def _all_rows(rows: list[re.Match[str]], text: str) -> bool:
    """Whether no row was missed: where the order states a subtotal, the rows come to it."""
    stated = _SUBTOTAL.search(text)
    return stated is None or sum(Decimal(number(row["total"]) or 0) for row in rows) == Decimal(
        number(stated[1]) or 0
    )
