"""One shape for every worker: gather what it needs, then judge; a failure becomes a hand-off, never a crash."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from langgraph.errors import GraphBubbleUp
from langgraph.graph import END, START, StateGraph
from typing_extensions import TypedDict

from checkpoints.pools import AWAY
from graphs.state import Unfinished
from graphs.trails import given_trail
from orderdesk.domain.errors import OrderDeskError
from tools.models.contract import Trail

logger = logging.getLogger(__name__)

Gather = Callable[[Any], Awaitable[Any]]
Judge = Callable[[Any], Awaitable[Mapping[str, Any]]]

# Enough of a reason for a person; the log of the process has all of it.
LONGEST_WHY = 500


class CannotComplete(OrderDeskError):
    """A worker's "I can't complete this": `why` for a clerk, what is `needed`, and the rungs that were tried.

    Raised by `gather` or `judge`; the case goes to a person with exactly this.
    """

    def __init__(self, why: str, *, needed: str = "", trail: Trail | None = None) -> None:
        super().__init__(why)
        self.needed = needed
        self.trail = trail


class WorkerGives(TypedDict, total=False):
    """What every worker gives beside its result, each only where there is something to give.

    Plain values: a reducer of their own would hand an empty one to the case at each run, a row each.
    """

    timings: dict[str, int]
    failures: dict[str, Unfinished | str]
    # Per worker: the rungs of its ladder that were tried, and their cost (tools.models.contract.Trail, as JSON).
    trails: dict[str, dict[str, Any]]


class WorkerKeeps(TypedDict, total=False):
    """What every worker keeps between its two steps; it leaves no checkpoint."""

    given: Any
    began: float


def build_worker(
    name: str, *, state: type, takes: type, gives: type, gather: Gather, judge: Judge, about: str
) -> StateGraph[Any, Any, Any, Any]:
    """A worker's graph, to be compiled. `gather` returns the worker's input, `judge` its results by state key.

    A worker holds no interrupt and no effect: when a run is cut short it starts again at its start.
    """

    async def gather_node(state: Any) -> dict[str, Any]:
        began = time.perf_counter()
        try:
            return {"given": await gather(state), "began": began}
        except (GraphBubbleUp, *AWAY):
            raise  # not the case's fault: the run fails and is tried again from its last checkpoint
        except Exception as error:  # any other fault of one worker is this case's hand-off
            return {"given": None, **_failed(name, error, began)}

    async def judge_node(state: Any) -> dict[str, Any]:
        if state.get("given") is None:
            return {}
        try:
            found = await judge(state["given"])
        except (GraphBubbleUp, *AWAY):
            raise
        except Exception as error:
            return _failed(name, error, state["began"])
        # Every key that is given is a row of the checkpoint: no trail, no row.
        given = {key: value for key, value in found.items() if key != "trails" or value}
        return {**given, "timings": _timing(name, state["began"])}

    gather_node.__doc__ = f"Look up what the {name} needs."
    judge_node.__doc__ = about
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(state, input_schema=takes, output_schema=gives)
    builder.add_node("gather", gather_node, metadata={"about": f"look up what the {name} needs"})
    builder.add_node("judge", judge_node, metadata={"about": about})
    builder.add_edge(START, "gather")
    builder.add_edge("gather", "judge")
    builder.add_edge("judge", END)
    return builder


def _failed(name: str, error: Exception, began: float) -> dict[str, Any]:
    """What a worker gives that could not finish: the hand-off's words, and what had been tried by then."""
    timings = _timing(name, began)
    if isinstance(error, CannotComplete):
        said = Unfinished(why=str(error)[:LONGEST_WHY], needed=error.needed)
        return {"failures": {name: said}, "timings": timings, **given_trail(name, error.trail)}
    logger.error("worker %s failed", name, exc_info=error)
    said = Unfinished(why=f"{type(error).__name__}: {error}"[:LONGEST_WHY], fault=True)
    return {"failures": {name: said}, "timings": timings}


def _timing(name: str, began: float) -> dict[str, int]:
    return {name: round((time.perf_counter() - began) * 1000)}
