"""Counting the commits of a stretch of work: transactions that wrote, which is what a disk has to flush."""

from __future__ import annotations

from checkpoints.queries import load_queries
from orderdesk.bootstrap import House

SQL = load_queries("evals.bench", "queries.sql")


async def writing_transactions(house: House) -> int:
    """Writing transactions of the whole server so far. A transaction gets its number when it first writes, so
    that reads count nothing; the difference of two calls is what happened in between.
    """
    async with house.pool.connection() as connection:
        row = await (await connection.execute(SQL.writing_transactions)).fetchone()
    assert row is not None
    return int(row["transactions"])
