"""Which waiting case is begun first: by points, by age where that weighs more, and first come first served."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from orderdesk.bootstrap import House
from orderdesk.domain.ids import content_hash
from orderdesk.intake.messages import Inbound, store_message
from orderdesk.intake.priority import POINT_S, case_priority
from orderdesk.intake.queue import enqueue_cases
from orderdesk.policy.loader import load_policy
from orderdesk.worker import work
from tests.integration.cases.orders import clean_order
from tests.support.house import DEMO_DAY, count, demo_house
from tools.documents.read import read_message

POLICY = load_policy(None).queue
WORTH = timedelta(seconds=POLICY.key_customer_points * POINT_S)
BOUND = timedelta(seconds=POLICY.most * POINT_S)


def one_at_a_time(url: str, home: Path) -> AbstractAsyncContextManager[House]:
    """A house that begins one case after the other, so that the times of their beginning are their order."""
    return demo_house(url, home, ORDERDESK_WORKER_CASES=1)


async def stored(
    house: House, number: str, arrived: datetime, *, points: int = 0, orders: int = 1, queue: bool = True
) -> tuple[str, ...]:
    """Cases of a message that came at some time; so many orders in it."""
    raw = clean_order(number)
    message = await store_message(
        house.pool,
        Inbound(
            message=read_message(raw, f"{number}.eml"), raw=raw, content_hash=content_hash(raw), source=number,
            channel="test", received_at=arrived, business_date=DEMO_DAY, orders=orders, priority=points, queue=queue,
        ),
    )  # fmt: skip
    return message.case_ids


async def begun_first(house: House, number: int) -> list[str]:
    """The cases a worker begins first; it is stopped when it has begun so many."""
    stop = asyncio.Event()
    worker = asyncio.create_task(work(house, stop))
    try:
        async with asyncio.timeout(60):
            while await count(house, "cases where started_at is not null") < number and not worker.done():
                pass
    finally:
        stop.set()
        await worker
    async with house.pool.connection() as connection:
        cursor = await connection.execute(
            "select case_id from cases where started_at is not null order by started_at limit %s", (number,)
        )
        return [str(row["case_id"]) for row in await cursor.fetchall()]


async def test_a_key_customers_order_overtakes_2000_cases_but_none_that_has_aged_past_it(
    demo_url: str, tmp_path: Path
) -> None:
    async with one_at_a_time(demo_url, tmp_path) as house:
        now = datetime.now(UTC)
        crowd = await stored(house, "S-1", now - timedelta(hours=1), orders=1997)
        nearly = await stored(house, "S-2", now - WORTH + timedelta(minutes=10))
        aged = await stored(house, "S-3", now - WORTH - timedelta(minutes=1))
        oldest = await stored(house, "S-4", now - BOUND * 2)
        key = await house.cases.submit(
            clean_order("K-1", quantity=300), "key.eml", channel="test", as_of=DEMO_DAY, queue=True
        )
        waiting = "procrastinate_jobs where queue_name = 'cases' and status = 'todo'"
        assert await count(house, waiting) == 2000 + 1
        begun = await begun_first(house, 6)
    assert begun == [*oldest, *aged, *key.case_ids, *nearly, *crowd[:2]]


@pytest.mark.parametrize(("later_by", "key_first"), [(-2, True), (2, False)])
async def test_nothing_waits_for_what_came_more_than_the_bound_after_it(
    demo_url: str, tmp_path: Path, later_by: int, key_first: bool
) -> None:
    most = case_priority("key", DEMO_DAY, DEMO_DAY, Decimal(10**6), POLICY)
    came = datetime.now(UTC) - BOUND * 2
    async with one_at_a_time(demo_url, tmp_path) as house:
        [key] = await stored(house, "K-2", came + BOUND + timedelta(seconds=later_by), points=most)
        [standard] = await stored(house, "S-5", came)
        begun = await begun_first(house, 2)
    assert begun == ([key, standard] if key_first else [standard, key])


async def test_of_equal_points_who_came_first_is_begun_first_however_late_it_was_queued(
    demo_url: str, tmp_path: Path
) -> None:
    came = datetime.now(UTC) - timedelta(hours=1)
    async with one_at_a_time(demo_url, tmp_path) as house:
        [second] = await stored(house, "S-6", came + timedelta(seconds=10))
        [third] = await stored(house, "S-7", came + timedelta(seconds=20))
        [beside_it] = await stored(house, "S-8", came + timedelta(seconds=20))
        [first] = await stored(house, "S-9", came, queue=False)
        async with house.pool.connection() as connection:
            assert await enqueue_cases(connection, [first]) == 1
        begun = await begun_first(house, 4)
    assert begun == [first, second, third, beside_it]
