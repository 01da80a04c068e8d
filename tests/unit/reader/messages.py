"""Messages for the reader's tests, built as intake hands them over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from agents.reader.contract import ReaderContext
from agents.reader.rules import read_by_rules
from orderdesk.domain.base import plain
from orderdesk.domain.documents import (
    Cell,
    Document,
    DocumentFormat,
    DocumentRole,
    ReadMessage,
    Sender,
    Table,
)
from orderdesk.domain.orders import OrderDraft
from tools.documents.order_tables import drafts_from_tables

TODAY = date(2026, 3, 18)  # a Wednesday


def body(text: str, role: DocumentRole = "body", name: str = "message") -> Document:
    return Document(document_id=f"{role}-1", name=name, format="email", role=role, text=text)


def message(text: str, subject: str = "", *more: Document) -> ReadMessage:
    return ReadMessage(
        subject=subject,
        sender=Sender(address="joe@customer.example", name="Joe"),
        sent_at="2026-03-18T10:00:00+00:00",
        documents=(body(text), *more) if text else more,
    )


def read(text: str, subject: str = "", *more: Document, position: int = 0, country: str = "") -> OrderDraft:
    context = ReaderContext(business_date=TODAY, country=country)
    return read_by_rules(message(text, subject, *more), position=position, context=context)


def codes(draft: OrderDraft) -> set[str]:
    return {f.code for f in draft.findings}


def lines(draft: OrderDraft) -> list[tuple[str | None, str]]:
    """(quantity, the name of the article) of every line."""
    return [
        (
            plain(line.quantity.value) if line.quantity else None,
            line.article.value.part
            or line.article.value.seller_part
            or line.article.value.buyer_part
            or line.article.value.gtin
            or line.article.value.description,
        )
        for line in draft.lines
    ]


def table(rows: str, separator: str = "|") -> tuple[Table, str]:
    """A table and its text, one row a line, cells pointing into the text."""
    out: list[tuple[Cell, ...]] = []
    text = ""
    for row in rows.strip("\n").split("\n"):
        cells: list[Cell] = []
        for cell in row.split(separator):
            cells.append(Cell(text=cell, start=len(text), end=len(text) + len(cell)))
            text += cell + "\t"
        text += "\n"
        out.append(tuple(cells))
    return Table(rows=tuple(out), locator="sheet 1"), text


def table_drafts(rows: str, *, more: Sequence[str] = ()) -> tuple[OrderDraft, ...]:
    made, text = table(rows)
    drafts, _ = drafts_from_tables(
        [made], text=text + "\n".join(more), document_id="t1", format="csv", today=TODAY
    )
    return drafts


def attachment(
    rows: str, name: str = "order.csv", format: DocumentFormat = "csv", *, parsed: bool = True
) -> Document:
    made, text = table(rows)
    drafts, _ = drafts_from_tables([made], text=text, document_id=name, format=format, today=TODAY)
    return Document(
        document_id=name, name=name, format=format, role="attachment", text=text, tables=(made,),
        drafts=drafts if parsed else (),
    )  # fmt: skip
