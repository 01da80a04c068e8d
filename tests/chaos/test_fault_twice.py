"""The same thing twice at the same moment: one message ten times, one case on two workers, a fence that is lost."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from tests.chaos.fault_desk import BOOKED, all_is_well, ended, number, submit, until
from tests.chaos.fault_forked import BUSY, DONE, FENCE_LOST
from tests.chaos.fault_locks import FENCES, cut_the_fences, table_held, until_held
from tests.integration.cases.orders import clean_order
from tests.support.zygote import Forked, Zygote

TAKE, DRIVE = "tests.chaos.fault_forked:take", "tests.chaos.fault_forked:drive"


async def test_one_message_delivered_ten_times_at_once(zygote: Zygote, demo_url: str, tmp_path: Path) -> None:
    order = tmp_path / "order.eml"
    order.write_bytes(clean_order("TEN-1"))
    environment = {"DATABASE_URL": demo_url, "ORDERDESK_HOME": str(tmp_path)}
    async with table_held(demo_url, "message"):
        ten = [await zygote.start(TAKE, environment, message=str(order)) for _ in range(10)]
        await until_held(demo_url, 10)
    statuses = [await one.wait() for one in ten]
    assert set(statuses) <= {DONE, BUSY}
    assert DONE in statuses
    assert await number(demo_url, "select count(*) as n from message") == 1
    assert await number(demo_url, "select count(*) as n from cases") == 1
    assert (
        await number(demo_url, "select count(*) as n from procrastinate_jobs where queue_name = 'cases'") == 1
    )
    assert (left := await ended(demo_url)) == {}, left
    await all_is_well(demo_url, tmp_path)


async def test_a_case_is_on_one_worker_until_its_fence_is_lost(
    zygote: Zygote, demo_url: str, tmp_path: Path
) -> None:
    """The first is stopped in the middle of booking, and the connection that holds the case is cut."""
    [case_id] = await submit(demo_url, tmp_path, [clean_order("FENCE-1")])
    async with table_held(demo_url, "sales_order"):
        first = await _drive(zygote, demo_url, tmp_path, case_id)
        await until_held(demo_url, 1)
        other = await _drive(zygote, demo_url, tmp_path, case_id)
        assert await other.wait() == BUSY
        await cut_the_fences(demo_url)
        assert await first.wait() == FENCE_LOST
        assert await number(demo_url, FENCES) == 0
        next_one = await _drive(zygote, demo_url, tmp_path, case_id)
        await until_held(demo_url, 1)
    assert await next_one.wait() == DONE
    assert await number(demo_url, BOOKED) == 1
    assert (left := await ended(demo_url)) == {}, left
    await all_is_well(demo_url, tmp_path)


async def test_a_worker_that_slept_through_the_loss_of_its_fence_books_nothing_twice(
    zygote: Zygote, demo_url: str, tmp_path: Path
) -> None:
    """It is stopped (SIGSTOP) in the middle of booking, another one takes the case, then it wakes up."""
    [case_id] = await submit(demo_url, tmp_path, [clean_order("FENCE-2")])
    async with table_held(demo_url, "sales_order"):
        asleep = await _drive(zygote, demo_url, tmp_path, case_id)
        await until_held(demo_url, 1)
        asleep.signal(signal.SIGSTOP)
        await cut_the_fences(demo_url)
        await until(demo_url, FENCES, at_most=0)
        other = await _drive(zygote, demo_url, tmp_path, case_id)
        await until_held(
            demo_url, 2
        )  # it waits for the row of the case, which the sleeper's transaction holds
    asleep.signal(signal.SIGCONT)
    statuses = await asyncio.gather(asleep.wait(), other.wait())
    assert statuses[0] in (DONE, FENCE_LOST)
    assert statuses[1] == DONE
    assert await number(demo_url, BOOKED) == 1
    assert (left := await ended(demo_url)) == {}, left
    await all_is_well(demo_url, tmp_path)


async def _drive(zygote: Zygote, url: str, home: Path, case_id: str) -> Forked:
    return await zygote.start(DRIVE, {"DATABASE_URL": url, "ORDERDESK_HOME": str(home)}, case_id=case_id)
