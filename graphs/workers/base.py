"""One shape for every worker: gather what it needs, then judge; a failure becomes a hand-off, never a crash."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

import psycopg
from langgraph.errors import GraphBubbleUp
from langgraph.graph import END, START, StateGraph
from psycopg_pool import PoolTimeout
from typing_extensions import TypedDict

from graphs.state import merged
from orderdesk.domain.errors import DatabaseUnavailable

logger = logging.getLogger(__name__)

Gather = Callable[[Any], Awaitable[Any]]
Judge = Callable[[Any], Awaitable[Mapping[str, Any]]]

# The database being away is not the case's fault: the run fails and is tried again from its last checkpoint.
TRY_AGAIN = (psycopg.OperationalError, PoolTimeout, DatabaseUnavailable)


class WorkerGives(TypedDict, total=False):
    """What every worker gives beside its result."""

    timings: Annotated[dict[str, int], merged]
    failures: Annotated[dict[str, str], merged]
    # Per worker: the rungs of its ladder that were tried, and their cost (tools.models.contract.Trail, as JSON).
    trails: Annotated[dict[str, dict[str, Any]], merged]


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
        except (GraphBubbleUp, *TRY_AGAIN):
            raise
        except Exception as error:  # any other fault of one worker is this case's hand-off
            return {"given": None, **_failed(name, error)}

    async def judge_node(state: Any) -> dict[str, Any]:
        if state.get("given") is None:
            return {}
        try:
            found = await judge(state["given"])
        except (GraphBubbleUp, *TRY_AGAIN):
            raise
        except Exception as error:
            return _failed(name, error)
        return {**found, "timings": {name: round((time.perf_counter() - state["began"]) * 1000)}}

    gather_node.__doc__ = f"Look up what the {name} needs."
    judge_node.__doc__ = about
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(state, input_schema=takes, output_schema=gives)
    builder.add_node("gather", gather_node, metadata={"about": f"look up what the {name} needs"})
    builder.add_node("judge", judge_node, metadata={"about": about})
    builder.add_edge(START, "gather")
    builder.add_edge("gather", "judge")
    builder.add_edge("judge", END)
    return builder


def _failed(name: str, error: Exception) -> dict[str, Any]:
    logger.error("worker %s failed", name, exc_info=error)
    return {"failures": {name: f"{type(error).__name__}: {error}"[:500]}}
