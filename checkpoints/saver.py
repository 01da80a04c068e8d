"""The saver of checkpoints: root graph only, many runs at once, and no code out of the database.

A worker's subgraph only reads and computes, so it keeps no checkpoints of its own: an order costs a third of
the rows, and a worker that was cut short starts again at its start while finished siblings do not. What the last
node of a step has written shares the transaction of the step's checkpoint (checkpoints.held_writes).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.postgres.base import BasePostgresSaver
from langgraph.checkpoint.serde.base import SerializerProtocol
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from psycopg import AsyncCursor, Capabilities
from psycopg.rows import DictRow

from checkpoints.held_writes import (
    Held,
    Riding,
    arrived,
    begin_run,
    give_back,
    hold,
    on_its_way,
    take,
    take_riding,
)
from checkpoints.pools import LazyPool, Pool
from checkpoints.queries import load_queries

SQL = load_queries("checkpoints", "saver.sql")
logger = logging.getLogger(__name__)
# What goes into the transaction of the rows being put.
_RIDING: ContextVar[Sequence[Riding]] = ContextVar("riding", default=())


def build_saver(
    pool: Pool | LazyPool, allowed_types: Sequence[type], *, together: Sequence[frozenset[str]] = ()
) -> RootSaver:
    """A saver over a pool, which may be opened later, that brings back only `allowed_types` and plain values.

    Name every class that a state can hold: under LangGraph Server the types found in a graph's schema are not
    added to the list. A class that is not on it comes back as the plain data it was stored as.

    `together` names the nodes of the root graph that always make up a step, a set for each step, of one node where
    it runs alone: what the last of them writes is kept with the step's checkpoint. A node that has siblings beside
    those may run again when one of these is cut short. Not for graphs with DeltaChannels, whose values are put
    together from such writes.
    """
    serde = _FixedAllowList(allowed_msgpack_modules=tuple(allowed_types))
    return RootSaver(pool, serde=serde, together=together)


class _FixedAllowList(JsonPlusSerializer):
    """LangGraph's serializer with the allow-list it was given, and no other.

    LangGraph derives a wider one for every graph and copies the saver to hold it; under LangGraph Server that
    copy recurses without end (langgraph-api 0.16.7's adapter cannot be copied).
    """

    def with_msgpack_allowlist(self, extra_allowlist: object) -> JsonPlusSerializer:
        """Itself: the list handed to `build_saver` is the whole list."""
        return self


class RootSaver(AsyncPostgresSaver):
    """LangGraph's Postgres saver, without rows of subgraphs and without its one lock around every call.

    Nothing in a subgraph may interrupt or have an effect: it leaves no trace to continue from.
    """

    def __init__(
        self, pool: Pool | LazyPool, *, serde: SerializerProtocol, together: Sequence[frozenset[str]]
    ) -> None:
        # Past AsyncPostgresSaver's own constructor, which wants a running loop: there is none yet.
        BasePostgresSaver.__init__(self, serde=serde)
        self._pool = pool
        self._together = tuple(together)
        self.pipe = None
        self.supports_pipeline = Capabilities().has_pipeline()
        # Each call has its own connection of the pool, so there is nothing for a lock to protect. With
        # LangGraph's lock sixteen runs at once are no faster than one.
        self.lock = cast("asyncio.Lock", contextlib.nullcontext())
        # Shared with the copies that LangGraph makes of a saver (`with_allowlist`).
        self._deletions: dict[str, asyncio.Task[None]] = {}

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The checkpoint a run continues from; None in a subgraph, which starts at its start."""
        if not _is_root(config):
            return None
        begin_run()
        await self._deleted(config)
        return await super().aget_tuple(config)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """The checkpoints of a thread, newest first; none for a subgraph."""
        if config is not None and not _is_root(config):
            return
        async for found in super().alist(config, filter=filter, before=before, limit=limit):
            yield found

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Keep a checkpoint of the root graph, with what its step has written; a subgraph's is let go."""
        if _is_root(config):
            with self._riding(config, take(config)):
                await self._deleted(config)
                await arrived()
                return await super().aput(config, checkpoint, metadata, new_versions)
        where = _where(config)
        return {
            "configurable": {
                "thread_id": where["thread_id"],
                "checkpoint_ns": where["checkpoint_ns"],
                "checkpoint_id": checkpoint["id"],
            }
        }

    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """Keep what a node of the root graph wrote: with its step's checkpoint where it is the last, else at once."""
        if _is_root(config) and not hold(self._together, config, Held(writes, task_id, task_path)):
            with on_its_way(), self._riding(config):
                await self._deleted(config)
                await super().aput_writes(config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        """Have a thread deleted; returns at once, and later calls for that thread wait until it is.

        LangGraph Server's in-memory rows are torn if this suspends half-way through its own deletion.
        """
        thread = str(thread_id)
        if thread not in self._deletions:
            task = asyncio.create_task(self.aprune([thread], strategy="delete"))
            self._deletions[thread] = task
            task.add_done_callback(lambda done: self._forget(thread, done))

    async def settle(self) -> None:
        """Wait for the deletions under way; raises the first error of those."""
        await asyncio.gather(*self._deletions.values())

    async def adelete_for_runs(self, run_ids: Sequence[str]) -> None:
        """Delete the checkpoints that some runs of LangGraph Server wrote (it rolls a run back so)."""
        ids = [str(run_id) for run_id in run_ids]
        if ids:
            async with self._cursor() as cursor:
                await cursor.execute(SQL.delete_runs, {"run_ids": ids})

    @asynccontextmanager
    async def _cursor(self, *, pipeline: bool = False) -> AsyncGenerator[AsyncCursor[DictRow]]:
        self.conn = await self._pool.get() if isinstance(self._pool, LazyPool) else self._pool
        self.loop = asyncio.get_running_loop()
        async with super()._cursor(pipeline=pipeline) as cursor:
            if pipeline:
                for statement, rows in _RIDING.get():
                    await cursor.executemany(statement, rows)
            yield cursor

    @contextmanager
    def _riding(self, config: RunnableConfig, held: Sequence[Held] = ()) -> Generator[None]:
        """What is written in this block takes along held writes and whatever rides with the step."""
        riding = take_riding()
        writes: list[Riding] = [(self.INSERT_CHECKPOINT_WRITES_SQL, self._rows(config, held))] if held else []
        token = _RIDING.set([*riding, *writes])
        try:
            yield
        except BaseException:
            give_back(riding)
            raise
        finally:
            _RIDING.reset(token)

    def _rows(self, config: RunnableConfig, held: Sequence[Held]) -> list[tuple[Any, ...]]:
        """Held writes as rows of their table: the same that they would have been alone."""
        where = _where(config)
        return [
            row
            for writes, task_id, task_path in held
            for row in self._dump_writes(
                where["thread_id"],
                where["checkpoint_ns"],
                where["checkpoint_id"],
                task_id,
                task_path,
                writes,
            )
        ]

    async def _deleted(self, config: RunnableConfig) -> None:
        """Wait until a thread that is being deleted is gone, so that nothing new is deleted with it."""
        if task := self._deletions.get(str(_where(config)["thread_id"])):
            await asyncio.wait({task})

    def _forget(self, thread: str, done: asyncio.Task[None]) -> None:
        self._deletions.pop(thread, None)
        if not done.cancelled() and (error := done.exception()):
            logger.error("The checkpoints of thread %s could not be deleted: %s", thread, error)


def _is_root(config: RunnableConfig) -> bool:
    return not _where(config).get("checkpoint_ns")


def _where(config: RunnableConfig) -> dict[str, Any]:
    return config.get("configurable", {})
