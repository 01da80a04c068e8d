"""Finished cases lose what customers wrote when its time is over, and keep what the books need."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from orderdesk.domain.errors import OrderDeskError
from orderdesk.review.actors import Actor
from tests.integration.cases.orders import DANA, clean_order, stranger, unknown_article
from tests.integration.retention.old_cases import YEARS, everything, old_house, personal, rows, run
from tests.support.house import DEMO_DAY, count, mail, process

MIRA = Actor(name="mira", role="manager")


async def test_a_finished_case_keeps_its_books_and_loses_every_word_of_the_customer(
    demo_url: str, tmp_path: Path
) -> None:
    async with old_house(demo_url, tmp_path) as (house, clock):
        [report] = await process(house, clean_order("R-1", message_id="r1@harlan"), "dana.eml")
        assert report["outcome"] == "booked"
        [asked] = await process(house, stranger("R-2"), "order.eml")
        [row] = await house.cases.reviews()
        reject = {"type": "reject", "message": "Sam Field is not known to us"}
        assert (await house.cases.decide(row["review_id"], reject, MIRA))[1]["outcome"] == "rejected"
        [questioned] = await process(house, unknown_article("R-2b"), "order.eml")
        clock.advance(timedelta(hours=100))
        await house.cases.chase_overdue()
        await house.cases.drive(questioned["case_id"])
        [row] = await house.cases.reviews()
        reject["message"] = "Dana called: forget it"
        assert (await house.cases.decide(row["review_id"], reject, MIRA))[1]["outcome"] == "rejected"
        order = await rows(house, "select * from sales_order join sales_order_line using (order_number)")
        effects = await rows(
            house, "select key, status, approval, payload_hash, done_at from effect order by key"
        )
        assert len(await personal(house)) > 10
        clock.advance(YEARS)
        await house.cases.retain()

        assert await personal(house) == []
        assert (
            await rows(house, "select * from sales_order join sales_order_line using (order_number)") == order
        )
        assert (
            await rows(house, "select key, status, approval, payload_hash, done_at from effect order by key")
            == effects
        )
        assert await count(house, "checkpoints") == 0
        story = await house.cases.story(report["case_id"])
        assert story["case"]["po_number"] == "R-1"
        assert {"gate", "effect", "note"} <= {entry["kind"] for entry in story["log"]}
        assert story["log"][-1]["what"] == "erased"
        assert story["report"]["order_number"] == order[0]["order_number"]
        assert [f["code"] for f in story["report"]["findings"]] == ["erased_by_retention"]
        [decision] = (await house.cases.story(asked["case_id"]))["decisions"]
        assert (decision["actor"], decision["type"]) == ("mira", "reject")


async def test_an_erased_case_is_still_known_by_its_bytes_its_id_and_its_words(
    demo_url: str, tmp_path: Path
) -> None:
    original = clean_order("R-3", message_id="r3@harlan")
    async with old_house(demo_url, tmp_path) as (house, clock):
        [report] = await process(house, original, "order.eml")
        clock.advance(YEARS)
        await house.cases.retain()
        [again] = await process(house, original, "order.eml")
        assert again["case_id"] == report["case_id"]
        assert again["outcome"] == "booked"
        assert again["findings"][0]["code"] == "erased_by_retention"
        assert "erased" in await house.cases.why(report["case_id"])
        relayed = original.replace(b"To: orders", b"Received: by a.relay\r\nTo: orders")
        [copy] = await process(house, relayed, "order.eml")
        assert copy["case_id"] == report["case_id"]
        other = clean_order("R-4", message_id="r3@harlan", quantity=300)
        [another] = await process(house, other, "order.eml")
        assert another["case_id"] != report["case_id"]
        assert "message_id_reused" in {f["code"] for f in another["findings"]}
        renamed = clean_order("R-3", message_id="other@harlan")
        [double] = await process(house, renamed, "order.eml")
        assert (double["outcome"], double["order_number"]) == ("duplicate", report["order_number"])
        message, answers = await house.cases.message_of(report["case_id"])
        assert (message.documents, answers) == ((), [])
        assert await count(house, "sales_order") == 1


async def test_open_cases_and_what_they_need_are_never_touched(demo_url: str, tmp_path: Path) -> None:
    async with old_house(demo_url, tmp_path) as (house, clock):
        [waiting] = await process(house, stranger("R-5"), "order.eml")
        [asked] = await process(house, unknown_article("R-6"), "order.eml")
        question = (await house.cases.story(asked["case_id"]))["effects"][0]["request"]["message_id"]
        answer = mail("We mean FST-10310.", sender=DANA, reply_to=question, message_id="a@x")
        await house.cases.submit(answer, "answer.eml", channel="test", as_of=DEMO_DAY)
        await house.cases.submit(clean_order("R-7"), "order.eml", channel="test", as_of=DEMO_DAY)
        before = await everything(house)
        clock.advance(YEARS)
        found = await house.cases.retain()
        after = await everything(house)
        before.pop("retention_run")
        after.pop("retention_run")
        assert after == before
        assert found is not None
        assert not any(found.done.values())
        [row] = [r for r in await house.cases.reviews() if r["case_id"] == waiting["case_id"]]
        assert (await house.cases.review(row["review_id"]))["payload"]["review"]["fields"]
        assert (await house.cases.drive(asked["case_id"]))["outcome"] == "waiting_review"


@pytest.mark.parametrize("still", ["running", "waiting_customer"])
async def test_a_message_is_kept_while_one_of_its_cases_is_open(
    demo_url: str, tmp_path: Path, still: str
) -> None:
    async with old_house(demo_url, tmp_path) as (house, clock):
        [report] = await process(house, clean_order("R-8"), "order.eml")
        await run(
            house,
            "insert into cases (case_id, thread_id, message_id, position, business_date, status, created_at) "
            "select 'second', 'second', message_id, 1, business_date, %(status)s, created_at from cases",
            status=still,
        )
        clock.advance(YEARS)
        await house.cases.retain()
        [message] = await rows(house, "select raw is not null as raw, content, erased_at from message")
        assert message["raw"]
        assert message["content"]["documents"]
        assert (await house.cases.story(report["case_id"]))["case"]["erased_at"] is None
        done = "update cases set status = 'done', outcome = 'booked', finished_at = created_at where case_id = 'second'"
        await run(house, done)
        await house.cases.retain()
        assert await personal(house) == []


@pytest.mark.parametrize("status", ["pending", "sending", "ambiguous", "failed"])
async def test_a_case_with_an_unsettled_effect_is_kept(demo_url: str, tmp_path: Path, status: str) -> None:
    async with old_house(demo_url, tmp_path) as (house, clock):
        await process(house, clean_order("R-9"), "order.eml")
        await run(house, "update effect set status = %(s)s where kind = 'send_mail'", s=status)
        clock.advance(YEARS)
        await house.cases.retain()
        [effect] = await rows(house, "select request from effect where kind = 'send_mail'")
        assert "harlanfab" in effect["request"]["to"]
        assert await count(house, "message where erased_at is null") == 1


async def test_what_was_no_order_goes_long_before_letters_do(demo_url: str, tmp_path: Path) -> None:
    async with old_house(demo_url, tmp_path) as (house, clock):
        [letter] = await process(house, clean_order("R-10"), "order.eml")
        [other] = await process(house, clean_order("R-11", quantity=300), "order.eml")
        await run(
            house, "update cases set outcome = 'not_an_order' where case_id = %(id)s", id=other["case_id"]
        )
        clock.advance(timedelta(days=89))
        await house.cases.retain()
        assert await count(house, "message where erased_at is not null") == 0
        clock.advance(timedelta(days=2))
        await house.cases.retain()
        erased = {
            r["case_id"] for r in await rows(house, "select case_id from cases where erased_at is not null")
        }
        assert erased == {other["case_id"]}
        assert (await house.cases.message_of(letter["case_id"]))[0].documents


async def test_each_part_has_its_own_time_and_nought_keeps_for_ever(demo_url: str, tmp_path: Path) -> None:
    policy = "checkpoints_days = 10\nmodel_answers_days = 20\nraw_days = 30\nletters_days = 0\ndecision_log_days = 50"
    async with old_house(demo_url, tmp_path, policy) as (house, clock):
        [report] = await process(house, clean_order("R-12"), "order.eml")
        key = {"id": report["case_id"], "at": clock.now()}
        await run(house, "insert into model_answer values (%(id)s, 'p', 'h', 'm', '{}', %(at)s)", **key)
        await run(
            house,
            "insert into model_call (case_id, agent, model, prompt, input_hash, outcome, why, latency_ms, at) "
            "values (%(id)s, 'reader', 'm', 'p', 'h', 'invalid', 'Dana said', 5, %(at)s)",
            **key,
        )

        async def left() -> list[int]:
            tables = (
                "checkpoints",
                "model_answer",
                "message where raw is not null",
                "model_call",
                "decision_log",
            )
            return [min(1, await count(house, table)) for table in tables]

        seen: list[list[int]] = []
        await house.cases.retain()
        assert await count(house, "checkpoints") == 1
        for _ in range(5):
            clock.advance(timedelta(days=10, minutes=1))
            await house.cases.retain()
            seen.append(await left())
        clock.advance(YEARS)
        await house.cases.retain()
        assert seen == [
            [0, 1, 1, 1, 1], [0, 0, 1, 1, 1], [0, 0, 0, 1, 1], [0, 0, 0, 1, 1], [0, 0, 0, 0, 0]
        ]  # fmt: skip
        assert await count(house, "message where erased_at is null") == 1
        assert (await house.cases.message_of(report["case_id"]))[0].documents


async def test_a_dead_letter_can_be_taken_up_until_it_is_erased(demo_url: str, tmp_path: Path) -> None:
    async with old_house(demo_url, tmp_path) as (house, clock):
        [case_id] = (
            await house.cases.submit(clean_order("R-13"), "order.eml", channel="test", as_of=DEMO_DAY)
        ).case_ids
        await run(house, "alter table sales_order add constraint never check (false) no inherit not valid")
        assert (await house.cases.drive(case_id))["outcome"] == "dead_letter"
        clock.advance(timedelta(days=400))
        await house.cases.retain()
        await run(house, "alter table sales_order drop constraint never")
        assert await count(house, "checkpoints") == 1
        assert (await house.cases.retry(case_id))["outcome"] == "booked"
        clock.advance(timedelta(days=31))
        await house.cases.retain()
        assert await count(house, "checkpoints") == 0

        [gone] = (
            await house.cases.submit(
                clean_order("R-14", quantity=300), "o.eml", channel="test", as_of=DEMO_DAY
            )
        ).case_ids
        await run(house, "alter table sales_order add constraint never check (false) no inherit not valid")
        assert (await house.cases.drive(gone))["outcome"] == "dead_letter"
        clock.advance(YEARS / 2 * 1.5)
        await house.cases.retain()
        with pytest.raises(OrderDeskError, match="erased"):
            await house.cases.retry(gone)
        assert (await house.cases.story(gone))["case"]["outcome"] == "dead_letter"
