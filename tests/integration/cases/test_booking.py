"""A clean order is booked once, with everything that belongs to it, whatever arrives twice."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from orderdesk.review.actors import Actor
from tests.integration.cases.orders import clean_order
from tests.support.house import DEMO_DAY, count, demo_house, process


async def test_a_clean_order_is_booked_with_ledger_mail_export_and_log(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        [report] = await process(house, clean_order("T-1"), "order.eml")
        story = await house.cases.story(report["case_id"])
    assert report["outcome"] == "booked"
    assert report["order_number"].startswith("SO-")
    assert [(line["sku"], line["quantity"], line["uom"]) for line in report["lines"]] == [
        ("FST-10310", "400", "EA"),
        ("CLN-80210", "10", "RL"),
    ]
    assert report["model_calls"] == 0
    assert report["checkpoints"] <= 14
    assert {(e["kind"], e["status"]) for e in story["effects"]} == {
        ("book_order", "done"), ("reserve", "done"), ("export_order", "done"), ("send_mail", "done"),
    }  # fmt: skip
    exported = json.loads((tmp_path / "export" / f"{report['order_number']}.json").read_text())
    assert exported["net_total"] == report["net_total"]
    [letter] = (tmp_path / "outbox").glob("*.eml")
    assert report["order_number"] in letter.read_text()
    kinds = [row["kind"] for row in story["log"]]
    assert {"intake", "route", "result", "gate", "effect"} <= set(kinds)
    nodes = {row["node"] for row in story["log"]}
    assert {"reader", "matcher", "pricing", "supply", "risk", "booker", "correspondent", "gate"} <= nodes


async def test_the_same_bytes_and_the_same_message_id_change_nothing(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        [first] = await process(house, clean_order("T-2", message_id="a@h"), "order.eml")
        [again] = await process(house, clean_order("T-2", message_id="a@h"), "copy.eml")
        [resent] = await process(house, clean_order("T-2", message_id="a@h") + b"\r\n", "relayed.eml")
        orders, effects = await count(house, "sales_order"), await count(house, "effect")
    assert {first["case_id"], again["case_id"], resent["case_id"]} == {first["case_id"]}
    assert orders == 1
    assert effects == 4


async def test_the_same_order_in_another_mail_is_answered_with_the_existing_one(
    demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        [first] = await process(house, clean_order("T-3", message_id="a@h"), "one.eml")
        [second] = await process(house, clean_order("T-3", message_id="b@h"), "two.eml")
        orders = await count(house, "sales_order")
    assert second["outcome"] == "duplicate"
    assert second["order_number"] == first["order_number"]
    assert orders == 1


async def test_two_workers_on_the_same_customer_number_book_once(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        stored = [
            await house.cases.submit(
                clean_order("T-4", message_id=f"{n}@h"), f"{n}.eml", channel="test", as_of=DEMO_DAY
            )
            for n in range(3)
        ]
        ids = [s.case_ids[0] for s in stored]
        reports = await asyncio.gather(*(house.cases.drive(case_id) for case_id in ids))
        orders = await count(house, "sales_order")
    assert orders == 1
    assert sorted(r["outcome"] for r in reports) == ["booked", "duplicate", "duplicate"]


async def test_an_open_case_is_found_again_and_finished(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        stored = await house.cases.submit(clean_order("T-5"), "order.eml", channel="test", as_of=DEMO_DAY)
        assert await house.cases.open_cases() == list(stored.case_ids)
        await house.cases.drive(stored.case_ids[0])
        assert await house.cases.open_cases() == []
        stats = await house.cases.stats()
    assert {outcome: n for outcome, n in stats["outcomes"].items() if n} == {"booked": 1}
    assert stats["effects"] == {"done": 4, "pending": 0, "sending": 0, "ambiguous": 0}


async def test_another_order_under_a_known_message_id_is_not_lost(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        [first] = await process(house, clean_order("T-6", message_id="same@h"), "one.eml")
        [second] = await process(house, clean_order("T-7", message_id="same@h", quantity=600), "two.eml")
    assert first["outcome"] == "booked"
    assert second["case_id"] != first["case_id"]
    assert second["outcome"] == "waiting_review"
    assert "message_id_reused" in {f["code"] for f in second["findings"]}


async def test_a_case_that_kills_its_workers_ends_with_a_person(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        stored = await house.cases.submit(clean_order("T-8"), "order.eml", channel="test", as_of=DEMO_DAY)
        async with house.pool.connection() as connection:
            await connection.execute("update cases set attempts = 6, status = 'running'")
        report = await house.cases.drive(stored.case_ids[0])
        assert report["outcome"] == "dead_letter"
        again = await house.cases.retry(stored.case_ids[0])
    assert again["outcome"] == "booked"


async def test_orders_side_by_side_never_promise_the_same_pieces_or_pass_the_credit_limit(
    demo_url: str, tmp_path: Path
) -> None:
    """Five orders of some hundred nuts at once; the shelf and the account's credit are enough for a few of them."""
    async with demo_house(demo_url, tmp_path) as house:
        async with house.pool.connection() as connection:
            await connection.execute("update stock set on_hand = 1000, reserved = 0 where sku = 'FST-10310'")
            await connection.execute(
                "update customer set open_balance = 0, credit_limit = 700 where customer_id = 'C1001'"
            )
        ids = [
            (
                await house.cases.submit(
                    clean_order(f"P-{n}", quantity=n), f"{n}.eml", channel="test", as_of=DEMO_DAY
                )
            ).case_ids[0]
            for n in (400, 500, 600, 300, 200)
        ]
        reports = await asyncio.gather(*(house.cases.drive(case_id) for case_id in ids))
        async with house.pool.connection() as connection:
            row = await (
                await connection.execute(
                    "select coalesce((select sum(base_quantity) from reservation where sku = 'FST-10310'), 0) as held,"
                    " coalesce((select sum(net_total) from sales_order), 0) as owed"
                )
            ).fetchone()
    assert row is not None
    assert row["held"] <= 1000
    assert row["owed"] <= 700
    assert any(r["outcome"] == "booked" for r in reports)
    assert any(r["outcome"] == "waiting_review" for r in reports)


async def test_an_approved_order_that_others_have_overtaken_is_asked_about_again_and_says_why(
    demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        async with house.pool.connection() as connection:
            await connection.execute("update stock set on_hand = 1000, reserved = 0 where sku = 'FST-10310'")
            await connection.execute("update customer set autonomy = 'assist' where customer_id = 'C1001'")
        for n in (600, 700):
            [report] = await process(house, clean_order(f"O-{n}", quantity=n), f"{n}.eml")
            assert report["outcome"] == "waiting_review"
        manager = Actor(name="mira", role="manager")
        outcomes: list[str] = []
        for row in await house.cases.reviews():
            _, after = await house.cases.decide(row["review_id"], {"type": "approve"}, manager)
            outcomes.append(after["outcome"])
        assert outcomes == ["booked", "waiting_review"]
        log = (await house.cases.story(after["case_id"]))["log"]
        [again] = [row for row in log if row["node"] == "perform:again"]
        assert again["why"] == "since it was proposed, other orders have taken stock that was promised"
