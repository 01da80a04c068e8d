"""What a process still holds of a case that has come to rest: nothing that grows with its customers' past."""

from __future__ import annotations

import gc
from pathlib import Path

from evals.bench.orders import x12_order
from orderdesk.domain.master import PastLine
from tests.chaos.orders import plenty
from tests.support.house import DEMO_DAY, demo_house


async def test_no_history_is_held_between_cases(demo_url: str, tmp_path: Path) -> None:
    await plenty(demo_url)
    async with demo_house(demo_url, tmp_path) as house:
        before = lines_held()
        for number in range(2):
            stored = await house.cases.submit(
                x12_order(number), f"{number}.edi", channel="test", as_of=DEMO_DAY
            )
            assert (await house.cases.drive(stored.case_ids[0]))["outcome"] == "booked"
        assert lines_held() == before


def lines_held() -> int:
    """Lines of customers' past orders in this process, those of other tests included."""
    gc.collect()
    return sum(type(held) is PastLine for held in gc.get_objects())
