"""The budget of a case in a real Postgres: counted when it is reserved, by however many workers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from decimal import Decimal

import pytest
from psycopg import Rollback

from checkpoints.pools import LazyPool
from orderdesk.domain.errors import DatabaseUnavailable
from orderdesk.resilience.budget import CaseBudget, Limits, Spend, add, purge_spend, spent

CASE = "c-1"
LIMITS = Limits(calls=5, tokens=1000, usd=Decimal("0.50"))


@pytest.fixture
async def pool(database_url: str) -> AsyncGenerator[LazyPool]:
    async with LazyPool(database_url) as pool:
        yield pool


async def so_far(pool: LazyPool, case_id: str = CASE) -> Spend:
    async with pool.connection() as connection:
        return await spent(connection, case_id)


async def test_workers_that_reserve_at_once_never_go_over_the_limit(
    pool: LazyPool, database_url: str
) -> None:
    async with AsyncExitStack() as stack:
        pools = [await stack.enter_async_context(LazyPool(database_url, max_size=2)) for _ in range(4)]
        budgets = [CaseBudget(each, CASE, LIMITS) for each in pools]
        answers = await asyncio.gather(*(budgets[number % 4].reserve() for number in range(24)))
    assert answers.count("") == 5
    [why] = set(answers) - {""}
    assert "5 of 5 calls" in why
    assert await so_far(pool) == Spend(calls=5)


async def test_a_resume_goes_on_with_what_is_left(pool: LazyPool) -> None:
    for _ in range(3):
        assert await CaseBudget(pool, CASE, LIMITS).reserve() == ""
    assert [await CaseBudget(pool, CASE, LIMITS).reserve() == "" for _ in range(3)] == [True, True, False]
    assert await CaseBudget(pool, "another case", LIMITS).reserve() == ""


@pytest.mark.parametrize(
    ("tokens_in", "tokens_out", "cost", "reason"),
    [
        (600, 399, Decimal("0.49"), ""),
        (600, 400, Decimal("0.01"), "1000 of 1000 tokens"),
        (10, 10, Decimal("0.50"), "0.5 of 0.5 US dollars"),
        (None, None, None, ""),
    ],
)
async def test_tokens_and_money_end_it_too(
    pool: LazyPool, tokens_in: int | None, tokens_out: int | None, cost: Decimal | None, reason: str
) -> None:
    budget = CaseBudget(pool, CASE, LIMITS)
    assert await budget.reserve() == ""
    async with pool.connection() as connection:
        await add(connection, CASE, tokens_in, tokens_out, cost)
    why = await budget.reserve()
    assert (reason in why) if reason else (why == "")
    assert (await so_far(pool)).calls == (1 if reason else 2)


@pytest.mark.parametrize("limits", [{"calls": 0}, {"tokens": 0}, {"usd": 0}])
async def test_a_limit_of_nothing_allows_nothing(pool: LazyPool, limits: dict[str, int]) -> None:
    nothing = Limits.model_validate(LIMITS.model_dump() | limits)
    assert "0 of 0" in await CaseBudget(pool, CASE, nothing).reserve()
    assert await so_far(pool) == Spend()


async def test_an_unknown_cost_is_unknown_and_not_nothing(pool: LazyPool) -> None:
    async with pool.connection() as connection:
        await add(connection, CASE, 100, 20, Decimal("0.0012"))
        await add(connection, CASE, 50, None, None)
    assert await so_far(pool) == Spend(tokens_in=150, tokens_out=20, cost_usd=Decimal("0.0012"), unpriced=1)


async def test_what_is_added_stands_in_the_callers_transaction(pool: LazyPool) -> None:
    async with pool.connection() as connection:
        async with connection.transaction():
            await add(connection, CASE, 100, 20, Decimal("0.01"))
            raise Rollback
        assert await spent(connection, CASE) == Spend()


async def test_purge_forgets_the_cases_it_is_given(pool: LazyPool) -> None:
    for case_id in ("old", "older", "new"):
        await CaseBudget(pool, case_id, LIMITS).reserve()
    async with pool.connection() as connection:
        await purge_spend(connection, ["old", "older", "never heard of"])
        await purge_spend(connection, [])
    assert [(await so_far(pool, case_id)).calls for case_id in ("old", "older", "new")] == [0, 0, 1]


async def test_what_cannot_be_counted_is_an_error() -> None:
    async with LazyPool("postgresql://nobody@127.0.0.1:9/none") as nowhere:
        with pytest.raises(DatabaseUnavailable):
            await CaseBudget(nowhere, CASE, LIMITS).reserve()
