"""What every document parser returns: canonical text, tables, structured drafts, findings.

The structured readers' doors: `x12.parse_x12`, `edifact.parse_edifact`, `xml_read.parse_xml`; each takes
(raw: bytes, document_id: str), is pure and synchronous, and never raises on bad input.
"""

from __future__ import annotations

from pydantic import Field

from orderdesk.domain.base import Value
from orderdesk.domain.documents import DocumentFormat, Table
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import OrderDraft


class Parsed(Value):
    """One document as a parser read it.

    `text` is what every evidence offset of `drafts` and every cell of `tables` points into.
    """

    format: DocumentFormat
    text: str
    tables: tuple[Table, ...] = ()
    drafts: tuple[OrderDraft, ...] = Field(
        default=(), description="orders read by a structured parser, one for each order in the file"
    )
    findings: tuple[Finding, ...] = ()
