"""A worker that cannot finish hands the case to a person: what is known, what is missing, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderdesk.review.actors import Actor
from tests.integration.cases.orders import clean_order
from tests.support.house import count, demo_house, process

MANAGER = Actor(name="mira", role="manager")


@pytest.mark.parametrize(
    ("table", "worker", "known"),
    [("price", "pricing", "customer C1001"), ("ship_to", "matcher", "order number H-1")],
)
async def test_a_worker_that_fails_says_what_is_known_and_missing_and_nothing_is_booked(
    demo_url: str, tmp_path: Path, table: str, worker: str, known: str
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        async with house.pool.connection() as connection:
            await connection.execute(f"alter table {table} rename to away")  # type: ignore[arg-type]
        [report] = await process(house, clean_order("H-1"), "order.eml")
        assert report["outcome"] == "waiting_review"
        [row] = await house.cases.reviews()
        payload = (await house.cases.review(row["review_id"]))["payload"]
        handoff = payload["review"]["handoff"]
        assert known in handoff["known"]
        assert f"the result of the {worker}" in handoff["missing"]
        assert any(worker in reason and "could not finish" in reason for reason in handoff["why"])
        assert "I can't complete this" in payload["action_requests"][0]["description"]
        assert "approve" not in payload["review_configs"][0]["allowed_decisions"]
        assert await count(house, "effect") == 0
        failures = [e for e in (await house.cases.story(report["case_id"]))["log"] if e["kind"] == "failure"]
        assert worker in {e["node"] for e in failures}


async def test_a_message_nobody_can_read_is_handed_over_too(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        [report] = await process(house, bytes(range(256)) * 64, "scan.bin")
        if report["outcome"] == "waiting_review":
            [row] = await house.cases.reviews()
            payload = (await house.cases.review(row["review_id"]))["payload"]
            assert payload["review"]["handoff"]["missing"]
            assert payload["review"]["handoff"]["why"]
        assert await count(house, "sales_order") == 0
