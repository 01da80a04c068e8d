"""The decision log of record: who decided what, why, on which evidence, and what it cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from psycopg.types.json import Jsonb

from checkpoints.held_writes import ride
from checkpoints.pools import Connection, LazyPool
from checkpoints.queries import load_queries
from orderdesk.domain.base import DecimalString, Value
from orderdesk.domain.ids import derived_id

SQL = load_queries("orderdesk.observability", "decision_log.sql")

LogKind = Literal["intake", "route", "result", "gate", "effect", "review", "note", "failure"]


class LogEntry(Value):
    """One decision. Its id follows from (case, step, node, n): writing it twice changes nothing."""

    case_id: str
    step: int
    node: str
    n: int = 0
    kind: LogKind
    actor: str = "rules"
    what: str
    why: str
    confidence: float | None = None
    evidence: Any = None
    latency_ms: int | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: DecimalString | None = Decimal(0)
    at: datetime


async def write_log(connection: Connection, entries: Sequence[LogEntry]) -> None:
    """Add entries; those already written stay as they are."""
    if entries:
        async with connection.cursor() as cursor:
            await cursor.executemany(SQL.insert_entry, _rows(entries))


async def log_with_step(pool: LazyPool, entries: Sequence[LogEntry]) -> None:
    """Add entries in the transaction of the running step's checkpoint, or at once where there is none.

    For a node without a transaction of its own: cut short before its checkpoint, it runs again and says so again.
    """
    if entries and not ride(SQL.insert_entry, _rows(entries)):
        async with pool.connection() as connection:
            await write_log(connection, entries)


def _rows(entries: Sequence[LogEntry]) -> list[dict[str, Any]]:
    return [
        entry.model_dump(mode="python", exclude={"n", "evidence", "cost_usd"})
        | {
            "id": derived_id("log", entry.case_id, entry.step, entry.node, entry.n),
            "evidence": Jsonb(entry.evidence) if entry.evidence is not None else None,
            "cost_usd": entry.cost_usd,
        }
        for entry in entries
    ]


async def read_log(connection: Connection, case_id: str) -> list[dict[str, Any]]:
    """A case's entries, in the order they were decided."""
    cursor = await connection.execute(SQL.entries_of_case, {"case_id": case_id})
    return await cursor.fetchall()
