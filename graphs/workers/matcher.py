"""The matcher as a subgraph: customer, ship-to, articles and units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from langgraph.graph import StateGraph
from typing_extensions import TypedDict

from agents.matcher.contract import MatcherInput
from agents.matcher.contract import MessageFacts as MatcherFacts
from agents.matcher.model.chooser import ModelChooser
from agents.matcher.rules import match
from agents.reader.rules.sites import said_in
from graphs.routing import intent_unclear
from graphs.services import Services
from graphs.state import MessageFacts
from graphs.trails import given_trail
from graphs.workers.base import WorkerGives, WorkerKeeps, build_worker
from orderdesk.domain.errors import CaseIncident
from orderdesk.domain.ids import derived_id, payload_hash
from orderdesk.domain.orders import OrderDraft
from orderdesk.domain.results import MatchResult
from orderdesk.intake.case_rows import load_message


class MatcherTakes(TypedDict, total=False):
    """A draft to match, and a reviewer's corrections."""

    case_id: str | None
    draft: OrderDraft | None
    message_id: str
    facts: MessageFacts
    corrections: dict[str, str]


class MatcherGives(WorkerGives, total=False):
    """Who orders what, in our own terms."""

    match: MatchResult | None


@dataclass(frozen=True)
class _Given:
    """What the matcher judges, and the case that pays for a question to a model."""

    input: MatcherInput
    case_id: str


class MatcherState(MatcherTakes, MatcherGives, WorkerKeeps, total=False):
    """The matcher's own state; it leaves no checkpoint."""


def build_matcher(services: Services) -> StateGraph[Any, Any, Any, Any]:
    """The matcher's graph over the given services."""

    async def gather(state: MatcherState) -> _Given:
        draft = state.get("draft")
        if draft is None:
            raise CaseIncident("Give the matcher a draft: run the reader first.")
        facts = state.get("facts") or MessageFacts()
        given = MatcherInput(
            draft=draft,
            message=MatcherFacts(
                sender=facts.sender,
                findings=(*facts.findings, *draft.findings),
                words=await _words(services, state, draft),
            ),
            corrections=state.get("corrections") or {},
        )
        # Run alone (in Studio) there is no case: the same draft is the same trial.
        case_id = state.get("case_id") or derived_id("trial", "matcher", payload_hash(given.model_dump()))
        return _Given(given, case_id)

    async def judge(given: _Given) -> dict[str, Any]:
        asks = services.models.any and not intent_unclear(given.input.draft)
        chooser = ModelChooser(services.models, given.case_id) if asks else None
        found = await match(
            given.input.draft,
            given.input.message,
            services.master,
            await services.articles.current(),
            services.policy.matching,
            given.input.corrections,
            chooser,
            policy_for=lambda customer_id: services.policy.for_customer(customer_id).matching,
        )
        if chooser is None:
            return {"match": found}
        found = found.model_copy(update={"findings": (*found.findings, *chooser.findings)})
        return {"match": found, **given_trail("matcher", chooser.trail)}

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
