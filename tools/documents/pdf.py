"""PDF to the text a reader sees, in visual lines, with tables; an order XML embedded in it wins.

Text counts as visible when it leaves a trace on the rendered page: white on white, render mode
'invisible', covered, tiny or off-page text leaves none, however it was made. Text under a scan (OCR) does.
"""

from __future__ import annotations

import pypdfium2 as pdfium

from orderdesk.domain.documents import Table
from orderdesk.domain.errors import ReadError
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import OrderDraft
from tools.documents.defects import note, reader_limit_exceeded, scanned_document
from tools.documents.hidden_text import hidden_text
from tools.documents.limits import ReaderLimits
from tools.documents.parsed import Parsed
from tools.documents.pdf_layout import Line, lines_of, write_lines
from tools.documents.pdf_tables import aligned_tables, ruled_boxes, ruled_tables
from tools.documents.pdf_words import page_words

_XML_NAMES = ("order-x", "factur-x", "zugferd", "xrechnung", "order", "ubl")
_MAX_ATTACHED = 5 * 1024 * 1024


def read_pdf(raw: bytes, name: str, document_id: str, limits: ReaderLimits) -> Parsed:
    """Visible text page by page, tables with their cells' places, drafts of an embedded order.

    Raises ReadError for an encrypted or damaged file.
    """
    document = _open(raw)
    try:
        embedded, findings = _embedded(document, document_id)
        pages = min(len(document), limits.max_pages)
        if len(document) > pages:
            findings.append(
                reader_limit_exceeded(name, f"it has {len(document)} pages, {limits.max_pages} are read")
            )
        text, tables, hidden = _pages(document, raw, pages, limits)
    finally:
        document.close()
    found = hidden_text(document_id, "not to be seen on the page", " ".join(hidden), text)
    findings += [found] if found else []
    if not text.strip() and not embedded:
        findings.append(scanned_document(name))
    return Parsed(
        format="orderx" if embedded else "pdf",
        text=text,
        tables=tuple(tables),
        drafts=embedded,
        findings=tuple(findings),
    )


def _open(raw: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise ReadError("it is protected by a password", code="document_encrypted") from error
        raise ReadError("it is damaged or cut off") from error


def _pages(
    document: pdfium.PdfDocument, raw: bytes, pages: int, limits: ReaderLimits
) -> tuple[str, list[Table], list[str]]:
    text = ""
    tables: list[Table] = []
    hidden: list[str] = []
    boxes = ruled_boxes(raw, pages)
    for number in range(pages):
        page = document[number]
        try:
            seen, unseen = page_words(page)
        finally:
            page.close()
        hidden += unseen
        lines: list[Line] = lines_of(seen)
        body = write_lines(lines, len(text))
        locator = f"page {number + 1}"
        found = ruled_tables(boxes.get(number, []), lines, locator)
        tables += found + aligned_tables(lines, locator, found)
        text += body + ("\n" if body else "")
        if len(text) > limits.max_chars:
            break
    return text, tables, hidden


def _embedded(document: pdfium.PdfDocument, document_id: str) -> tuple[tuple[OrderDraft, ...], list[Finding]]:
    """Drafts of an XML order that the PDF carries (Order-X and its kin), and what its parser found."""
    findings: list[Finding] = []
    try:
        count = document.count_attachments()
    except pdfium.PdfiumError:
        return (), findings
    for index in range(min(count, 20)):
        attachment = document.get_attachment(index)
        name = attachment.get_name()
        if not name.lower().endswith(".xml"):
            findings.append(note("embedded_file", f"The PDF carries a file that was not opened: {name[:80]}"))
            continue
        data = bytes(attachment.get_data())
        if len(data) > _MAX_ATTACHED or not any(key in name.lower() for key in _XML_NAMES):
            findings.append(
                note("embedded_file", f"The PDF carries an XML file that was not read: {name[:80]}")
            )
            continue
        from tools.documents.xml_read import parse_xml

        parsed = parse_xml(data, document_id)
        findings += parsed.findings
        if parsed.drafts:
            return tuple(_without_places(d) for d in parsed.drafts), findings
    return (), findings


def _without_places(draft: OrderDraft) -> OrderDraft:
    """Evidence keeps its quote and locator in the XML; its offsets do not point into the PDF's text."""
    return OrderDraft.model_validate(_unplaced(draft.model_dump()))


def _unplaced(value: object) -> object:
    if isinstance(value, dict):
        found = {key: _unplaced(item) for key, item in value.items()}
        if "document_id" in found and "quote" in found:
            found |= {"start": -1, "end": -1}
        return found
    if isinstance(value, (list, tuple)):
        return [_unplaced(item) for item in value]
    return value
