"""One request to a model and everything known of it, whether it was answered, failed or was cut."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from orderdesk.resilience.failures import Verdict
from tools.models.answers import read_answer
from tools.models.asked import Asked
from tools.models.client import ModelClient
from tools.models.contract import Closed, T
from tools.models.exchange import Exchange
from tools.models.prices import cost_of
from tools.models.records import CallRow
from tools.models.usage import usage_of

Judge = Callable[[BaseException], Verdict]
CUT = Verdict(kind="timeout", then="next", counts=True, why="It was cut off before it had answered.")


@dataclass
class Attempt:
    """A request under way, and afterwards what became of it."""

    at: datetime
    exchange: Exchange = field(default_factory=Exchange)
    started: float = field(default_factory=time.monotonic)
    ms: int = 0
    # What it was answered with, or how it failed; both None while it is under way.
    answer: Closed | None = None
    error: BaseException | None = None

    async def make(self, client: ModelClient, asked: Asked, answer: type[T]) -> T:
        """Send it and read the answer; what goes wrong is raised, and kept here."""
        try:
            content = await client.send(asked.system, asked.user, asked.response_format, self.exchange)
            self.answer = value = read_answer(answer, content)
            return value
        except BaseException as error:
            self.error = error
            raise
        finally:
            self.ms = round((time.monotonic() - self.started) * 1000)

    def row(self, client: ModelClient, judge: Judge) -> CallRow:
        """The request as it is kept."""
        rung, usage = client.rung, usage_of(self.exchange)
        verdict = _verdict(self.error, judge)
        return CallRow(
            model=rung.name,
            outcome="answered" if verdict is None else verdict.kind,
            why="" if verdict is None else verdict.why,
            alert=verdict is not None and verdict.alert,
            tokens_in=usage.tokens_in,
            tokens_out=usage.tokens_out,
            tokens_cached=usage.cached,
            tokens_reasoning=usage.reasoning,
            cost_usd=cost_of(rung, usage),
            latency_ms=self.ms,
            at=self.at,
        )


def _verdict(error: BaseException | None, judge: Judge) -> Verdict | None:
    if error is None:
        return None
    # A cancellation is the deadline's, or comes from outside: the request was sent either way.
    return judge(error) if isinstance(error, Exception) else CUT
