"""How urgent a message is, before anybody has worked on it: by what it says of itself, whoever may have written it."""

from __future__ import annotations

from datetime import date

from graphs.services import Services
from orderdesk.domain.documents import ReadMessage
from orderdesk.domain.orders import OrderDraft
from orderdesk.intake.priority import case_priority


async def points_of(message: ReadMessage, business_date: date, services: Services) -> int:
    """Points of the cases of a message: customer, wanted date and value as a structured document states them.

    Prose is not read yet: of it the sender alone counts. A wrong claim moves a case forward and does nothing else.
    """
    drafts = [draft for document in message.documents for draft in document.drafts]
    wanted = next((draft.requested_date.value for draft in drafts if draft.requested_date), None)
    value = next((draft.stated_net_total.value for draft in drafts if draft.stated_net_total), None)
    tier = await _tier(message, drafts[:1], services)
    return case_priority(tier, wanted, business_date, value, services.policy.queue)


async def _tier(message: ReadMessage, drafts: list[OrderDraft], services: Services) -> str | None:
    """The tier of the one customer that sender and buyer name; None where they name none, or several."""
    master = services.master
    found = list(await master.customers_by_email(message.sender.address)) if message.sender.address else []
    for draft in drafts:
        for edi_id in draft.buyer.ids:
            found += await master.customers_by_edi_id(edi_id)
    tiers = {customer.customer_id: customer.tier for customer in found}
    return next(iter(tiers.values())) if len(tiers) == 1 else None
