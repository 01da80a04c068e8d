"""Clocks that are an hour wrong, ahead and behind: nothing is lost, nothing is booked a second time."""

from __future__ import annotations

from pathlib import Path

from orderdesk.review.actors import Actor
from tests.chaos.fault_desk import BOOKED, SHORT_LEASE, all_booked, all_is_well, ended, number, orders, submit
from tests.chaos.fault_forked import DONE
from tests.integration.cases.orders import stranger
from tests.support.house import demo_house
from tests.support.zygote import Zygote

HOUR_S = 3600.0
LATEST_CHECKPOINT = "select metadata->>'step' as n from checkpoints order by checkpoint_id desc limit 1"
MOST_STEPS = "select max((metadata->>'step')::int) as n from checkpoints"


async def test_two_workers_two_hours_apart(zygote: Zygote, demo_url: str, tmp_path: Path) -> None:
    await submit(demo_url, tmp_path, orders(16, "CLOCK"))
    environment = {"DATABASE_URL": demo_url, "ORDERDESK_HOME": str(tmp_path), **SHORT_LEASE}
    workers = [
        await zygote.start("tests.chaos.fault_forked:shifted_worker", environment, clock_shift_s=shift)
        for shift in (HOUR_S, -HOUR_S)
    ]
    await all_booked(demo_url, tmp_path, workers, 16)


async def test_an_older_checkpoint_that_looks_like_the_latest_books_nothing_again(
    zygote: Zygote, demo_url: str, tmp_path: Path
) -> None:
    """Brought to its review an hour ahead, decided now: by their ids the steps since then are older than the review."""
    [case_id] = await submit(demo_url, tmp_path, [stranger("CLOCK-X")])
    environment = {"DATABASE_URL": demo_url, "ORDERDESK_HOME": str(tmp_path)}
    edit = {"type": "edit", "edited_action": {"name": "book_order", "args": {"customer_id": "C1003"}}}

    async def drive(shift_s: float) -> int:
        drive = "tests.chaos.fault_forked:drive"
        return await (await zygote.start(drive, environment, case_id=case_id, clock_shift_s=shift_s)).wait()

    assert await drive(HOUR_S) == DONE
    async with demo_house(demo_url, tmp_path) as house:
        [review] = await house.cases.reviews()
        actor = Actor(name="mira", role="manager")
        _, report = await house.cases.decide(review["review_id"], edit, actor)
        assert report["outcome"] == "booked"
        latest = await number(demo_url, LATEST_CHECKPOINT)
        assert latest < await number(demo_url, MOST_STEPS), "the clocks had no effect on the order of steps"
        for again in (0.0, -HOUR_S, HOUR_S):
            assert await drive(again) == DONE
        decided, report = await house.cases.decide(review["review_id"], edit, actor)
        assert decided.already
        assert report["outcome"] == "booked"
    assert await number(demo_url, BOOKED) == 1
    assert (left := await ended(demo_url)) == {}, left
    await all_is_well(demo_url, tmp_path)
