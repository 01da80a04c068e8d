"""The booker as a subgraph: the order exactly as it would be booked, or what stands in its way."""

from __future__ import annotations

from typing import Any

from langgraph.graph import StateGraph

from agents.booker.contract import BookerInput
from agents.booker.rules import propose_booking
from graphs.services import Services
from graphs.workers.base import WorkerGives, WorkerKeeps, build_worker
from graphs.workers.lookup import CheckTakes
from orderdesk.domain.errors import CaseIncident
from orderdesk.domain.results import PricingResult, Proposal, RiskResult, SupplyResult


class ProposeTakes(CheckTakes, total=False):
    """A matched and checked order."""

    pricing: PricingResult | None
    supply: SupplyResult | None
    risk: RiskResult | None


class BookerGives(WorkerGives, total=False):
    """What would be booked."""

    proposal: Proposal | None


class BookerState(ProposeTakes, BookerGives, WorkerKeeps, total=False):
    """The booker's own state; it leaves no checkpoint."""


def build_booker(services: Services) -> StateGraph[Any, Any, Any, Any]:
    """The booker's graph over the given services."""

    async def gather(state: BookerState) -> BookerInput:
        return await booker_input(services, state)

    async def judge(given: BookerInput) -> dict[str, Proposal]:
        return {"proposal": propose_booking(given)}

    return build_worker(
        "booker", state=BookerState, takes=ProposeTakes, gives=BookerGives, gather=gather, judge=judge,
        about="Compose exactly what would be booked, or say in plain words what is missing.",
    )  # fmt: skip


async def booker_input(services: Services, state: ProposeTakes) -> BookerInput:
    """What the booker judges. Raises CaseIncident where a check is missing."""
    draft, match, pricing = state.get("draft"), state.get("match"), state.get("pricing")
    supply, risk = state.get("supply"), state.get("risk")
    if draft is None or match is None or pricing is None or supply is None or risk is None:
        raise CaseIncident(
            "The order has not been through every check: run the workers before this one first."
        )
    customer = await services.master.customer(match.customer_id) if match.customer_id else None
    policy = services.policy.for_customer(match.customer_id)
    return BookerInput(
        draft=draft,
        match=match,
        pricing=pricing,
        supply=supply,
        risk=risk,
        customer=customer,
        business_date=state.get("business_date") or services.clock.now().date(),
        partial_booking=policy.booking.partial_booking,
    )
