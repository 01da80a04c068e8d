"""A message in: stored once, with its documents and the cases it holds, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from checkpoints.pools import Connection, LazyPool
from orderdesk.domain.base import Value
from orderdesk.domain.documents import ReadMessage
from orderdesk.domain.errors import IdempotencyConflict
from orderdesk.domain.findings import Finding
from orderdesk.domain.ids import case_id_for, content_hash, message_id_for
from orderdesk.intake.case_rows import SQL, storable
from orderdesk.intake.queue import enqueue_cases, enqueue_new_cases


class Inbound(Value):
    """A message that came in, already read."""

    message: ReadMessage
    raw: bytes
    content_hash: str
    source: str
    channel: str
    received_at: datetime
    business_date: date
    orders: int = 1
    priority: int = 0
    idempotency_key: str | None = None
    thread_id: str | None = None
    queue: bool = False  # its cases wait for a worker; else whoever stores it works on them


class Stored(Value):
    """Where a message went: its cases in order, or the case it answers."""

    message_id: str
    case_ids: tuple[str, ...]
    existed: bool = False
    answers_case: str | None = None


async def store_message(pool: LazyPool, inbound: Inbound) -> Stored:
    """Store a message once, create its cases and queue them, all or nothing; again it gives the cases it has.

    `thread_id` names the thread of the first case where it was born in LangGraph Server. A mail in answer to
    one of our questions becomes part of the case that asked. Another mail under a Message-ID that is known
    already is a message of its own: a sender's program that repeats its ids must not lose an order.
    """
    async with pool.connection() as connection, connection.transaction():
        row = await _insert(connection, inbound)
        if row is None and await _says_something_else(connection, inbound):
            inbound = _without_message_id(inbound)
            row = await _insert(connection, inbound)
        if row is None:
            return await _existing(connection, inbound)
        message_id, read = str(row["message_id"]), inbound.message
        documents = [
            {"document_id": d.document_id, "message_id": message_id, "name": d.name[:300], "sha256": d.sha256}
            for d in read.documents
            if d.sha256
        ]
        if documents:
            async with connection.cursor() as cursor:
                await cursor.executemany(SQL.insert_document, documents)
        asked = await _case_that_asked(connection, read)
        if asked is not None:
            await connection.execute(
                SQL.insert_answer,
                {"case_id": asked, "message_id": message_id, "added_at": inbound.received_at},
            )
            if inbound.queue:
                await enqueue_cases(connection, [asked])
            return Stored(message_id=message_id, case_ids=(asked,), answers_case=asked)
        rows = _case_rows(message_id, inbound)
        async with connection.cursor() as cursor:
            await cursor.executemany(SQL.insert_case, rows)
        if inbound.queue:
            await enqueue_new_cases(connection, rows)
        return Stored(message_id=message_id, case_ids=tuple(str(r["case_id"]) for r in rows))


async def _says_something_else(connection: Connection, inbound: Inbound) -> bool:
    """Whether the known message of this Message-ID holds other documents; a relayed copy differs in headers only."""
    if not inbound.message.message_id:
        return False
    parameters = {"header_message_id": inbound.message.message_id}
    row = await (await connection.execute(SQL.message_by_header, parameters)).fetchone()
    if row is None or row["content_hash"] == inbound.content_hash:
        return False
    if row["words_hash"] is not None:  # its text was erased
        return row["words_hash"] != words_hash(inbound.message)
    return _words(ReadMessage.model_validate(row["content"])) != _words(inbound.message)


def _words(message: ReadMessage) -> list[tuple[str, str]]:
    """What a message says: its sender and documents, by name and text; their bytes where they have none."""
    who = ("", message.sender.address.lower())
    return [who] + [(d.name, "".join(d.text.split()) or d.sha256) for d in message.documents]


def words_hash(message: ReadMessage) -> str:
    """Hash of what a message says: all that is left of it once retention has erased it."""
    return content_hash(json.dumps(_words(message)).encode())


def _without_message_id(inbound: Inbound) -> Inbound:
    message = inbound.message
    reused = Finding(
        code="message_id_reused",
        severity="approve",
        message="Another message came under the same Message-ID; a person checks that this is an order of its own.",
        facts={"message_id": message.message_id},
    )
    findings = (*message.findings, reused)
    return inbound.model_copy(
        update={"message": message.model_copy(update={"message_id": "", "findings": findings})}
    )


async def _insert(connection: Connection, inbound: Inbound) -> dict[str, Any] | None:
    """The new row's id; nothing where a message is here under one of its keys."""
    read = inbound.message
    row = {
        "message_id": message_id_for(read.message_id or inbound.content_hash),
        "header_message_id": read.message_id or None,
        "content_hash": inbound.content_hash,
        "channel": inbound.channel,
        "source": inbound.source,
        "idempotency_key": inbound.idempotency_key,
        "sender": read.sender.address,
        "subject": read.subject,
        "in_reply_to": list(read.in_reply_to),
        "sent_at": datetime.fromisoformat(read.sent_at) if read.sent_at else None,
        "received_at": inbound.received_at,
        "raw": inbound.raw,
        "content": storable(read),
    }
    return await (await connection.execute(SQL.insert_message, row)).fetchone()


async def find_stored(pool: LazyPool, *, content_hash: str, idempotency_key: str | None) -> Stored | None:
    """Where these bytes went when they came before; None for a message that is new by its content."""
    keys = {"content_hash": content_hash, "header_message_id": None, "idempotency_key": idempotency_key}
    async with pool.connection() as connection:
        return await _found(connection, keys)


def _case_rows(message_id: str, inbound: Inbound) -> Sequence[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for position in range(max(1, inbound.orders)):
        case_id = case_id_for(message_id, position)
        thread_id = inbound.thread_id if position == 0 and inbound.thread_id else case_id
        rows.append(
            {
                "case_id": case_id,
                "thread_id": thread_id,
                "message_id": message_id,
                "position": position,
                "business_date": inbound.business_date,
                "priority": inbound.priority,
                "created_at": inbound.received_at,
            }
        )
    return rows


async def _existing(connection: Connection, inbound: Inbound) -> Stored:
    keys = {
        "content_hash": inbound.content_hash,
        "header_message_id": inbound.message.message_id or None,
        "idempotency_key": inbound.idempotency_key,
    }
    stored = await _found(connection, keys)
    assert stored is not None, "a conflicting message row must exist"
    return stored


async def _found(connection: Connection, keys: dict[str, Any]) -> Stored | None:
    found = await (await connection.execute(SQL.find_message, keys)).fetchone()
    if found is None:
        return None
    key = keys["idempotency_key"]
    if key is not None and found["idempotency_key"] == key and found["content_hash"] != keys["content_hash"]:
        raise IdempotencyConflict(
            "This Idempotency-Key was used with another message: use a new key for every new message."
        )
    message_id = str(found["message_id"])
    rows = await (await connection.execute(SQL.cases_of_message, {"message_id": message_id})).fetchall()
    if rows:
        return Stored(message_id=message_id, case_ids=tuple(str(r["case_id"]) for r in rows), existed=True)
    answered = await (await connection.execute(SQL.case_of_answer, {"message_id": message_id})).fetchone()
    case = str(answered["case_id"]) if answered else None
    return Stored(message_id=message_id, case_ids=(case,) if case else (), existed=True, answers_case=case)


async def _case_that_asked(connection: Connection, read: ReadMessage) -> str | None:
    if not read.in_reply_to or not read.sender.address:
        return None
    row = await (
        await connection.execute(
            SQL.case_asked_in,
            {"references": list(read.in_reply_to), "sender": read.sender.address.lower()},
        )
    ).fetchone()
    return str(row["case_id"]) if row else None
