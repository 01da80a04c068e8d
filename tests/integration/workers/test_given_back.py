"""Jobs that were queued again while their worker had them: one of a name waits, and no worker stumbles over the other."""

from __future__ import annotations

from pathlib import Path

from orderdesk.intake.queue import enqueue_cases, enqueue_upkeep, give_back
from tests.integration.cases.orders import clean_order
from tests.support.house import DEMO_DAY, count, demo_house

DOING = "update procrastinate_jobs set status = 'doing' where status = 'todo'"


async def test_a_dead_workers_job_that_was_queued_again_is_not_given_back_too(
    demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        raw = clean_order("G-1")
        stored = await house.cases.submit(raw, "g.eml", channel="test", as_of=DEMO_DAY, queue=True)
        async with house.pool.connection() as connection:
            for _ in range(2):  # two workers die of the same upkeep, and the case is queued again meanwhile
                await enqueue_upkeep(connection, "send_effects")
                await connection.execute(DOING)
            await enqueue_upkeep(connection, "send_effects")
            await enqueue_cases(connection, stored.case_ids)
            assert await give_back(connection, 8) == []
        assert await count(house, "procrastinate_jobs where status = 'doing'") == 0
        assert await count(house, "procrastinate_jobs where status = 'todo'") == 2


async def test_of_two_dead_workers_with_the_same_one_gives_it_back(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house, house.pool.connection() as connection:
        for _ in range(2):
            await enqueue_upkeep(connection, "send_effects")
            await connection.execute(DOING)
        assert len(await give_back(connection, 8)) == 1
        assert await count(house, "procrastinate_jobs") == 1
