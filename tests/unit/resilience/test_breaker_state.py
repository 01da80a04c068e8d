"""The life of a breaker as pure functions: a generated crowd of callers, and the rules that must hold for it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from orderdesk.resilience.breaker_state import (
    Breaker,
    Rules,
    Signal,
    admits,
    settle,
    signal_of,
    take_probe,
)
from orderdesk.resilience.failures import FailureKind, Verdict

RULES = Rules(threshold=2, open_s=5.0, longest_open_s=60.0, probe_s=30.0)
SIGNALS: tuple[Signal, ...] = ("answered", "failed", "failed", "failed", "hung", "nothing")


@dataclass(frozen=True)
class Inside:
    """A caller that was let in."""

    generation: int
    lost_at: float | None  # of a probe


class BreakerLife(RuleBasedStateMachine):
    """Callers come, answer late or never, and time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.breaker = Breaker()
        self.inside: list[Inside] = []
        self.in_a_row = 0

    @rule()
    def enter(self) -> None:
        match admits(self.breaker, self.now):
            case "pass":
                assert self.breaker.state == "closed"
                self.inside.append(Inside(self.breaker.generation, None))
            case "probe":
                assert self.breaker.state != "closed"
                assert not self.live_probes(), "a second probe while the first may still answer"
                before = self.breaker
                self.breaker = take_probe(before, self.now, RULES.probe_s)
                assert self.breaker.generation > before.generation
                self.inside.append(Inside(self.breaker.generation, self.now + RULES.probe_s))
                assert admits(self.breaker, self.now) == "no"
            case "no":
                assert self.breaker.state != "closed"
                assert self.now < self.breaker.retry_at

    @precondition(lambda self: self.inside)
    @rule(data=st.data(), signal=st.sampled_from(SIGNALS), wish_s=st.sampled_from([0.0, 7.0, 900.0]))
    def leave(self, data: st.DataObject, signal: Signal, wish_s: float) -> None:
        caller = self.inside.pop(data.draw(st.integers(0, len(self.inside) - 1)))
        before = self.breaker
        after = settle(before, self.now, caller.generation, signal, RULES, why="503", wish_s=wish_s)
        self.breaker = after
        if caller.generation != before.generation:
            assert after == before, "a late result says nothing"
            return
        assert (after.generation > before.generation) == (after.state != before.state)
        match signal:
            case "nothing":
                assert after.failures == before.failures
                assert after.openings == before.openings
                assert admits(after, self.now) == ("pass" if before.state == "closed" else "probe")
            case "answered":
                assert after.state == "closed"
                assert after.failures == 0
                assert after.openings == 0
                self.in_a_row = 0
            case _:
                self.in_a_row += 1
                opens = signal == "hung" or before.state == "half_open" or self.in_a_row >= RULES.threshold
                assert (after.state == "open") == opens
                if opens:
                    self.check_opened(before, after, wish_s)

    @rule(seconds=st.sampled_from([0.0, 1.0, 4.9, 5.0, 29.0, 31.0, 120.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    def check_opened(self, before: Breaker, after: Breaker, wish_s: float) -> None:
        assert admits(after, self.now) == "no"
        open_s = after.retry_at - self.now
        doubled = min(RULES.open_s * 2**before.openings, RULES.longest_open_s)
        assert open_s == pytest.approx(min(max(doubled, wish_s), RULES.longest_open_s))
        assert admits(after, after.retry_at) == "probe"
        assert after.last_error == "503"

    def live_probes(self) -> list[Inside]:
        """Probes of the present period that may still answer."""
        return [
            caller
            for caller in self.inside
            if caller.lost_at is not None
            and caller.lost_at > self.now
            and caller.generation == self.breaker.generation
        ]


BreakerLife.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestBreakerLife = BreakerLife.TestCase


def verdict(kind: FailureKind, *, counts: bool) -> Verdict:
    return Verdict(kind=kind, then="next", counts=counts, why="")


@pytest.mark.parametrize(
    ("given", "signal"),
    [
        (None, "answered"),
        (verdict("unavailable", counts=True), "failed"),
        (verdict("misconfigured", counts=True), "failed"),
        (verdict("timeout", counts=True), "hung"),
        (verdict("timeout", counts=False), "nothing"),  # cut while we were busy ourselves
        (verdict("refused", counts=False), "answered"),  # who refuses is there
        (verdict("invalid", counts=False), "answered"),
        (verdict("our_request", counts=False), "answered"),
        (verdict("fault", counts=False), "nothing"),
    ],
)
def test_what_a_verdict_says_about_the_other_side(given: Verdict | None, signal: Signal) -> None:
    assert signal_of(given) == signal


def test_a_breaker_that_opened_thousands_of_times_is_still_tried_again() -> None:
    probing = take_probe(Breaker(state="open", openings=5000), 0.0, 30.0)
    assert settle(probing, 0.0, probing.generation, "failed", RULES).retry_at == 60.0
