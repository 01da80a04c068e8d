"""Documents as read: a canonical text, tables whose cells point into it, and structured drafts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from orderdesk.domain.base import Value
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import OrderDraft

DocumentFormat = Literal[
    "text",
    "html",
    "x12",
    "edifact",
    "ubl",
    "cxml",
    "opentrans",
    "orderx",
    "csv",
    "xlsx",
    "pdf",
    "email",
    "unknown",
]
DocumentRole = Literal["body", "attachment", "forwarded", "quoted", "answer"]


class Cell(Value):
    """One table cell; start/end are offsets into the document's text (-1 where it has no place there)."""

    text: str
    start: int = -1
    end: int = -1


class Table(Value):
    """A table found in a document, row by row, header included where there is one."""

    rows: tuple[tuple[Cell, ...], ...]
    locator: str = Field(description="where it stands, for a person: 'page 2', 'sheet Orders'")


class Document(Value):
    """One readable part of a message, after parsing.

    `text` is what evidence spans point into and what a clerk is shown beside the fields; hidden text is
    already stripped from it (and reported in `findings`).
    """

    document_id: str
    name: str
    format: DocumentFormat
    role: DocumentRole
    media_type: str = "application/octet-stream"
    size: int = 0
    sha256: str = ""
    text: str = ""
    tables: tuple[Table, ...] = ()
    drafts: tuple[OrderDraft, ...] = Field(
        default=(), description="orders read by a structured parser; empty for free text and plain tables"
    )
    findings: tuple[Finding, ...] = ()


class Sender(Value):
    """Who a message says it is from."""

    address: str = ""
    name: str = ""

    @property
    def domain(self) -> str:
        """The part after the @, lower case; empty where there is none."""
        return self.address.rpartition("@")[2].lower() if "@" in self.address else ""


class ReadMessage(Value):
    """An inbound message taken apart: envelope facts and documents, in reading order."""

    message_id: str = Field(
        default="", description="the Message-ID header, without brackets; empty for bare files"
    )
    in_reply_to: tuple[str, ...] = ()
    sender: Sender = Sender()
    reply_to: str = ""
    recipients: tuple[str, ...] = ()
    subject: str = ""
    sent_at: str = Field(
        default="", description="ISO-8601 with zone, or empty where the message has no usable date"
    )
    automatic: Literal["", "bounce", "auto_reply", "newsletter", "read_receipt"] = Field(
        default="", description="set where headers show that no person wrote it"
    )
    documents: tuple[Document, ...] = ()
    findings: tuple[Finding, ...] = ()
