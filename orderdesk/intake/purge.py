"""Erasing messages and the texts of cases once their time is over; what recognises the same message again stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from psycopg.types.json import Jsonb

from checkpoints.pools import Connection
from checkpoints.queries import load_queries
from orderdesk.domain.documents import ReadMessage
from orderdesk.domain.findings import Finding
from orderdesk.intake.messages import words_hash

SQL = load_queries("orderdesk.intake", "purge.sql")
TABLES = ("message", "message_document", "cases", "case_answer")


async def purge_raw(connection: Connection, message_ids: Sequence[str], now: datetime) -> None:
    """Erase the bytes of messages; what was read out of them stays."""
    await connection.execute(SQL.erase_raw, {"message_ids": list(message_ids), "now": now})


async def purge_messages(connection: Connection, message_ids: Sequence[str], now: datetime) -> None:
    """Erase messages: bytes, text, sender and subject. Hashes, Message-ID and times stay."""
    where = {"message_ids": list(message_ids)}
    for row in await (await connection.execute(SQL.contents, where)).fetchall():
        words = words_hash(ReadMessage.model_validate(row["content"]))
        what = {"message_id": row["message_id"], "words_hash": words, "now": now}
        await connection.execute(SQL.erase_message, what)
    await connection.execute(SQL.erase_document_names, where)


async def purge_cases(connection: Connection, case_ids: Sequence[str], now: datetime) -> None:
    """Reduce the reports of cases to numbers and codes, and have them say so."""
    said = Finding(
        code="erased_by_retention",
        severity="info",
        message=f"The message of this case and all texts about it were erased on {now:%Y-%m-%d}, "
        "as the retention policy says. What it booked and who decided it stays.",
    )
    finding = Jsonb(said.model_dump(mode="json", include={"code", "severity", "path", "message"}))
    await connection.execute(SQL.erase_case, {"case_ids": list(case_ids), "now": now, "finding": finding})
