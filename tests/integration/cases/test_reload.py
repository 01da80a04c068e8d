"""A case read back from its checkpoints has every class it was saved with: the allow-list is complete."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from graphs.state import STATE_TYPES
from tests.integration.cases.orders import clean_order, stranger, unknown_article
from tests.support.house import demo_house, process

PLAIN = (str, int, float, bool, type(None), list, dict)


async def test_every_channel_comes_back_as_its_class_without_a_warning(
    demo_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    found: dict[str, set[type]] = {}
    with caplog.at_level(logging.WARNING):
        async with demo_house(demo_url, tmp_path) as house:
            for raw in (clean_order("L-1"), stranger("L-2"), unknown_article("L-3")):
                [report] = await process(house, raw, "order.eml")
                config = {"configurable": {"thread_id": report["case_id"]}}
                async for snapshot in house.graph.aget_state_history(config):  # type: ignore[arg-type]
                    values: Mapping[str, Any] = snapshot.values
                    for key, value in values.items():
                        found.setdefault(key, set()).add(type(value))
    for key in ("facts", "draft", "match", "pricing", "supply", "risk", "proposal", "replies", "decision"):
        classes = found[key] - {type(None)}
        assert len(classes) == 1, key
        assert classes <= set(STATE_TYPES), key
    others = {kind for kinds in found.values() for kind in kinds} - set(STATE_TYPES) - set(PLAIN)
    assert {kind.__name__ for kind in others} <= {"date"}
    assert [r.getMessage() for r in caplog.records] == []
