"""What waits for a step's checkpoint to share its transaction: the last node's writes, and rows that go with the step.

LangGraph keeps a node's writes the moment it ends, so that it is not run again where a sibling of the same step is
cut short. The last one to end has nobody to wait for: its step's checkpoint follows at once, and holds all that the
writes would be needed for. A process that is killed in between was killed in the running step.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, LiteralString, NamedTuple

from langchain_core.runnables import RunnableConfig
from langgraph.config import get_config

# How LangGraph writes the path of a node that was started by an edge or a `goto`, before the node's name.
_BY_EDGE = "~__pregel_pull, "
# What is no value of the state: questions, answers, errors, sends and marks of LangGraph's own.
_RESERVED = "__"

# A statement and the parameters of its rows.
Riding = tuple[LiteralString, Sequence[Any]]


class Held(NamedTuple):
    """The writes of one node, as LangGraph handed them over."""

    writes: Sequence[tuple[str, Any]]
    task_id: str
    task_path: str


@dataclass
class _Run:
    """What one run holds back at the moment."""

    # By thread and checkpoint the step runs from, then by node: what is held, or None for what was written at once.
    steps: dict[tuple[str, str], dict[str, Held | None]] = field(
        default_factory=dict[tuple[str, str], dict[str, Held | None]]
    )
    riding: list[Riding] = field(default_factory=list[Riding])
    # Writes on their way to the database: what rides with them has to be there before the step counts as done.
    on_their_way: set[asyncio.Future[None]] = field(default_factory=set[asyncio.Future[None]])
    # The thread of which a checkpoint has come to the saver in this very run: others will, and take along what rides.
    thread: str | None = None


# It belongs to the run that loaded its checkpoint last in this context, and is gone with it: what a run that was cut
# short leaves behind is never written by another one, nor kept for ever.
_RUN: ContextVar[_Run | None] = ContextVar("held_writes", default=None)


def ride(statement: LiteralString, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Have rows written in the transaction of the checkpoint of the step that runs now; False = nobody would.

    For what a node that runs again would write again, and nobody asks for before its step is over.
    """
    run = _RUN.get()
    if run is None or run.thread is None or run.thread != _thread_of_node():
        return False
    run.riding.append((statement, rows))
    return True


def begin_run() -> None:
    """A run, or whoever looks at a thread, loads a checkpoint: what the last run in this context held is over."""
    _RUN.set(_Run())


def hold(together: Sequence[frozenset[str]], config: RunnableConfig, given: Held) -> bool:
    """Hold the writes of the last node of a step; False = they have to be written now.

    `together`: the nodes that always make up a step, a set for each step. A node in none of them never is the last.
    """
    run, node = _RUN.get(), given.task_path.removeprefix(_BY_EDGE)
    members = next((nodes for nodes in together if node in nodes), None)
    if run is None or members is None or any(channel.startswith(_RESERVED) for channel, _ in given.writes):
        return False
    step = run.steps.setdefault(_step(config), {})
    is_last = members <= step.keys() | {node}
    step[node] = given if is_last else None
    return is_last


def take(config: RunnableConfig) -> list[Held]:
    """What is held for the step that ran from a checkpoint; from here on it is the caller's to write."""
    run = _RUN.get()
    if run is None:
        return []
    step = _step(config)
    run.thread = step[0]
    return [held for held in run.steps.pop(step, {}).values() if held is not None]


@contextmanager
def on_its_way() -> Generator[None]:
    """In this block something is written that the step's checkpoint must not overtake."""
    run = _RUN.get()
    if run is None:
        yield
        return
    arrival: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    run.on_their_way.add(arrival)
    try:
        yield
    finally:
        run.on_their_way.discard(arrival)
        arrival.set_result(None)


async def arrived() -> None:
    """Wait until whatever this run has on its way is written, or has failed to be, which ends the run."""
    run = _RUN.get()
    if run is not None and run.on_their_way:
        await asyncio.wait(set(run.on_their_way))


def take_riding() -> list[Riding]:
    """What rides with the next thing that is written of this run; from here on it is the caller's to write."""
    run = _RUN.get()
    if run is None:
        return []
    taken, run.riding = run.riding, []
    return taken


def give_back(riding: Sequence[Riding]) -> None:
    """What could not be written rides with the next that is."""
    if run := _RUN.get():
        run.riding[:0] = riding


def _thread_of_node() -> str | None:
    """The thread of the node that runs in this context."""
    try:
        where = get_config().get("configurable", {})
    except RuntimeError:  # no node runs here
        return None
    return str(where["thread_id"]) if "thread_id" in where else None


def _step(config: RunnableConfig) -> tuple[str, str]:
    where = config.get("configurable", {})
    return str(where["thread_id"]), str(where.get("checkpoint_id"))
