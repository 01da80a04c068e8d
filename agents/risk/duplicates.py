"""The same order again: repeated, revised, its PO number reused, or like lines under another number."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal

from agents.risk.contract import ExistingOrder, OrderedLine, RiskInput
from orderdesk.domain.errors import UnitError
from orderdesk.domain.findings import Finding
from orderdesk.domain.master import PastLine
from orderdesk.policy.booking import BookingPolicy
from orderdesk.policy.duplicates import DuplicatesPolicy

Content = tuple[tuple[str, Decimal], ...]


def check_duplicates(
    given: RiskInput, duplicates: DuplicatesPolicy, booking: BookingPolicy
) -> tuple[str | None, list[Finding]]:
    """The existing order this message repeats, if it does, and what a person or the customer has to settle."""
    po_number = given.draft.po_number.value if given.draft.po_number else ""
    known = _known_orders(given, po_number, duplicates)
    if not normal_po(po_number):
        findings = [_po_missing(given, booking), *_same_attachment(given)]
        return None, [*findings, *_like_lines(given, known, "", duplicates)]
    same_po = [order for order in known if normal_po(order.po_number) == normal_po(po_number)]
    if given.draft.is_revision:
        return None, [_revision(po_number, same_po[-1] if same_po else None)]
    if not same_po:
        return None, _like_lines(given, known, po_number, duplicates)
    repeated = next((order for order in reversed(same_po) if _same_order(given, order)), None)
    if repeated is None:
        return None, [_reused(po_number, same_po[-1])]
    return repeated.order_number, [_repeats(po_number, repeated)]


def normal_po(po_number: str) -> str:
    """A PO number as it is compared: letters and digits only, upper case, no leading zeros of a plain number."""
    text = re.sub(r"[^0-9A-Z]", "", po_number.upper())
    return text.lstrip("0") if text.isdigit() else text


def _known_orders(given: RiskInput, po_number: str, policy: DuplicatesPolicy) -> list[ExistingOrder]:
    """Our orders and those of the imported history, oldest first, each order number once.

    Of the history, which may be long, only orders that this one could repeat: under its number, or lately and of
    the same articles.
    """
    ours = {order.order_number: order for order in given.existing_orders}
    past: defaultdict[str, list[PastLine]] = defaultdict(list)
    for line in given.history:
        if line.order_number not in ours and line.order_date is not None:
            past[line.order_number].append(line)
    number_as_compared, articles = normal_po(po_number), sorted(m.sku or "" for m in given.match.lines)

    def may_be_repeated(lines: list[PastLine]) -> bool:
        ordered_on = lines[0].order_date or given.business_date
        lately = abs((given.business_date - ordered_on).days) <= policy.like_lines_days
        if lately and len(lines) == len(articles) and sorted(line.sku for line in lines) == articles:
            return True
        return bool(number_as_compared) and normal_po(lines[0].po_number) == number_as_compared

    imported = [
        ExistingOrder(
            order_number=number,
            po_number=lines[0].po_number,
            order_date=lines[0].order_date or given.business_date,
            lines=tuple(_ordered(line, given) for line in lines),
        )
        for number, lines in past.items()
        if may_be_repeated(lines)
    ]
    return sorted([*ours.values(), *imported], key=lambda order: (order.order_date, order.order_number))


def _ordered(line: PastLine, given: RiskInput) -> OrderedLine:
    return OrderedLine(sku=line.sku, base_quantity=base_quantity(line, given))


def base_quantity(line: PastLine, given: RiskInput) -> Decimal:
    """A past line's quantity in the article's base unit; as it stands where the article or unit is unknown."""
    product = given.products.get(line.sku)
    try:
        return line.quantity * product.units.factor(line.uom) if product else line.quantity
    except UnitError:
        return line.quantity


def _content(lines: tuple[OrderedLine, ...]) -> Content:
    return tuple(sorted((line.sku, line.base_quantity.normalize()) for line in lines))


def _own_content(given: RiskInput) -> Content | None:
    """What this order orders; None where a line is not matched yet, so that nothing can be compared."""
    lines = given.match.lines
    if not lines or len(lines) != len(given.draft.lines):
        return None
    content = [
        (line.sku, line.base_quantity.normalize())
        for line in lines
        if line.sku is not None and line.base_quantity is not None
    ]
    return tuple(sorted(content)) if len(content) == len(lines) else None


def _same_order(given: RiskInput, order: ExistingOrder) -> bool:
    ship_to = given.match.ship_to_code
    elsewhere = bool(ship_to and order.ship_to_code and ship_to != order.ship_to_code)
    return not elsewhere and _own_content(given) == _content(order.lines)


def _like_lines(
    given: RiskInput, known: list[ExistingOrder], po_number: str, policy: DuplicatesPolicy
) -> list[Finding]:
    content = _own_content(given)
    if content is None:
        return []
    for order in reversed(known):
        days = abs((given.business_date - order.order_date).days)
        if days <= policy.like_lines_days and _content(order.lines) == content:
            return [_possible(po_number, order, days)]
    return []


def _possible(po_number: str, order: ExistingOrder, days: int) -> Finding:
    this = f"PO number {po_number}" if po_number else "no PO number"
    that = f"PO number {order.po_number}" if order.po_number else "no PO number"
    return Finding(
        code="possible_duplicate",
        severity="approve",
        path="po_number",
        message=f"The same lines were ordered {days} days before as {order.order_number} ({that}; this "
        f"one has {this}). A person decides whether it is a second order.",
        facts={"order_number": order.order_number, "days": str(days), "other_po": order.po_number},
    )


def _repeats(po_number: str, order: ExistingOrder) -> Finding:
    return Finding(
        code="duplicate_order",
        severity="info",
        path="po_number",
        message=f"PO number {po_number} with the same lines is already order {order.order_number} of "
        f"{order.order_date.isoformat()}; nothing is booked again.",
        facts={"po_number": po_number, "order_number": order.order_number},
    )


def _reused(po_number: str, order: ExistingOrder) -> Finding:
    return Finding(
        code="po_number_reused",
        severity="clarify",
        path="po_number",
        message=f"PO number {po_number} is already order {order.order_number} of "
        f"{order.order_date.isoformat()}, with other content. The customer has to say whether this "
        "changes that order or is a new one.",
        question="po_number_reused",
        facts={
            "po_number": po_number,
            "order_number": order.order_number,
            "order_date": order.order_date.isoformat(),
        },
    )


def _revision(po_number: str, order: ExistingOrder | None) -> Finding:
    what = (
        f"It changes order {order.order_number} of {order.order_date.isoformat()}."
        if order
        else "No order with this PO number is on file."
    )
    return Finding(
        code="revision_received",
        severity="approve",
        path="po_number",
        message=f"The message says that it revises PO number {po_number}. {what} A person makes the change.",
        facts={"po_number": po_number, "order_number": order.order_number if order else ""},
    )


def _po_missing(given: RiskInput, booking: BookingPolicy) -> Finding:
    own = given.customer.po_required if given.customer else None
    if own if own is not None else booking.po_required:
        return Finding(
            code="po_number_missing",
            severity="clarify",
            path="po_number",
            message="The order has no PO number, and this account needs one. The customer has to give it.",
            question="po_number_missing",
        )
    return Finding(
        code="po_number_missing",
        severity="info",
        path="po_number",
        message="The order has no PO number; this account does not need one.",
    )


def _same_attachment(given: RiskInput) -> list[Finding]:
    return [
        Finding(
            code="same_attachment_again",
            severity="approve",
            path="po_number",
            message=f"The attachment “{seen.name}” came before, on "
            f"{seen.received_on.isoformat()}{f' (order {seen.order_number})' if seen.order_number else ''}, "
            "and the order has no PO number. A person decides whether it is ordered again.",
            facts={
                "attachment": seen.name,
                "received_on": seen.received_on.isoformat(),
                "order_number": seen.order_number,
            },
        )
        for seen in given.seen_attachments
    ]
