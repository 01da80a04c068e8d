"""Files made to break whoever opens them, through the whole desk: each waits for a person or its sender, and orders go on."""

from __future__ import annotations

import os
from pathlib import Path

from tests.chaos.fault_bombs import bombs
from tests.chaos.fault_desk import all_is_well, ended
from tests.integration.cases.orders import clean_order
from tests.support.house import demo_house, process

LONG = os.environ.get("ORDERDESK_CHAOS_LONG") == "1"


async def test_bombs_stop_nobody_and_the_next_order_is_booked(demo_url: str, tmp_path: Path) -> None:
    cases: dict[str, str] = {}
    async with demo_house(demo_url, tmp_path) as house:
        for name, raw in bombs(long=LONG).items():
            [report] = await process(house, raw, "order.eml")
            # Whoever sent it is asked for it in another form, or one of our own people looks at it.
            assert report["outcome"] in ("waiting_review", "waiting_customer"), f"{name}: {report['outcome']}"
            assert report["findings"], name
            cases[str(report["case_id"])] = name
        [report] = await process(house, clean_order("BOMB-1"), "order.eml")
        assert report["outcome"] == "booked"
    assert set(await ended(demo_url)) == set(cases)
    await all_is_well(demo_url, tmp_path)
