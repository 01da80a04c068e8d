"""The matcher as a subgraph: customer, ship-to, articles and units."""

from __future__ import annotations

from typing import Any

from langgraph.graph import StateGraph
from typing_extensions import TypedDict

from agents.matcher.contract import MatcherInput
from agents.matcher.contract import MessageFacts as MatcherFacts
from agents.matcher.rules import match
from agents.reader.rules.sites import said_in
from graphs.services import Services
from graphs.state import MessageFacts
from graphs.workers.base import WorkerGives, WorkerKeeps, build_worker
from orderdesk.domain.errors import CaseIncident
from orderdesk.domain.orders import OrderDraft
from orderdesk.domain.results import MatchResult
from orderdesk.intake.case_rows import load_message


class MatcherTakes(TypedDict, total=False):
    """A draft to match, and a reviewer's corrections."""

    draft: OrderDraft | None
    message_id: str
    facts: MessageFacts
    corrections: dict[str, str]


class MatcherGives(WorkerGives, total=False):
    """Who orders what, in our own terms."""

    match: MatchResult | None


class MatcherState(MatcherTakes, MatcherGives, WorkerKeeps, total=False):
    """The matcher's own state; it leaves no checkpoint."""


def build_matcher(services: Services) -> StateGraph[Any, Any, Any, Any]:
    """The matcher's graph over the given services."""

    async def gather(state: MatcherState) -> MatcherInput:
        draft = state.get("draft")
        if draft is None:
            raise CaseIncident("Give the matcher a draft: run the reader first.")
        facts = state.get("facts") or MessageFacts()
        return MatcherInput(
            draft=draft,
            message=MatcherFacts(
                sender=facts.sender,
                findings=(*facts.findings, *draft.findings),
                words=await _words(services, state, draft),
            ),
            corrections=state.get("corrections") or {},
        )

    async def judge(given: MatcherInput) -> dict[str, MatchResult]:
        index = await services.articles.current()
        found = await match(
            given.draft,
            given.message,
            services.master,
            index,
            services.policy.matching,
            given.corrections,
            policy_for=lambda customer_id: services.policy.for_customer(customer_id).matching,
        )
        return {"match": found}

    return build_worker(
        "matcher", state=MatcherState, takes=MatcherTakes, gives=MatcherGives, gather=gather, judge=judge,
        about="Find the account, the address and each article, and convert quantities by the item's own factors.",
    )  # fmt: skip


async def _words(services: Services, state: MatcherState, draft: OrderDraft) -> str:
    """What the sender wrote, where it may name a delivery place that the order does not state as such."""
    message_id = state.get("message_id")
    if not message_id or draft.ship_to is not None or draft.intent.method == "structured":
        return ""
    async with services.pool.connection() as connection:
        return said_in(await load_message(connection, message_id))
