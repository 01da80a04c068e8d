"""The reader as a subgraph: a stored message (or a plain text, in Studio) to an order draft."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from langgraph.graph import StateGraph
from pydantic import Field
from typing_extensions import TypedDict

from agents.reader.contract import ReaderContext, ReaderInput
from agents.reader.ladder import read_order
from graphs.corrections import corrected_draft
from graphs.services import Services
from graphs.state import MessageFacts
from graphs.trails import given_trail
from graphs.workers.base import WorkerGives, WorkerKeeps, build_worker
from orderdesk.domain.documents import ReadMessage
from orderdesk.domain.ids import derived_id
from orderdesk.domain.master import Customer
from orderdesk.domain.orders import OrderDraft
from orderdesk.intake.case_rows import load_message
from tools.documents.read import compose_message


class _Given(NamedTuple):
    order: ReaderInput
    case_id: str
    corrections: dict[str, str]
    priority: int


class ReaderTakes(TypedDict, total=False):
    """A stored message, or a plain text to try the reader on."""

    text: Annotated[str | None, Field(description="a text to read, when the reader is run alone")]
    case_id: Annotated[str, Field(description="the case a model's answer is paid by")]
    message_id: str
    position: int
    business_date: Any
    facts: MessageFacts
    corrections: dict[str, str]


class ReaderGives(WorkerGives, total=False):
    """The order as the customer stated it."""

    draft: OrderDraft | None


class ReaderState(ReaderTakes, ReaderGives, WorkerKeeps, total=False):
    """The reader's own state; it leaves no checkpoint."""


def build_reader(services: Services) -> StateGraph[Any, Any, Any, Any]:
    """The reader's graph over the given services."""

    async def gather(state: ReaderState) -> _Given:
        if message_id := state.get("message_id"):
            async with services.pool.connection() as connection:
                message = await load_message(connection, message_id)
        else:
            message = await services.readers.read(compose_message(state.get("text") or ""), "message.eml")
        customer = await _known_sender(services, message)
        context = ReaderContext(
            business_date=state.get("business_date") or services.clock.now().date(),
            language=customer.language if customer else "",
            country=customer.country if customer else "",
        )
        given = ReaderInput(message=message, position=state.get("position", 0), context=context)
        case_id = state.get("case_id") or derived_id("trial", state.get("text") or message_id)
        key = customer is not None and customer.tier == "key"
        priority = services.policy.queue.key_customer_points if key else 0
        return _Given(given, case_id, state.get("corrections") or {}, priority)

    async def judge(given: _Given) -> dict[str, Any]:
        read = await read_order(
            given.order, case_id=given.case_id, readers=services.readers, models=services.models,
            priority=given.priority,
        )  # fmt: skip
        draft = corrected_draft(read.draft, given.corrections)
        return {"draft": draft, **given_trail("reader", read.trail)}

    return build_worker(
        "reader", state=ReaderState, takes=ReaderTakes, gives=ReaderGives, gather=gather, judge=judge,
        about="Read the order: structured formats as defined, free text by rules, each value with its evidence.",
    )  # fmt: skip


async def _known_sender(services: Services, message: ReadMessage) -> Customer | None:
    """The account behind the sender's address where there is just one: it settles language and day/month."""
    if not message.sender.address:
        return None
    found = await services.master.customers_by_email(message.sender.address)
    if not found and message.sender.domain:
        found = await services.master.customers_by_domain(message.sender.domain)
    return found[0] if len(found) == 1 else None
