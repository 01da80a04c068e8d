"""A purchase order as a PDF, with its data embedded as XML where the sender's program does so (Order-X)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Page:
    """What is printed: a head, blocks of text left of the table, the table, and what stands under it."""

    title: str
    head: tuple[str, ...]
    facts: tuple[str, ...]
    columns: tuple[str, ...]
    column_x: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    foot: tuple[str, ...]


@dataclass(frozen=True)
class EmbeddedXml:
    """A file inside the PDF, named as the Order-X profile asks."""

    name: str
    content: bytes
    conformance: str


# The XMP block by which a reader recognises an Order-X document (Order-X 1.0, section on PDF embedding).
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:1p0#">
<fx:DocumentType>ORDER</fx:DocumentType><fx:DocumentFileName>{name}</fx:DocumentFileName>
<fx:Version>1.0</fx:Version><fx:ConformanceLevel>{conformance}</fx:ConformanceLevel>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>
"""


def render(page: Page, xml: EmbeddedXml | None = None) -> bytes:
    """The PDF's bytes; uncompressed and with fixed dates and ids, so that every run gives the same."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), pageCompression=0, invariant=1, pdfVersion=(1, 7))
    canvas.setTitle(page.title)
    canvas.setAuthor(page.head[0])
    _draw(canvas, page)
    canvas.showPage()
    if xml:
        _embed(canvas, xml)
    canvas.save()
    return out.getvalue()


def _draw(canvas: Any, page: Page) -> None:
    """`canvas` is reportlab's, which ships no types and is imported only where a PDF is made."""
    y = 790
    canvas.setFont("Helvetica-Bold", 16)
    canvas.drawString(50, y, page.title)
    canvas.setFont("Helvetica", 9)
    for text in page.head:
        y -= 13
        canvas.drawString(50, y, text)
    y -= 12
    for text in page.facts:
        y -= 14
        canvas.drawString(50, y, text)
    y -= 34
    canvas.setFont("Helvetica-Bold", 9)
    _row(canvas, y, page.columns, page.column_x)
    canvas.line(50, y - 5, 545, y - 5)
    canvas.setFont("Helvetica", 9)
    for row in page.rows:
        y -= 18
        _row(canvas, y, row, page.column_x)
    canvas.line(50, y - 6, 545, y - 6)
    y -= 10
    for text in page.foot:
        y -= 15
        canvas.drawString(50, y, text)


def _row(canvas: Any, y: int, cells: tuple[str, ...], column_x: tuple[int, ...]) -> None:
    for x, cell in zip(column_x, cells, strict=True):
        canvas.drawString(x, y, cell)


def _embed(canvas: Any, xml: EmbeddedXml) -> None:
    """Attach the XML as ISO 32000 asks: a file specification in the name tree and in the catalog's AF array.

    reportlab has no public call for this, so the objects are set on its document.
    """
    from reportlab.pdfbase import pdfdoc

    def stream(content: bytes, entries: dict[str, object]) -> object:
        return document.Reference(pdfdoc.PDFStream(pdfdoc.PDFDictionary(entries), content, filters=None))

    document = canvas._doc
    document.defaultStreamFilters = None
    name = pdfdoc.PDFString(xml.name)
    file = stream(
        xml.content,
        {
            "Type": pdfdoc.PDFName("EmbeddedFile"),
            "Subtype": pdfdoc.PDFName("text/xml"),
            "Params": pdfdoc.PDFDictionary({"Size": len(xml.content)}),
        },
    )
    spec = document.Reference(
        pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Filespec"),
                "F": name,
                "UF": name,
                "AFRelationship": pdfdoc.PDFName("Data"),
                "EF": pdfdoc.PDFDictionary({"F": file, "UF": file}),
            }
        )
    )
    names = pdfdoc.PDFDictionary({"Names": pdfdoc.PDFArray([name, spec])})
    metadata = _XMP.format(name=xml.name, conformance=xml.conformance).encode()
    catalog = document.Catalog
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "AF"]
    catalog.Names = pdfdoc.PDFDictionary({"EmbeddedFiles": names})
    catalog.AF = pdfdoc.PDFArray([spec])
    catalog.Metadata = stream(
        metadata, {"Type": pdfdoc.PDFName("Metadata"), "Subtype": pdfdoc.PDFName("XML")}
    )
