"""What a node of the order desk's graph looks like to a type checker."""

from __future__ import annotations

from typing import Any, Protocol

from langchain_core.runnables import RunnableConfig

from graphs.state import DeskState


class Node(Protocol):
    """A node that needs the state alone."""

    async def __call__(self, state: DeskState) -> Any: ...


class ConfiguredNode(Protocol):
    """A node that also needs the run's configuration: its thread, its place, who called."""

    async def __call__(self, state: DeskState, config: RunnableConfig) -> Any: ...
