"""Decisions that mean harm: figures that fill the memory, JSON without end, text no database holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orderdesk.review.actors import Actor
from orderdesk.review.answers import InvalidAnswer
from tests.integration.cases.orders import stranger
from tests.support.house import count, demo_house, process

MANAGER = Actor(name="mira", role="manager")


def edit(path: str, value: Any) -> dict[str, Any]:
    return {"type": "edit", "edited_action": {"name": "book_order", "args": {path: value}}}


async def test_hostile_answers_are_refused_with_a_sentence_and_the_review_stays_open(
    demo_url: str, tmp_path: Path
) -> None:
    hostile = [
        edit("lines[0].quantity", "1e999999999"),
        edit("lines[0].unit_price", "1e-999999999"),
        edit("lines[0].quantity", "9" * 5000),
        edit(f"lines[{'9' * 5000}].quantity", "1"),
        edit("po_number", "a\x00b"),
        edit("po_number", "a\nBcc: x"),
        edit("po_number", "[" * 100_000),
        edit("po_number", "[" + "1" * 5000 + "]"),
        edit("approvals_needed", "0"),
        {"type": "reject", "message": "a\x00b"},
        {"type": "respond", "message": "x" * 200_000},
        {"type": {"approve": 1}},
    ]
    async with demo_house(demo_url, tmp_path) as house:
        await process(house, stranger("D-1"), "order.eml")
        [row] = await house.cases.reviews()
        for answer in hostile:
            with pytest.raises(InvalidAnswer):
                await house.cases.decide(row["review_id"], answer, MANAGER)
        assert len(await house.cases.reviews()) == 1
        assert await count(house, "review_decision") == 0
        assert await count(house, "effect") == 0
