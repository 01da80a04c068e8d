"""What stands in the way of booking, in plain words for a clerk."""

from __future__ import annotations

from agents.booker.contract import BookerInput
from agents.booker.parts import LineParts
from orderdesk.domain.base import plain
from orderdesk.domain.results import LineMatch

_INTENT_WORDS = {
    "change_order": "changes an earlier order",
    "cancel_order": "cancels an order",
    "order_status": "asks about an order",
    "quote_request": "asks for a quotation",
    "other": "is not an order",
}
# More candidates than this do not help a clerk to decide in one glance.
_SHOWN = 3


def order_missing(given: BookerInput) -> list[str]:
    """Why the order as a whole cannot be booked; empty = nothing stands against it."""
    reasons: list[str] = []
    intent = given.draft.intent.value
    if intent != "new_order":
        reasons.append(f"the message {_INTENT_WORDS[intent]}; no new order is booked from it")
    elif given.draft.is_revision:
        reasons.append("the document says it changes an earlier order; no second order is booked from it")
    if given.risk.duplicate_of:
        reasons.append(f"this repeats order {given.risk.duplicate_of}, which is already booked")
    if given.customer is None:
        reasons.append(_customer_words(given))
    if not given.draft.lines:
        reasons.append("no order line was found")
    if not given.pricing.currency:
        reasons.append("the currency of the order is not known")
    return reasons


def line_missing(parts: LineParts) -> str:
    """Why a line cannot be booked, such as 'line 2: no price is known'; empty = it can."""
    reasons = _match_words(parts.match)
    if not reasons:
        if parts.price is None or parts.price.unit_price is None or parts.price.net is None:
            reasons.append("no price is known")
        if parts.supply is None:
            reasons.append("stock and date have not been checked")
    return f"line {parts.number}: {'; '.join(reasons)}" if reasons else ""


def _customer_words(given: BookerInput) -> str:
    candidates = given.match.customer_candidates
    if candidates:
        return f"the customer is not certain (could be {_some(list(candidates))})"
    return "the customer is not known"


def _match_words(match: LineMatch | None) -> list[str]:
    if match is None:
        return ["it has not been matched to an article"]
    if not match.sku:
        named = [f"{c.sku} {c.description}".strip() for c in match.candidates]
        count = {1: "one candidate", 2: "two candidates", 3: "three candidates"}.get(
            len(named), f"{len(named)} candidates"
        )
        return [f"article not certain ({count}: {_some(named)})" if named else "article not known"]
    reasons: list[str] = []
    if match.quantity is None:
        reasons.append("no quantity is known")
    elif match.quantity <= 0:
        reasons.append(f"the quantity {plain(match.quantity)} is not above zero")
    if not match.uom:
        reasons.append("the unit is not known")
    elif match.quantity is not None and (match.base_quantity is None or match.base_quantity <= 0):
        reasons.append(f"{match.uom} cannot be converted to this article's own unit")
    return reasons


def _some(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
