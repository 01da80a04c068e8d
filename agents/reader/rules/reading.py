"""Reads one order of a message by rules: parsed documents first, then tables, then prose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from pydantic import Field

from agents.reader.contract import ReaderContext
from agents.reader.rules.circumstances import Circumstances, circumstances_of
from agents.reader.rules.corrections import apply_corrections, corrections_of
from agents.reader.rules.doubts import doubts_about_order
from agents.reader.rules.header import Header, read_header
from agents.reader.rules.intent import of_machine_file, read_intent
from agents.reader.rules.merge import merge_body
from agents.reader.rules.prose import ProseReading, ProseSource, read_prose
from agents.reader.rules.thread import against_forwarded, without_mail_head
from agents.reader.rules.vocabulary import SAME_AS_BEFORE
from orderdesk.domain.base import Value
from orderdesk.domain.documents import Document, ReadMessage
from orderdesk.domain.evidence import Evidence, Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import DraftLine, Intent, OrderDraft, PartyRef
from tools.documents.document_kind import machine_role
from tools.documents.order_labels import find_labelled
from tools.documents.readable import readable
from tools.documents.signals import share
from tools.documents.split import FoundOrder, is_other_paper, orders_in
from tools.documents.text_tables import tables_in_text

_ORDERING: frozenset[Intent] = frozenset(("new_order", "change_order", "quote_request"))


LONGEST_TEXT = 60_000  # characters of one mail or PDF; more than a thousand order lines


class _Written(NamedTuple):
    """The newest writing of a message and what it gave."""

    document: Document
    reading: ProseReading
    lines: tuple[DraftLine, ...]
    findings: tuple[Finding, ...]
    header: Header
    forwarded: bool


class RulesReading(Value):
    """What the rules read, and what they read it from and against."""

    draft: OrderDraft
    circumstances: Circumstances
    orders: tuple[str, ...] = Field(default=(), description="document of each attached order, in order")


def read_by_rules(message: ReadMessage, *, position: int, context: ReaderContext) -> OrderDraft:
    """The draft of the order at a 0-based position in the message (see `reading_by_rules`)."""
    return reading_by_rules(message, position=position, context=context).draft


def reading_by_rules(message: ReadMessage, *, position: int, context: ReaderContext) -> RulesReading:
    """The draft of the order at a 0-based position in the message; pure, never raises on content.

    Structured drafts are taken as they are, with the mail's words compared to them; without any, tables
    and prose are read. What is not an order gives a draft without lines and the finding `not_an_order`.
    """
    message, skipped = _bounded(message)
    files = [d for d in message.documents if d.role != "quoted" and machine_role(d)]
    message = _without_machine_text(message)
    circumstances = circumstances_of(message, context)
    today, language, day_first = circumstances.today, circumstances.language, circumstances.day_first
    found = orders_in(message, today=today, day_first=day_first)
    order = found[position] if position < len(found) else None
    written = _written(message, order, today, day_first, language, context)
    subject_po = bool(find_labelled(message.subject, ("po_number",)))
    structured = _structured_intent(message, order)
    read = read_intent(
        message, _newest_text(message, written), structured=structured,
        lines=len(written.lines) + (len(order.draft.lines) if order else 0),
        has_po=bool(subject_po or written.header.po_number),
        attached_order=order is not None,
        strong_lines=any(line.uom or line.article.value.part for line in written.lines),
    )  # fmt: skip
    if order is None and files and not written.lines:
        told = any(f.severity != "info" for d in files for f in d.findings)
        read = of_machine_file([machine_role(d) for d in files], read, told=told)
    parsed = structured is not None and order is not None and order.draft.intent.method == "structured"
    intent = Stated[Intent](
        value=read.intent, confidence=read.confidence, method="structured" if parsed else "rules"
    )
    findings = (*read.findings, *skipped)
    if order is not None and read.intent != "other":
        draft = merge_body(
            order, intent, findings, written.header, written.lines, written.findings,
            many=len(found) > 1, language=language, prose_id=written.document.document_id,
        )  # fmt: skip
    else:
        draft = _from_prose(message, written, intent, findings, language)
    return RulesReading(draft=draft, circumstances=circumstances, orders=tuple(f.document_id for f in found))


def _without_machine_text(message: ReadMessage) -> ReadMessage:
    """The message without the text of machine files that hold no order we can read: they are never prose."""
    documents = tuple(
        d.model_copy(update={"text": "", "tables": ()}) if d.text and machine_role(d) else d
        for d in message.documents
    )
    return message.model_copy(update={"documents": documents})


def _bounded(message: ReadMessage) -> tuple[ReadMessage, tuple[Finding, ...]]:
    """The message with texts that rules can read in bounded time; what was left out is told, never dropped."""
    documents: list[Document] = []
    findings: list[Finding] = []
    for document in message.documents:
        prose = document.format not in ("csv", "xlsx")
        text = document.text if document.drafts else readable(document.text, LONGEST_TEXT if prose else None)
        if text != document.text:
            findings.append(Finding(
                code="unread_text", severity="approve", path="lines", facts={"text": document.name},
                message=f"'{document.name or 'The text'}' has lines or a length that were not read; look at it.",
            ))  # fmt: skip
            document = document.model_copy(update={"text": text})
        documents.append(document)
    return message.model_copy(update={"documents": tuple(documents)}), tuple(findings)


def _from_prose(
    message: ReadMessage,
    written: _Written,
    intent: Stated[Intent],
    findings: Sequence[Finding],
    language: str,
) -> OrderDraft:
    header, document = written.header, written.document
    wanted = intent.value in _ORDERING
    lines = written.lines if wanted else ()
    collected = [*findings]
    if intent.value != "other":
        collected += header.findings
    if wanted:
        collected += [*written.findings, *_same_as_before(document)]
    currency = header.currency or _currency(written, wanted)
    return OrderDraft(
        intent=intent, po_number=header.po_number, po_date=header.po_date, requested_date=header.requested_date,
        currency=currency,
        buyer=PartyRef(
            email=message.sender.address, contact=message.sender.name, customer_number=header.customer_number
        ),
        ship_to=header.ship_to, bill_to=header.bill_to, payment_terms=header.payment_terms,
        freight_terms=header.freight_terms, contract=header.contract,
        is_revision=intent.value == "change_order", ship_complete=header.ship_complete, lines=lines,
        language=language, findings=_unique(collected),
        source_document_id=document.document_id,
    )  # fmt: skip


def _written(
    message: ReadMessage,
    order: FoundOrder | None,
    today: date,
    day_first: bool | None,
    language: str,
    context: ReaderContext,
) -> _Written:
    """The newest unquoted writing; a forwarded one only where the newest holds no order lines."""
    readable = [d for d in message.documents if d.text.strip() and not d.drafts]
    bodies = [d for d in readable if d.role in ("body", "answer")]
    empty = Document(document_id="", name="", format="email", role="body")
    best = _read_document(
        bodies[0] if bodies else empty, message.subject, today, day_first, language, context, False
    )
    if best.lines:
        return _compared(best, readable, message.subject, today, day_first, language, context)
    if order is not None:
        return best
    for role in ("attachment", "forwarded"):
        for document in readable:
            if document.role != role or document.format in ("csv", "xlsx") or is_other_paper(document):
                continue
            other = _read_document(
                document, message.subject, today, day_first, language, context, role == "forwarded"
            )
            if other.lines:
                return other
    return best


def _compared(
    best: _Written, readable: Sequence[Document], subject: str, today: date, day_first: bool | None, language: str,
    context: ReaderContext,
) -> _Written:  # fmt: skip
    """The note with a question where a text it forwards orders the same articles differently."""
    theirs: list[DraftLine] = []
    for document in readable:
        if document.role == "forwarded" and not is_other_paper(document):
            theirs += _read_document(document, subject, today, day_first, language, context, True).lines
    doubts = against_forwarded(best.document.text, best.lines, theirs)
    return best._replace(findings=(*best.findings, *doubts)) if doubts else best


def _read_document(
    document: Document, subject: str, today: date, day_first: bool | None, language: str,
    context: ReaderContext, forwarded: bool,
) -> _Written:  # fmt: skip
    original = document
    if forwarded:
        document = document.model_copy(update={"text": without_mail_head(document.text)})
    text = document.text
    corrections = corrections_of(text)
    hidden = [(c.start, c.end) for c in corrections]
    for table in (*document.tables, *tables_in_text(text)):
        cells = [c for row in table.rows for c in row if 0 <= c.start < c.end]
        if cells:  # what a table holds is read as a table, and only once
            hidden.append((min(c.start for c in cells), max(c.end for c in cells)))
    source = ProseSource(
        text=text, document_id=document.document_id, today=today, day_first=day_first, language=language,
        unit_words=context.unit_words, hidden_spans=tuple(hidden),
    )  # fmt: skip
    reading = read_prose(source)
    lines, corrected = apply_corrections(reading.lines, corrections, text, document.document_id)
    header = read_header(
        document, subject, today=today, day_first=day_first, owned=reading.owned_dates,
        shared_date=reading.shared_date,
    )  # fmt: skip
    findings = [
        *reading.findings,
        *corrected,
        *_unread(reading, document),
        *doubts_about_order(text, bool(lines)),
    ]
    return _Written(original, reading, lines, tuple(findings), header, forwarded)


def _unread(reading: ProseReading, document: Document) -> list[Finding]:
    """Text that looks as if it held quantities but gave no line: a person must look at it."""
    findings: list[Finding] = []
    for start, end in reading.unread:
        words = " ".join(document.text[start:end].split())
        findings.append(Finding(
            code="unread_text", severity="approve", path="lines", facts={"text": words},
            message=f"'{words}' holds a quantity but no order line could be read from it.",
        ))  # fmt: skip
    return findings


def _same_as_before(document: Document) -> list[Finding]:
    match = SAME_AS_BEFORE.search(document.text)
    if not match:
        return []
    return [Finding(
        code="same_as_last_time", severity="clarify", path="lines", question="same_as_last_time",
        message=f"'{match.group()}' refers to an earlier order instead of naming articles and quantities.",
        facts={"words": match.group(), "start": str(match.start()), "end": str(match.end())},
    )]  # fmt: skip


def _currency(written: _Written, wanted: bool) -> Stated[str] | None:
    codes = {code for code, _, _ in written.reading.currencies}
    if not wanted or len(codes) != 1:
        return None
    code, start, end = written.reading.currencies[0]
    evidence = Evidence(
        document_id=written.document.document_id, start=start, end=end, quote=written.document.text[start:end]
    )
    return Stated(value=code, method="rules", confidence=share(exact=True, named=True), evidence=evidence)


def _structured_intent(message: ReadMessage, order: FoundOrder | None) -> Intent | None:
    if order is not None and order.draft.intent.method == "structured":
        return order.draft.intent.value
    if order is None:
        stated: list[Intent] = [
            d.intent.value for doc in message.documents for d in doc.drafts if d.intent.method == "structured"
        ]
        return stated[0] if stated else None
    return None


def _newest_text(message: ReadMessage, written: _Written) -> str:
    parts = [
        message.subject,
        *(d.text for d in message.documents if d.role in ("body", "answer") and not d.drafts),
    ]
    if written.document.document_id and written.document.text not in parts:
        parts.append(written.document.text)
    return "\n".join(parts)


def _unique(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    unique: list[Finding] = []
    for finding in findings:
        if finding not in unique:
            unique.append(finding)
    return tuple(unique)
