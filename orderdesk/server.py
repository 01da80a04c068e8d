"""What LangGraph Server loads (langgraph.json points only here): graphs, checkpointer and the desk's pages.

The file may be loaded several times; everything it hands out is built once, in orderdesk.studio.
"""

from typing import Any

from orderdesk.studio import (
    booker,
    checkpointer,
    correspondent,
    desk_app,
    matcher,
    order_desk,
    pricing,
    reader,
    risk,
    supply,
)

__all__ = [
    "booker", "checkpointer", "correspondent", "matcher", "order_desk", "pricing", "reader", "risk", "supply",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """`app`, built when the server asks for it, as it must be an application and not a function."""
    if name == "app":
        return desk_app()
    raise AttributeError(name)
