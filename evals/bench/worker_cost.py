"""What an order costs a worker: taken from the queue, worked on beside others, its job finished, its effects sent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from checkpoints.queries import load_queries
from evals.bench.commits import writing_transactions
from evals.bench.orders import x12_order
from orderdesk.bootstrap import House
from orderdesk.demo import reference_date
from orderdesk.domain.errors import OrderDeskError

SQL = load_queries("evals.bench", "queries.sql")

# The loop of a worker process: does the jobs of a house until it is told to stop.
Work = Callable[[House, asyncio.Event], Awaitable[None]]
# Seconds between two looks whether all is done, and the longest an order may take.
_LOOK_S, _PATIENCE_S = 0.05, 10.0


@dataclass(frozen=True)
class WorkerCost:
    """Per order, from its message to its last effect; times in milliseconds. The worker's own upkeep is in it."""

    orders: int
    commits: float
    cpu_ms: float
    wall_ms: float


async def measure_worker(house: House, work: Work, indexes: Sequence[int]) -> WorkerCost:
    """Queue orders, then have a worker in this process bring them to their end, effects included.

    Raises OrderDeskError when it does not get there.
    """
    first = await writing_transactions(house)
    cpu, began = time.process_time(), time.perf_counter()
    cases: list[str] = []
    for index in indexes:
        stored = await house.cases.submit(
            x12_order(index), f"order-{index}.x12", channel="benchmark", as_of=reference_date(), queue=True
        )
        cases += stored.case_ids
    stop = asyncio.Event()
    working = asyncio.ensure_future(work(house, stop))
    try:
        await _done(house, cases, working)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - began
        committed = await writing_transactions(house) - first
    finally:
        stop.set()
        await working
    return WorkerCost(
        orders=len(cases),
        commits=committed / len(cases),
        cpu_ms=cpu * 1000 / len(cases),
        wall_ms=wall * 1000 / len(cases),
    )


async def _done(house: House, cases: Sequence[str], working: asyncio.Future[None]) -> None:
    late = time.monotonic() + _PATIENCE_S + _PATIENCE_S * len(cases) / 10
    while True:
        async with house.pool.connection() as connection:
            row = await (await connection.execute(SQL.still_to_do, {"cases": list(cases)})).fetchone()
        assert row is not None
        if row["cases"] + row["effects"] + row["jobs"] == 0:
            return
        if working.done() or time.monotonic() > late:
            raise OrderDeskError(
                f"{row['cases']} cases and {row['effects']} effects are not done: look at the worker's log."
            )
        await asyncio.sleep(_LOOK_S)
