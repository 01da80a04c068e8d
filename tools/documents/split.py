"""How many orders a message structurally holds, and which documents speak of which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from orderdesk.domain.base import Value, plain
from orderdesk.domain.documents import Document, ReadMessage
from orderdesk.domain.orders import OrderDraft
from tools.documents.document_kind import kind_of_paper
from tools.documents.order_labels import normal_number
from tools.documents.order_tables import drafts_from_tables
from tools.documents.readable import readable
from tools.documents.text_tables import tables_in_text

# EDI and XML define their fields; a sheet's columns are read by name; a PDF's tables by their looks.
_TRUST = {
    "x12": 0,
    "edifact": 0,
    "ubl": 0,
    "cxml": 0,
    "opentrans": 0,
    "orderx": 0,
    "xlsx": 1,
    "csv": 1,
    "pdf": 2,
}
_NOT_ORDERS = frozenset(
    ("invoice", "credit_note", "quote_offer", "order_confirmation", "trade_confirmation", "delivery_note",
     "payment_reminder", "receipt", "statement", "price_list")
)  # fmt: skip


class FoundOrder(Value):
    """One order of a message: the draft to use, and the twins that tell of the same order in other documents."""

    draft: OrderDraft
    document_id: str
    twins: tuple[OrderDraft, ...] = ()


def count_orders(message: ReadMessage) -> int:
    """How many orders (cases) the message holds; at least 1, as every message is a case."""
    return max(1, len(orders_in(message)))


def orders_in(
    message: ReadMessage, *, today: date | None = None, day_first: bool | None = None
) -> tuple[FoundOrder, ...]:
    """The different orders in the message's attachments, in document order; none for prose alone.

    The same order in two documents (a PDF and its XML twin) is one: the more exact format is used, the
    other is kept beside it to be compared. The mail's own body never adds an order to those attached.
    """
    drafts: list[tuple[Document, OrderDraft]] = []
    for document in message.documents:
        if document.role not in ("attachment", "forwarded"):
            continue
        drafts += [(document, draft) for draft in document_drafts(document, today=today, day_first=day_first)]
    if not drafts:
        for document in message.documents:
            if document.role in ("body", "answer"):
                drafts += [(document, d) for d in document_drafts(document, today=today, day_first=day_first)]
    groups: list[list[tuple[Document, OrderDraft]]] = []
    for entry in drafts:
        home = next((g for g in groups if any(_same(entry, other) for other in g)), None)
        if home is None:
            groups.append([entry])
        else:
            home.append(entry)
    return tuple(_found(group) for group in groups)


def document_drafts(
    document: Document, *, today: date | None = None, day_first: bool | None = None
) -> tuple[OrderDraft, ...]:
    """The orders of one document: those its parser read, else those its tables hold.

    A paper that is no order (an invoice's table looks like an order's) holds none.
    """
    document = document.model_copy(update={"text": readable(document.text)})
    by_format = any(draft.intent.method == "structured" for draft in document.drafts)
    if document.drafts and (by_format or not document.tables):
        return document.drafts
    tables = document.tables or tables_in_text(document.text)
    if not tables or is_other_paper(document):
        return ()
    drafts, findings = drafts_from_tables(
        tables, text=document.text, document_id=document.document_id, format=document.format,
        today=today, day_first=day_first,
    )  # fmt: skip
    if drafts and findings:
        first = drafts[0].model_copy(update={"findings": (*drafts[0].findings, *findings)})
        return (first, *drafts[1:])
    return drafts


def is_other_paper(document: Document) -> bool:
    """Whether the document is an invoice, quote, delivery note ..., whose table must not be read as an order."""
    return kind_of_paper(document.text).kind in _NOT_ORDERS


def _found(group: Sequence[tuple[Document, OrderDraft]]) -> FoundOrder:
    ranked = sorted(group, key=lambda e: _TRUST.get(e[0].format, 3))
    document, draft = ranked[0]
    return FoundOrder(
        draft=draft, document_id=document.document_id, twins=tuple(other for _, other in ranked[1:])
    )


def _same(left: tuple[Document, OrderDraft], right: tuple[Document, OrderDraft]) -> bool:
    """Same order number, or (one of them without a number) the same lines; two of one document never are."""
    if left[0].document_id == right[0].document_id:
        return False
    a, b = left[1], right[1]
    if a.intent.value != b.intent.value and "cancel_order" in (a.intent.value, b.intent.value):
        return False
    if a.po_number and b.po_number:
        return normal_number(a.po_number.value) == normal_number(b.po_number.value)
    return _shape(a) == _shape(b)


def _shape(draft: OrderDraft) -> tuple[str, ...]:
    return tuple(sorted(plain(line.quantity.value) if line.quantity else "" for line in draft.lines))
