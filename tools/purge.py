"""Erasing texts and addresses from the effects and orders of finished cases; the books stay."""

from __future__ import annotations

from collections.abc import Sequence

from checkpoints.pools import Connection
from checkpoints.queries import load_queries

SQL = load_queries("tools", "purge.sql")
TABLES = ("effect", "sales_order")


async def purge_effects(connection: Connection, case_ids: Sequence[str]) -> None:
    """Erase what mails said and whom they went to, and the notes of orders. Only for effects that are settled."""
    for statement in (SQL.erase_requests, SQL.erase_notes):
        await connection.execute(statement, {"case_ids": list(case_ids)})
