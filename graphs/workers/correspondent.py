"""The correspondent as a subgraph: every answer that could be given; which one is sent is decided later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from langgraph.graph import StateGraph

from agents.booker.rules import propose_booking
from agents.correspondent.contract import CorrespondentInput
from agents.correspondent.model.word import word_question
from agents.correspondent.rules import propose_reply
from graphs.services import Services
from graphs.state import DeskState, MessageFacts, Replies, all_findings
from graphs.trails import given_trail
from graphs.workers.base import WorkerGives, WorkerKeeps, build_worker
from graphs.workers.booker import ProposeTakes, booker_input
from orderdesk.domain.ids import derived_id, payload_hash
from orderdesk.domain.results import ReplyKind

_KINDS: tuple[ReplyKind, ...] = ("confirmation", "question", "refusal", "duplicate")


class CorrespondentGives(WorkerGives, total=False):
    """The answers that could be given."""

    replies: Replies | None


@dataclass(frozen=True)
class _Given:
    """What the correspondent judges, and whether a model may word its question."""

    input: CorrespondentInput
    by_model: bool

    @property
    def paid_by(self) -> str:
        """The case; run alone (in Studio) there is none, and the same order is the same trial."""
        return self.input.case_id or derived_id(
            "trial", "correspondent", payload_hash(self.input.model_dump())
        )


class CorrespondentState(ProposeTakes, CorrespondentGives, WorkerKeeps, total=False):
    """The correspondent's own state; it leaves no checkpoint."""


def build_correspondent(services: Services) -> StateGraph[Any, Any, Any, Any]:
    """The correspondent's graph over the given services."""

    async def gather(state: CorrespondentState) -> _Given:
        booking = await booker_input(services, state)
        facts = state.get("facts") or MessageFacts()
        policy = services.policy.for_customer(booking.match.customer_id)
        given = CorrespondentInput(
            kind="none",
            case_id=state.get("case_id") or "",
            draft=booking.draft,
            match=booking.match,
            pricing=booking.pricing,
            supply=booking.supply,
            # The booker runs beside this worker; its rules are pure, so both come to the same proposal.
            proposal=propose_booking(booking),
            findings=all_findings(cast(DeskState, state)),
            duplicate_of=booking.risk.duplicate_of,
            customer=booking.customer,
            sender=facts.sender,
            subject=facts.subject,
            company_name=services.mail_from.name,
            default_language=policy.replies.default_language,
        )
        return _Given(given, by_model=policy.replies.model_wording and services.models.any)

    async def judge(given: _Given) -> dict[str, Any]:
        proposed = [propose_reply(given.input.model_copy(update={"kind": kind})) for kind in _KINDS]
        answers = {
            reply.kind: reply for kind, reply in zip(_KINDS, proposed, strict=True) if reply.kind == kind
        }
        question, trail = answers.get("question"), None
        if question is not None and given.by_model:
            answers["question"], trail = await word_question(
                given.input, question, services.models, given.paid_by
            )
        replies = Replies(options=tuple(answers.values()))
        return {"replies": replies, **given_trail("correspondent", trail)}

    return build_worker(
        "correspondent", state=CorrespondentState, takes=ProposeTakes, gives=CorrespondentGives, gather=gather,
        judge=judge, about="Write the answers that could be given, from templates, in the customer's language.",
    )  # fmt: skip
