"""What the last node of a step wrote goes with the step's checkpoint; nothing else is ever held back."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import AsyncGenerator
from typing import Any, LiteralString

import pytest
from langgraph.types import Command
from psycopg.errors import UndefinedTable

from checkpoints.held_writes import ride
from checkpoints.pools import LazyPool
from checkpoints.saver import RootSaver, build_saver
from tests.integration.checkpoints.desk_graph import STEPS, Line, build_desk, thread
from tests.integration.checkpoints.killed_run import die_at

PATIENCE_S = 20

# Each row of writes, and whether one transaction wrote it and the checkpoint of its step; null = none followed.
WRITES = """
select w.channel, w.task_path, w.idx, w.type, case when w.channel <> '__interrupt__' then w.blob end as blob,
       (select c.xmin::text = w.xmin::text from checkpoints c
        where c.thread_id = w.thread_id and c.parent_checkpoint_id = w.checkpoint_id) as with_checkpoint
from checkpoint_writes w join checkpoints p using (thread_id, checkpoint_ns, checkpoint_id)
where w.thread_id = %(thread)s order by (p.metadata->>'step')::int, w.task_path, w.idx
"""


NOTED = """
select n.node, exists (select from checkpoints c where c.xmin::text = n.xmin::text) as with_checkpoint
from noted n order by node
"""


async def noting(pool: LazyPool) -> None:
    async with pool.connection() as connection:
        await connection.execute("create table noted (node text primary key)", prepare=False)


def note(pool: LazyPool) -> Any:
    """Notes each node that is entered with the checkpoint of its step, or at once where that is not possible."""

    async def watch(node: str) -> None:
        insert: LiteralString = "insert into noted (node) values (%(node)s) on conflict do nothing"
        if not ride(insert, [{"node": node}]):
            async with pool.connection() as connection:
                await connection.execute(insert, {"node": node})

    return watch


@pytest.fixture
async def pool(database_url: str) -> AsyncGenerator[LazyPool]:
    async with LazyPool(database_url, max_size=8) as pool:
        yield pool


@pytest.fixture
def saver(pool: LazyPool) -> RootSaver:
    return build_saver(pool, [Line], together=STEPS)


async def rows(pool: LazyPool, query: LiteralString, name: str = "case") -> list[dict[str, Any]]:
    async with pool.connection() as connection:
        return await (await connection.execute(query, {"thread": name})).fetchall()


async def rename(pool: LazyPool, table: LiteralString, name: LiteralString) -> None:
    async with pool.connection() as connection:
        await connection.execute(f"alter table {table} rename to {name}")


async def whole(desk: Any, name: str) -> dict[str, Any]:
    """A case from its start to its end, its question answered."""
    asked = await desk.ainvoke({"text": "A1"}, thread(name), durability="sync")
    resume = {asked["__interrupt__"][0].id: "yes"}
    return await desk.ainvoke(Command(resume=resume), thread(name), durability="sync")


async def history(desk: Any, name: str) -> list[Any]:
    """What a thread's history shows of each step."""
    return [
        (s.next, s.metadata["step"], s.values, sorted((t.name, repr(t.result), t.error) for t in s.tasks))
        async for s in desk.aget_state_history(thread(name))
    ]


async def test_the_same_rows_in_fewer_transactions(pool: LazyPool, saver: RootSaver) -> None:
    at_once, held = build_desk(build_saver(pool, [Line])), build_desk(saver)
    assert await whole(at_once, "at once") == await whole(held, "case")
    before, now = await rows(pool, WRITES, "at once"), await rows(pool, WRITES)
    shared = {w["channel"] for w in now if w["with_checkpoint"]}
    assert not any(w.pop("with_checkpoint") for w in before)
    assert [w for w in now if w.pop("with_checkpoint") or True] == before
    # Whichever of the two workers ended last is held, and only that one.
    assert {"text", "lines", "done"} <= shared
    assert len(shared & {"price", "stock"}) == 1
    assert not shared & {"__interrupt__", "__resume__"}


async def test_history_shows_what_each_step_wrote(pool: LazyPool, saver: RootSaver) -> None:
    at_once, held = build_desk(build_saver(pool, [Line])), build_desk(saver)
    await whole(at_once, "at once")
    await whole(held, "case")
    assert await history(held, "case") == await history(at_once, "at once")


async def test_going_back_in_time_goes_on_from_there(saver: RootSaver) -> None:
    desk = build_desk(saver)
    await whole(desk, "case")
    earlier = [s async for s in desk.aget_state_history(thread("case")) if s.next == ("pricing", "supply")]
    again = await desk.ainvoke(None, earlier[0].config, durability="sync")
    [question] = again["__interrupt__"]
    answered = await desk.ainvoke(Command(resume={question.id: "no"}), thread("case"), durability="sync")
    assert answered["done"] == ["no: price saw A1, judged; stock saw A1, judged"]


async def test_a_worker_that_ends_while_another_works_is_durable_at_once(
    pool: LazyPool, saver: RootSaver
) -> None:
    seen: list[str] = []

    async def watch(node: str) -> None:
        if node == "stock.judge":
            while not (
                found := await rows(pool, "select channel from checkpoint_writes where channel = 'price'")
            ):
                await asyncio.sleep(0)
            seen.extend(row["channel"] for row in found)

    async with asyncio.timeout(PATIENCE_S):
        await build_desk(saver, watch).ainvoke({"text": "A1"}, thread("case"), durability="sync")
    assert seen == ["price"]


async def test_the_question_is_there_without_any_checkpoint_after_it(
    pool: LazyPool, saver: RootSaver
) -> None:
    await build_desk(saver).ainvoke({"text": "A1"}, thread("case"), durability="sync")
    [asked] = [w for w in await rows(pool, WRITES) if w["channel"] == "__interrupt__"]
    assert asked["with_checkpoint"] is None


async def test_an_error_is_there_without_any_checkpoint_after_it(pool: LazyPool, saver: RootSaver) -> None:
    async def watch(node: str) -> None:
        if node == "read":
            raise ValueError("cannot read")

    with pytest.raises(ValueError, match="cannot read"):
        await build_desk(saver, watch).ainvoke({"text": "A1"}, thread("case"), durability="sync")
    assert [w["with_checkpoint"] for w in await rows(pool, WRITES) if w["channel"] == "__error__"] == [None]


@pytest.mark.parametrize("place", ["sibling", "last"])
async def test_killed_before_the_checkpoint_is_killed_in_the_running_step(
    place: str, database_url: str, pool: LazyPool, saver: RootSaver
) -> None:
    die_at(place, database_url, "case")
    seen: list[str] = []

    async def watch(node: str) -> None:
        seen.append(node)

    desk = build_desk(saver, watch)
    result = await desk.ainvoke(None, thread("case"), durability="sync")
    # One worker is done and stays so; the other, which was running or ended last, starts again at its start.
    assert len(seen) == 3
    assert seen[0].split(".")[0] == seen[1].split(".")[0] != "read"
    assert seen[2] == "review"
    resume = {result["__interrupt__"][0].id: "yes"}
    done = await desk.ainvoke(Command(resume=resume), thread("case"), durability="sync")
    assert done["done"] == ["yes: price saw A1, judged; stock saw A1, judged"]


async def test_a_step_that_never_came_to_its_checkpoint_leaves_nothing(
    pool: LazyPool, saver: RootSaver, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered: list[str] = []
    kept = saver.aput

    async def watch(node: str) -> None:
        entered.append(node)

    async def aput(config: Any, checkpoint: Any, *args: Any) -> Any:
        if checkpoint["channel_values"].get("lines"):
            raise ConnectionError("cut short")
        return await kept(config, checkpoint, *args)

    monkeypatch.setattr(saver, "aput", aput)
    desk = build_desk(saver, watch)
    with pytest.raises(ConnectionError):
        await desk.ainvoke({"text": "A1"}, thread("case"), durability="sync")
    monkeypatch.undo()
    desk = build_desk(saver, watch)
    # A person goes on from the same checkpoint, in the same task, past that node: what it wrote is over.
    await desk.aupdate_state(thread("case"), {"answer": "no"}, as_node="review")
    assert (await desk.ainvoke(None, thread("case"), durability="sync"))["done"] == ["no: ; "]
    assert entered == ["read", "perform"]
    assert "lines" not in {w["channel"] for w in await rows(pool, WRITES)}


async def test_a_run_that_was_cut_short_keeps_nothing_in_memory(
    pool: LazyPool, saver: RootSaver, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[weakref.ref[Any]] = []
    writes_of = saver.aput_writes

    async def aput_writes(config: Any, writes: Any, task_id: str, task_path: str = "") -> None:
        held.extend(weakref.ref(line) for channel, lines in writes if channel == "lines" for line in lines)
        await writes_of(config, writes, task_id, task_path)
        if held:
            raise ConnectionError("cut short")

    monkeypatch.setattr(saver, "aput_writes", aput_writes)
    desk = build_desk(saver)

    async def cut_short() -> None:
        with pytest.raises(ConnectionError):
            await desk.ainvoke({"text": "A1"}, thread("case"), durability="sync")

    await asyncio.create_task(cut_short())
    for _ in range(100):  # what LangGraph had under way beside it comes to its end
        await asyncio.sleep(0)
    gc.collect()
    assert held
    assert not [ref for ref in held if ref() is not None]


async def test_rows_ride_with_the_checkpoint_of_their_step(pool: LazyPool, saver: RootSaver) -> None:
    await noting(pool)
    desk = build_desk(saver, note(pool))
    await whole(desk, "case")
    noted = await rows(pool, NOTED)
    # The two nodes of each worker ride with whichever of the two is written first; a question is not a checkpoint.
    assert {n["node"] for n in noted} == {
        *("read", "price.look", "price.judge", "stock.look", "stock.judge", "review", "perform")
    }
    assert {n["node"] for n in noted if n["with_checkpoint"]} >= {"read", "perform"}
    assert len(noted) == len({n["node"] for n in noted})


async def test_what_rode_with_a_checkpoint_that_failed_is_written_when_the_step_runs_again(
    pool: LazyPool, saver: RootSaver
) -> None:
    await noting(pool)
    noted, entered = note(pool), list[str]()

    async def watch(node: str) -> None:
        await noted(node)
        entered.append(node)
        if entered == ["read"]:
            await rename(pool, "checkpoints", "hidden")

    desk = build_desk(saver, watch)
    with pytest.raises(UndefinedTable):
        await desk.ainvoke({"text": "A1"}, thread("case"), durability="sync")
    assert await rows(pool, "select node from noted") == []
    await rename(pool, "hidden", "checkpoints")
    await desk.ainvoke(None, thread("case"), durability="sync")
    assert entered.count("read") == 2
    assert [n["node"] for n in await rows(pool, NOTED)].count("read") == 1


async def test_nothing_rides_where_no_saver_would_take_it(pool: LazyPool, saver: RootSaver) -> None:
    rode: list[bool] = []

    async def watch(node: str) -> None:
        rode.append(ride("select 1", []))

    assert not ride("select 1", [])
    await build_desk(None, watch).ainvoke({"text": "A1"})
    await whole(build_desk(saver), "case")
    # In the same task as a run with a saver, but after it: on a thread of its own, or on none.
    assert not ride("select 1", [])
    await build_desk(None, watch).ainvoke({"text": "A1"})
    await build_desk(None, watch).ainvoke({"text": "A1"}, thread("other"))
    assert rode
    assert not any(rode)


async def test_twelve_runs_side_by_side_keep_their_own(pool: LazyPool, saver: RootSaver) -> None:
    desk = build_desk(saver)
    await asyncio.gather(*(whole(desk, f"case {n}") for n in range(12)))
    for n in range(12):
        found = await history(desk, f"case {n}")
        assert [names for _, _, _, names in found][:2] == [
            [],
            [("perform", repr({"done": found[0][2]["done"]}), None)],
        ]
