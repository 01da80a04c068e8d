"""A small graph of the desk's shape: parallel workers of two nodes each, then a question, then an effect."""

from __future__ import annotations

import operator
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt
from pydantic import BaseModel


class Line(BaseModel):
    """A value of our own type in the state."""

    sku: str
    quantity: int


class DeskState(BaseModel):
    """The state of the root graph; each worker writes a key of its own."""

    text: str = ""
    lines: list[Line] = []
    price: str = ""
    stock: str = ""
    answer: str = ""
    done: Annotated[list[str], operator.add] = []


class WorkerState(BaseModel):
    """The state of one worker."""

    text: str = ""
    draft: str = ""


Watch = Callable[[str], Awaitable[None]]

# The nodes that make up its steps, for a saver that is to know them.
STEPS = tuple(
    frozenset(nodes) for nodes in ((START,), ("read",), ("pricing", "supply"), ("review",), ("perform",))
)


async def nobody(name: str) -> None:
    """Watches nothing."""


def build_desk(saver: BaseCheckpointSaver[Any] | None, watch: Watch = nobody) -> Any:
    """The compiled graph; `watch` hears the name of each node that is entered."""

    def worker(name: str) -> Any:
        async def look(state: WorkerState) -> dict[str, str]:
            await watch(f"{name}.look")
            return {"draft": f"{name} saw {state.text}"}

        async def judge(state: WorkerState) -> dict[str, str]:
            await watch(f"{name}.judge")
            return {"draft": f"{state.draft}, judged"}

        graph = StateGraph(WorkerState)
        graph.add_node("look", look)
        graph.add_node("judge", judge)
        graph.add_edge(START, "look")
        graph.add_edge("look", "judge")
        graph.add_edge("judge", END)
        compiled = graph.compile()

        async def run(state: DeskState) -> dict[str, str]:
            return {name: (await compiled.ainvoke(WorkerState(text=state.text)))["draft"]}

        return run

    async def read(state: DeskState) -> dict[str, list[Line]]:
        await watch("read")
        return {"lines": [Line(sku=state.text, quantity=2)]}

    async def review(state: DeskState) -> dict[str, str]:
        await watch("review")
        return {"answer": interrupt({"lines": [line.model_dump() for line in state.lines]})}

    async def perform(state: DeskState) -> dict[str, list[str]]:
        await watch("perform")
        assert all(isinstance(line, Line) for line in state.lines)
        return {"done": [f"{state.answer}: {state.price}; {state.stock}"]}

    graph = StateGraph(DeskState)
    graph.add_node("read", read)
    graph.add_node("pricing", worker("price"))
    graph.add_node("supply", worker("stock"))
    graph.add_node("review", review)
    graph.add_node("perform", perform)
    graph.add_edge(START, "read")
    graph.add_edge("read", "pricing")
    graph.add_edge("read", "supply")
    graph.add_edge(["pricing", "supply"], "review")
    graph.add_edge("review", "perform")
    graph.add_edge("perform", END)
    return graph.compile(checkpointer=saver)


def thread(name: str) -> RunnableConfig:
    """The config of a thread."""
    return {"configurable": {"thread_id": name}}
