"""Orders in numbers, and waiting until the workers have brought all of them to an end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg

from checkpoints.pools import AWAY, connect
from tests.integration.cases.orders import clean_order
from tests.support.free_text_mails import MUELLER, REDWOOD
from tests.support.house import DEMO_DAY, demo_house, mail
from tests.support.invariants import broken_invariants, broken_mails, mails_in
from tests.support.zygote import Forked

# A worker that was killed is missed after this time, in seconds: the shortest that can be set.
SHORT_LEASE = {"ORDERDESK_WORKER_LEASE_S": "2"}
# How long workers may take for all of a test's orders, in seconds, before the test fails instead of hanging.
LATEST_S = 120.0
LOOK_S = 0.05

ENDED = "select count(*) as n from cases where status not in ('queued', 'running')"
BOOKED = "select count(*) as n from sales_order"
NOT_BOOKED = """
    select c.case_id, c.outcome, (select string_agg(l.node || ': ' || l.what || ' (' || l.why || ')', ' / ' order by seq)
        from decision_log l where l.case_id = c.case_id and l.kind in ('gate', 'failure', 'note')) as why
    from cases c where outcome is distinct from 'booked' order by created_at
"""
# Nothing that anybody still has to do; what waits for people does not count.
UNDONE = """
    select (select count(*) from cases where status in ('queued', 'running'))
         + (select count(*) from effect where status in ('pending', 'sending')) as n
"""


def orders(count: int, prefix: str) -> list[bytes]:
    """Orders of three customers in turn that go through by themselves, in whatever order they are taken up.

    No two are alike, as a repeated one would be held, and none is unusual for its customer or runs out of stock.
    """
    assert count <= 30, "that many there are not"
    return [_FORMS[n % 3](f"{prefix}-{n + 1}", n // 3) for n in range(count)]


def _harlan(po: str, n: int) -> bytes:
    raw = clean_order(po, quantity=300 + 100 * (n % 3))
    return raw.replace(b"10 rolls", f"{8 + n // 3} rolls".encode())


def _redwood(po: str, n: int) -> bytes:
    text = f"Hi, please deliver {30 + n} x BRG-20410 to our Reno depot by March 18. PO {po}.\nRegards Priya"
    return mail(text, sender=REDWOOD, subject=f"PO {po}")


def _mueller(po: str, n: int) -> bytes:
    text = f"Bestellung {po}\nbitte nach Leonberg liefern\n{800 + 100 * n} Stück FST-10210\n"
    return mail(text, sender=MUELLER, subject=f"Bestellung {po}")


_FORMS = (_harlan, _redwood, _mueller)


async def submit(url: str, home: Path, messages: Sequence[bytes], **settings: Any) -> list[str]:
    """Store messages for the workers; the ids of their cases."""
    async with demo_house(url, home, **settings) as house:
        stored = [
            await house.cases.submit(raw, f"{n}.eml", channel="test", as_of=DEMO_DAY, queue=True)
            for n, raw in enumerate(messages)
        ]
    return [case_id for one in stored for case_id in one.case_ids]


async def ended(url: str) -> dict[str, str]:
    """How the cases ended that are not booked, with the reasons, by their ids."""
    async with await connect(url) as connection:
        rows = await (await connection.execute(NOT_BOOKED)).fetchall()
    return {str(row["case_id"]): f"{row['outcome']}: {row['why']}" for row in rows}


async def number(url: str, query: str) -> int:
    """The number n that a query gives."""
    async with await connect(url) as connection:
        row = await (await connection.execute(query)).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return int(row["n"])


async def until(url: str, query: str, at_least: int = 0, at_most: int | None = None) -> None:
    """Wait until the number n of a query is as wanted; a database that is away is waited for, too.

    Raises AssertionError with what is not in order after LATEST_S.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + LATEST_S
    found: int | None = None
    while loop.time() < deadline:
        try:
            async with await connect(url) as connection:
                while loop.time() < deadline:
                    row = await (await connection.execute(query)).fetchone()  # type: ignore[arg-type]
                    assert row is not None
                    found = int(row["n"])
                    if found >= at_least and (at_most is None or found <= at_most):
                        return
                    await asyncio.sleep(LOOK_S)
        except (*AWAY, psycopg.Error):
            await asyncio.sleep(LOOK_S)
    raise AssertionError(f"{query}: {found} after {LATEST_S} s. {await broken_invariants(url)}")


async def end_in_order(workers: Sequence[Forked]) -> None:
    """SIGTERM to all of these; each lays its work down and exits with 0."""
    for worker in workers:
        worker.terminate()
    assert [await worker.wait() for worker in workers] == [0] * len(workers), [w.said() for w in workers]


async def all_done(url: str) -> None:
    """Wait until nothing is left for a worker to do."""
    await until(url, UNDONE, at_most=0)


async def all_booked(url: str, home: Path, workers: Sequence[Forked], orders: int) -> None:
    """Wait for the last order and for the workers to end in order: each order was booked, and all is well."""
    await all_done(url)
    await end_in_order(workers)
    assert (left := await ended(url)) == {}, left
    assert await number(url, BOOKED) == orders
    await all_is_well(url, home)


async def all_is_well(url: str, home: Path, mails: Sequence[bytes] | None = None) -> None:
    """The invariants, and that every mail left once; `mails` are what arrived, else what stands in the outbox."""
    assert await broken_invariants(url) == []
    assert await broken_mails(url, mails_in(home / "outbox") if mails is None else mails) == []


def all_is_well_now(url: str, home: Path) -> None:
    """As `all_is_well`, where no event loop runs."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, all_is_well(url, home)).result()
