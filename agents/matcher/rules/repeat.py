""" "Same as last time": what the earlier order was, echoed back for the customer to confirm."""

from __future__ import annotations

from collections.abc import Sequence

from agents.matcher.contract import MessageFacts
from agents.matcher.findings import finding
from orderdesk.domain.base import plain
from orderdesk.domain.findings import Finding
from orderdesk.domain.master import PastLine

_ORDERS_SHOWN = 5


def repeat_findings(message: MessageFacts, history: Sequence[PastLine]) -> tuple[Finding, ...]:
    """The reader saw a reference to an earlier order: which one, and what it held. Never booked unconfirmed."""
    if not any(f.code == "same_as_last_time" for f in message.findings):
        return ()
    orders: dict[str, list[PastLine]] = {}
    for line in history:
        orders.setdefault(line.order_number, []).append(line)
    if len(orders) == 1:
        number, lines = next(iter(orders.items()))
        held = [f"{plain(p.quantity)} {p.uom} {p.sku}".replace("  ", " ") for p in lines]
        text = f"The customer wants the same as last time; its only order on file is {number}: {'; '.join(held)}."
        return (
            finding("same_as_last_time", "clarify", "lines", text, facts={"order": number}, options=held),
        )
    text = (
        f"The customer wants the same as last time, but has {len(orders)} orders on file; which one is meant?"
        if orders
        else "The customer wants the same as last time, but no earlier order is on file."
    )
    newest = list(orders.items())[:_ORDERS_SHOWN]
    options = [
        f"{number} ({', '.join(filter(None, (p[0].po_number, p[0].order_date and p[0].order_date.isoformat())))})"
        for number, p in newest
    ]
    return (finding("same_as_last_time", "clarify", "lines", text, options=options),)
