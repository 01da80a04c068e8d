"""The saver with a real graph: what it keeps, what it continues from, and what it never executes."""

from __future__ import annotations

import asyncio
import pickle
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import ormsgpack
import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.types import Command
from psycopg import AsyncConnection, sql

from checkpoints.pools import LazyPool
from checkpoints.pruning import prune
from checkpoints.saver import RootSaver, build_saver
from tests.integration.checkpoints.desk_graph import Line, build_desk, thread
from tests.integration.checkpoints.killed_run import die_at

ROOT = Path(__file__).resolve().parents[3]
TABLES = ("checkpoints", "checkpoint_writes", "checkpoint_blobs")
PATIENCE_S = 20


@pytest.fixture
async def pool(database_url: str) -> AsyncGenerator[LazyPool]:
    async with LazyPool(database_url, max_size=8) as pool:
        yield pool


@pytest.fixture
def saver(pool: LazyPool) -> RootSaver:
    return build_saver(pool, [Line])


async def count(pool: LazyPool, table: str, where: str = "true") -> int:
    query = sql.SQL("select count(*) as n from {} where {}").format(
        sql.Identifier(table),
        sql.SQL(where),  # pyright: ignore[reportArgumentType]
    )
    async with pool.connection() as connection:
        row = await (await connection.execute(query)).fetchone()
    return row["n"] if row else 0


async def start(desk: Any, name: str, **metadata: str) -> str:
    """Run a case up to its question; returns the interrupt's id."""
    config = {**thread(name), "metadata": metadata}
    result = await desk.ainvoke({"text": "A1"}, config, durability="sync")
    return result["__interrupt__"][0].id


async def answer(desk: Any, name: str, interrupt_id: str, value: str, **metadata: str) -> list[str]:
    config = {**thread(name), "metadata": metadata}
    result = await desk.ainvoke(Command(resume={interrupt_id: value}), config, durability="sync")
    return result["done"]


async def test_only_the_root_graph_leaves_rows(pool: LazyPool, saver: RootSaver) -> None:
    desk = build_desk(saver)
    question = await start(desk, "case")
    for table in TABLES:
        assert await count(pool, table, "checkpoint_ns <> ''") == 0
    # the input, reading, the two workers in one step, the question
    assert await count(pool, "checkpoints") == 4
    done = await answer(desk, "case", question, "yes")
    assert done == ["yes: price saw A1, judged; stock saw A1, judged"]
    assert await count(pool, "checkpoints") == 6


async def test_a_fresh_saver_continues_by_the_interrupts_id(database_url: str) -> None:
    async with LazyPool(database_url) as pool:
        question = await start(build_desk(build_saver(pool, [Line])), "case")
    async with LazyPool(database_url) as pool:
        desk = build_desk(build_saver(pool, [Line]))
        waiting = await desk.aget_state(thread("case"))
        assert waiting.next == ("review",)
        assert [i.id for i in waiting.interrupts] == [question]
        assert waiting.values["lines"] == [Line(sku="A1", quantity=2)]
        stranger = await desk.ainvoke(Command(resume={"0" * 32: "no"}), thread("case"), durability="sync")
        assert stranger["__interrupt__"][0].id == question
        assert await answer(desk, "case", question, "yes")


async def test_after_kill_9_finished_siblings_stay_and_the_killed_worker_starts_again(
    database_url: str, pool: LazyPool, saver: RootSaver
) -> None:
    die_at("sibling", database_url, "case")
    seen: list[str] = []

    async def watch(node: str) -> None:
        seen.append(node)

    desk = build_desk(saver, watch)
    result = await desk.ainvoke(None, thread("case"), durability="sync")
    assert seen == ["stock.look", "stock.judge", "review"]
    assert await answer(desk, "case", result["__interrupt__"][0].id, "yes")


async def test_one_slow_case_does_not_hold_up_another(
    database_url: str, pool: LazyPool, saver: RootSaver
) -> None:
    desk = build_desk(saver)
    question = await start(desk, "slow")
    latest = await saver.aget_tuple(thread("slow"))
    assert latest is not None
    async with await AsyncConnection.connect(database_url) as other:
        # What the slow case writes to these rows has to wait until this transaction ends.
        rows = await other.execute("select from checkpoints where thread_id = 'slow' for update")
        assert rows.rowcount == 4
        where: RunnableConfig = {"configurable": {"thread_id": "slow", "checkpoint_ns": ""}}
        slow = asyncio.create_task(saver.aput(where, latest.checkpoint, latest.metadata, {}))
        quick = asyncio.create_task(start(desk, "quick"))
        finished, waiting = await asyncio.wait(
            {slow, quick}, timeout=PATIENCE_S, return_when="FIRST_COMPLETED"
        )
        await other.rollback()  # before any assertion: a cancelled graph waits for its saver
        await asyncio.gather(slow, quick)
    assert (finished, waiting) == ({quick}, {slow})
    assert await answer(desk, "slow", question, "yes")


async def test_many_cases_at_once(saver: RootSaver) -> None:
    desk = build_desk(saver)

    async def whole(name: str) -> list[str]:
        return await answer(desk, name, await start(desk, name), name)

    results = await asyncio.gather(*(whole(f"case {n}") for n in range(12)))
    assert [done[0].split(":")[0] for done in results] == [f"case {n}" for n in range(12)]


async def test_deleting_a_run_takes_its_rows_and_its_answer_back(pool: LazyPool, saver: RootSaver) -> None:
    desk = build_desk(saver)
    question = await start(desk, "case", run_id="first")
    await start(desk, "other", run_id="other")
    before = {table: await count(pool, table, "thread_id = 'case'") for table in TABLES}
    others = {table: await count(pool, table, "thread_id = 'other'") for table in TABLES}
    assert (await answer(desk, "case", question, "yes", run_id="second"))[0].startswith("yes")
    await saver.adelete_for_runs(["second"])
    assert {table: await count(pool, table, "thread_id = 'case'") for table in TABLES} == before
    assert [i.id for i in (await desk.aget_state(thread("case"))).interrupts] == [question]
    assert (await answer(desk, "case", question, "no", run_id="third"))[0].startswith("no")
    await saver.adelete_for_runs(["first", "third", "unknown"])
    for table in TABLES:
        assert await count(pool, table, "thread_id = 'case'") == 0
        assert await count(pool, table, "thread_id = 'other'") == others[table]
    await saver.adelete_for_runs([])


async def test_deleting_a_thread_does_not_suspend_and_is_seen_at_once(
    pool: LazyPool, saver: RootSaver
) -> None:
    desk = build_desk(saver)
    await start(desk, "case")
    with pytest.raises(StopIteration):  # the coroutine ends at its first step: it never waited
        saver.adelete_thread("case").send(None)
    assert await saver.aget_tuple(thread("case")) is None
    await saver.adelete_thread("case")
    question = await start(desk, "case")  # a new case under the old name loses nothing to the deletion
    await saver.settle()
    assert await answer(desk, "case", question, "yes")


async def test_a_deletion_that_fails_is_told(
    pool: LazyPool, saver: RootSaver, caplog: pytest.LogCaptureFixture
) -> None:
    async with pool.connection() as connection:
        await connection.execute("alter table checkpoints rename to hidden", prepare=False)
    await saver.adelete_thread("case")
    with pytest.raises(Exception, match="checkpoints"):
        await saver.settle()
    assert "thread case could not be deleted" in caplog.text


async def test_pruning_keeps_what_a_waiting_case_needs(pool: LazyPool, saver: RootSaver) -> None:
    desk = build_desk(saver)
    question = await start(desk, "waiting")
    await answer(desk, "finished", await start(desk, "finished"), "yes")
    assert await prune(saver, ["waiting"], "keep_latest") == 1
    assert await prune(saver, ["finished"], "delete") == 1
    assert await count(pool, "checkpoints") == 1
    assert await answer(desk, "waiting", question, "yes")


class Trap:
    """Leaves a file behind when it is brought back to life."""

    def __init__(self, path: str) -> None:
        Path(path).touch()

    def __reduce__(self) -> tuple[type[Trap], tuple[str]]:
        return Trap, (self.path,)

    path = ""


def as_msgpack(path: Path) -> tuple[str, bytes]:
    call = ormsgpack.packb((__name__, "Trap", str(path)))
    return "msgpack", ormsgpack.packb(ormsgpack.Ext(0, call))


def as_json(path: Path) -> tuple[str, bytes]:
    return "json", (
        f'{{"lc": 2, "type": "constructor", "id": ["{__name__}", "Trap"], "args": ["{path}"]}}'.encode()
    )


def as_pickle(path: Path) -> tuple[str, bytes]:
    trap = object.__new__(Trap)
    trap.path = str(path)
    return "pickle", pickle.dumps(trap)


@pytest.mark.parametrize("payload", [as_msgpack, as_json, as_pickle])
async def test_a_row_never_executes_code(
    payload: Any, pool: LazyPool, saver: RootSaver, tmp_path: Path
) -> None:
    mark = tmp_path / "executed"
    kind, blob = payload(mark)
    lax = JsonPlusSerializer(pickle_fallback=True, allowed_json_modules=True, allowed_msgpack_modules=True)
    lax.loads_typed((kind, blob))
    assert mark.exists(), "the trap itself does not work"
    mark.unlink()

    desk = build_desk(saver)
    await start(desk, "case")
    async with pool.connection() as connection:
        await connection.execute(
            "update checkpoint_blobs set type = %s, blob = %s where channel = 'lines'", (kind, blob)
        )
    for reader in (saver, desk.checkpointer):  # a graph has a copy with its own schema's types added
        if kind == "pickle":
            with pytest.raises(NotImplementedError, match="pickle"):
                await reader.aget_tuple(thread("case"))
        else:
            found = await reader.aget_tuple(thread("case"))
            assert found
            assert isinstance(found.checkpoint["channel_values"]["lines"], str | dict)
    assert not mark.exists()


async def test_the_allow_list_decides_which_types_come_back(pool: LazyPool) -> None:
    allowed, strict = build_saver(pool, [Line]), build_saver(pool, [])
    stored = allowed.serde.dumps_typed(Line(sku="A1", quantity=2))
    assert allowed.serde.loads_typed(stored) == Line(sku="A1", quantity=2)
    assert strict.serde.loads_typed(stored) == {"sku": "A1", "quantity": 2}


def test_strict_loading_is_on_before_langgraph_is_imported() -> None:
    program = (
        "import checkpoints.saver\n"
        "from langgraph.checkpoint.serde import _msgpack\n"
        "assert _msgpack.STRICT_MSGPACK_ENABLED"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=PATIENCE_S)


def test_a_saver_can_be_built_before_any_loop_runs() -> None:
    build_desk(build_saver(LazyPool("postgresql://nobody@localhost:1/none"), [Line]))
