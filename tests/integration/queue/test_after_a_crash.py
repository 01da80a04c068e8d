"""Taking the next job from a queue that nobody has cleaned or counted, as after a crash of the server."""

from __future__ import annotations

from checkpoints.pools import connect

WAITING = 2_000
# Statistics are gone with a crash, and what was deleted lies about until the next vacuum.
NEVER_CLEANED = "alter table procrastinate_jobs set (autovacuum_enabled = false)"
PUT_IN = """
insert into procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, status)
select 'cases', 'process_case', -n, %(name)s || n, %(name)s || n, '{}', 'todo' from generate_series(1, %(count)s) n
"""
WORK_OFF = "delete from procrastinate_jobs"
MOVE = "update procrastinate_jobs set priority = priority - 1"
TAKE = """
explain (analyze, buffers, format json)
select id from procrastinate_fetch_job_v2(array['cases']::varchar[], (select id from procrastinate_workers))
"""


async def test_taking_a_job_does_not_cost_the_square_of_those_that_wait(database_url: str) -> None:
    async with await connect(database_url) as connection:
        await connection.execute(NEVER_CLEANED)
        await connection.execute("select procrastinate_register_worker_v1()")
        await connection.execute(PUT_IN, {"name": "before ", "count": WAITING})
        await connection.execute(WORK_OFF)
        await connection.execute(PUT_IN, {"name": "now ", "count": WAITING})
        await connection.execute(MOVE)
        row = await (await connection.execute(TAKE)).fetchone()
    assert row is not None
    plan = row["QUERY PLAN"][0]["Plan"]
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 10 * WAITING
