"""Throwing away checkpoints that nobody will continue from; retention decides which threads those are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from checkpoints.pools import Connection
from checkpoints.queries import load_queries
from checkpoints.saver import RootSaver

SQL = load_queries("checkpoints", "pruning.sql")
TABLES = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")
Strategy = Literal["keep_latest", "delete"]
# One transaction each, so that pruning a year of cases never holds locks for long.
BATCH = 500


async def prune(saver: RootSaver, thread_ids: Sequence[str], strategy: Strategy) -> int:
    """Prune threads and return how many were asked for.

    `keep_latest` keeps what a waiting thread needs to be continued; `delete` keeps nothing. Not for a thread
    that runs: hold its case's fence. Raises psycopg's SerializationFailure if another process prunes it too.
    """
    for start in range(0, len(thread_ids), BATCH):
        await saver.aprune(thread_ids[start : start + BATCH], strategy=strategy)
    return len(thread_ids)


async def purge_threads(connection: Connection, thread_ids: Sequence[str]) -> None:
    """Delete all that is kept of threads, in the caller's transaction. Not for a thread that runs."""
    for statement in (SQL.delete_writes, SQL.delete_blobs, SQL.delete_checkpoints):
        await connection.execute(statement, {"thread_ids": list(thread_ids)})
