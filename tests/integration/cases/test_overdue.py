"""What nobody answers in time is reminded, then escalated; it never approves itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from orderdesk.domain.clock import FixedClock
from orderdesk.domain.errors import NotAllowed
from orderdesk.review.actors import Actor
from tests.integration.cases.orders import DANA, stranger, unknown_article
from tests.support.house import count, demo_house, mail, process

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
REJECT = {"type": "reject", "message": "not ours"}


async def test_a_review_nobody_decides_is_reminded_then_a_managers_and_stays_open(
    demo_url: str, tmp_path: Path
) -> None:
    clock = FixedClock(MONDAY)
    async with demo_house(demo_url, tmp_path, clock=clock) as house:
        [report] = await process(house, stranger("O-1"), "order.eml")
        [row] = await house.cases.reviews()
        assert row["role"] == "clerk"
        clock.advance(timedelta(hours=1, minutes=59))
        assert await house.cases.chase_overdue() == 0
        clock.advance(timedelta(minutes=1))
        assert await house.cases.chase_overdue() == 1
        assert await house.cases.chase_overdue() == 0
        clock.advance(timedelta(hours=22))
        assert await house.cases.chase_overdue() == 1
        clock.advance(timedelta(days=365))
        assert await house.cases.chase_overdue() == 0
        story = await house.cases.story(report["case_id"])
        assert [e["what"] for e in story["log"] if e["actor"] == "clock"] == [
            "reminded", "escalated to a manager",
        ]  # fmt: skip
        assert story["case"]["outcome"] == "waiting_review"
        assert await count(house, "effect") == 0
        with pytest.raises(NotAllowed):
            await house.cases.decide(row["review_id"], REJECT, Actor(name="anna", role="clerk"))
        _, after = await house.cases.decide(row["review_id"], REJECT, Actor(name="mira", role="manager"))
    assert after["outcome"] == "rejected"


async def test_a_question_is_sent_once_more_then_a_person_gets_the_case(
    demo_url: str, tmp_path: Path
) -> None:
    clock = FixedClock(MONDAY)
    async with demo_house(demo_url, tmp_path, clock=clock) as house:
        [report] = await process(house, unknown_article("O-2"), "order.eml")
        case_id = report["case_id"]
        assert report["outcome"] == "waiting_customer"
        clock.advance(timedelta(hours=24))
        assert await house.cases.chase_overdue() == 1
        assert await house.cases.chase_overdue() == 0
        assert await house.cases.open_cases() == []
        mails = [e["request"] for e in (await house.cases.story(case_id))["effects"]]
        assert len(mails) == 2
        assert mails[0]["body"] == mails[1]["body"]
        assert mails[0]["to"] == mails[1]["to"]
        assert mails[0]["message_id"] != mails[1]["message_id"]
        clock.advance(timedelta(hours=48))
        assert await house.cases.chase_overdue() == 1
        assert await house.cases.open_cases() == [case_id]
        after = await house.cases.drive(case_id)
        assert await house.cases.open_cases() == []
        codes = {f["code"] for f in after["findings"]}
        effects = await count(house, "effect")
    assert after["outcome"] == "waiting_review"
    assert "question_unanswered" in codes
    assert effects == 2


async def test_an_answer_to_the_reminder_is_an_answer_and_nothing_expires_then(
    demo_url: str, tmp_path: Path
) -> None:
    clock = FixedClock(MONDAY)
    async with demo_house(demo_url, tmp_path, clock=clock) as house:
        [report] = await process(house, unknown_article("O-3"), "order.eml")
        clock.advance(timedelta(hours=24))
        await house.cases.chase_overdue()
        story = await house.cases.story(report["case_id"])
        reminder = next(e for e in story["effects"] if e["target"].endswith("-reminder"))
        answer = mail(
            "We mean FST-10310.", sender=DANA, reply_to=reminder["request"]["message_id"], message_id="a@x"
        )
        [after] = await process(house, answer, "answer.eml")
        clock.advance(timedelta(days=30))
        open_reviews = await house.cases.reviews()
        await house.cases.chase_overdue()
        assert (await house.cases.report(report["case_id"]))["outcome"] == "waiting_review"
    assert after["case_id"] == report["case_id"]
    assert len(open_reviews) == 1
    codes = {f["code"] for f in after["findings"]}
    assert "customer_answered" in codes
    assert "question_unanswered" not in codes


async def test_a_second_question_has_its_own_time(demo_url: str, tmp_path: Path) -> None:
    clock = FixedClock(MONDAY)
    async with demo_house(demo_url, tmp_path, clock=clock) as house:
        [report] = await process(house, unknown_article("O-4"), "order.eml")
        clock.advance(timedelta(hours=72))
        await house.cases.chase_overdue()
        await house.cases.drive(report["case_id"])
        [row] = await house.cases.reviews()
        ask = {"type": "respond", "message": "Which article do you mean?"}
        _, asked = await house.cases.decide(row["review_id"], ask, Actor(name="mira", role="manager"))
        assert asked["outcome"] == "waiting_customer"
        assert await house.cases.open_cases() == []
        clock.advance(timedelta(hours=23))
        assert await house.cases.chase_overdue() == 0
