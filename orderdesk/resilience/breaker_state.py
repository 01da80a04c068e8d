"""The life of one breaker as pure functions: who may call, and what a result changes.

    closed --`threshold` failures in a row, or one hang--> open
    open --its time is over, one caller is let in--> half open
    half open --an answer--> closed · --a failure--> open, longer · --no word from the probe--> its place is free again

Times are seconds on the clock of whoever keeps the state: the database's, or this process's while that is away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from orderdesk.resilience.failures import FailureKind, Verdict

State = Literal["closed", "open", "half_open"]
# What one result says about the other side.
Signal = Literal["answered", "failed", "hung", "nothing"]

# Failures of our own: whether the other side works is as unknown after them as before.
SAYS_NOTHING: frozenset[FailureKind] = frozenset(
    {"fault", "disk_full", "busy", "over_budget", "breaker_open", "timeout"}
)
# Two to this power times any open time is past every limit; a larger power would only overflow.
LONGEST_DOUBLING = 30


@dataclass(frozen=True)
class Rules:
    """When a breaker opens and for how long (seconds)."""

    threshold: int = 5  # failures in a row
    open_s: float = 5.0  # the first time; doubled with each opening in a row
    longest_open_s: float = 300.0
    probe_s: float = 60.0  # a probe that has said nothing for so long counts as lost


@dataclass(frozen=True)
class Breaker:
    """The state of one breaker; the meaning of each field is that of its column."""

    state: State = "closed"
    failures: int = 0
    openings: int = 0
    generation: int = 0
    retry_at: float = 0.0
    last_error: str = ""


def admits(breaker: Breaker, now: float) -> Literal["pass", "probe", "no"]:
    """Whether a caller may go on: freely, only as the probe (see `take_probe`), or not at all."""
    if breaker.state == "closed":
        return "pass"
    return "probe" if now >= breaker.retry_at else "no"


def take_probe(breaker: Breaker, now: float, hold_s: float) -> Breaker:
    """The breaker once its probe is under way; the probe counts as lost after `hold_s` seconds."""
    return replace(breaker, state="half_open", generation=breaker.generation + 1, retry_at=now + hold_s)


def signal_of(verdict: Verdict | None) -> Signal:
    """What a result says; None = it went well. Who refuses a request, or answers nonsense, is at least there."""
    if verdict is None:
        return "answered"
    if verdict.counts:
        return "hung" if verdict.kind == "timeout" else "failed"
    return "nothing" if verdict.kind in SAYS_NOTHING else "answered"


def settle(
    breaker: Breaker,
    now: float,
    generation: int,
    signal: Signal,
    rules: Rules,
    *,
    why: str = "",
    wish_s: float = 0.0,
) -> Breaker:
    """The breaker after the result of a call that was let in during `generation`.

    A result of another generation says nothing. `wish_s` is how long the other side asked to be left alone.
    """
    if generation != breaker.generation or breaker.state == "open":
        return breaker
    if signal == "nothing":
        return _give_back(breaker, now)
    if signal == "answered":
        return _close(breaker)
    counted = replace(breaker, failures=breaker.failures + 1, last_error=why)
    if signal == "failed" and breaker.state == "closed" and counted.failures < rules.threshold:
        return counted
    return _open(counted, now, rules, wish_s)


def _give_back(breaker: Breaker, now: float) -> Breaker:
    if breaker.state == "closed":
        return breaker
    return replace(breaker, state="open", generation=breaker.generation + 1, retry_at=now)


def _close(breaker: Breaker) -> Breaker:
    raised = breaker.generation + (breaker.state != "closed")
    return replace(breaker, state="closed", failures=0, openings=0, generation=raised, retry_at=0.0)


def _open(breaker: Breaker, now: float, rules: Rules, wish_s: float) -> Breaker:
    doubled = rules.open_s * 2 ** min(breaker.openings, LONGEST_DOUBLING)
    return replace(
        breaker,
        state="open",
        openings=breaker.openings + 1,
        generation=breaker.generation + 1,
        retry_at=now + min(max(doubled, wish_s), rules.longest_open_s),
    )
