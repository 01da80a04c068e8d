"""Erasing what reviews showed and what people wrote in them; who decided what, and when, stays."""

from __future__ import annotations

from collections.abc import Sequence

from checkpoints.pools import Connection
from checkpoints.queries import load_queries

SQL = load_queries("orderdesk.review", "purge.sql")
TABLES = ("review", "review_approval", "review_decision")


async def purge_reviews(connection: Connection, case_ids: Sequence[str]) -> None:
    """Erase the texts of the reviews and decisions of finished cases."""
    for statement in (SQL.erase_reviews, SQL.erase_decisions):
        await connection.execute(statement, {"case_ids": list(case_ids)})
