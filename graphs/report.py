"""The report of a case: what `process --json` prints, the API returns and the graph gives as its output."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from graphs.state import DeskState, all_findings
from orderdesk.domain.base import plain
from orderdesk.domain.evidence import Stated
from orderdesk.domain.orders import ArticleRef, DraftLine, OrderDraft
from orderdesk.domain.results import BookLine, LineMatch, LinePrice, Outcome

T = TypeVar("T")


def report_of(
    state: DeskState,
    outcome: Outcome | None,
    *,
    order_number: str | None = None,
    review: Mapping[str, Any] | None = None,
    questions: tuple[str, ...] = (),
) -> dict[str, Any]:
    """The case as JSON: unknown values are null, numbers are decimal strings, paths are 0-based.

    What its model calls have cost is not in the state: `set_case` adds it from the record of them.
    """
    draft, match, pricing, proposal = (
        state.get("draft"),
        state.get("match"),
        state.get("pricing"),
        state.get("proposal"),
    )
    book = proposal.book if proposal else None
    net = book.net_total if book else pricing.net_total if pricing else None
    ship_to = match.ship_to_code if match else None
    return {
        "source": state.get("source"),
        "case_id": state.get("case_id"),
        "intent": draft.intent.value if draft else None,
        "outcome": outcome,
        "order_number": order_number,
        "customer_id": match.customer_id if match else None,
        "po_number": _value(draft.po_number) if draft else None,
        "po_date": _day(draft.po_date) if draft else None,
        "requested_date": _requested(draft) if draft else None,
        "ship_to_code": ship_to or None,
        "currency": _currency(state),
        "lines": _lines(state) if draft else [],
        "net_total": None if net is None else format(net, "f"),
        "confidence": case_confidence(state),
        "findings": [
            {"code": f.code, "severity": f.severity, "path": f.path, "message": f.message}
            for f in all_findings(state)
        ],
        "questions": list(questions),
        "review": dict(review) if review else None,
        "latency_ms": None,
        "steps": None,
        "checkpoints": None,
    }


def case_confidence(state: DeskState) -> float | None:
    """The least confidence of the header's and the lines' fields; None before anything was read."""
    draft, match = state.get("draft"), state.get("match")
    if draft is None:
        return None
    least = [s.confidence for s in _header(draft)]
    for index, line in enumerate(draft.lines):
        matched = _line_match(match.lines if match else (), index)
        least.append(line_confidence(line, matched))
    if match is not None and match.customer_id:
        least.append(match.customer_confidence)
    return min(least) if least else None


def line_confidence(line: DraftLine, matched: LineMatch | None) -> float:
    """The least confidence of a line's fields; a person's or the matcher's own certainty wins over the reading."""
    parts = [s.confidence for s in (line.quantity, line.uom, line.unit_price, line.requested_date) if s]
    if matched is not None and matched.sku:
        if matched.method == "person":
            return 1.0
        parts.append(matched.confidence)
    else:
        parts.append(min(line.article.confidence, matched.confidence if matched else 1.0))
    return min(parts)


def _header(draft: OrderDraft) -> list[Stated[Any]]:
    fields = (draft.intent, draft.po_number, draft.po_date, draft.requested_date)
    return [field for field in fields if field is not None]


def _lines(state: DeskState) -> list[dict[str, Any]]:
    draft, match, pricing = state.get("draft"), state.get("match"), state.get("pricing")
    proposal = state.get("proposal")
    assert draft is not None
    booked = {line.line_number: line for line in proposal.book.lines} if proposal and proposal.book else {}
    rows: list[dict[str, Any]] = []
    for index, line in enumerate(draft.lines):
        matched = _line_match(match.lines if match else (), index)
        priced = next((p for p in (pricing.lines if pricing else ()) if p.line_index == index), None)
        rows.append(_line(line, matched, priced, booked.get(line.line_number)))
    return rows


def _line(
    line: DraftLine, matched: LineMatch | None, priced: LinePrice | None, booked: BookLine | None
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "line_number": line.line_number,
        "customer_ref": stated_reference(line.article.value),
        "sku": matched.sku if matched else None,
        "description": line.article.value.description or (matched.description if matched else "") or None,
        "quantity": _number(line.quantity.value if line.quantity else None),
        "uom": _value(line.uom),
        "uom_stated": line.uom_stated or None,
        "unit_price": _number(line.unit_price.value if line.unit_price else None, keep=True),
        "confidence": line_confidence(line, matched),
    }
    if line.requested_date:
        row["requested_date"] = line.requested_date.value.isoformat()
    quantity = booked.quantity if booked else matched.quantity if matched else None
    uom = booked.uom if booked else matched.uom if matched else None
    price = booked.unit_price if booked else priced.unit_price if priced else None
    if quantity is not None and (line.quantity is None or quantity != line.quantity.value):
        row["booked_quantity"] = _number(quantity)
    if uom is not None and uom != row["uom"]:
        row["booked_uom"] = uom
    if price is not None and (line.unit_price is None or price != line.unit_price.value):
        row["booked_unit_price"] = format(price, "f")
    return row


def stated_reference(article: ArticleRef) -> str | None:
    """What the customer called the article: its own number first, then ours, then any other."""
    return (
        article.buyer_part
        or article.part
        or article.seller_part
        or article.manufacturer_part
        or article.gtin
        or None
    )


def _line_match(lines: tuple[LineMatch, ...], index: int) -> LineMatch | None:
    return next((line for line in lines if line.line_index == index), None)


def _currency(state: DeskState) -> str | None:
    pricing, draft = state.get("pricing"), state.get("draft")
    if draft and draft.currency:
        return draft.currency.value
    return pricing.currency if pricing else None


def _value(stated: Stated[T] | None) -> T | None:
    return stated.value if stated else None


def _day(stated: Stated[Any] | None) -> str | None:
    return stated.value.isoformat() if stated else None


def _requested(draft: OrderDraft) -> str | None:
    """The order's own date; else the one date that all its lines ask for."""
    if draft.requested_date is not None:
        return draft.requested_date.value.isoformat()
    days = {line.requested_date.value if line.requested_date else None for line in draft.lines}
    day = days.pop() if len(days) == 1 else None
    return day.isoformat() if day else None


def _number(value: Decimal | None, *, keep: bool = False) -> str | None:
    if value is None:
        return None
    return format(value, "f") if keep else plain(value)
