"""How urgent the case in hand is, for whatever lets urgent calls go first; carried by the task that works on it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

_URGENCY: ContextVar[int] = ContextVar("urgency", default=0)


def urgency() -> int:
    """Points of the case in hand (see orderdesk.intake.priority); higher is served first. 0 where there is none."""
    return _URGENCY.get()


@contextmanager
def working_on(points: int) -> Generator[None]:
    """Whatever is called in the block is called for a case of so many points."""
    token = _URGENCY.set(points)
    try:
        yield
    finally:
        _URGENCY.reset(token)
