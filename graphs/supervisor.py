"""The supervisor: routes by rules, counts its steps, and logs each route and what the last workers found."""

from __future__ import annotations

from typing import Any, Literal

from langgraph.types import Command

from agents.supervisor.choose import Choice, choose_way
from agents.supervisor.contract import UnclearWay
from graphs.nodes import Node
from graphs.routing import Route, route
from graphs.services import Services
from graphs.state import DeskState, MessageFacts
from graphs.step_log import route_entries
from graphs.trails import given_trail
from orderdesk.observability.decision_log import log_with_step

Next = Literal["reader", "matcher", "pricing", "supply", "risk", "booker", "correspondent", "gate"]


def make_supervisor(services: Services) -> Node:
    """The supervisor node over the given services."""

    async def supervisor(state: DeskState) -> Command[Next]:
        """Pick the next worker or workers; log what the last ones found and why it goes on this way."""
        hops = state.get("hops", 0) + 1
        chosen = route(
            state,
            max_hops=services.max_hops + state.get("hops_from", 0),
            max_lines=services.policy.booking.max_lines,
        )
        choice = await _ask(state, chosen, services) if chosen.unclear and services.models.any else None
        taken = taken_route(chosen, choice)
        trail = choice.trail if choice else None
        entries = route_entries(state, hops, taken, services.clock.now(), trail)
        await log_with_step(services.pool, entries)
        update: dict[str, Any] = {"hops": hops, **given_trail("supervisor", trail)}
        if taken.cannot is not None:
            update["failures"] = {"supervisor": taken.cannot}
        return Command(goto=list(taken.to), update=update)

    return supervisor


def taken_route(ruled: Route, choice: Choice | None) -> Route:
    """The way a case takes: the rules' own, unless a model chose another of the ways the rules offered."""
    if choice is None:
        return ruled
    model = choice.trail.answered_by or "a model"
    if choice.way is not None and choice.way in ruled.unclear:
        return ruled.model_copy(
            update={"to": (choice.way,), "why": f"{ruled.why}; {model} chose {choice.way}: {choice.reason}"}
        )
    if choice.person:
        return ruled.model_copy(update={"to": ("gate",), "why": f"a person decides: {choice.reason}"})
    return ruled.model_copy(update={"why": f"{ruled.why} (no model chose: {choice.reason})"})


async def _ask(state: DeskState, chosen: Route, services: Services) -> Choice | None:
    draft = state.get("draft")
    if draft is None:
        return None
    facts = state.get("facts") or MessageFacts()
    given = UnclearWay(draft=draft, subject=facts.subject, ways=chosen.unclear)
    return await choose_way(given, services.models, state.get("case_id") or "")
