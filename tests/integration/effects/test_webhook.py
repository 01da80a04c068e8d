"""Booked orders posted to the company's own system: signed, known by their key, repeated without harm."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from pathlib import Path
from typing import Any

import pytest

from orderdesk.domain.errors import ConfigurationError, EffectRefused
from tests.integration.cases.orders import clean_order
from tests.integration.effects.effects_house import (
    SECRET,
    a_case,
    failures,
    one,
    queue_order,
    sending_house,
    states,
    time_passes,
)
from tests.integration.effects.receivers import DROP, HANG, company_system
from tests.support.house import demo_house, process


def posting(url: str, **more: Any) -> dict[str, Any]:
    return {"ORDERDESK_WEBHOOK_URL": url, "ORDERDESK_WEBHOOK_SECRET": SECRET, **more}


async def test_a_booked_order_is_posted_signed_beside_its_export(demo_url: str, tmp_path: Path) -> None:
    async with company_system() as erp, sending_house(demo_url, tmp_path, **posting(erp.url)) as house:
        [report] = await process(house, clean_order("W-1"), "order.eml")
        await house.cases.deliver()
        [posted] = erp.posts
        key = f"{report['case_id']}:export_order:{report['order_number']}@webhook"
        assert (await one(house, key))["status"] == "done"
        log = (await house.cases.story(report["case_id"]))["log"]
        assert any(row["what"] == f"export_order {report['order_number']}@webhook, to be sent" for row in log)
    assert posted.headers["idempotency-key"] == key
    signed = posted.headers["x-orderdesk-timestamp"].encode() + b"." + posted.body
    expected = "sha256=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(posted.headers["x-orderdesk-signature"], expected)
    assert posted.json["order_number"] == report["order_number"]
    assert len(posted.json["lines"]) == 2
    assert (tmp_path / "export" / f"{report['order_number']}.json").exists()


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("200 OK", "done"), ("202 Accepted", "done"), ("409 Conflict", "done"),
        ("400 Bad", "failed"), ("401 Who", "failed"), ("422 No", "failed"),
        ("302 Found\r\nlocation: /elsewhere", "failed"), ("307 There\r\nlocation: /elsewhere", "failed"),
        ("429 Slow", "pending"), ("408 Slow", "pending"), ("500 Oops", "pending"), ("503 Later", "pending"),
        (DROP, "pending"), (HANG, "pending"),
    ],
)  # fmt: skip
async def test_every_answer(demo_url: str, tmp_path: Path, answer: str, state: str) -> None:
    async with (
        company_system() as erp,
        sending_house(demo_url, tmp_path, **posting(erp.url, ORDERDESK_SEND_TIMEOUT_S=0.8)) as house,
    ):
        case_id = await a_case(house)
        key = await queue_order(house, case_id) + "@webhook"
        erp.answers = [answer]
        if state == "failed":
            with pytest.raises(EffectRefused, match=answer[:3]):
                await house.cases.deliver()
        else:
            await house.cases.deliver()
        assert (await one(house, key))["status"] == state
        assert len(erp.posts) == 1, "no redirect is followed"
        assert len(await failures(house, case_id)) == (state == "failed")
        erp.go_on.set()
        await house.breakers.reset("webhook:127.0.0.1")
        await time_passes(house)
        assert await house.cases.deliver() == (state == "pending")
        if state == "pending":
            row = await one(house, key)
            assert (row["status"], row["attempts"]) == ("done", 2)
            assert row["response"]["already"] == (answer in (DROP, HANG))
            assert len(erp.posts) == 2
            assert len(erp.orders) == 1


async def test_an_endless_answer_is_cut(demo_url: str, tmp_path: Path) -> None:
    async with company_system() as erp, sending_house(demo_url, tmp_path, **posting(erp.url)) as house:
        erp.body = b"\x00\xff" + b"x" * 5_000_000
        key = await queue_order(house, await a_case(house)) + "@webhook"
        await house.cases.deliver()
        row = await one(house, key)
    assert row["status"] == "done"
    assert len(row["response"]["said"]) <= 200


async def test_two_workers_post_each_order_once(demo_url: str, tmp_path: Path) -> None:
    async with (
        company_system() as erp,
        sending_house(demo_url, tmp_path, **posting(erp.url)) as first,
        sending_house(demo_url, tmp_path, **posting(erp.url)) as other,
    ):
        case_id = await a_case(first)
        for number in range(12):
            await queue_order(first, case_id, f"SO-{number}")
        await asyncio.gather(*(h.cases.deliver() for h in (first, other, first, other)))
        await first.cases.deliver()
        assert set((await states(first)).values()) == {"done"}
    assert len(erp.posts) == len(erp.orders) == 12


async def test_orders_from_before_it_was_set_are_not_posted_and_none_waits_unseen(
    demo_url: str, tmp_path: Path
) -> None:
    async with company_system() as erp:
        async with demo_house(demo_url, tmp_path) as before:
            case_id = await a_case(before)
            await queue_order(before, case_id, "SO-OLD")
            assert await before.cases.deliver() == 1
            await queue_order(before, case_id, "SO-NEW")
        async with sending_house(demo_url, tmp_path, **posting(erp.url)) as house:
            assert await house.cases.deliver() == 2
            assert await states(house) == {"SO-OLD": "done", "SO-NEW": "done", "SO-NEW@webhook": "done"}
    assert [post.json["order_number"] for post in erp.posts] == ["SO-NEW"]


async def test_a_post_that_may_have_arrived_at_another_address_is_a_persons(
    demo_url: str, tmp_path: Path
) -> None:
    async with company_system() as old, company_system() as new:
        async with sending_house(demo_url, tmp_path, **posting(old.url)) as house:
            key = await queue_order(house, await a_case(house)) + "@webhook"
            old.answers = [DROP]
            await house.cases.deliver()
            assert (await one(house, key))["status"] == "pending"
        async with sending_house(demo_url, tmp_path, **posting(new.url)) as house:
            await time_passes(house)
            assert await house.cases.deliver() == 0
            assert (await one(house, key))["status"] == "ambiguous"
    assert new.posts == []


async def test_an_address_without_a_secret_is_refused_at_the_start(demo_url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="ORDERDESK_WEBHOOK_SECRET"):
        async with sending_house(demo_url, tmp_path, ORDERDESK_WEBHOOK_URL="https://erp.example/"):
            pass
