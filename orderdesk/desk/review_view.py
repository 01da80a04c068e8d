"""A review as its page shows it: fields in doubt first, each tied to its place in the source text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from orderdesk.desk.evidence import MarkedText, Span, mark, span_in
from orderdesk.desk.formats import path_words
from orderdesk.domain.documents import Document, ReadMessage
from orderdesk.domain.errors import NotAllowed
from orderdesk.review.actors import Actor, must_be_allowed

_SEVERITY = ("reject", "approve", "clarify", "info")


@dataclass(frozen=True)
class FieldView:
    """One field: `shown` is what the review said, `value` what stands in the input now."""

    index: int
    path: str
    label: str
    shown: str
    value: str
    confidence: float
    doubtful: bool
    choices: tuple[str, ...]
    why: str
    quote: str
    mark_id: str | None


@dataclass(frozen=True)
class DocumentView:
    """A document's text with its evidence marked; `open` where a person should look at it at once."""

    name: str
    format: str
    role: str
    html: Markup
    cut: bool
    empty: bool
    open: bool
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class ReviewView:
    """Everything the review page says."""

    review_id: str
    case_id: str
    payload_hash: str
    kind: str
    due: datetime
    created: datetime
    amount: Decimal | None
    currency: str | None
    action: str
    args: dict[str, Any]
    allowed: tuple[str, ...]
    reasons: tuple[str, ...]
    handoff: tuple[tuple[str, tuple[str, ...]], ...]
    errors: tuple[str, ...]
    findings: tuple[dict[str, Any], ...]
    fields: tuple[FieldView, ...]
    differences: tuple[dict[str, str], ...]
    documents: tuple[DocumentView, ...]
    approvals_needed: int
    approved_by: tuple[str, ...]
    closed: bool
    decided: str | None
    locked: str | None

    @property
    def doubtful(self) -> list[FieldView]:
        """Fields a person has to look at."""
        return [field for field in self.fields if field.doubtful]

    @property
    def certain(self) -> list[FieldView]:
        """Fields nothing speaks against."""
        return [field for field in self.fields if not field.doubtful]

    @property
    def decidable(self) -> bool:
        """Whether this person may decide this review now."""
        return self.locked is None


def review_view(
    row: Mapping[str, Any],
    messages: Sequence[ReadMessage],
    actor: Actor,
    *,
    limits: Mapping[str, Decimal],
    doubt_below: float,
    entered: Mapping[str, str] | None = None,
) -> ReviewView:
    """The page's view of a review row; `entered` are values a person typed that could not be taken yet."""
    payload, entered = row["payload"], entered or {}
    review, request = payload["review"], payload["action_requests"][0]
    fields: list[dict[str, Any]] = review["fields"]
    doubtful = [bool(f["why"]) or f["confidence"] < doubt_below for f in fields]
    documents, marks = _documents(messages, fields, doubtful)
    decided = None
    if row["decision_id"]:
        decided = f"{row['decided_by']} decided this ({row['decision_type']})"
    return ReviewView(
        review_id=row["review_id"],
        case_id=row["case_id"],
        payload_hash=row["payload_hash"],
        kind=row["kind"],
        due=row["due_at"],
        created=row["created_at"],
        amount=row["amount"],
        currency=row["currency"],
        action=request["name"],
        args=request["args"],
        allowed=tuple(payload["review_configs"][0]["allowed_decisions"]),
        reasons=tuple(review["reasons"]),
        handoff=_handoff(review["handoff"]),
        errors=tuple(payload.get("errors") or ()),
        findings=tuple(sorted(review["findings"], key=lambda finding: _SEVERITY.index(finding["severity"]))),
        fields=tuple(
            _field(index, field, doubt, entered, marks)
            for index, (field, doubt) in enumerate(zip(fields, doubtful, strict=True))
        ),
        differences=tuple(_difference(d, fields) for d in review["diff"]),
        documents=documents,
        approvals_needed=row["approvals_needed"],
        approved_by=tuple(row["approved_by"] or ()),
        closed=row["closed_at"] is not None,
        decided=decided,
        locked=_why_locked(row, actor, limits),
    )


def documents_of(messages: Sequence[ReadMessage]) -> tuple[DocumentView, ...]:
    """A case's documents with nothing marked."""
    return _documents(messages, [], [])[0]


def _why_locked(row: Mapping[str, Any], actor: Actor, limits: Mapping[str, Decimal]) -> str | None:
    """Why this person sees a read-only page; the server checks again when they decide all the same."""
    if row["decision_id"]:
        return f"{row['decided_by']} already decided this."
    if row["closed_at"] is not None:
        return "The case no longer waits for this."
    if row["interrupt_id"] is None:
        return "The case is still being worked on: reload in a moment."
    if actor.name in (row["approved_by"] or ()):
        return "You gave one approval. Another person has to give the next."
    try:
        must_be_allowed(actor, row["role"], row["amount"], dict(limits))
    except NotAllowed as refusal:
        return str(refusal)
    return None


def _field(
    index: int, field: dict[str, Any], doubtful: bool, entered: Mapping[str, str], marks: Mapping[int, str]
) -> FieldView:
    shown, alternatives = field["value"], tuple(field["alternatives"])
    if alternatives and shown and shown not in alternatives:
        alternatives = (shown, *alternatives)
    return FieldView(
        index=index,
        path=field["path"],
        label=field["label"],
        shown=shown,
        value=entered.get(field["path"], shown),
        confidence=field["confidence"],
        doubtful=doubtful or field["path"] in entered,
        choices=alternatives[:9],
        why=field["why"],
        quote=(field["evidence"] or {}).get("quote", ""),
        mark_id=marks.get(index),
    )


def _handoff(handoff: Mapping[str, Any] | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the desk says that cannot complete a case, heading by heading; why stands on the page already."""
    told = handoff or {}
    spent = told.get("spent")
    parts = {
        "Needed now": told.get("needed", ()),
        "Known": told.get("known", ()),
        "Missing": told.get("missing", ()),
        "What was tried": told.get("tried", ()),
        "So far": (spent,) if spent else (),
    }
    return tuple((heading, tuple(items)) for heading, items in parts.items() if items)


def _difference(difference: dict[str, str], fields: list[dict[str, Any]]) -> dict[str, str]:
    label = next((f["label"] for f in fields if f["path"] == difference["path"]), None)
    return {**difference, "label": label or path_words(difference["path"])}


def _documents(
    messages: Sequence[ReadMessage], fields: list[dict[str, Any]], doubtful: list[bool]
) -> tuple[tuple[DocumentView, ...], dict[int, str]]:
    documents = [(document, n > 0) for n, message in enumerate(messages) for document in message.documents]
    views: list[DocumentView] = []
    marks: dict[int, str] = {}
    for number, (document, is_answer) in enumerate(documents):
        marked = _marked(document, number, fields, doubtful)
        marks |= {field: mark_id for field, mark_id in marked.marks.items() if field not in marks}
        views.append(
            DocumentView(
                name=document.name,
                format=document.format,
                role="customer's answer" if is_answer else document.role,
                html=marked.html,
                cut=marked.cut,
                empty=not document.text.strip(),
                open=number == 0 or bool(marked.marks) or is_answer,
                remarks=tuple(f.message for f in document.findings),
            )
        )
    return tuple(views), marks


def _marked(
    document: Document, number: int, fields: list[dict[str, Any]], doubtful: list[bool]
) -> MarkedText:
    spans: list[Span] = []
    for index, field in enumerate(fields):
        evidence = field["evidence"]
        if not evidence or evidence["document"] != document.document_id:
            continue
        place = span_in(document.text, evidence["start"], evidence["end"], evidence["quote"])
        if place is not None:
            spans.append(Span(index, *place, doubtful=doubtful[index]))
    return mark(document.text, spans, f"ev-{number}")
