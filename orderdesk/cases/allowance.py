"""How long a case may be worked on in all: counted in its row, so that another drive or worker gets no fresh time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from checkpoints.pools import Connection
from checkpoints.queries import load_queries
from orderdesk.observability.decision_log import LogEntry, write_log

SQL = load_queries("orderdesk.cases", "queries.sql")


def left_s(budget_s: float, used_ms: int) -> float:
    """Seconds of work a case has left; 0 or less = none."""
    return budget_s - used_ms / 1000


async def grant_for_decision(
    connection: Connection, case_id: str, decision_id: str, budget_s: float, now: datetime
) -> bool:
    """Give a case its whole time again, as a person has decided; once for each decision, however often it is resumed.

    In the caller's transaction. Waiting for a person costs no time, but what they decided has to be carried out.
    """
    row = await (
        await connection.execute(SQL.fresh_allowance, {"case_id": case_id, "decision_id": decision_id})
    ).fetchone()
    if row is None:
        return False
    why = "a person decided"
    await write_log(
        connection, [_granted(case_id, f"allowance:{decision_id}", why, row["latency_ms"], budget_s, now)]
    )
    return True


async def grant_for_retry(
    connection: Connection, case_id: str, row: Mapping[str, Any], budget_s: float, now: datetime
) -> None:
    """Log the fresh allowance of a case that a person takes up again; `row` is what `requeue` returned."""
    why = "a person takes it up again"
    await write_log(
        connection, [_granted(case_id, "retry", why, row["latency_ms"], budget_s, now, n=row["retries"])]
    )


def _granted(
    case_id: str, node: str, why: str, used_ms: int, budget_s: float, now: datetime, *, n: int = 0
) -> LogEntry:
    return LogEntry(
        case_id=case_id, step=0, node=node, n=n, kind="note", actor="policy",
        what=f"may be worked on for {budget_s:g} s more",
        why=f"{why}; {used_ms / 1000:.1f} s were worked on it before", at=now,
    )  # fmt: skip
