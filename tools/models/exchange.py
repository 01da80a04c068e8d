"""What one request did on the wire: kept while it runs, so that a failed or cancelled one is accounted for too."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Exchange:
    """One request, as its HTTP client saw it."""

    # False where no connection came about: then nothing was asked and nothing has to be paid.
    connected: bool = True
    status: int | None = None
    body: bytes = b""


_current: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


def watch(exchange: Exchange) -> None:
    """Write what the next request of this task does into `exchange`."""
    _current.set(exchange)


def watched() -> Exchange:
    """Where the request of this task is written down."""
    return _current.get() or Exchange()
