"""Giving up well: a case out of time or steps goes to a person; and taking it up again when one says so."""

from __future__ import annotations

from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.errors import GraphRecursionError
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import StateSnapshot

from graphs.order_desk import RECURSION_LIMIT, WORKERS
from graphs.services import Services
from graphs.state import Unfinished, started_over
from orderdesk.intake.case_rows import get_case
from orderdesk.resilience.deadline import DeadlineExceeded, deadline

# Time to write a hand-off, in seconds: it asks no model, and a case out of time must still reach a person.
HANDOFF_S = 30.0

Graph = CompiledStateGraph[Any, Any, Any, Any]

# What ends a drive although nothing is broken: more of the same would end the same.
STOPS = (DeadlineExceeded, GraphRecursionError)


class OutOfTime(DeadlineExceeded):
    """A case has no time left before it was even gone on with."""


async def hand_over(
    graph: Graph,
    services: Services,
    case_id: str,
    config: RunnableConfig,
    stop: BaseException,
) -> None:
    """Bring a stopped case to a person: whatever was under way counts as unfinished, and the gate takes it from there.

    Nothing with an effect runs on the way. Raises what the gate raises, and DeadlineExceeded after HANDOFF_S.
    """
    async with deadline(HANDOFF_S, f"The hand-off of case {case_id}"):
        snapshot = await graph.aget_state(config)
        said = _why(stop, services)
        values: dict[str, Any] = {"failures": dict.fromkeys(_under_way(snapshot), said)}
        if snapshot.created_at is None:
            async with services.pool.connection() as connection:
                case = await get_case(connection, case_id)
            values |= {key: case[key] for key in ("case_id", "message_id", "position", "source")}
        # As the first node would: whatever was about to run is dropped, and the supervisor is next.
        await graph.aupdate_state(config, values, as_node="intake")
        await graph.ainvoke(None, config, durability="sync")


async def start_over(graph: Graph, config: RunnableConfig, snapshot: StateSnapshot) -> None:
    """Take back what a case worked out, and let it begin again behind its intake; its answered questions stay paid."""
    values: Any = snapshot.values
    again = {**started_over(values), "edit": None, "review_id": None, "approval": ""}
    await graph.aupdate_state(config, again, as_node="intake")


def _under_way(snapshot: StateSnapshot) -> list[str]:
    """The workers that were at it; the desk itself where none was."""
    done = {task.name for task in snapshot.tasks if task.result is not None}
    return [name for name in snapshot.next if name in WORKERS and name not in done] or ["desk"]


def _why(stop: BaseException, services: Services) -> Unfinished:
    if isinstance(stop, GraphRecursionError):
        return Unfinished(
            why=f"it went round: {RECURSION_LIMIT} steps in one go, where a clean order takes 12",
            needed="somebody who decides by hand what the steps could not settle",
        )
    return Unfinished(
        why=f"out of time: a case may be worked on for {services.budget_seconds:g} seconds, and they are used up",
        needed="somebody who looks at what took so long (the steps show it)",
    )
