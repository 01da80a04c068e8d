"""The supervisor: routes by rules, counts its steps, and logs each route and what the last workers found."""

from __future__ import annotations

from typing import Literal

from langgraph.types import Command

from graphs.nodes import Node
from graphs.routing import route
from graphs.services import Services
from graphs.state import DeskState
from graphs.step_log import route_entries
from orderdesk.observability.decision_log import write_log

Next = Literal["reader", "matcher", "pricing", "supply", "risk", "booker", "correspondent", "gate"]


def make_supervisor(services: Services) -> Node:
    """The supervisor node over the given services."""

    async def supervisor(state: DeskState) -> Command[Next]:
        """Pick the next worker or workers; log what the last ones found and why it goes on this way."""
        hops = state.get("hops", 0) + 1
        max_lines = services.policy.booking.max_lines
        chosen = route(state, max_hops=services.max_hops, max_lines=max_lines)
        async with services.pool.connection() as connection:
            await write_log(connection, route_entries(state, hops, chosen, services.clock.now()))
        return Command(goto=list(chosen.to), update={"hops": hops})

    return supervisor
