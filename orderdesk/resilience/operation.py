"""One call to something that may fail: what it is, how long it may take, and how its errors are judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from orderdesk.resilience.failures import Verdict

T = TypeVar("T")


class Allowance(Protocol):
    """A budget that is asked before every try; what it refuses is not sent."""

    async def reserve(self) -> str:
        """Count one call against the budget. '' = go on; else the sentence why not."""
        ...


@dataclass(frozen=True)
class Operation:
    """A call, described. One operation may be tried several times; its deadline is for all tries together."""

    name: str  # for people and logs: 'reader on gpt-4.1-mini'
    deadline_s: float
    judge: Callable[[BaseException], Verdict]
    # May it be sent again when nobody knows whether it happened?
    idempotent: bool = True
    max_tries: int = 3
    # Names in the breaker table and of the provider's lane; '' = none.
    breaker: str = ""
    lane: str = ""
    allowance: Allowance | None = None
    # A higher one is let into a full lane first.
    priority: int = 0
    # The case it is made for, if its fence is held: a place in the lane is free as soon as nobody holds it.
    fenced_case: str | None = None


@dataclass(frozen=True)
class Done(Generic[T]):
    """What a call gave."""

    value: T
    tries: int
    seconds: float
