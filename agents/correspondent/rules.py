"""The correspondent's rules: which letter, in which language, to whom, and exactly what it says."""

from __future__ import annotations

from agents.booker.parts import line_numbers
from agents.correspondent.contract import CorrespondentInput
from agents.correspondent.differences import differences, price_text
from agents.correspondent.figures import Figures
from agents.correspondent.questions import Question, questions_for
from agents.correspondent.recipient import recipient, recipient_findings
from agents.correspondent.subject import reply_subject
from agents.correspondent.text import clean
from agents.correspondent.wording import first_complete, render_letter, variants_of, wording
from orderdesk.domain.results import BookLine, BookOrder, Reply, ReplyKind

_PO_SHOWN = 40


def propose_reply(given: CorrespondentInput) -> Reply:
    """The answer as it would be sent, from templates alone; nothing is sent here.

    `to` is empty where nobody may be written to; the text is made all the same, for the person who decides.
    The subject and body keep `{order_number}` literally; it is filled in when the order is booked. Orders
    that came as EDI are answered by the same e-mail as long as their own formats are not written.
    """
    kind = reply_kind(given)
    figures = Figures.of(given)
    if kind == "none":
        return Reply(kind="none", language=figures.language)
    to = recipient(given)
    asked = questions_for(given, figures) if kind == "question" else ()
    values = {**_frame(given, figures), **_content(kind, given, figures, asked)}
    return Reply(
        kind=kind,
        to=to,
        subject=reply_subject(given, wording(figures.language)["subjects"][kind]),
        body=render_letter(figures.language, kind, values),
        language=figures.language,
        template=f"{figures.language}/{kind}",
        questions=tuple(question.in_one_line() for question in asked),
        findings=recipient_findings(given, kind, to),
    )


def reply_kind(given: CorrespondentInput) -> ReplyKind:
    """The letter that can be written: the hint, unless what it needs is not there.

    A confirmation needs a proposed order, a duplicate its order number, a question something to ask, a
    refusal a reason. What cannot be written is not replaced by a promise or a guess.
    """
    questions = any(f.severity == "clarify" for f in given.findings)
    match given.kind:
        case "confirmation" if given.proposal.book is None:
            return "question" if questions else "none"
        case "question" if not questions:
            return "none"
        case "refusal" if not any(f.severity == "reject" for f in given.findings):
            return "none"
        case "duplicate" if not given.duplicate_of:
            return "none"
        case kind:
            return kind


def _frame(given: CorrespondentInput, figures: Figures) -> dict[str, object]:
    """What every letter has."""
    po = given.draft.po_number.value if given.draft.po_number else ""
    return {
        "customer_name": given.customer.name if given.customer else "",
        "company_name": given.company_name,
        "po": figures.quote(clean(po, _PO_SHOWN)) if clean(po) else "",
    }


def _content(
    kind: ReplyKind, given: CorrespondentInput, figures: Figures, asked: tuple[Question, ...]
) -> dict[str, object]:
    if kind == "confirmation" and given.proposal.book is not None:
        return _confirmation(given.proposal.book, given, figures)
    if kind == "question":
        return {"questions": [{"text": q.text, "options": q.options} for q in asked]}
    if kind == "refusal":
        return {"reasons": _reasons(given, figures)}
    return {"existing_order": given.duplicate_of or ""}


def _confirmation(book: BookOrder, given: CorrespondentInput, figures: Figures) -> dict[str, object]:
    """The booked order and nothing else, and what differs from what was asked."""
    deliveries = {f.path: f.facts.get("deliveries", "") for f in given.supply.findings}
    numbers = line_numbers(given.draft.lines)
    plans = {number: deliveries.get(f"lines[{i}].schedule", "") for i, number in enumerate(numbers)}
    return {
        "lines": [_line(line, plans.get(line.line_number, ""), figures) for line in book.lines],
        "currency": book.currency,
        "net_total": figures.amount(book.net_total),
        "ship_to": book.ship_to_code,
        "payment_terms": book.payment_terms,
        "differences": differences(book, given, figures),
    }


def _line(line: BookLine, deliveries: str, figures: Figures) -> dict[str, object]:
    return {
        "number": line.line_number,
        "sku": line.sku,
        "description": clean(line.description, 120),
        "ref": figures.quote(line.customer_ref) if clean(line.customer_ref) else "",
        "quantity": figures.quantity(line.quantity, line.uom),
        "price": price_text(line.unit_price, line.price_base, line.uom, figures),
        "net": figures.amount(line.net),
        "promised": line.promised_date or "",
        "deliveries": figures.fact(deliveries) if line.promised_date else "",
    }


def _reasons(given: CorrespondentInput, figures: Figures) -> tuple[str, ...]:
    """Why the order is refused, one sentence per kind of reason; unworded reasons become the general one."""
    sentences = wording(figures.language)
    numbers = line_numbers(given.draft.lines)
    reasons: list[str] = []
    for finding in given.findings:
        if finding.severity != "reject":
            continue
        values: dict[str, object] = {"f": {k: figures.fact(v) for k, v in finding.facts.items()}}
        for index, number in enumerate(numbers):
            if finding.path.startswith(f"lines[{index}]"):
                values["line"] = number
        variants = (
            *variants_of(sentences, "refusals", finding.code),
            *variants_of(sentences, "refusals", "generic"),
        )
        reasons.append(first_complete(variants, values) or "")
    return tuple(dict.fromkeys(reason for reason in reasons if reason))
