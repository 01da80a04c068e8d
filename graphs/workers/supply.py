"""The supply worker as a subgraph: dates, stock and what has to be bought."""

from __future__ import annotations

from typing import Any

from langgraph.graph import StateGraph

from agents.supply.contract import SupplyInput
from agents.supply.rules import plan_supply
from graphs.services import Services
from graphs.state import MessageFacts
from graphs.workers.base import WorkerGives, WorkerKeeps, build_worker
from graphs.workers.lookup import CheckTakes, checked_facts
from orderdesk.domain.results import SupplyResult


class SupplyGives(WorkerGives, total=False):
    """Can it be delivered, when, and what has to be bought."""

    supply: SupplyResult | None


class SupplyState(CheckTakes, SupplyGives, WorkerKeeps, total=False):
    """The supply worker's own state; it leaves no checkpoint."""


def build_supply(services: Services) -> StateGraph[Any, Any, Any, Any]:
    """The supply worker's graph over the given services."""

    async def gather(state: SupplyState) -> SupplyInput:
        known = await checked_facts(services, state)
        facts = state.get("facts") or MessageFacts()
        country = known.delivery_country
        years = (known.business_date.year, known.business_date.year + 1)
        holidays = await services.master.holidays(country, years) if country else None
        return SupplyInput(
            draft=known.draft,
            match=known.match,
            products=known.facts.products,
            stock=known.facts.stock,
            supplier_items=known.facts.supplier_items,
            customer=known.facts.customer,
            holidays=holidays,
            business_date=known.business_date,
            received_at=facts.received_at,
        )

    async def judge(given: SupplyInput) -> dict[str, SupplyResult]:
        policy = services.policy.for_customer(given.match.customer_id)
        return {"supply": plan_supply(given, policy.delivery)}

    return build_worker(
        "supply", state=SupplyState, takes=CheckTakes, gives=SupplyGives, gather=gather, judge=judge,
        about="Check dates and stock; promise a day per line; propose what to buy.",
    )  # fmt: skip
