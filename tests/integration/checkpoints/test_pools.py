"""Pools: opened when first used, alive after a restart of the server, clear when there is none."""

from __future__ import annotations

import asyncio
from typing import Any, LiteralString

import pytest
from psycopg.errors import DivisionByZero

from checkpoints.embedded import EmbeddedPostgres
from checkpoints.pools import AWAY, LazyPool, Pool, connect, open_pool
from orderdesk.domain.errors import DatabaseUnavailable, OrderDeskError
from tests.chaos.fault_relay import postgres_relay
from tests.chaos.fault_server import restart_at_once
from tests.support.postgres import with_database

SECRET = "s3cret-pass"  # a password to look for in messages
WHO = "select application_name, pg_backend_pid() as pid from pg_stat_activity where pid = pg_backend_pid()"


async def test_rows_are_dicts_and_nothing_waits_for_a_commit(database_url: str) -> None:
    pool = await open_pool(database_url, min_size=1, max_size=2)
    async with pool, pool.connection() as one, pool.connection() as two:
        await one.execute("create table t (id int)")
        await one.execute("insert into t values (%(id)s)", {"id": 1})
        assert await (await two.execute("select id from t")).fetchall() == [{"id": 1}]


async def test_without_autocommit_a_block_is_a_transaction(database_url: str) -> None:
    async with LazyPool(database_url, autocommit=False) as pool:
        with pytest.raises(DivisionByZero):
            await fail_half_way(pool)
        async with pool.connection() as connection:
            await connection.execute("create table t (id int)")


async def fail_half_way(pool: LazyPool) -> None:
    async with pool.connection() as connection:
        await connection.execute("create table t (id int)")
        await connection.execute("select 1 / 0")


async def test_first_uses_at_once_open_one_pool(database_url: str) -> None:
    async with LazyPool(database_url) as lazy:
        pools = await asyncio.gather(*(lazy.get() for _ in range(8)))
        assert all(pool is pools[0] for pool in pools)


async def test_a_pool_is_built_without_a_database_and_fails_at_first_use() -> None:
    async with LazyPool(f"postgresql://desk:{SECRET}@localhost:1/orders") as pool:
        for _ in range(2):  # and again: a failure is not remembered
            with pytest.raises(DatabaseUnavailable, match="database orders on localhost port 1"):
                await pool.get()


async def test_a_pool_recovers_once_the_database_is_there(postgres_server: EmbeddedPostgres) -> None:
    url = await asyncio.to_thread(postgres_server.start)
    await asyncio.to_thread(postgres_server.stop)
    async with LazyPool(url) as pool:
        with pytest.raises(DatabaseUnavailable):
            await pool.get()
        await asyncio.to_thread(postgres_server.start)
        async with pool.connection() as connection:
            row = await (await connection.execute(WHO)).fetchone()
    assert row
    assert row["application_name"] == "orderdesk"


async def test_a_closed_pool_and_another_loop_are_refused(database_url: str) -> None:
    pool = LazyPool(database_url)
    await pool.get()
    with pytest.raises(OrderDeskError, match="another"):
        await asyncio.to_thread(lambda: asyncio.run(pool.get()))
    await pool.close()
    with pytest.raises(OrderDeskError, match="closed"):
        await pool.get()


async def test_an_immediate_restart_is_survived(postgres_server: EmbeddedPostgres) -> None:
    url = await asyncio.to_thread(postgres_server.start)
    async with LazyPool(url, min_size=8, max_size=8, checkout_s=20) as pool:
        async with pool.connection() as connection:
            before = await (await connection.execute(WHO)).fetchone()
        await restart_at_once(postgres_server)
        # Found dead one by one, eight connections would take the pool more than these 20 seconds.
        async with pool.connection() as connection:
            after = await (await connection.execute(WHO)).fetchone()
    assert before
    assert after
    assert before["pid"] != after["pid"]


@pytest.mark.parametrize(
    ("url", "named"),
    [
        (f"postgresql://desk:{SECRET}@localhost:1/orders", "database orders on localhost port 1"),
        (f"host=/nowhere dbname=orders password={SECRET}", "database orders on /nowhere"),
        (f"postgresql://desk:{SECRET}@no-such-host.invalid/orders", "no-such-host.invalid"),
        (f"postgresql://desk:{SECRET}@localhost:1/orders?nonsense=1", "DATABASE_URL is not a Postgres URL"),
        (f"mysql://desk:{SECRET}@localhost/orders", "DATABASE_URL is not a Postgres URL"),
    ],
)
async def test_what_cannot_be_reached_is_named_without_its_password(url: str, named: str) -> None:
    with pytest.raises(DatabaseUnavailable) as caught:
        await connect(url)
    message = str(caught.value)
    assert named in message
    assert "\n" not in message
    problem: BaseException | None = caught.value
    while problem is not None and not problem.__suppress_context__:
        assert SECRET not in str(problem)
        problem = problem.__cause__


async def test_a_wrong_database_or_password_is_told(postgres_url: str) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"database nothing .*does not exist"):
        await open_pool(with_database(postgres_url, "nothing"), min_size=1, max_size=1)
    name, _, rest = postgres_url.partition("@")
    wrong = name.rpartition(":")[0] + f":{SECRET}@" + rest
    with pytest.raises(DatabaseUnavailable, match="password authentication failed") as caught:
        await open_pool(wrong, min_size=1, max_size=1)
    assert SECRET not in str(caught.value)


async def test_a_server_that_never_answers_is_given_up() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, asyncio.timeout(20):
        with pytest.raises(DatabaseUnavailable, match=f"127.0.0.1 port {port} cannot be reached"):
            await connect(f"postgresql://desk@127.0.0.1:{port}/orders")


async def test_opening_that_is_broken_off_leaves_nothing_behind(database_url: str) -> None:
    """psycopg's pool goes on connecting when its own tasks are cancelled: the process would never end."""
    async with postgres_relay(database_url) as (through, port):
        port.answer_only(1)  # the one that sees whether there is a database
        opening = asyncio.ensure_future(open_pool(through, min_size=1, max_size=1))
        await port.unanswered.wait()
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        assert [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("pool-")] == []


async def test_no_statement_is_missed_after_a_pipeline_that_failed(database_url: str) -> None:
    async with await open_pool(database_url, min_size=1, max_size=1) as pool:
        await nearly_prepared(pool)
        with pytest.raises(DivisionByZero):
            await in_one_pipeline(pool, "select 1 / %(n)s")
        assert await looked_up(pool) == [{"n": 1}]


async def test_no_statement_is_missed_after_a_pipeline_that_was_broken_off(database_url: str) -> None:
    async with (
        await open_pool(database_url, min_size=1, max_size=1) as pool,
        await connect(database_url) as other,
    ):
        await nearly_prepared(pool)
        sleeping = asyncio.ensure_future(in_one_pipeline(pool, "select pg_sleep(%(n)s + 600)"))
        while not await (await other.execute(SLEEPS)).fetchall():
            await asyncio.sleep(0)
        sleeping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sleeping
        assert await looked_up(pool) == [{"n": 1}]


async def test_a_session_that_lost_its_statements_is_another_try(database_url: str) -> None:
    async with await open_pool(database_url, min_size=1, max_size=1) as pool:
        for _ in range(5):
            await looked_up(pool)
        async with pool.connection() as connection:
            await connection.execute("do $$ begin execute 'deallocate all'; end $$")
        with pytest.raises(AWAY):
            await looked_up(pool)
        assert await looked_up(pool) == [{"n": 1}]


LOOK_UP = "select %(n)s::int as n"
SLEEPS = "select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()"


async def looked_up(pool: Pool) -> list[dict[str, Any]]:
    async with pool.connection() as connection:
        return await (await connection.execute(LOOK_UP, {"n": 1})).fetchall()


async def nearly_prepared(pool: Pool) -> None:
    """The next use of the statement will prepare it."""
    for _ in range(3):
        await looked_up(pool)


async def in_one_pipeline(pool: Pool, query: LiteralString) -> None:
    """Something that does not come to its end, and behind it the statement."""
    async with pool.connection() as connection, connection.pipeline():
        for statement in (query, LOOK_UP):
            await connection.execute(statement, {"n": 0})
