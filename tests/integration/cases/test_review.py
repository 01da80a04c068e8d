"""Reviews: decided once, bound to what was shown, by people who may; and what follows from each decision."""

from __future__ import annotations

from pathlib import Path

import pytest
from langchain_core.runnables import RunnableConfig

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


async def test_another_edit_after_the_first_comes_too_late(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        await process(house, stranger("R-20"), "order.eml")
        [row] = await house.cases.reviews()
        await house.cases.decide(row["review_id"], edit(customer_id="C1003"), MANAGER)
        again, _ = await house.cases.decide(row["review_id"], edit(customer_id="C1003"), MANAGER)
        with pytest.raises(StaleDecision, match="the first decision stands"):
            await house.cases.decide(row["review_id"], edit(customer_id="C1001"), MANAGER)
    assert again.already


async def test_the_payload_names_evidence_by_document_and_says_what_the_customer_is_told(
    demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        async with house.pool.connection() as connection:
            await connection.execute("update customer set autonomy = 'assist'")
        await process(house, clean_order("R-21"), "order.eml")
        [row] = await house.cases.reviews()
        payload = (await house.cases.review(row["review_id"]))["payload"]
        _, after = await house.cases.decide(row["review_id"], APPROVE, MANAGER)
        story = await house.cases.story(after["case_id"])
    fields = {f["path"]: f for f in payload["review"]["fields"]}
    evidence = fields["lines[0].quantity"]["evidence"]
    assert {"document", "start", "end", "quote"} <= set(evidence)
    assert evidence["quote"] == "400"
    shown = payload["review"]["mail"]
    sent = next(e["request"] for e in story["effects"] if e["kind"] == "send_mail")
    assert sent["to"] == shown["to"]
    assert sent["body"] == shown["body"].replace("{order_number}", after["order_number"])
    assert payload["review"]["handoff"] is None


async def test_every_effect_has_its_row_of_the_decision_log(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        [report] = await process(house, clean_order("R-22"), "order.eml")
        story = await house.cases.story(report["case_id"])
    logged = {e["evidence"]["effect"] for e in story["log"] if e["node"].startswith("effect:")}
    assert logged == {e["key"] for e in story["effects"]}
    assert len(logged) >= 3


async def test_new_input_on_a_thread_that_has_a_case_keeps_what_people_said(
    demo_url: str, tmp_path: Path
) -> None:
    """Studio's input form sent once more: no second case, no lost edit, and a review one can still answer."""
    text = (
        "Please send PO number R-23: 400 ea FST-10310 hex nut 1/2-13 zinc. Deliver by 2027-03-12. Sam Field"
    )
    config: RunnableConfig = {"configurable": {"thread_id": "studio"}, "recursion_limit": 100}
    async with demo_house(demo_url, tmp_path) as house:
        first = await house.graph.ainvoke({"text": text}, config, durability="sync")
        [row] = await house.cases.reviews()
        await house.cases.decide(row["review_id"], edit(**{"lines[0].quantity": "300"}), MANAGER)
        again = await house.graph.ainvoke({"text": "something else"}, config, durability="sync")
        [row] = await house.cases.reviews()
        assert await house.cases.open_cases() == []
        _, after = await house.cases.decide(row["review_id"], {"type": "reject", "message": "no"}, MANAGER)
        assert await count(house, "cases") == 1
    assert again["case_id"] == first["case_id"] == after["case_id"]
    assert again["lines"][0]["booked_quantity"] == "300"
    assert after["outcome"] == "rejected"


async def test_in_shadow_nobody_is_written_to(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        async with house.pool.connection() as connection:
            await connection.execute("update customer set autonomy = 'shadow'")
        await process(house, unknown_article("R-24"), "order.eml")
        [row] = await house.cases.reviews()
        with pytest.raises(InvalidAnswer, match="not possible"):
            await house.cases.decide(row["review_id"], {"type": "respond", "message": "Which?"}, MANAGER)
        assert await count(house, "effect") == 0
