"""Structured orders per second with 1, 2 and 4 workers, what an order costs, and how far that is from the limit.

`python -m tests.bench.throughput [--long] [--profile]`. The limit is what this Postgres commits alone, divided by the
commits of an order. Orders are stored before the clock starts: reading files is the intake's work, not the workers'.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from rich.console import Console
from rich.table import Table

from checkpoints.pools import Connection, connect
from tests.bench.commit_limit import commit_limit
from tests.bench.place import PLAIN, Place, one, place, registered, rows, settled, until
from tests.bench.profiled import print_profile, profiled_worker
from tests.bench.usage import CORES, Usage, usage
from tests.bench.waiting import Orders, put_in, read_orders
from tests.support.zygote import Forked, Zygote

WORKERS = (1, 2, 4)
# So many orders for each worker first: they start what is started at first use.
WARM_UP = 8
# The statistics of the server are up to a second late.
LATE_S = 1.1


@dataclass(frozen=True)
class Run:
    """One backlog, worked off."""

    workers: int
    orders: int
    done_s: float
    used: Usage
    idle: Usage
    outcomes: str

    @property
    def per_s(self) -> float:
        """Orders per second, until the last one was at rest and what it decided to send had left."""
        return self.orders / self.used.at_s

    def of_orders(self, name: str) -> float:
        """A reading per order, without what the workers do when there is nothing to do."""
        idle = getattr(self.idle, name) / self.idle.at_s * self.used.at_s
        return max(0.0, (getattr(self.used, name) - idle) / self.orders)

    def share_of_cores(self, name: str) -> float:
        """A reading of CPU seconds as a share of all cores."""
        return float(getattr(self.used, name)) / (self.used.at_s * CORES)


async def run(there: Place, zygote: Zygote, orders: Orders, workers: int, idle_s: float) -> Run:
    """The same backlog as for everybody, worked off by so many workers; the last orders are their warm-up."""
    async with AsyncExitStack() as held:
        url = held.enter_context(there.database())
        connection = await held.enter_async_context(await connect(url))
        working = [await zygote.worker(url, there.home, environment=PLAIN) for _ in range(workers)]
        held.push_async_callback(_end, working)
        await registered(connection, workers)
        backlog, warming = orders[: -WARM_UP * max(WORKERS)], orders[-WARM_UP * workers :]
        await settled(connection, await put_in(connection, warming))
        idle = await _idle(connection, there, working, idle_s)
        return await _work_off(connection, there, working, backlog, idle)


async def _work_off(
    connection: Connection, there: Place, working: list[Forked], backlog: Orders, idle: Usage
) -> Run:
    pids = [worker.pid for worker in working]
    case_ids = await put_in(connection, backlog)
    before = await usage(connection, there.pid, pids)

    async def at_rest() -> bool:
        return await one(connection, "at_rest", case_ids=case_ids) == len(case_ids)

    await until(at_rest, f"{len(case_ids)} cases are at rest")
    done_s = time.perf_counter() - before.at_s
    await settled(connection, case_ids)
    ended = await usage(connection, there.pid, pids)
    await asyncio.sleep(LATE_S)
    late = await usage(connection, there.pid, pids)
    outcomes = await rows(connection, "outcomes", case_ids=case_ids)
    used = ended - before
    return Run(
        workers=len(working),
        orders=len(case_ids),
        done_s=done_s,
        used=replace(used, transactions=late.transactions - before.transactions),
        idle=idle,
        outcomes=", ".join(f"{row['cases']} {row['outcome']}" for row in outcomes),
    )


async def _idle(connection: Connection, there: Place, working: list[Forked], seconds: float) -> Usage:
    """What the workers use when there is nothing to do."""
    pids = [worker.pid for worker in working]
    await asyncio.sleep(LATE_S)
    before = await usage(connection, there.pid, pids)
    await asyncio.sleep(seconds)
    return await usage(connection, there.pid, pids) - before


async def _end(working: list[Forked]) -> None:
    for worker in working:
        worker.terminate()
    for worker in working:
        await worker.wait()


def print_one_customer(one_customer: Run, of_many: Run, console: Console) -> None:
    """What it costs when all orders are of the same customer, whose credit each of them counts against."""
    ratio = one_customer.per_s / of_many.per_s
    more = one_customer.of_orders("written") / of_many.of_orders("written")
    console.print(
        f"{one_customer.orders} orders of one customer, {one_customer.workers} workers: {one_customer.per_s:.1f} "
        f"orders/s, {ratio:.2f} of those of many customers; {more:.1f} times the writing transactions per order; "
        f"{one_customer.outcomes}",
        highlight=False,
    )


def print_runs(runs: list[Run], limits: dict[int, float] | None, console: Console) -> None:
    """The table, then what holds the throughput."""
    first = runs[0]
    console.print(
        f"{first.orders} structured orders, the same backlog each time: {first.outcomes}", highlight=False
    )
    table = Table("", title="Throughput", title_justify="left")
    for each in runs:
        table.add_column(f"{each.workers} worker{'s' if each.workers > 1 else ''}", justify="right")
    table.add_column("aim", justify="right")
    best = max(limits.values()) if limits else None
    figures = [
        ("orders/s", [f"{r.per_s:.1f}" for r in runs], ""),
        ("  against 1 worker", [f"{r.per_s / first.per_s:.2f}" for r in runs], ""),
        ("  cases alone, without the last mails", [f"{r.orders / r.done_s:.1f}" for r in runs], ""),
        ("writing transactions per order", [f"{r.of_orders('written'):.1f}" for r in runs], "<= 30"),
        ("  all, those that read included", [f"{r.of_orders('transactions'):.0f}" for r in runs], ""),
        ("  flushes of the log", [f"{r.of_orders('flushes'):.1f}" for r in runs], ""),
        ("CPU of workers per order, ms", [f"{r.of_orders('workers_s') * 1000:.0f}" for r in runs], "< 70"),
        ("CPU of Postgres per order, ms", [f"{r.of_orders('postgres_s') * 1000:.0f}" for r in runs], ""),
        ("cores busy: workers", [f"{r.share_of_cores('workers_s'):.0%}" for r in runs], ""),
        ("  Postgres", [f"{r.share_of_cores('postgres_s'):.0%}" for r in runs], ""),
        ("  whole machine", [f"{r.share_of_cores('machine_s'):.0%}" for r in runs], ""),
    ]
    free = [CORES / (r.of_orders("workers_s") + r.of_orders("postgres_s")) for r in runs]
    figures.append(("orders/s if all cores did only this", [f"<= {most:.1f}" for most in free], ""))
    if best is not None:
        limit = [best / r.of_orders("written") for r in runs]
        figures += [
            ("limit, orders/s", [f"{most:.0f}" for most in limit], ""),
            ("share of the limit", [f"{r.per_s / most:.0%}" for r, most in zip(runs, limit, strict=True)], ">= 50%"),
            ("  if all cores did only this", [f"<= {f / most:.0%}" for f, most in zip(free, limit, strict=True)], ""),
        ]  # fmt: skip
    for name, values, aim in figures:
        table.add_row(name, *values, aim)
    console.print(table)
    if limits is not None:
        alone = ", ".join(f"{tps:,.0f} with {clients}" for clients, tps in limits.items())
        console.print(f"commits/s of this Postgres alone, by clients: {alone}", highlight=False)
    for each in runs:
        console.print(f"With {each.workers}, held by {_held_by(each, best)}", highlight=False)


def _held_by(each: Run, best: float | None) -> str:
    ours = each.share_of_cores("workers_s") + each.share_of_cores("postgres_s")
    machine = each.share_of_cores("machine_s")
    one_core = each.used.workers_s / (each.used.at_s * each.workers)
    commits = each.used.written / each.used.at_s / best if best else 0.0
    per_order = each.of_orders("workers_s") + each.of_orders("postgres_s")
    shown = f"{ours:.0%} of {CORES} cores busy with it, {commits:.0%} of the commits possible"
    if ours >= 0.8:
        most = f"no more than {CORES / per_order:.1f} orders/s at {per_order * 1000:.0f} ms of CPU each"
        return f"CPU: {shown}; {most}"
    if machine >= 0.9:
        return f"CPU, which other programs take too ({machine:.0%} of the machine busy): {shown}"
    if one_core >= 0.75:
        return f"the CPU of one core each ({one_core:.0%} of it busy): {shown}"
    if commits >= 0.5:
        return f"commits: {shown}"
    return f"waiting for answers of the database, one after another: {shown}"


async def main(*, long: bool, profile: bool) -> None:
    """All runs, on a server of their own."""
    orders, seconds = (1000, 10) if long else (150, 2)
    backlog = read_orders(range(orders + WARM_UP * max(WORKERS)))
    async with place() as there, Zygote() as zygote:
        if profile:
            stats = await profiled_worker(there, zygote, backlog)
            print_profile(stats, len(backlog), Console())
            return
        limits = await commit_limit(there, seconds)
        runs = [await run(there, zygote, backlog, workers, seconds) for workers in WORKERS]
        print_runs(runs, limits, Console())
        same = read_orders(range(orders // 5 + WARM_UP * max(WORKERS)), one_customer=True)
        print_one_customer(await run(there, zygote, same, 2, seconds), runs[1], Console())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="1,000 orders instead of 150")
    parser.add_argument("--profile", action="store_true", help="where one worker's time goes, instead")
    chosen = parser.parse_args()
    asyncio.run(main(long=chosen.long, profile=chosen.profile))
