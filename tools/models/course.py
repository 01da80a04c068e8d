"""The course of one question up the ladder: what was tried and sent, what that cost, and who goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from orderdesk.resilience.failures import Failed, FailureKind
from orderdesk.resilience.operation import Done
from tools.models.contract import NoAnswer, RungTried, Trail, Use
from tools.models.records import CallRow, total

# After these the other rungs are not asked: the case has spent what it may, or what we send is wrong for all.
END: frozenset[FailureKind] = frozenset({"over_budget", "our_request"})
# Where one of these was a model's last word, rules would only guess: a person reads it.
FOR_A_PERSON: frozenset[FailureKind] = frozenset({"refused", "too_large", "our_request"})
_SETTINGS: frozenset[FailureKind] = frozenset({"misconfigured", "no_credit"})


@dataclass
class Course:
    """What has been done for one question so far."""

    tried: list[RungTried] = field(default_factory=list)
    # Every request that was sent, in order.
    rows: list[CallRow] = field(default_factory=list)
    # What was wrong with the newest answer, where it came but could not be used.
    fault: str | None = None

    def ended(self, rung: str, *results: Done[Any] | Failed) -> None:
        """A rung is through, after one operation or two; the last one says what became of it."""
        last = results[-1]
        failed = last if isinstance(last, Failed) else None
        self.tried.append(
            RungTried(
                rung=rung,
                outcome="answered" if failed is None else failed.kind,
                why="" if failed is None else failed.why,
                tries=sum(result.tries for result in results),
                ms=round(sum(result.seconds for result in results) * 1000),
                alert=failed is not None and failed.alert,
            )
        )

    def trail(self, answered_by: str = "") -> Trail:
        """The rungs that were tried, and the cost of all that was sent."""
        use = Use(
            calls=len(self.rows),
            tokens_in=sum(row.tokens_in or 0 for row in self.rows),
            tokens_out=sum(row.tokens_out or 0 for row in self.rows),
            cost_usd=total([row.cost_usd for row in self.rows]),
        )
        return Trail(rungs=tuple(self.tried), use=use, answered_by=answered_by)

    def no_answer(self) -> NoAnswer:
        """That no model answered: why, and who goes on."""
        outcomes = {rung.outcome for rung in self.tried}
        person = bool(outcomes & FOR_A_PERSON)
        said = [f"{rung.rung}: {rung.why}" for rung in self.tried]
        if outcomes & _SETTINGS:
            said.append("Somebody has to mend the model's settings; `orderdesk doctor` shows them.")
        if outcomes & {"our_request", "fault"}:
            said.append("Somebody has to mend the program; its log says more.")
        said.append("A person has to go on." if person else "The rules go on.")
        return NoAnswer(
            then="person" if person else "rules",
            why=" ".join(["No model gave an answer.", *said]),
            trail=self.trail(),
        )
