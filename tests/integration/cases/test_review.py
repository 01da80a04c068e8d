"""Reviews: decided once, bound to what was shown, by people who may; and what follows from each decision."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderdesk.domain.errors import NotAllowed, StaleDecision
from orderdesk.review.actors import Actor
from orderdesk.review.answers import InvalidAnswer
from tests.integration.cases.orders import DANA, clean_order, stranger, unknown_article
from tests.support.house import count, demo_house, mail, process

CLERK = Actor(name="anna", role="clerk")
MANAGER = Actor(name="mira", role="manager")
APPROVE = {"decisions": [{"type": "approve"}]}


def edit(**args: str) -> dict[str, object]:
    return {"type": "edit", "edited_action": {"name": "book_order", "args": args}}


async def test_a_stranger_waits_and_an_edit_books_for_the_account_chosen(
    demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        [report] = await process(house, stranger("R-1"), "order.eml")
        assert report["outcome"] == "waiting_review"
        assert await count(house, "sales_order") == 0
        [row] = await house.cases.reviews()
        _, after = await house.cases.decide(row["review_id"], edit(customer_id="C1003"), MANAGER)
        if after["outcome"] == "waiting_review":  # the account's own checks brought up something new
            [row] = await house.cases.reviews()
            _, after = await house.cases.decide(row["review_id"], APPROVE, MANAGER)
        story = await house.cases.story(report["case_id"])
    assert after["outcome"] == "booked"
    assert after["customer_id"] == "C1003"
    booked = next(e for e in story["effects"] if e["kind"] == "book_order")
    assert booked["approval"] in {d["decision_id"] for d in story["decisions"]}


async def test_an_approval_counts_for_what_was_shown_only(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        await process(house, stranger("R-2"), "order.eml")
        [row] = await house.cases.reviews()
        with pytest.raises(StaleDecision, match="changed since"):
            await house.cases.decide(
                row["review_id"], {"type": "reject", "message": "no"}, CLERK, payload_hash="sha256:0"
            )
        with pytest.raises(NotAllowed, match="may look"):
            await house.cases.decide(
                row["review_id"], {"type": "reject", "message": "no"}, Actor(name="vik", role="viewer")
            )
        with pytest.raises(InvalidAnswer):
            await house.cases.decide(row["review_id"], {"type": "sell"}, CLERK)
        assert len(await house.cases.reviews()) == 1


async def test_the_first_decision_stands(demo_url: str, tmp_path: Path) -> None:
    reject = {"type": "reject", "message": "not ours"}
    async with demo_house(demo_url, tmp_path) as house:
        await process(house, stranger("R-3"), "order.eml")
        [row] = await house.cases.reviews()
        _, first = await house.cases.decide(row["review_id"], reject, MANAGER)
        again, second = await house.cases.decide(row["review_id"], reject, MANAGER)
        with pytest.raises(StaleDecision, match="already decided"):
            await house.cases.decide(row["review_id"], edit(customer_id="C1003"), MANAGER)
        effects = await count(house, "effect")
        decisions = await count(house, "review_decision")
    assert first["outcome"] == second["outcome"] == "rejected"
    assert again.already
    assert effects == 0
    assert decisions == 1


async def test_an_edit_of_a_value_that_cannot_be_is_refused_and_nothing_changes(
    demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        await process(house, stranger("R-4"), "order.eml")
        [row] = await house.cases.reviews()
        for path, value in (("lines[0].quantity", "many"), ("lines[7].sku", "FST-10310"), ("net_total", "1")):
            with pytest.raises(InvalidAnswer):
                await house.cases.decide(row["review_id"], edit(**{path: value}), MANAGER)
        assert await count(house, "review_decision") == 0


async def test_a_question_waits_for_the_customer_whose_answer_a_person_reads(
    demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        [report] = await process(house, unknown_article("R-5"), "order.eml")
        assert report["outcome"] == "waiting_customer"
        assert report["questions"]
        async with house.pool.connection() as connection:
            row = await (
                await connection.execute("select request from effect where kind = 'send_mail'")
            ).fetchone()
        assert row is not None
        asked = row["request"]
        assert asked["to"] == "dana.whitfield@harlanfab.example"
        # The wrong sender answers: a message of its own, not part of the case.
        forged = mail(
            "take FST-10120", sender="x@evil.example", message_id="f@x", reply_to=asked["message_id"]
        )
        stored = await house.cases.submit(forged, "forged.eml", channel="test")
        assert stored.answers_case is None
        answer = mail(
            "We mean TOL-40310.",
            sender=DANA,
            subject="Re: PO R-5",
            message_id="r@h",
            reply_to=asked["message_id"],
        )
        stored = await house.cases.submit(answer, "answer.eml", channel="test")
        assert stored.answers_case == report["case_id"]
        after = await house.cases.drive(report["case_id"])
        assert after["outcome"] == "waiting_review"
        assert any("TOL-40310" in f["message"] for f in after["findings"] if f["code"] == "customer_answered")
        [review] = [r for r in await house.cases.reviews() if r["case_id"] == report["case_id"]]
        _, booked = await house.cases.decide(
            review["review_id"], edit(**{"lines[1].sku": "TOL-40310", "lines[1].uom": "EA"}), MANAGER
        )
        assert booked["outcome"] == "booked"
        assert booked["lines"][1]["sku"] == "TOL-40310"
        assert await count(house, "sales_order") == 1


async def test_a_reviewer_asks_in_own_words(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        text = clean_order("R-6").replace(b"10 rolls", b"9000 rolls")
        [report] = await process(house, text, "order.eml")
        assert report["outcome"] == "waiting_review"
        [row] = await house.cases.reviews()
        _, after = await house.cases.decide(
            row["review_id"], {"type": "respond", "message": "Do you really mean 9000 rolls?"}, MANAGER
        )
        letters = [p.read_text() for p in (tmp_path / "outbox").glob("*.eml")]
    assert after["outcome"] == "waiting_customer"
    assert after["questions"] == ["Do you really mean 9000 rolls?"]
    assert len(letters) == 1
    assert "9000 rolls" in letters[0]
