"""A worker that is told to stop leaves its cases at a step's end, and whoever goes on repeats nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderdesk.bootstrap import House
from orderdesk.domain.errors import CasePutBack
from tests.integration.cases.orders import clean_order
from tests.integration.cases.stopping import drain_after
from tests.support.house import DEMO_DAY, count, demo_house


async def test_a_case_drained_after_any_step_goes_on_with_the_next_worker(
    demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drained = 0
    async with demo_house(demo_url, tmp_path) as another:
        for step in range(1, 100):
            message = clean_order(f"D-{step}", quantity=100 * step)
            stored = await another.cases.submit(message, f"{step}.eml", channel="test", as_of=DEMO_DAY)
            [case_id] = stored.case_ids
            async with demo_house(demo_url, tmp_path) as stopping:
                with monkeypatch.context() as patch:
                    drain_after(patch, stopping, step)
                    try:
                        await stopping.cases.drive(case_id)
                    except CasePutBack:
                        drained += 1
                    else:
                        break  # the case has fewer steps than that: every boundary has been tried
            await _goes_on(another, case_id)
        assert await count(another, "sales_order") == drained + 1
        assert await count(another, "decision_log where kind = 'failure'") == 0
    assert drained >= 8
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == drained + 1


async def test_a_worker_that_drains_begins_nothing_new(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        stored = await house.cases.submit(clean_order("D-0"), "order.eml", channel="test", as_of=DEMO_DAY)
        [case_id] = stored.case_ids
        house.cases.drain()
        with pytest.raises(CasePutBack):
            await house.cases.drive(case_id)
        case = (await house.cases.story(case_id))["case"]
        assert (case["status"], case["attempts"], case["started_at"]) == ("queued", 0, None)


async def _goes_on(house: House, case_id: str) -> None:
    """The drained start counts as none, its time counts; the rest of the case follows, each step once."""
    before = await house.cases.story(case_id)
    assert (before["case"]["attempts"], before["case"]["drive_began_at"]) == (0, None)
    assert before["case"]["latency_ms"] > 0
    report = await house.cases.drive(case_id)
    after = await house.cases.story(case_id)
    assert report["outcome"] == "booked"
    assert after["log"][: len(before["log"])] == before["log"]
    steps = [(row["step"], row["node"]) for row in after["log"]]
    assert len(steps) == len(set(steps)), "a step was logged twice"
    assert await count(house, f"effect where case_id = '{case_id}'") == 4
