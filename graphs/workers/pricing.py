"""The pricing worker as a subgraph: our price per line, the total, and what the customer states differently."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from langgraph.graph import StateGraph

from agents.pricing.contract import PricingInput
from agents.pricing.worker import price_order
from graphs.services import Services
from graphs.workers.base import WorkerGives, WorkerKeeps, build_worker
from graphs.workers.lookup import CheckTakes, checked_facts
from orderdesk.domain.money import Money, line_net, total
from orderdesk.domain.results import LineMatch, LinePrice, PricingResult


class PricingGives(WorkerGives, total=False):
    """Prices, totals, and what differs from what the customer stated."""

    pricing: PricingResult | None


class PricingState(CheckTakes, PricingGives, WorkerKeeps, total=False):
    """The pricing worker's own state; it leaves no checkpoint."""


def build_pricing(services: Services) -> StateGraph[Any, Any, Any, Any]:
    """The pricing worker's graph over the given services."""

    async def gather(state: PricingState) -> tuple[PricingInput, dict[str, str]]:
        known = await checked_facts(services, state)
        return pricing_input(known), state.get("corrections") or {}

    async def judge(given: tuple[PricingInput, dict[str, str]]) -> dict[str, PricingResult]:
        pricing, corrections = given
        policy = services.policy.for_customer(pricing.match.customer_id)
        return {"pricing": with_persons_prices(price_order(pricing, policy), pricing, corrections)}

    return build_worker(
        "pricing", state=PricingState, takes=CheckTakes, gives=PricingGives, gather=gather, judge=judge,
        about="Price every line at our price and compare with what the customer stated.",
    )  # fmt: skip


def pricing_input(known: Any) -> PricingInput:
    """What pricing judges, from what was looked up."""
    return PricingInput(
        draft=known.draft,
        match=known.match,
        products=known.facts.products,
        prices=known.facts.prices,
        customer=known.facts.customer,
        business_date=known.business_date,
    )


def with_persons_prices(
    result: PricingResult, given: PricingInput, corrections: dict[str, str]
) -> PricingResult:
    """A reviewer's unit prices in place of ours, and the total again; what was said about those prices is settled."""
    set_by_person = {
        line.line_index: Decimal(corrections[path])
        for line in result.lines
        if (path := f"lines[{line.line_index}].unit_price") in corrections
    }
    currency = result.currency
    if not set_by_person or currency is None:
        return result
    matches = {match.line_index: match for match in given.match.lines}
    lines = tuple(
        _priced_by_person(line, matches.get(line.line_index), set_by_person[line.line_index], currency)
        if line.line_index in set_by_person
        else line
        for line in result.lines
    )
    nets = [line.net for line in lines if line.net is not None]
    whole = len(nets) == len(given.draft.lines)
    settled = {f"lines[{index}].unit_price" for index in set_by_person}
    return result.model_copy(
        update={
            "lines": lines,
            "net_total": total((Money(amount=n, currency=currency) for n in nets), currency).amount
            if whole
            else None,
            "findings": tuple(f for f in result.findings if f.path not in settled),
        }
    )


def _priced_by_person(line: LinePrice, match: LineMatch | None, price: Decimal, currency: str) -> LinePrice:
    quantity = match.quantity if match else None
    net = line_net(quantity, price, currency).amount if quantity is not None else None
    return LinePrice(
        line_index=line.line_index, unit_price=price, price_base=Decimal(1), net=net, source="set by a person"
    )
