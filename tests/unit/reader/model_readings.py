"""Readings of a model, in short, and the draft both witnesses give."""

from __future__ import annotations

from datetime import date

from messages import TODAY, message

from agents.reader.contract import ReaderContext
from agents.reader.model.answer import OrderReading, Quoted, ReadLine
from agents.reader.model.ask import shown_of
from agents.reader.model.compare import Comparison, compare
from agents.reader.model.papers import ReadByRules, with_papers
from agents.reader.rules import reading_by_rules
from agents.reader.rules.circumstances import Circumstances
from orderdesk.domain.documents import Document, ReadMessage
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import Intent, OrderDraft

AT = Circumstances(today=TODAY, language="en", day_first=False)


def said(value: str, quote: str, document: int = 1) -> Quoted:
    return Quoted(value=value, quote=quote, document=document)


def line(
    quote: str, part: str | None = None, quantity: str | None = None, unit: str | None = None, *,
    price: str | None = None, day: str | None = None, description: str | None = None, document: int = 1,
) -> ReadLine:  # fmt: skip
    return ReadLine(
        quote=quote, document=document, part_number=part, description=description, quantity=quantity, unit=unit,
        unit_price=price, requested_date=day,
    )  # fmt: skip


def reading(
    *lines: ReadLine, intent: Intent = "new_order", intent_quote: str = "", po_number: Quoted | None = None,
    po_date: Quoted | None = None, requested_date: Quoted | None = None, currency: Quoted | None = None,
    ship_to: Quoted | None = None,
) -> OrderReading:  # fmt: skip
    return OrderReading(
        intent=intent, intent_quote=intent_quote, po_number=po_number, po_date=po_date,
        requested_date=requested_date, currency=currency, ship_to=ship_to, lines=list(lines),
    )  # fmt: skip


def by_rules(
    text: str, subject: str = "", *more: Document, position: int = 0
) -> tuple[ReadMessage, ReadByRules]:
    given = message(text, subject, *more)
    context = ReaderContext(business_date=TODAY, country="US")
    return given, with_papers(given, position, reading_by_rules(given, position=position, context=context))


def both(text: str, *readings: OrderReading, subject: str = "", more: tuple[Document, ...] = ()) -> tuple[OrderDraft, OrderDraft]:  # fmt: skip
    """(the rules' draft, the draft of both witnesses)."""
    given, read = by_rules(text, subject, *more)
    documents = [d for d in given.documents if d.document_id in read.papers]
    compared = Comparison(
        draft=read.draft,
        circumstances=read.circumstances,
        shown=shown_of(given, documents),
        readings=readings,
    )
    return read.draft, compare(compared)


def new(rules: OrderDraft, draft: OrderDraft) -> list[Finding]:
    """What the second witness has added."""
    assert {f.code for f in rules.findings} <= {f.code for f in draft.findings}
    return [f for f in draft.findings if f not in rules.findings]


def told(rules: OrderDraft, draft: OrderDraft) -> list[tuple[str, str, str]]:
    """(code, severity, path) of what was added."""
    return [(f.code, f.severity, f.path) for f in new(rules, draft)]


def day(text: str) -> date:
    return date.fromisoformat(text)
