"""What LangGraph Server loads (langgraph.json points only here): graphs, checkpointer and the desk's pages.

The file may be loaded several times; everything it hands out is built once, in orderdesk.studio.
"""

from orderdesk.studio import (
    app,
    booker,
    checkpointer,
    correspondent,
    matcher,
    order_desk,
    pricing,
    reader,
    risk,
    supply,
)

__all__ = [
    "app", "booker", "checkpointer", "correspondent", "matcher", "order_desk", "pricing", "reader", "risk", "supply",
]  # fmt: skip
