"""How urgent a message is before anybody has worked on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.bench.orders import x12_order
from tests.integration.cases.orders import clean_order, stranger
from tests.support.house import DEMO_DAY, demo_house

KEY = 100


@pytest.mark.parametrize(
    ("raw", "name", "tier", "points"),
    [
        (clean_order("T-1"), "order.eml", "key", KEY),  # by the sender
        (clean_order("T-1"), "order.eml", "standard", 0),
        (stranger("T-2"), "order.eml", "key", 0),  # nobody knows yet who it is
        (x12_order(3), "order.edi", "key", KEY),  # by the buyer's id: it comes from no address
        (x12_order(3), "order.edi", "standard", 0),
    ],
)
async def test_who_orders_counts_however_it_comes(
    demo_url: str, tmp_path: Path, raw: bytes, name: str, tier: str, points: int
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        async with house.pool.connection() as connection:
            await connection.execute("update customer set tier = %s", (tier,))
        stored = await house.cases.submit(raw, name, channel="test", as_of=DEMO_DAY)
        assert (await house.cases.story(stored.case_ids[0]))["case"]["priority"] == points
