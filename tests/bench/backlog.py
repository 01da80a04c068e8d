"""What 20,000 waiting cases cost: throughput with them against throughput with 200, taken in turns in one run.

`python -m tests.bench.backlog [--long]`. The orders that are measured stand at the head of either queue.
"""

from __future__ import annotations

import argparse
import asyncio
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.table import Table

from checkpoints.pools import Connection, connect
from tests.bench.place import PLAIN, Place, one, place, registered, settled
from tests.bench.usage import Usage, middle, usage
from tests.bench.waiting import Orders, put_in, put_in_look_alikes, read_orders
from tests.support.zygote import Zygote

FEW, MANY = 200, 20_000
WORKERS = 2
WARM_UP = 8
# Above every standard case.
POINTS = 100


@dataclass
class Queue:
    """A database with its backlog, and what was measured on it."""

    url: str
    waiting: int
    orders: Orders
    used: list[Usage] = field(default_factory=list[Usage])
    left: int = 0

    def per_s(self, measured: int) -> list[float]:
        """Orders per second of each turn."""
        return [measured / used.at_s for used in self.used]


async def _turn(there: Place, zygote: Zygote, queue: Queue, measured: int) -> None:
    """Work off so many orders before the backlog, by workers that live for this turn only."""
    async with AsyncExitStack() as held:
        connection = await held.enter_async_context(await connect(queue.url))
        await connection.execute("delete from procrastinate_workers")
        working = [await zygote.worker(queue.url, there.home, environment=PLAIN) for _ in range(WORKERS)]
        pids = [worker.pid for worker in working]
        await _put_in(connection, queue, WARM_UP)
        await registered(connection, WORKERS)
        await settled(connection, await _put_in(connection, queue, WARM_UP))
        case_ids = await _put_in(connection, queue, measured)
        before = await usage(connection, there.pid, pids)
        await settled(connection, case_ids)
        queue.used.append(await usage(connection, there.pid, pids) - before)
        for worker in working:
            worker.terminate()
        for worker in working:
            await worker.wait()
        queue.left = await one(connection, "waiting")


async def _put_in(connection: Connection, queue: Queue, count: int) -> list[str]:
    taken, queue.orders = queue.orders[:count], queue.orders[count:]
    return await put_in(connection, taken)


async def run(there: Place, zygote: Zygote, turns: int, measured: int) -> list[Queue]:
    """Both queues in turns."""
    orders = read_orders(range(1 + turns * (measured + 2 * WARM_UP)), points=POINTS)
    with ExitStack() as held:
        queues = [Queue(held.enter_context(there.database()), n, orders[1:]) for n in (FEW, MANY)]
        for queue in queues:
            async with await connect(queue.url) as connection:
                await put_in(connection, orders[:1])
                await put_in_look_alikes(
                    connection, queue.waiting, arrived=datetime.now(UTC) - timedelta(hours=1)
                )
                await connection.execute("analyze")
        for _ in range(turns):
            for queue in queues:
                await _turn(there, zygote, queue, measured)
        return queues


def print_queues(queues: list[Queue], measured: int, console: Console) -> None:
    """Orders per second and CPU per order of both, and what many cost against few."""
    table = Table("", title=f"Throughput by backlog ({WORKERS} workers)", title_justify="left")
    for queue in queues:
        table.add_column(f"{queue.waiting:,} waiting", justify="right")
    table.add_column("many / few", justify="right")
    speeds = [middle(queue.per_s(measured)) for queue in queues]
    table.add_row("orders/s, median", *(f"{s:.1f}" for s in speeds), f"{speeds[1] / speeds[0]:.2f}")
    for name, reading in (("workers", "workers_s"), ("Postgres", "postgres_s")):
        spent = [middle(getattr(used, reading) * 1000 / measured for used in queue.used) for queue in queues]
        table.add_row(
            f"CPU of {name} per order, ms", *(f"{ms:.0f}" for ms in spent), f"{spent[1] / spent[0]:.2f}"
        )
    table.add_row("still waiting at the end", *(f"{queue.left:,}" for queue in queues), "")
    console.print(table)
    console.print(
        f"{len(queues[0].used)} turns of {measured} orders each; {queues[1].waiting:,} waiting cases cost "
        f"{1 - speeds[1] / speeds[0]:.0%} of throughput (aim: < 10%)",
        highlight=False,
    )


async def main(*, long: bool) -> None:
    """On a server of its own."""
    turns, measured = (10, 200) if long else (3, 30)
    async with place() as there, Zygote() as zygote:
        print_queues(await run(there, zygote, turns, measured), measured, Console())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="10 turns of 200 orders instead of 3 of 30")
    asyncio.run(main(long=parser.parse_args().long))
