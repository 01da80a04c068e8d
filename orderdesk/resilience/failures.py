"""How a call can fail: a closed list of kinds, what each one means for the next step, and whether it counts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from orderdesk.domain.base import Value

FailureKind = Literal[
    "rate_limited",  # asked to slow down
    "no_credit",  # the account behind the key is empty
    "unavailable",  # 5xx, refused or broken connections
    "timeout",  # our deadline cut it
    "garbage",  # an answer that is not the protocol
    "misconfigured",  # key, address or model name are wrong
    "too_large",  # the input or the answer does not fit
    "refused",  # the other side will not do this
    "invalid",  # an answer that breaks its contract
    "our_request",  # the other side cannot accept what we sent: a fault of ours
    "breaker_open",  # not called: it has been failing
    "busy",  # not called: no free place within the deadline
    "over_budget",  # not called: the case has spent what it may
    "already_done",  # the effect is there: take what is stored
    "disk_full",  # nothing can be stored: take in nothing more
    "fault",  # anything nobody foresaw: a fault of ours
]

# What to do next: try the same again, take the next rung, ask once more with the error, give it to a person,
# put the work back for later, or take what is stored.
Then = Literal["retry", "next", "reask", "person", "later", "stored"]


class Verdict(Value):
    """What one exception means. `why` is for people and holds nothing of the input and no key."""

    kind: FailureKind
    then: Then
    counts: bool = Field(description="counts against the breaker of what was called")
    why: str
    alert: bool = Field(default=False, description="somebody has to mend a setting or the program")
    maybe_done: bool = Field(
        default=True, description="it may have happened all the same; False where it surely has not"
    )
    retry_after_s: float | None = Field(default=None, description="the other side's wish, in seconds")


class Failed(Value):
    """A call that gave nothing, after all its tries."""

    operation: str = Field(description="what was tried, for a person: 'reader on gpt-4.1-mini'")
    kind: FailureKind
    then: Then
    why: str
    alert: bool = False
    tries: int = Field(default=0, description="times it was really sent")
    seconds: float = Field(default=0.0, description="time it took in all, waiting included")
