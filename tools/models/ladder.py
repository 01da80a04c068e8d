"""The ladder: the answer on record, else each model in order, until one gives an answer in its form."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from pydantic import ValidationError

from checkpoints.pools import LazyPool
from orderdesk.domain.clock import Clock
from orderdesk.domain.errors import OrderDeskError
from orderdesk.resilience.budget import Limits
from orderdesk.resilience.caller import Caller
from orderdesk.resilience.operation import Done
from tools.models.asked import asked
from tools.models.client import ModelClient, Probe
from tools.models.climb import Climber
from tools.models.contract import Answered, NoAnswer, Question, T, Trail, Use
from tools.models.course import END, Course
from tools.models.records import Alert, Asking, Records, total
from tools.models.rung import Rung
from tools.models.switch import check_allowed

logger = logging.getLogger(__name__)


class ModelLadder:
    """The models of ORDERDESK_MODELS, in order; it belongs to the event loop of its first use."""

    def __init__(
        self, rungs: Sequence[Rung], caller: Caller, pool: LazyPool, limits: Limits, clock: Clock
    ) -> None:
        if len({rung.name for rung in rungs}) != len(rungs):
            raise OrderDeskError("Two rungs of a ladder have the same name: give each one of its own.")
        self.rungs = tuple(rungs)
        self._clients = {rung.name: ModelClient(rung) for rung in rungs}
        self._records = Records(pool)
        self._climber = Climber(caller, self._records, pool, limits, clock)

    @property
    def any(self) -> bool:
        """Whether there is a model to ask at all."""
        return bool(self.rungs)

    async def ask(self, question: Question[T]) -> Answered[T] | NoAnswer:
        """Ask the models in order. Never raises for what a model or its provider does.

        Raises what the database raises: without it nothing may be sent, and nothing sent may be forgotten.
        """
        if not question.case_id:
            raise OrderDeskError("A question to a model has no case to be paid by: give it a case id.")
        if not self.rungs:
            return NoAnswer(then="rules", why="No model is configured (ORDERDESK_MODELS).")
        first = asked(question)
        asking = Asking(
            case_id=question.case_id,
            agent=question.agent,
            prompt=question.prompt.stamp,
            input_hash=first.input_hash,
        )
        if (remembered := await self._on_record(question, asking)) is not None:
            return remembered
        check_allowed()
        course = Course()
        for client in self._clients.values():
            result = await self._climber.climb(client, question, asking, first, course)
            if isinstance(result, Done):
                return Answered(result.value, course.trail(client.rung.name))
            if result.kind in END:
                break
        return course.no_answer()

    async def probe(self, rung: Rung) -> Probe:
        """Whether the server of a rung answers; asks no question and costs nothing."""
        return await self._clients[rung.name].probe()

    async def last_alert(self, rung: Rung) -> Alert | None:
        """The newest trouble with a rung that somebody has to mend, unless it has answered since."""
        return await self._records.last_alert(rung.name)

    async def aclose(self) -> None:
        """Let go of all connections to models."""
        for client in self._clients.values():
            await client.aclose()

    async def _on_record(self, question: Question[T], asking: Asking) -> Answered[T] | None:
        found = await self._records.answer(asking)
        if found is None:
            return None
        try:
            value = question.answer.model_validate_json(found.answer)
        except ValidationError:
            logger.warning("an answer on record no longer fits %s: asking again", question.prompt.stamp)
            return None
        return Answered(value, Trail(use=Use(cost_usd=total(())), answered_by=found.model, remembered=True))
