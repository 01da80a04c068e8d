"""How long a case lies still when its worker is killed (kill -9) in mid-case, against the lease.

`python -m tests.bench.takeover [--long]`. Times are the database's own: from the last sign of the killed worker to the
begin of the same case on another one, and to the end of its next step.
"""

from __future__ import annotations

import argparse
import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime

from rich.console import Console
from rich.table import Table

from checkpoints.pools import Connection, connect
from orderdesk.settings import Settings
from tests.bench.place import PLAIN, Place, one, place, rows, until, watch
from tests.bench.usage import middle
from tests.bench.waiting import put_in, read_orders
from tests.support.zygote import Forked, Zygote

LEASE_S = float(Settings.model_fields["worker_lease_s"].default)
AIM_S = 10.0
# Orders that wait so that every worker is in mid-case; more are put in as they get fewer.
WAITING = 60
LATEST_S = 90.0


@dataclass(frozen=True)
class Killed:
    """One kill: the cases its worker had under way, and when."""

    at: datetime
    case_ids: list[str]


class Load:
    """Orders that never end, for as long as workers are to be killed."""

    def __init__(self, connection: Connection, most: int) -> None:
        self._connection = connection
        self._orders = read_orders(range(most))

    async def top_up(self) -> None:
        """See to it that some wait."""
        waiting = await one(self._connection, "waiting")
        if waiting < WAITING // 2 and self._orders:
            await put_in(self._connection, self._orders[:WAITING])
            del self._orders[:WAITING]


async def _one_more(
    there: Place, url: str, zygote: Zygote, connection: Connection
) -> tuple[Forked, list[int]]:
    """A worker, and the ids under which the queue knows it."""
    known = {row["id"] for row in await rows(connection, "registered")}
    worker = await zygote.worker(url, there.home, environment=PLAIN)
    mine: list[int] = []

    async def registered() -> bool:
        mine[:] = [row["id"] for row in await rows(connection, "registered") if row["id"] not in known]
        return len(mine) >= 2

    await until(registered, "a new worker takes jobs", 60)
    return worker, mine


async def _kill(connection: Connection, load: Load, worker: Forked, ids: list[int]) -> Killed:
    """Kill a worker that is in the midst of a case, between two of its steps."""

    async def in_mid_case() -> bool:
        await load.top_up()
        return bool(await rows(connection, "in_mid_case", workers=ids))

    await until(in_mid_case, "a worker is in mid-case", 60)
    worker.kill()
    await worker.wait()
    left = [str(row["case_id"]) for row in await rows(connection, "in_mid_case", workers=ids)]
    return Killed(await one(connection, "now"), left)


async def _taken_over(connection: Connection, load: Load, killed: list[Killed]) -> list[tuple[float, float]]:
    """Seconds until each case was begun again and had its next step done."""
    found: dict[tuple[int, str], tuple[float, float]] = {}
    wanted = sum(len(kill.case_ids) for kill in killed)

    async def all_of_them() -> bool:
        await load.top_up()
        for nth, kill in enumerate(killed):
            for row in await rows(connection, "seen_after", case_ids=kill.case_ids, since=kill.at):
                if row["begun"] and row["stepped"]:
                    times = (
                        (row["begun"] - kill.at).total_seconds(),
                        (row["stepped"] - kill.at).total_seconds(),
                    )
                    found.setdefault((nth, row["case_id"]), times)
        return len(found) == wanted

    await until(all_of_them, f"{wanted} cases of killed workers go on", LATEST_S)
    return list(found.values())


async def run(kills: int) -> tuple[list[tuple[float, float]], int]:
    """Kill so many workers, one after another, beside one that lives; the times, and how many kills hit a case."""
    async with AsyncExitStack() as held:
        there = await held.enter_async_context(place())
        zygote = await held.enter_async_context(Zygote())
        url = held.enter_context(there.database())
        watch(url)
        connection = await held.enter_async_context(await connect(url))
        load = Load(connection, WAITING * (4 + kills))
        survivor, _ = await _one_more(there, url, zygote, connection)
        victims = [await _one_more(there, url, zygote, connection) for _ in range(kills)]
        killed: list[Killed] = []
        for victim in victims:
            killed.append(await _kill(connection, load, *victim))
            # Apart, as one worker cannot take over the cases of five at the same moment.
            await asyncio.sleep(LEASE_S / 4)
        times = await _taken_over(connection, load, killed)
        survivor.terminate()
        await survivor.wait()
        return times, sum(bool(kill.case_ids) for kill in killed)


def print_times(times: list[tuple[float, float]], kills: int, console: Console) -> None:
    """Least, middle and most, and against the lease."""
    console.print(f"{kills} workers killed in mid-case, {len(times)} cases left behind", highlight=False)
    table = Table("from kill -9", title=f"Take-over (lease {LEASE_S:g} s)", title_justify="left")
    for heading in ("min s", "median s", "max s", "max / lease", "aim"):
        table.add_column(heading, justify="right")
    for nth, name in enumerate(("to its begin on another worker", "to the end of its next step")):
        values = [each[nth] for each in times]
        shown = [f"{v:.1f}" for v in (min(values), middle(values), max(values))]
        table.add_row(name, *shown, f"{max(values) / LEASE_S:.2f}", f"< {AIM_S:g} s" if nth == 0 else "")
    console.print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="40 kills instead of 5, in rounds of 5")
    rounds = 8 if parser.parse_args().long else 1
    measured = [asyncio.run(run(5)) for _ in range(rounds)]
    print_times([t for times, _ in measured for t in times], sum(hit for _, hit in measured), Console())
