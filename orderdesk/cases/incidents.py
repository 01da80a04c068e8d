"""Incidents: what a person has to see. Raised once, closed by itself when it is no longer found."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from checkpoints.pools import Connection, LazyPool
from checkpoints.queries import load_queries
from orderdesk.domain.base import Value
from orderdesk.domain.ids import derived_id
from orderdesk.observability.decision_log import LogEntry, write_log

SQL = load_queries("orderdesk.cases", "incidents.sql")
logger = logging.getLogger(__name__)

IncidentKind = Literal["effect_ambiguous", "effect_failed", "effect_stuck", "case_stuck", "server_thread"]
# So many of a kind are raised by one run; the next one goes on.
AT_ONCE = 500
# How long one that was closed is kept, in days.
KEPT_DAYS = 90


class Found(Value):
    """Something a person has to see. Its words quote no customer and no other server: they outlive retention."""

    subject: str
    case_id: str | None = None
    what: str
    needed: str


async def keep_incidents(
    connection: Connection,
    kind: IncidentKind,
    found: Sequence[Found],
    now: datetime,
    *,
    complete: bool = True,
) -> tuple[int, int]:
    """Raise what is found and new, close what is no longer found; returns how many of each.

    In the caller's transaction; each raise is logged at warning, and in the decision log where there is a case. Nothing
    is closed unless `found` is `complete`.
    """
    rows = await (await connection.execute(SQL.open_subjects, {"kind": kind})).fetchall()
    known = {str(row["subject"]) for row in rows}
    raised = 0
    for one in [one for one in found if one.subject not in known][:AT_ONCE]:
        raised += await _raise(connection, kind, one, now)
    gone = known - {one.subject for one in found} if complete else set[str]()
    closed = 0
    if gone:
        where = {"kind": kind, "subjects": sorted(gone)}
        closed = len(await (await connection.execute(SQL.close_incidents, where)).fetchall())
    return raised, closed


async def forget_closed(connection: Connection) -> None:
    """Delete incidents that were closed long ago."""
    await connection.execute(SQL.forget_closed, {"days": KEPT_DAYS})


async def open_incidents(pool: LazyPool, limit: int = 200) -> list[dict[str, Any]]:
    """What is open, the newest first."""
    async with pool.connection() as connection:
        return await (await connection.execute(SQL.list_open, {"limit": limit})).fetchall()


async def _raise(connection: Connection, kind: IncidentKind, found: Found, now: datetime) -> bool:
    row = await (
        await connection.execute(
            SQL.raise_incident,
            {"incident_id": derived_id("incident", kind, found.subject), "kind": kind, **found.model_dump()},
        )
    ).fetchone()
    if row is None:
        return False
    logger.warning("incident: %s %s", found.what, found.needed)
    if found.case_id is not None:
        entry = LogEntry(
            case_id=found.case_id, step=0, node=f"incident:{kind}:{found.subject}", n=row["times"] - 1, kind="note",
            actor="reconciliation", what=f"raised: {found.what}", why=found.needed, at=now,
        )  # fmt: skip
        await write_log(connection, [entry])
    return True
