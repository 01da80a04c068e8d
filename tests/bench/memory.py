"""Memory of one worker over many orders: how much it holds at the end, and whether it still grows.

`python -m tests.bench.memory [--long]`: 300 orders, or 5,000. Counted apart: the worker itself, and the child processes
that read documents for it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass

import psutil
from rich.console import Console
from rich.table import Table

from checkpoints.pools import Connection, connect
from tests.bench.place import PLAIN, Place, one, place, registered, until
from tests.bench.waiting import put_in, read_orders

MB = 1024 * 1024
AIM_MB = 250
# Orders between two readings.
PORTION = 25


@dataclass(frozen=True)
class Reading:
    """After so many orders, in bytes."""

    orders: int
    worker: int
    children: int


async def run(there: Place, orders: int) -> list[Reading]:
    """One real `orderdesk worker`, read after every portion of orders."""
    async with AsyncExitStack() as held:
        url = held.enter_context(there.database())
        connection = await held.enter_async_context(await connect(url))
        environment = {**os.environ, **PLAIN, "DATABASE_URL": url, "ORDERDESK_HOME": str(there.home)}
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "orderdesk", "worker", env=environment
        )
        try:
            await registered(connection, 1)
            process = psutil.Process(worker.pid)
            readings = [_read(process, 0)]
            for first in range(0, orders, PORTION):
                await _work_off(connection, first)
                readings.append(_read(process, first + PORTION))
            return readings
        finally:
            worker.terminate()
            await worker.wait()


async def _work_off(connection: Connection, first: int) -> None:
    case_ids = await put_in(connection, read_orders(range(first, first + PORTION)))

    async def at_rest() -> bool:
        return await one(connection, "at_rest", case_ids=case_ids) == len(case_ids)

    await until(at_rest, f"orders {first} to {first + PORTION} are at rest")


def _read(process: psutil.Process, orders: int) -> Reading:
    children = sum(child.memory_info().rss for child in process.children(recursive=True))
    return Reading(orders, process.memory_info().rss, children)


def print_readings(readings: list[Reading], console: Console) -> None:
    """A dozen of the readings, and the slope over the last half."""
    table = Table("orders", title="Resident memory of one worker", title_justify="left")
    for heading in ("worker MB", "its readers MB"):
        table.add_column(heading, justify="right")
    for reading in [*readings[:: max(1, len(readings) // 10)][:10], readings[-1]]:
        table.add_row(f"{reading.orders:,}", f"{reading.worker / MB:.1f}", f"{reading.children / MB:.1f}")
    console.print(table)
    half = readings[len(readings) // 2 :]
    slope = statistics.linear_regression([r.orders for r in half], [r.worker for r in half]).slope
    most = max(r.worker for r in readings)
    console.print(
        f"most {most / MB:.0f} MB (aim: < {AIM_MB}); over the last {half[-1].orders - half[0].orders:,} orders "
        f"{slope * 1000 / MB:+.2f} MB per 1,000 orders (aim: no growth)",
        highlight=False,
    )


async def main(*, long: bool) -> None:
    """On a server of its own."""
    async with place() as there:
        print_readings(await run(there, 5000 if long else 300), Console())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="5,000 orders instead of 300")
    asyncio.run(main(long=parser.parse_args().long))
