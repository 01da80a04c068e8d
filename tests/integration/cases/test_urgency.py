"""A model's server with one free place serves the most urgent case that waits for it, not the first."""

from __future__ import annotations

import asyncio
import re
import threading
from pathlib import Path
from typing import Any

import pytest

from orderdesk.bootstrap import House
from orderdesk.resilience.lanes import Lanes
from tests.integration.cases.orders import clean_order
from tests.integration.cases.with_models import PRICED, house_with, reading, rung
from tests.support.chat_double import chat_double
from tests.support.house import DEMO_DAY

PATIENCE_S = 60.0


@pytest.mark.usefixtures("models_allowed")
async def test_an_urgent_case_is_let_in_before_a_standard_one_that_came_first(
    demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def respond(body: dict[str, Any]) -> Any:
        found = re.search(r"PO number (U-\d)", str(body["messages"][-1]["content"]))
        assert found
        asked.append(found[1])
        begun.set()
        assert go_on.wait(PATIENCE_S)
        return reading(found[1], quantity=100 * int(found[1][-1]))

    arrivals: asyncio.Queue[int] = asyncio.Queue()
    plain_lane = Lanes.lane

    def noticed(self: Lanes, name: str, priority: int = 0) -> Any:
        arrivals.put_nowait(priority)
        return plain_lane(self, name, priority)

    with chat_double() as double:
        double.responder = respond
        narrow = rung(double, "primary", concurrency=1, **PRICED)
        async with (
            asyncio.timeout(PATIENCE_S),
            house_with(demo_url, tmp_path, narrow) as house,
            asyncio.TaskGroup() as desk,
        ):
            monkeypatch.setattr(Lanes, "lane", noticed)
            for number, points in ((1, 0), (2, 0), (3, 900)):
                desk.create_task(house.cases.drive(await _case(house, number, points)))
                await arrivals.get()  # it stands in the lane's queue, or is inside
            assert await asyncio.to_thread(begun.wait, PATIENCE_S)
            go_on.set()
    assert asked == ["U-1", "U-3", "U-2"]


async def _case(house: House, number: int, points: int) -> str:
    message = clean_order(f"U-{number}", quantity=100 * number)
    [case_id] = (await house.cases.submit(message, f"{number}.eml", channel="test", as_of=DEMO_DAY)).case_ids
    async with house.pool.connection() as connection:
        await connection.execute("update cases set priority = %s where case_id = %s", (points, case_id))
    return case_id
