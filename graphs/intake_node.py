"""The first node: a stored case is loaded; a text or message from an API client is stored once, then loaded."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from langchain_core.runnables import RunnableConfig

from agents.reader.child import count_in_child
from checkpoints.pools import Connection
from graphs.nodes import ConfiguredNode
from graphs.services import Services
from graphs.state import STATE_VERSION, DeskState, InboundMessage, MessageFacts
from orderdesk.domain.clock import business_date
from orderdesk.domain.documents import ReadMessage
from orderdesk.domain.errors import OrderDeskError
from orderdesk.domain.ids import content_hash
from orderdesk.intake.case_rows import SQL as CASES
from orderdesk.intake.case_rows import get_case, load_message
from orderdesk.intake.messages import Inbound, Stored, store_message
from orderdesk.observability.decision_log import LogEntry, log_with_step
from tools.documents.read import compose_message
from tools.documents.text import one_line


def make_intake(services: Services) -> ConfiguredNode:
    """The intake node over the given services."""

    async def intake(state: DeskState, config: RunnableConfig) -> dict[str, Any]:
        """Store what came in, once, and put the case's own facts into the state.

        A thread holds one case: new input on a thread that has one changes nothing, the case simply goes on.
        """
        thread_id = str((config.get("configurable") or {}).get("thread_id") or "")
        async with services.pool.connection() as connection:
            case_id = await _case_of(connection, state, thread_id)
        if case_id is None:
            case_id = await _store(services, state, thread_id)
        async with services.pool.connection() as connection:
            case = await get_case(connection, case_id)
            message = await load_message(connection, case["message_id"])
        await log_with_step(services.pool, [_log(case, message, services)])
        return {
            **_fresh(state),
            "case_id": case_id,
            "message_id": case["message_id"],
            "position": case["position"],
            "business_date": case["business_date"],
            "source": case["source"],
            "facts": message_facts(message, case["received_at"]),
        }

    return intake


def message_facts(message: ReadMessage, received_at: datetime) -> MessageFacts:
    """The envelope and everything the readers noticed, without the documents themselves."""
    findings = [*message.findings, *(f for document in message.documents for f in document.findings)]
    return MessageFacts(
        sender=message.sender,
        reply_to=message.reply_to,
        subject=message.subject,
        message_id=message.message_id,
        automatic=message.automatic,
        received_at=received_at,
        document_hashes=tuple(d.sha256 for d in message.documents if d.sha256 and d.role == "attachment"),
        findings=tuple(findings),
    )


def _fresh(state: DeskState) -> dict[str, Any]:
    """A case at its beginning: what an earlier run worked out is taken back, and the input's bulk leaves the state.

    What people said stays (corrections, answers), and so does the count of steps, from which reviews and log
    rows take their ids: a case started over opens a review of its own instead of one decided before. A question
    still open is the same one again. Only what is there is written: every key of an update is a row.
    """
    asked = state.get("rounds", 0)
    starts: dict[str, Any] = {
        **dict.fromkeys(_WORK_KEYS),
        "approval": "",
        "question": "",
        "attempt": 0,
        "rounds": max(0, asked - 1) if state.get("outcome") == "waiting_customer" else asked,
    }
    found: Mapping[str, Any] = dict(state)
    return {"version": STATE_VERSION, **{key: value for key, value in starts.items() if found.get(key)}}


_WORK_KEYS = (
    "text", "message", "draft", "match", "pricing", "supply", "risk", "proposal", "replies", "decision", "action",
    "review_id", "timings", "failures", "trails", "outcome",
)  # fmt: skip


async def _case_of(connection: Connection, state: DeskState, thread_id: str) -> str | None:
    """The case this thread holds already, or the one the desk names."""
    row = await (await connection.execute(CASES.case_of_thread, {"thread_id": thread_id})).fetchone()
    return str(row["case_id"]) if row else state.get("case_id")


async def _store(services: Services, state: DeskState, thread_id: str) -> str:
    given = state.get("message") or InboundMessage(text=state.get("text") or "")
    inbound = InboundMessage.model_validate(given)  # an API client's JSON may not have been parsed yet
    if not inbound.text.strip() and not inbound.attachments:
        raise OrderDeskError('There is nothing to read: give {"text": "..."} or {"message": {...}}.')
    raw = compose_message(inbound.text, inbound.sender, inbound.subject, _attachments(inbound))
    read = await services.readers.read(raw, "message.eml")
    stored: Stored = await store_message(
        services.pool,
        Inbound(
            message=read,
            raw=raw,
            # The same words typed into another thread are another message: Studio is for trying things.
            content_hash=content_hash(raw + thread_id.encode()),
            source=one_line(inbound.subject) or "LangGraph Server",
            channel="langgraph",
            received_at=services.clock.now(),
            business_date=business_date(None, None, services.clock),
            orders=await count_in_child(services.readers, read),
            thread_id=thread_id,
        ),
    )
    return stored.case_ids[0]


def _attachments(inbound: InboundMessage) -> list[tuple[str, bytes]]:
    files: list[tuple[str, bytes]] = []
    for attachment in inbound.attachments:
        try:
            files.append((attachment.name, base64.b64decode(attachment.content_base64, validate=True)))
        except binascii.Error:
            raise OrderDeskError(
                f"{attachment.name}: content_base64 is not base64; encode the file's bytes."
            ) from None
    return files


def _log(case: dict[str, Any], message: ReadMessage, services: Services) -> LogEntry:
    documents = ", ".join(f"{d.name} ({d.format})" for d in message.documents) or "no documents"
    return LogEntry(
        case_id=case["case_id"],
        step=0,
        node="intake",
        kind="intake",
        what=f"{case['channel']}: {case['source']}",
        why=documents,
        evidence={"message_id": case["message_id"], "position": case["position"]},
        at=services.clock.now(),
    )
