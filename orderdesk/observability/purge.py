"""Reducing and deleting the decision log of finished cases: the one change that it allows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from checkpoints.pools import Connection
from checkpoints.queries import load_queries

SQL = load_queries("orderdesk.observability", "purge.sql")
TABLES = ("decision_log",)


async def reduce_log(connection: Connection, case_ids: Sequence[str]) -> None:
    """Erase what the log quotes, in the caller's transaction; who decided what, and what it cost, stays."""
    await _change(connection, SQL.reduce_log, case_ids)


async def purge_log(connection: Connection, case_ids: Sequence[str]) -> None:
    """Delete the log of these cases, in the caller's transaction."""
    await _change(connection, SQL.delete_log, case_ids)


async def _change(connection: Connection, statement: LiteralString, case_ids: Sequence[str]) -> None:
    await connection.execute(SQL.allow, {"on": "on"})
    await connection.execute(statement, {"case_ids": list(case_ids)})
    await connection.execute(SQL.allow, {"on": "off"})
