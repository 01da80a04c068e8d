"""One rung of the ladder for one question: its tries, one more question after an unusable answer, its records."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass

from checkpoints.pools import LazyPool
from orderdesk.domain.clock import Clock
from orderdesk.resilience.budget import CaseBudget, Limits
from orderdesk.resilience.caller import Caller
from orderdesk.resilience.case_in_hand import fenced_case, urgency
from orderdesk.resilience.failures import Failed, Verdict
from orderdesk.resilience.operation import Done, Operation
from tools.models.asked import Asked, ask_again
from tools.models.attempt import Attempt
from tools.models.client import ModelClient
from tools.models.contract import Question, T
from tools.models.course import Course
from tools.models.errors import InvalidAnswer
from tools.models.records import Asking, CallRow, Records
from tools.models.verdicts import judge_model_error

logger = logging.getLogger(__name__)

# How long a cancelled question may still take to put down what it has sent, in seconds.
LAST_WORDS_S = 2.0


@dataclass(frozen=True)
class Climber:
    """What every rung is climbed with."""

    caller: Caller
    records: Records
    pool: LazyPool
    limits: Limits
    clock: Clock

    async def climb(
        self, client: ModelClient, question: Question[T], asking: Asking, asked: Asked, course: Course
    ) -> Done[T] | Failed:
        """Ask one model, and once more with the fault where its answer could not be used; noted in `course`."""
        with suppress(Exception):  # what is wrong with it shows again when it is asked, and is judged there
            await client.load()  # takes a second or two, which are not the deadline's
        results = [await self._run(client, question, asking, asked, course)]
        if (fault := course.fault) is not None:
            again = await self._run(client, question, asking, ask_again(asked, fault), course)
            # Where it was not sent again, the unusable answer stays what this rung came to.
            if isinstance(again, Done) or again.tries:
                results.append(again)
        last = results[-1]
        course.ended(client.rung.name, *results)
        if isinstance(last, Failed) and last.alert:
            logger.error("model %s needs mending: %s", client.rung.name, last.why)
        return last

    async def _run(
        self, client: ModelClient, question: Question[T], asking: Asking, asked: Asked, course: Course
    ) -> Done[T] | Failed:
        """One operation, with all that it sent put on record, whatever becomes of it."""
        rung = client.rung
        attempts: list[Attempt] = []

        async def work() -> T:
            attempts.append(Attempt(at=self.clock.now()))
            return await attempts[-1].make(client, asked, question.answer)

        operation = Operation(
            name=f"{question.agent} on {rung.name}",
            deadline_s=rung.timeout_s,
            judge=self._judge,
            breaker=rung.breaker,
            lane=rung.provider,
            allowance=CaseBudget(self.pool, question.case_id, self.limits),
            priority=max(question.priority, urgency()),
            fenced_case=fenced_case(),
        )
        try:
            result = await self.caller.run(operation, work)
        except BaseException:
            await self._last_words(client, asking, attempts)
            raise
        course.rows += await self._keep(client, asking, attempts)
        error = attempts[-1].error if attempts else None
        course.fault = error.fault if isinstance(error, InvalidAnswer) else None
        return result

    async def _keep(self, client: ModelClient, asking: Asking, attempts: list[Attempt]) -> list[CallRow]:
        rows = [attempt.row(client, self._judge) for attempt in attempts]
        await self.records.keep(asking, rows, attempts[-1].answer if attempts else None)
        return rows

    async def _last_words(self, client: ModelClient, asking: Asking, attempts: list[Attempt]) -> None:
        """Put down what was sent although nobody waits for it any more: it may have to be paid."""
        try:
            async with asyncio.timeout(LAST_WORDS_S):
                await self._keep(client, asking, attempts)
        except Exception as error:
            # What ended the question is on its way up and says more than this would.
            logger.error("%d model calls are not on record (%s)", len(attempts), type(error).__name__)

    def _judge(self, error: BaseException) -> Verdict:
        return judge_model_error(error, self.clock.now())
