"""What one structured order costs the desk: checkpoint rows and bytes, commits, CPU and wall time.

Everything runs on a throw-away database with its durability switched on, as a desk runs it.
"""

from __future__ import annotations

import asyncio
import cProfile
import pstats
import time
from collections import Counter
from dataclasses import dataclass, replace

import psutil

from checkpoints.migrations import migrate
from checkpoints.queries import load_queries
from evals.bench.commits import writing_transactions
from evals.bench.orders import write_company, x12_order
from evals.bench.worker_cost import Work, WorkerCost, measure_worker
from evals.summary import percentile
from evals.throwaway import throwaway_settings
from orderdesk.bootstrap import Database, House, build_house
from orderdesk.collecting import collecting_rarely
from orderdesk.demo import reference_date
from orderdesk.settings import Settings
from tools.master.importer import import_folder

SQL = load_queries("evals.bench", "queries.sql")
# Orders processed before the first is measured: they start the reader, build the article index, open connections.
WARM_UP = 3


@dataclass(frozen=True)
class OrderCost:
    """Per order, unless it says otherwise; times in milliseconds."""

    orders: int
    outcomes: dict[str, int]
    checkpoint_rows: float
    all_rows: float
    checkpoint_bytes: float
    commits: float
    cpu_ms: float
    reader_cpu_ms: float
    read_ms: tuple[float, ...]
    drive_ms: tuple[float, ...]
    model_calls: int
    profile: pstats.Stats | None
    by_worker: WorkerCost | None = None

    @property
    def p50_ms(self) -> int | None:
        """Half of the orders took no longer, reading included."""
        return percentile(self._whole, 0.50)

    @property
    def p95_ms(self) -> int | None:
        """Nineteen of twenty orders took no longer, reading included."""
        return percentile(self._whole, 0.95)

    @property
    def _whole(self) -> list[float]:
        return [read + drive for read, drive in zip(self.read_ms, self.drive_ms, strict=True)]


async def measure(
    settings: Settings, orders: int, *, profile: bool = False, work: Work | None = None
) -> OrderCost:
    """Process `orders` orders, one after another, and measure them. Raises DatabaseUnavailable.

    With `profile` the measured CPU and wall times are those of a profiled, slower run. With `work`, a worker's loop,
    as many orders again go through the queue and are measured, too.
    """
    with throwaway_settings(settings, default_policy=True) as throwaway:
        database = Database(throwaway)
        try:
            url = await asyncio.to_thread(database.start)
            await migrate(url)
            with collecting_rarely():
                return await _measure(throwaway, url, orders, profile, work)
        finally:
            await asyncio.to_thread(database.leave)


async def _measure(settings: Settings, url: str, orders: int, profile: bool, work: Work | None) -> OrderCost:
    company = await asyncio.to_thread(write_company, settings.home / "company")
    loaded = build_house(settings, url)
    try:
        await import_folder(loaded.pool, company)
    finally:
        await loaded.close()
    house = build_house(settings, url)
    try:
        for index in range(WARM_UP):
            await _process(house, index)
        run = await _run(house, orders, profile)
        if work is None:
            return run
        rest = range(WARM_UP + orders, WARM_UP + 2 * orders)
        return replace(run, by_worker=await measure_worker(house, work, rest))
    finally:
        await house.close()


@dataclass
class _Spent:
    """What the orders of a run took."""

    threads: list[str]
    read_ms: list[float]
    drive_ms: list[float]
    outcomes: Counter[str]
    model_calls: int = 0


async def _run(house: House, orders: int, profile: bool) -> OrderCost:
    before = await writing_transactions(house)
    readers = [psutil.Process(pid) for pid in house.services.readers.process_ids]
    reader_cpu, own_cpu = _cpu_seconds(readers), time.process_time()
    profiler = cProfile.Profile() if profile else None
    spent = _Spent([], [], [], Counter())
    if profiler:
        profiler.enable()
    for index in range(WARM_UP, WARM_UP + orders):
        await _process(house, index, spent)
    if profiler:
        profiler.disable()
    own_cpu = time.process_time() - own_cpu
    reader_cpu = _cpu_seconds(readers) - reader_cpu
    committed = await writing_transactions(house) - before
    async with house.pool.connection() as connection:
        row = await (await connection.execute(SQL.checkpoint_cost, {"threads": spent.threads})).fetchone()
    assert row is not None
    return OrderCost(
        orders=orders,
        outcomes=dict(spent.outcomes),
        checkpoint_rows=row["checkpoints"] / orders,
        all_rows=(row["checkpoints"] + row["blobs"] + row["writes"]) / orders,
        checkpoint_bytes=row["bytes"] / orders,
        commits=committed / orders,
        cpu_ms=own_cpu * 1000 / orders,
        reader_cpu_ms=reader_cpu * 1000 / orders,
        read_ms=tuple(spent.read_ms),
        drive_ms=tuple(spent.drive_ms),
        model_calls=spent.model_calls,
        profile=pstats.Stats(profiler) if profiler else None,
    )


async def _process(house: House, index: int, spent: _Spent | None = None) -> None:
    began = time.perf_counter()
    stored = await house.cases.submit(
        x12_order(index), f"order-{index}.x12", channel="benchmark", as_of=reference_date()
    )
    read = time.perf_counter()
    (case_id,) = stored.case_ids
    report = await house.cases.drive(case_id)
    if spent is not None:
        spent.threads.append(case_id)
        spent.read_ms.append((read - began) * 1000)
        spent.drive_ms.append((time.perf_counter() - read) * 1000)
        spent.outcomes[str(report["outcome"])] += 1
        spent.model_calls += int(report["model_calls"] or 0)


def _cpu_seconds(processes: list[psutil.Process]) -> float:
    times = [process.cpu_times() for process in processes]
    return sum(t.user + t.system for t in times)
