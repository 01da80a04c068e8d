"""Breakers in a real Postgres: shared by pools and processes, and by themselves while the database is away."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from checkpoints.embedded import EmbeddedPostgres
from checkpoints.migrations import migrate
from checkpoints.pools import LazyPool
from orderdesk.domain.errors import DatabaseUnavailable
from orderdesk.resilience.breaker import Breakers, Entry, Refused
from orderdesk.resilience.failures import Verdict

ROOT = Path(__file__).parents[3]
CALLERS = Path(__file__).with_name("callers.py")
MODEL = "gpt-4.1-mini"
NOWHERE = "postgresql://nobody@127.0.0.1:9/none"
PATIENCE_S = 60.0

FAILED = Verdict(kind="unavailable", then="retry", counts=True, why="503 from the provider")
HUNG = Verdict(kind="timeout", then="next", counts=True, why="No answer within 20 seconds.")
REFUSED = Verdict(kind="refused", then="next", counts=False, why="The model refused.")


@pytest.fixture
async def pool(database_url: str) -> AsyncGenerator[LazyPool]:
    async with LazyPool(database_url) as pool:
        await pool.get()
        yield pool


async def entered(breakers: Breakers, name: str = MODEL) -> Entry:
    entry = await breakers.enter(name)
    assert isinstance(entry, Entry), entry
    return entry


async def call(breakers: Breakers, verdict: Verdict | None) -> bool:
    return await breakers.leave(await entered(breakers), verdict)


async def row(pool: LazyPool) -> dict[str, Any] | None:
    async with pool.connection() as connection:
        return await (await connection.execute("select * from breaker where name = %s", (MODEL,))).fetchone()


async def open_for(pool: LazyPool) -> float:
    """Seconds the breaker was opened for."""
    async with pool.connection() as connection:
        found = await connection.execute(
            "select extract(epoch from retry_at - changed_at)::float8 as s from breaker where name = %s",
            (MODEL,),
        )
        answer = await found.fetchone()
    assert answer is not None
    return answer["s"]


async def let_time_pass(pool: LazyPool) -> None:
    async with pool.connection() as connection:
        await connection.execute("update breaker set retry_at = clock_timestamp() - interval '1 ms'")


async def test_what_works_leaves_no_row(pool: LazyPool) -> None:
    breakers = Breakers(pool)
    for _ in range(3):
        assert await call(breakers, None) is True
    assert await row(pool) is None


async def test_five_failures_in_a_row_open_it_for_everybody(pool: LazyPool, database_url: str) -> None:
    breakers = Breakers(pool)
    for number in range(1, 6):
        assert await call(breakers, FAILED) is (number < 5)
    async with LazyPool(database_url) as other:
        refused = await Breakers(other).enter(MODEL)
    assert isinstance(refused, Refused)
    assert "503 from the provider" in refused.why
    assert 0 < refused.retry_in_s <= 5


@pytest.mark.parametrize("answer", [None, REFUSED])
async def test_an_answer_between_failures_starts_the_row_anew(pool: LazyPool, answer: Verdict | None) -> None:
    breakers = Breakers(pool)
    for verdict in [FAILED] * 4 + [answer] + [FAILED] * 4:
        assert await call(breakers, verdict) is True
    assert await call(breakers, FAILED) is False


async def test_one_hang_opens_it_at_once(pool: LazyPool) -> None:
    assert await call(Breakers(pool), HUNG) is False
    assert isinstance(await Breakers(pool).enter(MODEL), Refused)


async def test_it_opens_for_longer_each_time_up_to_a_limit_and_success_forgets_that(pool: LazyPool) -> None:
    breakers = Breakers(pool, open_s=5.0, longest_open_s=12.0)
    await call(breakers, HUNG)
    seconds = [await open_for(pool)]
    for _ in range(3):
        await let_time_pass(pool)
        await call(breakers, FAILED)  # one failure of the probe is enough
        seconds.append(await open_for(pool))
    assert seconds == [pytest.approx(s, abs=0.1) for s in (5, 10, 12, 12)]
    await let_time_pass(pool)
    assert await call(breakers, None) is True
    await call(breakers, HUNG)
    assert await open_for(pool) == pytest.approx(5, abs=0.1)


async def test_who_asks_to_be_left_alone_is(pool: LazyPool) -> None:
    limited = FAILED.model_copy(update={"kind": "rate_limited", "retry_after_s": 40.0})
    await call(Breakers(pool, threshold=1), limited)
    assert await open_for(pool) == pytest.approx(40, abs=0.1)


async def test_twelve_callers_with_pools_of_their_own_make_one_probe(
    pool: LazyPool, database_url: str
) -> None:
    async with AsyncExitStack() as stack:
        pools = [await stack.enter_async_context(LazyPool(database_url, max_size=1)) for _ in range(12)]
        await asyncio.gather(*(each.get() for each in pools))
        callers = [Breakers(each, open_s=0.0, ask_s=PATIENCE_S) for each in pools]
        await call(callers[0], HUNG)
        for verdict in (FAILED, FAILED, None):
            found = await asyncio.gather(*(caller.enter(MODEL) for caller in callers))
            probes = [entry for entry in found if isinstance(entry, Entry)]
            assert len(probes) == 1
            assert probes[0].probe
            assert await callers[3].leave(probes[0], verdict) is (verdict is None)
        found = await asyncio.gather(*(caller.enter(MODEL) for caller in callers))
        assert all(isinstance(entry, Entry) for entry in found)


@asynccontextmanager
async def process(url: str, callers: int) -> AsyncGenerator[asyncio.subprocess.Process]:
    """A process whose callers wait for a line to start."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(CALLERS), url, MODEL, str(callers),
        cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        assert await said(child) == "ready"
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.communicate()


async def said(child: asyncio.subprocess.Process) -> str:
    assert child.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        return (await child.stdout.readline()).decode().strip()


def start(child: asyncio.subprocess.Process) -> None:
    assert child.stdin is not None
    child.stdin.write(b"go\n")


async def test_processes_make_one_probe_and_a_dead_one_is_replaced(pool: LazyPool, database_url: str) -> None:
    breakers = Breakers(pool)
    await call(breakers, HUNG)
    await let_time_pass(pool)
    async with AsyncExitStack() as stack:
        children = await asyncio.gather(
            *(stack.enter_async_context(process(database_url, 4)) for _ in range(3))
        )
        for child in children:
            start(child)
        probes = [int(await said(child)) for child in children]
        assert sorted(probes) == [0, 0, 1]
        children[probes.index(1)].kill()
        await children[probes.index(1)].wait()
        assert isinstance(await breakers.enter(MODEL), Refused)  # nobody knows yet that it is dead
        await let_time_pass(pool)
        replacement = await entered(breakers)
        assert replacement.probe
        assert isinstance(await breakers.enter(MODEL), Refused)


async def test_a_late_result_says_nothing(pool: LazyPool) -> None:
    breakers = Breakers(pool, open_s=0.0)
    early = [await entered(breakers) for _ in range(3)]
    await call(breakers, HUNG)
    probe = await entered(breakers)
    before = await row(pool)
    for entry, verdict in zip(early, (None, FAILED, HUNG), strict=True):
        await breakers.leave(entry, verdict)
    assert await row(pool) == before
    await let_time_pass(pool)
    replacement = await entered(breakers)
    assert await breakers.leave(probe, None) is False  # it counted as lost
    assert await breakers.leave(replacement, None) is True
    assert await breakers.leave(probe, HUNG) is True


async def test_a_probe_that_is_given_back_is_neither_success_nor_failure(pool: LazyPool) -> None:
    breakers = Breakers(pool, open_s=300.0)
    await call(breakers, HUNG)
    await let_time_pass(pool)
    before = await row(pool)
    await breakers.give_back(await entered(breakers))
    after = await row(pool)
    assert before is not None
    assert after is not None
    for column in ("failures", "openings", "last_error"):
        assert after[column] == before[column]
    assert (await entered(breakers)).probe


async def test_a_probe_is_held_for_as_long_as_its_call_may_take(pool: LazyPool) -> None:
    breakers = Breakers(pool, probe_s=60.0)
    await call(breakers, HUNG)
    await let_time_pass(pool)
    assert isinstance(await breakers.enter(MODEL, hold_s=600.0), Entry)
    assert await open_for(pool) == pytest.approx(600, abs=0.1)


async def test_a_claim_that_nobody_waits_for_is_not_made(pool: LazyPool, database_url: str) -> None:
    await call(Breakers(pool, open_s=0.0), HUNG)
    async with LazyPool(database_url, max_size=1) as small:
        breakers = Breakers(small, open_s=0.0)
        async with small.connection():
            asking = asyncio.create_task(breakers.enter(MODEL))
            await asyncio.sleep(0)  # it asks, and the pool has no connection left
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            [left_behind] = [task for task in asyncio.all_tasks() if task.get_name() == "breaker"]
        await left_behind
        found = await row(pool)
    assert found is not None
    assert found["state"] == "open"


async def test_people_see_all_of_them_and_may_reset_one(pool: LazyPool) -> None:
    breakers = Breakers(pool)
    entry = await entered(breakers)
    await call(breakers, HUNG)
    await breakers.leave(await entered(breakers, "mail"), FAILED)
    mail, model = sorted(await breakers.states(), key=lambda state: state.name, reverse=True)
    assert (model.name, model.state, model.last_error) == (MODEL, "open", HUNG.why)
    assert model.retry_at is not None
    assert (mail.name, mail.state, mail.failures, mail.retry_at) == ("mail", "closed", 1, None)
    await breakers.reset(MODEL)
    assert await breakers.leave(entry, HUNG) is True  # of before the reset
    assert (await entered(breakers)).clean


async def test_without_a_database_a_process_goes_by_the_same_rules() -> None:
    async with LazyPool(NOWHERE) as pool:
        breakers = Breakers(pool, open_s=0.0, longest_open_s=0.0, away_s=3600.0)
        for number in range(1, 6):
            assert await call(breakers, FAILED) is (number < 5)
        found = [await breakers.enter(MODEL) for _ in range(12)]
        probes = [entry for entry in found if isinstance(entry, Entry)]
        assert [entry.probe for entry in probes] == [True]
        await breakers.give_back(probes[0])
        assert await call(breakers, FAILED) is False
        assert await call(breakers, None) is True
        [state] = await breakers.states()
        assert (state.name, state.state, state.shared) == (MODEL, "closed", False)
        with pytest.raises(DatabaseUnavailable):
            await breakers.reset(MODEL)


async def test_a_pool_without_a_free_connection_is_not_waited_for(pool: LazyPool, database_url: str) -> None:
    await call(Breakers(pool), HUNG)
    async with LazyPool(database_url, max_size=1, checkout_s=PATIENCE_S * 10) as small:
        breakers = Breakers(small, ask_s=0.05, away_s=3600.0)
        async with asyncio.timeout(PATIENCE_S), small.connection():
            assert (await entered(breakers)).outage == 1  # it never saw that the others have it open
        assert (await entered(breakers)).outage == 1  # it does not ask again so soon


async def test_an_outage_goes_on_from_what_was_seen_last_and_ends(postgres_server: EmbeddedPostgres) -> None:
    url = postgres_server.start()
    await migrate(url)
    async with LazyPool(url, max_size=2, checkout_s=0.3) as pool:
        await pool.get()
        breakers = Breakers(pool, open_s=600.0, ask_s=PATIENCE_S, away_s=0.0)
        other = await entered(breakers, "mail")
        await call(breakers, HUNG)
        await asyncio.to_thread(postgres_server.stop)
        assert isinstance(await breakers.enter(MODEL), Refused)
        assert await breakers.leave(other, HUNG) is False  # let in by the database, ended without it
        alone = await entered(breakers, "supplier")
        assert alone.outage == 1
        await asyncio.to_thread(postgres_server.start)
        async with asyncio.timeout(PATIENCE_S):
            while (await entered(breakers, "carrier")).outage:  # until the pool has noticed
                await asyncio.sleep(0)
        assert isinstance(await breakers.enter(MODEL), Refused)
        assert await breakers.leave(alone, HUNG) is True  # of an outage that is over: a late result
        assert [(state.name, state.shared) for state in await breakers.states()] == [(MODEL, True)]
