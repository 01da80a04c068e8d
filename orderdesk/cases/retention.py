"""Keeping the checkpoint tables small: finished cases need only their last checkpoint."""

from __future__ import annotations

from typing import LiteralString

from checkpoints.pools import LazyPool
from checkpoints.pruning import prune
from checkpoints.saver import RootSaver
from orderdesk.cases.drive import SQL

# Without FULL: the tables stay usable while it runs, and their space is reused.
_VACUUM: tuple[LiteralString, ...] = (
    "vacuum checkpoints", "vacuum checkpoint_blobs", "vacuum checkpoint_writes",
)  # fmt: skip


async def prune_finished(pool: LazyPool, saver: RootSaver) -> tuple[int, int, int]:
    """Prune finished cases to their latest checkpoint; returns bytes before, bytes after, and how many cases.

    Postgres gives the space back at its next vacuum, which this asks for.
    """
    async with pool.connection() as connection:
        rows = await (await connection.execute(SQL.finished_threads)).fetchall()
        before = await (await connection.execute(SQL.checkpoint_bytes)).fetchone()
    threads = [str(row["thread_id"]) for row in rows]
    await prune(saver, threads, "keep_latest")
    async with pool.connection() as connection:
        for statement in _VACUUM:
            await connection.execute(statement, prepare=False)
        after = await (await connection.execute(SQL.checkpoint_bytes)).fetchone()
    assert before is not None
    assert after is not None
    return int(before["bytes"]), int(after["bytes"]), len(threads)
