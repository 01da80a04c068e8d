"""The booker's rules: the exact order, or in plain words what stands in its way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from agents.booker.contract import BookerInput
from agents.booker.lines import book_line
from agents.booker.missing import line_missing, order_missing
from agents.booker.notes import order_note
from agents.booker.parts import LineParts, line_parts
from orderdesk.domain.errors import CaseIncident
from orderdesk.domain.findings import Finding
from orderdesk.domain.master import Customer
from orderdesk.domain.money import Money, total
from orderdesk.domain.results import BookLine, BookOrder, Proposal, PurchaseProposal


def propose_booking(given: BookerInput) -> Proposal:
    """The order exactly as it would be booked, or none and what is missing. Nothing is done here.

    Questions and approvals do not change the proposal: a person may approve it, and then it is exactly this.
    Raises CaseIncident where the workers' results do not fit together or do not add up.
    """
    if given.customer is not None and given.match.customer_id != given.customer.customer_id:
        raise CaseIncident(
            f"the match is for customer {given.match.customer_id} but {given.customer.customer_id} was "
            "handed to the booker; start the case again"
        )
    all_parts = line_parts(given)
    against = order_missing(given)
    open_lines = {parts.index: text for parts in all_parts if (text := line_missing(parts))}
    certain = tuple(parts for parts in all_parts if parts.index not in open_lines)
    missing = (*against, *open_lines.values())
    if against or not certain or (open_lines and not given.partial_booking):
        return Proposal(missing=missing)
    customer, currency = given.customer, given.pricing.currency
    assert customer is not None  # order_missing has named it otherwise
    assert currency
    lines = tuple(book_line(parts, currency) for parts in certain)
    net_total = _net_total(lines, given, currency, whole=not open_lines)
    book = _order(given, customer, currency, tuple(zip(certain, lines, strict=True)), net_total)
    if not open_lines:
        return Proposal(book=book)
    return Proposal(book=book, missing=missing, findings=(_partial(lines, missing),))


def _order(
    given: BookerInput,
    customer: Customer,
    currency: str,
    booked: tuple[tuple[LineParts, BookLine], ...],
    net_total: Decimal,
) -> BookOrder:
    draft = given.draft
    return BookOrder(
        customer_id=customer.customer_id,
        po_number=draft.po_number.value if draft.po_number else "",
        po_date=draft.po_date.value if draft.po_date else None,
        order_date=given.business_date,
        requested_date=_requested_date(given),
        ship_to_code=given.match.ship_to_code or "",
        currency=currency,
        payment_terms=customer.payment_terms,
        lines=tuple(line for _, line in booked),
        net_total=net_total,
        purchases=_purchases(given, booked),
        note=order_note(draft, given.match, given.supply, booked),
    )


def _requested_date(given: BookerInput) -> date | None:
    """The order's own date; else the one date all its lines share."""
    if given.draft.requested_date:
        return given.draft.requested_date.value
    days = {line.requested_date.value if line.requested_date else None for line in given.draft.lines}
    return days.pop() if len(days) == 1 else None


def _purchases(
    given: BookerInput, booked: tuple[tuple[LineParts, BookLine], ...]
) -> tuple[PurchaseProposal, ...]:
    """Only what booked lines alone are short of: a line that stays open buys nothing."""
    booked_indexes = {parts.index for parts, _ in booked}
    open_skus = {line.sku for line in given.match.lines if line.line_index not in booked_indexes}
    short = {line.sku for _, line in booked if line.backorder > 0} - open_skus
    return tuple(purchase for purchase in given.supply.purchases if purchase.sku in short)


def _net_total(lines: tuple[BookLine, ...], given: BookerInput, currency: str, *, whole: bool) -> Decimal:
    """The sum of the booked lines; for a whole order it must be pricing's own total."""
    result = total((Money(amount=line.net, currency=currency) for line in lines), currency).amount
    if whole and given.pricing.net_total != result:
        raise CaseIncident(
            f"the lines add up to {result} {currency} but pricing's total is {given.pricing.net_total}; run "
            "the pricing of this case again"
        )
    return result


def _partial(lines: tuple[BookLine, ...], missing: tuple[str, ...]) -> Finding:
    return Finding(
        code="partial_booking",
        severity="info",
        message=f"{len(lines)} of the order's lines would be booked; open: {'; '.join(missing)}.",
        facts={"booked": str(len(lines)), "open": str(len(missing))},
    )
