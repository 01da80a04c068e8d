"""PDF to the text a reader sees, in visual lines, with tables; an order XML embedded in it wins.

Text counts as visible when it leaves a trace on the rendered page: white on white, render mode
'invisible', covered, tiny or off-page text leaves none, however it was made. Text under a scan (OCR) does.
"""

from __future__ import annotations

from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from orderdesk.domain.documents import Table
from orderdesk.domain.errors import ReadError
from tools.documents.defects import reader_limit_exceeded, scanned_document
from tools.documents.hidden_text import hidden_text
from tools.documents.limits import ReaderLimits
from tools.documents.parsed import Parsed
from tools.documents.pdf_aligned import Columns, aligned_tables
from tools.documents.pdf_embedded import differences, embedded_order, without_places
from tools.documents.pdf_layout import Line, lines_of, write_lines
from tools.documents.pdf_tables import ruled_boxes, ruled_tables
from tools.documents.pdf_words import page_words

_MIN_RULES = 2  # a table framed by less is found by its alignment


def read_pdf(raw: bytes, name: str, document_id: str, limits: ReaderLimits) -> Parsed:
    """Visible text page by page, tables with their cells' places, drafts of an embedded order.

    Raises ReadError for an encrypted or damaged file.
    """
    document = _open(raw)
    try:
        embedded, findings = embedded_order(document, document_id)
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
    if embedded is None:
        findings += [] if text.strip() else [scanned_document(name)]
        return Parsed(format="pdf", text=text, tables=tuple(tables), findings=tuple(findings))
    if not text.strip():  # a picture with data in it: the data is all there is to show
        return embedded.model_copy(update={"findings": (*embedded.findings, *findings)})
    return Parsed(
        format=embedded.format,
        text=text,
        tables=tuple(tables),
        drafts=tuple(without_places(draft) for draft in embedded.drafts),
        findings=(*embedded.findings, *findings, *differences(embedded.drafts, text)),
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
    columns: Columns | None = None
    boxes = ruled_boxes(raw, [n for n in range(pages) if _has_rules(document, n)])
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
        aligned, columns = aligned_tables(lines, locator, found, columns)
        tables += found + aligned
        text += body + ("\n" if body else "")
        if len(text) > limits.max_chars:
            break
    return text, tables, hidden


def _has_rules(document: pdfium.PdfDocument, number: int) -> bool:
    """Whether a page draws lines or boxes at all: looking for ruled tables is the slow part."""
    page = document[number]
    try:
        paths = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH], max_depth=5)
        return sum(1 for _ in islice(paths, _MIN_RULES)) == _MIN_RULES
    finally:
        page.close()
