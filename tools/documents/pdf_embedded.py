"""An order as XML inside a PDF (Order-X, Factur-X and their kin), and whether the page says the same."""

from __future__ import annotations

import re
from typing import Any, cast

import pypdfium2 as pdfium

from orderdesk.domain.base import plain
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import OrderDraft
from tools.documents.defects import note
from tools.documents.parsed import Parsed

_MAX_FILES = 20
_MAX_BYTES = 5 * 1024 * 1024


def embedded_order(document: pdfium.PdfDocument, document_id: str) -> tuple[Parsed | None, list[Finding]]:
    """The first embedded XML that holds an order, and notes on files that were left closed."""
    findings: list[Finding] = []
    for index in range(min(document.count_attachments(), _MAX_FILES)):
        attachment = document.get_attachment(index)
        name = attachment.get_name()
        data = _xml(attachment)
        if data is None:
            findings.append(note("embedded_file", f"The PDF carries a file that was not read: {name[:80]}"))
            continue
        from tools.documents.xml_read import parse_xml

        parsed = parse_xml(data, document_id)
        if parsed.drafts:
            return parsed, findings
        findings += parsed.findings
    return None, findings


def _xml(attachment: pdfium.PdfAttachment) -> bytes | None:
    """The attachment's bytes where they are XML, whatever it is called; None for other and for huge files."""
    try:
        data = bytes(attachment.get_data())
    except pdfium.PdfiumError:
        return None
    head = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    return data if len(data) <= _MAX_BYTES and head.startswith((b"<?xml", b"<")) else None


def differences(drafts: tuple[OrderDraft, ...], text: str) -> tuple[Finding, ...]:
    """A finding where the page does not show the number or a quantity that the embedded order states.

    People read the page and machines the data; which of them counts, a person decides.
    """
    shown = _numbers(text)
    squeezed = re.sub(r"\s+", "", text).lower()
    missing: list[str] = []
    for draft in drafts:
        if draft.po_number and re.sub(r"\s+", "", draft.po_number.value).lower() not in squeezed:
            missing.append(f"order number {draft.po_number.value}")
        missing += [
            f"quantity {plain(line.quantity.value)} in line {line.line_number}"
            for line in draft.lines
            if line.quantity and plain(line.quantity.value) not in shown
        ]
    if not missing:
        return ()
    listed = ", ".join(missing[:5])
    message = f"The data inside the PDF and its visible page differ: the page does not show {listed}."
    return (
        Finding(
            code="embedded_order_differs", severity="approve", message=message, facts={"missing": listed}
        ),
    )


def without_places(draft: OrderDraft) -> OrderDraft:
    """Evidence keeps its quote and locator in the XML; its offsets do not point into the PDF's text."""
    return OrderDraft.model_validate(_unplaced(draft.model_dump()))


def _numbers(text: str) -> set[str]:
    """Every number of a text in plain notation, read with a point and with a comma as decimal mark."""
    found: set[str] = set()
    for token in re.findall(r"\d[\d.,' \u202f]*", text):
        for piece in (token, *token.split()):
            bare = re.sub(r"[' \u202f]", "", piece).strip(".,")
            for group, mark in ((",", "."), (".", ",")):
                number = bare.replace(group, "").replace(mark, ".")
                if re.fullmatch(r"\d{1,30}(?:\.\d{1,12})?", number):
                    found.add(
                        (number.rstrip("0").rstrip(".") if "." in number else number).lstrip("0") or "0"
                    )
    # '0.5' loses its zero above; both spellings are kept
    return found | {f"0{number}" for number in found if number.startswith(".")}


def _unplaced(value: object) -> object:
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        found = {key: _unplaced(item) for key, item in items}
        return found | {"start": -1, "end": -1} if {"document_id", "quote"} <= found.keys() else found
    if isinstance(value, (list, tuple)):
        return [_unplaced(item) for item in cast("list[Any]", value)]
    return value
