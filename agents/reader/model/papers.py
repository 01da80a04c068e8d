"""Which documents of a message its model is shown, and when it is not asked at all."""

from __future__ import annotations

from collections.abc import Sequence

from agents.reader.rules.circumstances import Circumstances
from agents.reader.rules.reading import RulesReading
from orderdesk.domain.base import Value
from orderdesk.domain.documents import Document, ReadMessage
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import OrderDraft
from tools.documents.document_kind import machine_role

_TABLES = frozenset(("csv", "xlsx"))
# Lines of one answer: at about a hundred tokens each they fit in the 4,000 a model may write by default. A longer
# answer would be cut off, and each long order that the rules read well would become a person's.
MOST_LINES = 30


class ReadByRules(Value):
    """The rules' reading of one order, and the documents a model may be shown beside it (none: do not ask)."""

    draft: OrderDraft
    circumstances: Circumstances
    papers: tuple[str, ...] = ()


def with_papers(message: ReadMessage, position: int, read: RulesReading) -> ReadByRules:
    """The rules' reading with the ids of the documents a model is shown.

    None of them where nothing is left to interpret (structured formats, spreadsheets), where a machine wrote the
    message, where another order of the same message stands in the same document (a model could not be told which
    of them is meant), or where the answer would be too long.
    """
    draft = read.draft
    found = read.orders[position] if position < len(read.orders) else ""
    papers = _papers(message, draft, found, alone=len(read.orders) <= 1)
    why = ""
    if len(read.orders) > 1 and read.orders.count(found) != 1:
        why = "Several orders stand in one document"
    elif len(draft.lines) > MOST_LINES:
        why = f"The order has {len(draft.lines)} lines, more than one answer holds ({MOST_LINES})"
    if papers and why:
        told = Finding(
            code="model_not_asked", severity="info", path="lines",
            message=f"{why}, so no model was asked: only the rules have read it.",
        )  # fmt: skip
        papers, draft = (), draft.model_copy(update={"findings": (*draft.findings, told)})
    return ReadByRules(draft=draft, circumstances=read.circumstances, papers=papers)


def _papers(message: ReadMessage, draft: OrderDraft, found: str, *, alone: bool) -> tuple[str, ...]:
    home = next((d for d in message.documents if d.document_id == found), None)
    if message.automatic or draft.intent.method == "structured" or (home and home.format in _TABLES):
        return ()
    if not alone:
        return (found,) if home and _is_prose(home) else ()
    shown = [d for d in message.documents if _is_prose(d)]
    return _ids(shown) if any(d.role != "quoted" for d in shown) else ()


def _is_prose(document: Document) -> bool:
    parsed = any(draft.intent.method == "structured" for draft in document.drafts)
    return bool(
        document.text.strip() and not parsed and document.format not in _TABLES and not machine_role(document)
    )


def _ids(documents: Sequence[Document]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(d.document_id for d in documents))
