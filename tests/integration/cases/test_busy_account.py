"""Many orders of one account at once: all are booked without weighing each other for ever, and no twin slips through."""

from __future__ import annotations

import asyncio
from pathlib import Path

from evals.bench.orders import x12_order
from tests.chaos.orders import plenty
from tests.support.free_text_mails import LAKESIDE
from tests.support.house import DEMO_DAY, count, demo_house, mail


async def test_many_orders_of_one_account_at_once_are_all_booked_within_their_steps(
    demo_url: str, tmp_path: Path
) -> None:
    await plenty(demo_url)
    async with demo_house(demo_url, tmp_path) as house:
        stored = [
            await house.cases.submit(x12_order(n), f"{n}.edi", channel="test", as_of=DEMO_DAY)
            for n in range(12)
        ]
        reports = await asyncio.gather(*(house.cases.drive(s.case_ids[0]) for s in stored))
        again = await count(house, "decision_log where node = 'perform:again'")
    assert [r["outcome"] for r in reports] == ["booked"] * 12
    assert again == 0


async def test_twins_at_once_without_a_number_are_not_both_booked(demo_url: str, tmp_path: Path) -> None:
    await plenty(demo_url)
    text = "hi, pls send 40 rolls TAP-70110 and 80 rolls TAP-70210. thx Gail"
    async with demo_house(demo_url, tmp_path) as house:
        stored = [
            await house.cases.submit(
                mail(text, sender=LAKESIDE, message_id=f"{n}@lakeside"),
                f"{n}.eml",
                channel="test",
                as_of=DEMO_DAY,
            )
            for n in range(4)
        ]
        reports = await asyncio.gather(*(house.cases.drive(s.case_ids[0]) for s in stored))
        orders = await count(house, "sales_order")
    assert orders == 1, [r["outcome"] for r in reports]
