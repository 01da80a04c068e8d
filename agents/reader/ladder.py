"""The reader's ladder: the rules read, a model reads as the second witness, both are compared; or a person reads."""

from __future__ import annotations

from dataclasses import dataclass

from agents.reader.child import compare_in_child, read_in_child
from agents.reader.contract import ReaderInput
from agents.reader.model.ask import MOST_CHARACTERS, TooLong, ask
from agents.reader.model.compare import Comparison
from orderdesk.domain.errors import ReadError
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import OrderDraft
from tools.documents.pool import ReaderPool
from tools.models.contract import Models, NoAnswer, Trail


@dataclass(frozen=True)
class OrderReadResult:
    """The draft, and which rungs were tried for it; None where no model was asked."""

    draft: OrderDraft
    trail: Trail | None


async def read_order(
    given: ReaderInput, *, case_id: str, readers: ReaderPool, models: Models, priority: int = 0
) -> OrderReadResult:
    """The order as stated. Raises ReaderLimitExceeded or ReadError where even the rules cannot read it.

    Without a model, or where none answers, it is what the rules alone have read, with a finding that says so.
    """
    read = await read_in_child(readers, given)
    if not models.any or not read.papers:
        return OrderReadResult(read.draft, None)
    today = read.circumstances.today
    answer = await ask(
        given.message, read.papers, today, case_id=case_id, models=models, priority=priority
    )  # fmt: skip
    if isinstance(answer, TooLong):
        return OrderReadResult(_with(read.draft, _too_long(answer)), None)
    if isinstance(answer, NoAnswer):
        return OrderReadResult(_with(read.draft, _unanswered(answer)), answer.trail)
    compared = Comparison(
        draft=read.draft, circumstances=read.circumstances, unit_words=given.context.unit_words,
        shown=answer.shown, readings=answer.readings,
    )  # fmt: skip
    try:
        return OrderReadResult(await compare_in_child(readers, compared), answer.trail)
    except ReadError as error:
        return OrderReadResult(_with(read.draft, _unchecked(error)), answer.trail)


def _unanswered(answer: NoAnswer) -> Finding:
    if answer.then == "person":
        return Finding(
            code="model_handed_over", severity="approve", facts={"why": answer.why},
            message=f"No model could read this message, so only the rules have: read it yourself. {answer.why}",
        )  # fmt: skip
    return Finding(
        code="model_unavailable", severity="info", facts={"why": answer.why},
        message=f"No model answered; the rules alone have read this. {answer.why}",
    )  # fmt: skip


def _too_long(answer: TooLong) -> Finding:
    return Finding(
        code="too_long_for_model", severity="approve", path="lines",
        facts={"name": answer.name, "characters": str(answer.characters), "limit": str(MOST_CHARACTERS)},
        message=f"'{answer.name or 'The text'}' has {answer.characters:,} characters, more than a model is sent "
        f"({MOST_CHARACTERS:,}); the rules alone have read it: look at it.",
    )  # fmt: skip


def _unchecked(error: ReadError) -> Finding:
    return Finding(
        code="model_handed_over", severity="approve", facts={"why": str(error)},
        message="A model has read this message, but its answer could not be checked in the time given; only the "
        "rules' reading is shown: look at it.",
    )  # fmt: skip


def _with(draft: OrderDraft, finding: Finding) -> OrderDraft:
    return draft.model_copy(update={"findings": (*draft.findings, finding)})
