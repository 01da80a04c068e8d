"""The case in hand and how urgent it is, for what calls in its name; carried by the task that works on it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


class _CaseInHand(NamedTuple):
    case_id: str
    points: int


_IN_HAND: ContextVar[_CaseInHand | None] = ContextVar("case_in_hand", default=None)


def urgency() -> int:
    """Points of the case in hand (see orderdesk.intake.priority); higher is served first. 0 where there is none."""
    in_hand = _IN_HAND.get()
    return in_hand.points if in_hand else 0


def fenced_case() -> str | None:
    """The case whose fence is held by whoever works here; None outside a drive, as in a run of LangGraph Server."""
    in_hand = _IN_HAND.get()
    return in_hand.case_id if in_hand else None


@contextmanager
def working_on(case_id: str, points: int) -> Generator[None]:
    """In this block, under the fence of the case, whatever is called is called for it."""
    token = _IN_HAND.set(_CaseInHand(case_id, points))
    try:
        yield
    finally:
        _IN_HAND.reset(token)
