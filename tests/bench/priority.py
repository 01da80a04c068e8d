"""How long a key customer's new order waits while 2,000 standard cases wait and 1 or 2 workers are busy with them.

`python -m tests.bench.priority [--long]`. The wait is counted by the database's clock, from the row of the case to the
begin of its first step. Which case is begun before which is tested, not measured (tests/integration/queue).
"""

from __future__ import annotations

import argparse
import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.table import Table

from checkpoints.pools import connect
from orderdesk.bootstrap import build_house
from orderdesk.intake.priority import POINT_S
from orderdesk.policy.loader import load_policy
from orderdesk.settings import load_settings
from tests.bench.place import PLAIN, Place, one, place, registered, rows, until, watch
from tests.bench.usage import middle
from tests.bench.waiting import put_in, put_in_look_alikes, read_orders
from tests.integration.cases.orders import clean_order
from tests.support.zygote import Zygote

WAITING = 2000
# Real orders at the head of the queue; behind them stand copies, which need not be read one by one.
REAL = 200
AIM_S = 2.0


@dataclass(frozen=True)
class Waits:
    """Seconds that each key order waited; standard cases that waited when the first and the last one came."""

    workers: int
    seconds: list[float]
    waiting: tuple[int, int]


async def run(there: Place, zygote: Zygote, workers: int, orders: int) -> Waits:
    """One key order after another, each while all workers are busy with standard ones."""
    async with AsyncExitStack() as held:
        url = held.enter_context(there.database())
        watch(url)
        connection = await held.enter_async_context(await connect(url))
        settings = load_settings(DATABASE_URL=url, ORDERDESK_HOME=there.home, ORDERDESK_MODELS="[]")
        house = build_house(settings, url, policy=load_policy(None))
        held.push_async_callback(house.close)
        now = datetime.now(UTC)
        await put_in(connection, read_orders(range(REAL)), arrived=now - timedelta(hours=2))
        await put_in_look_alikes(connection, WAITING - REAL, arrived=now - timedelta(hours=1))
        working = [await zygote.worker(url, there.home, environment=PLAIN) for _ in range(workers)]
        await registered(connection, workers)

        key: list[str] = []
        waiting: list[int] = []

        async def all_busy() -> bool:
            return await one(connection, "under_way") >= workers * settings.worker_cases

        async def all_begun() -> bool:
            return await one(connection, "begun", case_ids=key) == len(key)

        for number in range(orders + 1):
            await until(all_busy, "all places are taken")
            waiting.append(await one(connection, "waiting"))
            raw = clean_order(f"KEY-{number}", quantity=100 * (1 + number))
            stored = await house.cases.submit(raw, f"key-{number}.eml", channel="benchmark", queue=True)
            key.extend(stored.case_ids)
            await until(all_begun, "the key customer's order is begun")
        seconds = await rows(
            connection, "waits", case_ids=key[1:]
        )  # the first one met workers that still started
        for worker in working:
            worker.terminate()
        for worker in working:
            await worker.wait()
        return Waits(workers, [row["waited"] for row in seconds], (waiting[0], waiting[-1]))


def print_waits(runs: list[Waits], console: Console) -> None:
    """The wait by number of workers, and the written bound."""
    table = Table("a key customer's new order", title="Wait until begun", title_justify="left")
    for heading in ("n", "standard cases waiting", "p50 s", "p95 s", "max s", "aim p95"):
        table.add_column(heading, justify="right")
    for each in runs:
        first, last = each.waiting
        figures = [middle(each.seconds), middle(each.seconds, 0.95), max(each.seconds)]
        table.add_row(
            f"{each.workers} worker{'s' if each.workers > 1 else ''} busy",
            str(len(each.seconds)),
            f"{first:,} to {last:,}",
            *(f"{seconds:.2f}" for seconds in figures),
            f"< {AIM_S:g} s",
        )
    console.print(table)
    policy = load_policy(None).queue
    points = policy.key_customer_points
    console.print(
        f"The written bound: a key customer's order ({points} points) overtakes what came up to "
        f"{timedelta(seconds=points * POINT_S)} before it; nothing is overtaken by what comes more than "
        f"{timedelta(seconds=policy.most * POINT_S)} after it ({policy.most} points at {POINT_S} s).",
        highlight=False,
    )


async def main(*, long: bool) -> None:
    """With one worker, then with two."""
    async with place() as there, Zygote() as zygote:
        print_waits([await run(there, zygote, workers, 200 if long else 20) for workers in (1, 2)], Console())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="200 key orders instead of 20")
    asyncio.run(main(long=parser.parse_args().long))
