"""What a way out of the house is: a sender, and one attempt of it that knows whether it may have happened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import psycopg

from orderdesk.domain.errors import EffectRefused, OrderDeskError
from orderdesk.resilience.failures import FailureKind, Then, Verdict

# The ledger's `receiver` of a booked order that is posted; '' is each kind's own way out.
WEBHOOK = "webhook"


class ClaimLost(OrderDeskError):
    """The row was claimed by somebody else meanwhile: nothing is sent."""


class Attempt:
    """One attempt to send. A sender says when it may have happened, and when it surely has not."""

    def __init__(self, begin: Callable[[], Awaitable[None]]) -> None:
        self._begin = begin
        self.maybe_done = False
        # Set as soon as the other side has confirmed: whatever goes wrong afterwards, it is done.
        self.response: dict[str, Any] | None = None

    async def begin(self) -> None:
        """Commit that from here on it may have happened. Raises ClaimLost where somebody else has the row."""
        await self._begin()
        self.maybe_done = True


class Sender(Protocol):
    """One way out of the house, for some kinds of effects."""

    @property
    def kinds(self) -> list[str]:
        """Kinds of effects that leave by it."""
        ...

    @property
    def receiver(self) -> str:
        """The ledger's `receiver` of those effects."""
        ...

    @property
    def through(self) -> str:
        """Its name in the ledger, with the address: another address is another way. Holds no secret."""
        ...

    @property
    def repeatable(self) -> bool:
        """Whether sending twice is sending once, as the receiver knows the effect by its key."""
        ...

    @property
    def batch(self) -> int:
        """How many effects may be claimed at once."""
        ...

    @property
    def deadline_s(self) -> float:
        """How long one attempt may take, in seconds."""
        ...

    @property
    def breaker(self) -> str:
        """Name of its breaker and lane; '' = none."""
        ...

    async def send(self, key: str, kind: str, request: dict[str, Any], attempt: Attempt) -> dict[str, Any]:
        """Send one effect and return what the ledger keeps of the answer. What it raises is judged by `judge`."""
        ...

    def judge(self, error: BaseException) -> Verdict:
        """What an error of `send` means; `maybe_done` is the attempt's to say."""
        ...


def common_verdict(error: BaseException) -> Verdict:
    """The verdict on errors that every sender may raise; whatever is left is a fault of ours."""
    match error:
        case ClaimLost():
            return verdict("busy", "later", str(error))
        case EffectRefused():
            return verdict("refused", "person", str(error))
        case OrderDeskError():
            return verdict("unavailable", "retry", str(error))
        case psycopg.OperationalError():
            # Of the ledger, before anything was handed over: it says nothing about the other side.
            return verdict("unavailable", "retry", "The database could not note the beginning of it.")
        case _:
            why = f"An error of the program ({type(error).__name__}): nothing was sent as it should be."
            return verdict("fault", "person", why, alert=True)


def verdict(kind: FailureKind, then: Then, why: str, *, counts: bool = False, alert: bool = False) -> Verdict:
    """A verdict in one line."""
    return Verdict(kind=kind, then=then, why=why, counts=counts, alert=alert)


def shown(text: object, longest: int = 200) -> str:
    """What another server said, cut, on one line and without anything a terminal or the database chokes on."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())[:longest]
