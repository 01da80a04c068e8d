"""What the three checking workers look up: the matched order with its master data, in one round trip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from typing_extensions import TypedDict

from graphs.services import Services
from graphs.state import MessageFacts
from orderdesk.domain.errors import CaseIncident
from orderdesk.domain.orders import OrderDraft
from orderdesk.domain.results import MatchResult
from tools.master.repository import CaseFacts


class CheckTakes(TypedDict, total=False):
    """A matched order, to be priced, planned or weighed."""

    case_id: str | None
    message_id: str
    business_date: Any
    facts: MessageFacts
    draft: OrderDraft | None
    match: MatchResult | None
    corrections: dict[str, str]
    hops: int


@dataclass(frozen=True)
class Known:
    """A matched order with the master data around it."""

    draft: OrderDraft
    match: MatchResult
    facts: CaseFacts
    business_date: date

    @property
    def delivery_country(self) -> str:
        """The country the goods go to; the customer's where the address has none."""
        code = self.match.ship_to_code
        chosen = next((s.country for s in self.facts.ship_tos if s.code == code and s.country), "")
        return chosen or (self.facts.customer.country if self.facts.customer else "")


async def checked_facts(services: Services, state: CheckTakes) -> Known:
    """The matched order and its master data. Raises CaseIncident where nothing has been matched."""
    draft, match = state.get("draft"), state.get("match")
    if draft is None or match is None:
        raise CaseIncident("Give this worker a draft and a match: run the reader and the matcher first.")
    skus = [line.sku for line in match.lines if line.sku]
    step = state.get("hops", 0)
    facts = await services.facts.case_facts(state.get("case_id"), step, match.customer_id, skus)
    return Known(
        draft=draft,
        match=match,
        facts=facts,
        business_date=state.get("business_date") or services.clock.now().date(),
    )
