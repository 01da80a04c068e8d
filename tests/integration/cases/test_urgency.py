"""A model's server with one place serves the most urgent case that waits for it anywhere, not the first."""

from __future__ import annotations

import asyncio
import re
import threading
from pathlib import Path
from typing import Any

import pytest

from orderdesk.bootstrap import House
from tests.integration.cases.orders import clean_order
from tests.integration.cases.with_models import PRICED, house_with, reading, rung
from tests.support.chat_double import chat_double
from tests.support.house import DEMO_DAY

PATIENCE_S = 60.0


@pytest.mark.usefixtures("models_allowed")
async def test_an_urgent_case_of_another_process_is_let_in_before_a_standard_one_that_came_first(
    demo_url: str, tmp_path: Path
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

    with chat_double() as double:
        double.responder = respond
        narrow = rung(double, "primary", concurrency=1, **PRICED)
        async with (
            asyncio.timeout(PATIENCE_S),
            house_with(demo_url, tmp_path / "one", narrow) as one,
            house_with(demo_url, tmp_path / "other", narrow) as other,
            asyncio.TaskGroup() as desk,
        ):
            for house, number, points in ((one, 1, 0), (one, 2, 0), (other, 3, 900)):
                desk.create_task(house.cases.drive(await _case(house, number, points)))
                await _in_the_lane(house, number)
            assert await asyncio.to_thread(begun.wait, PATIENCE_S)
            go_on.set()
    assert asked == ["U-1", "U-3", "U-2"]
    assert double.most_at_once == 1


async def _in_the_lane(house: House, calls: int) -> None:
    """Wait until so many stand in the lane's queue, or are inside."""
    there = 0
    while there < calls:
        async with house.pool.connection() as connection:
            row = await (await connection.execute("select count(*) as n from lane_place")).fetchone()
        assert row
        there = row["n"]


async def _case(house: House, number: int, points: int) -> str:
    message = clean_order(f"U-{number}", quantity=100 * number)
    [case_id] = (await house.cases.submit(message, f"{number}.eml", channel="test", as_of=DEMO_DAY)).case_ids
    async with house.pool.connection() as connection:
        await connection.execute("update cases set priority = %s where case_id = %s", (points, case_id))
    return case_id
