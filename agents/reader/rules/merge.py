"""An attached order with the mail around it: what the mail adds, and where the two contradict each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agents.reader.rules.header import Header
from orderdesk.domain.base import plain
from orderdesk.domain.evidence import Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import DraftLine, Intent, OrderDraft
from tools.documents.order_labels import same_number
from tools.documents.split import FoundOrder


def merge_body(
    order: FoundOrder, intent: Stated[Intent], intent_findings: Sequence[Finding], header: Header,
    prose_lines: Sequence[DraftLine], prose_findings: Sequence[Finding], *, many: bool, language: str, prose_id: str,
) -> OrderDraft:  # fmt: skip
    """The attached draft; the mail fills what the document leaves open and never overrules it silently.

    `many` = the message holds several orders: the mail's single order number then speaks of none alone.
    """
    draft = order.draft
    findings = [*draft.findings, *intent_findings]
    update: dict[str, Any] = {"intent": intent}
    if not many:
        findings += _fill(draft, header, update)
    for twin in order.twins:
        findings += _against_twin(draft, twin)
    findings += _against_lines(draft, prose_lines)
    findings += [
        f for f in prose_findings if f.code in ("unread_text", "contradicting_instructions", "line_unclear")
    ]
    if draft.intent.method != "structured":
        update["language"] = language
    if intent.value == "change_order":
        update["is_revision"] = True
    unique: list[Finding] = []
    for finding in findings:
        if finding not in unique:
            unique.append(finding)
    return draft.model_copy(update={**update, "findings": tuple(unique)})


def _fill(draft: OrderDraft, header: Header, update: dict[str, Any]) -> list[Finding]:
    findings: list[Finding] = []
    body_po, body_date = header.po_number, header.requested_date
    if body_po is not None:
        if draft.po_number is None:
            update["po_number"] = body_po
        elif not same_number(draft.po_number.value, body_po.value):
            findings.append(Finding(
                code="po_number_conflict", severity="clarify", path="po_number", question="po_number_conflict",
                message=f"The document says order number {draft.po_number.value}, the message {body_po.value}.",
                options=(draft.po_number.value, body_po.value),
            ))  # fmt: skip
    if body_date is not None:
        stated = draft.requested_date.value if draft.requested_date else None
        line_dates = {line.requested_date.value for line in draft.lines if line.requested_date}
        if stated is None and not line_dates:
            update["requested_date"] = body_date
            findings += [f for f in header.findings if f.path == "requested_date"]
        elif body_date.value != stated and line_dates != {body_date.value}:
            documents = stated.isoformat() if stated else ", ".join(sorted(d.isoformat() for d in line_dates))
            written = body_date.value.isoformat()
            message = f"The message asks for delivery on {written}, the document says {documents}."
            findings.append(_contradiction("requested_date", message, (written, documents)))
    if header.ship_to is not None:
        if draft.ship_to is None:
            update["ship_to"] = header.ship_to
        elif not _same_place(draft, header):
            findings.append(_contradiction(
                "ship_to", "The message names another delivery address than the document.",
                (header.ship_to.name or header.ship_to.street, draft.ship_to.name or draft.ship_to.street),
            ))  # fmt: skip
    for name in ("payment_terms", "freight_terms", "contract"):
        if not getattr(draft, name) and getattr(header, name):
            update[name] = getattr(header, name)
    if draft.ship_complete is None and header.ship_complete is not None:
        update["ship_complete"] = header.ship_complete
    if draft.currency is None and header.currency is not None:
        update["currency"] = header.currency
    return findings


def _same_place(draft: OrderDraft, header: Header) -> bool:
    if draft.ship_to is None or header.ship_to is None:
        return True
    theirs = " ".join(str(v) for v in draft.ship_to.model_dump().values()).lower()
    ours = header.ship_to
    words = [w for w in (ours.city or ours.name, ours.postal_code, ours.code) if w]
    return all(w.lower() in theirs for w in words)


def _against_twin(draft: OrderDraft, twin: OrderDraft) -> list[Finding]:
    """A PDF and its XML that disagree on the lines: never a silent pick."""
    mine, other = _quantities(draft.lines), _quantities(twin.lines)
    if not other or mine == other:
        return []
    return [
        _contradiction("lines", "Two documents of the same order state different quantities.", (mine, other))
    ]


def _quantities(lines: Sequence[DraftLine]) -> str:
    return ", ".join(sorted(plain(line.quantity.value) for line in lines if line.quantity))


def _against_lines(draft: OrderDraft, prose: Sequence[DraftLine]) -> list[Finding]:
    """Order lines in the mail beside an attached order: repeated ones are fine, others are a question."""
    findings: list[Finding] = []
    for line in prose:
        if line.quantity is None:
            continue
        ref = line.article.value
        same = [d for d in draft.lines if _same_article(d, line)]
        if any(d.quantity and d.quantity.value == line.quantity.value for d in same):
            continue
        name = ref.part or ref.gtin or ref.description
        wanted = f"{plain(line.quantity.value)} x {name}"
        if same and same[0].quantity:
            stated = f"{plain(same[0].quantity.value)} x {name}"
            message = f"The message asks for {wanted}, the document says {stated}."
            findings.append(
                _contradiction(f"lines[{draft.lines.index(same[0])}].quantity", message, (wanted, stated))
            )
        else:
            message = f"The message asks for {wanted}, which is not in the attached document."
            findings.append(_contradiction("lines", message, (wanted,)))
    return findings


def _same_article(left: DraftLine, right: DraftLine) -> bool:
    a, b = left.article.value, right.article.value
    mine = {p.lower() for p in (a.part, a.gtin, a.seller_part, a.buyer_part, a.manufacturer_part) if p}
    theirs = {p.lower() for p in (b.part, b.gtin, b.seller_part, b.buyer_part) if p}
    if mine & theirs:
        return True
    words = {w for w in b.description.lower().split() if len(w) > 3}
    return bool(words) and words <= set(a.description.lower().replace(",", " ").split())


def _contradiction(path: str, message: str, options: tuple[str, ...]) -> Finding:
    return Finding(
        code="body_contradicts_attachment", severity="clarify", path=path, message=message,
        question="body_contradicts_attachment", options=tuple(o for o in options if o),
    )  # fmt: skip
