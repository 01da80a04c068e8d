"""The JSON API: messages in, cases and reviews out, decisions; every error a problem with a sentence."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from starlette.types import ASGIApp

from orderdesk.bootstrap import House
from orderdesk.cases.fence import fence
from tests.component.desk.scene import (
    PROXY,
    PROXY_SECRET,
    TOKEN,
    Visitor,
    an_app,
    hidden,
    made_up_review,
    waiting_order,
)
from tests.support.house import count

API = "/desk/api/v1"
ORDER = {
    "sender": "r.hennings@becker-stahlbau.example",
    "subject": "Order API-1",
    "text": "Purchase order API-1\n\nPlease send 10 ea FST-10120\n",
}
MAIL = (
    b"From: Ralf <r.hennings@becker-stahlbau.example>\r\nSubject: Order API-MAIL\r\n"
    b"Message-ID: <api-mail@becker.example>\r\n\r\nPurchase order API-MAIL\r\n\r\n5 ea FST-10120\r\n"
)


@pytest_asyncio.fixture
async def client(app: ASGIApp) -> AsyncGenerator[Visitor]:
    async with Visitor(app, headers={"authorization": f"Bearer {TOKEN}"}) as visitor:
        yield visitor


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["type"].startswith("urn:orderdesk:problem:")
    assert re.search(r"\w[^\n]*[.:]", body["detail"])
    assert "Traceback" not in answer.text
    return body


async def test_a_message_in_parts_becomes_a_case(client: Visitor) -> None:
    attachment = {"name": "note.txt", "content_base64": base64.b64encode(b"thanks").decode()}
    answer = await client.post(f"{API}/messages", json=ORDER | {"attachments": [attachment]})
    assert answer.status_code == 202, answer.text
    body = answer.json()
    assert body["case_ids"] == [case["case_id"] for case in body["cases"]]
    assert body["cases"][0]["outcome"]
    case = (await client.get(f"{API}/cases/{body['case_ids'][0]}")).json()
    assert case["report"]["outcome"] == body["cases"][0]["outcome"]
    assert case["log"]
    listed = (await client.get(f"{API}/cases?limit=500")).json()["cases"]
    assert body["case_ids"][0] in [row["case_id"] for row in listed]


async def test_a_raw_mail_is_stored_once(client: Visitor) -> None:
    headers = {"content-type": "message/rfc822"}
    first = (await client.post(f"{API}/messages", content=MAIL, headers=headers)).json()
    again = (await client.post(f"{API}/messages", content=MAIL, headers=headers)).json()
    assert not first["existed"]
    assert again["existed"]
    assert first["case_ids"] == again["case_ids"]


async def test_the_same_key_gives_the_same_case(client: Visitor) -> None:
    headers = {"idempotency-key": "order-7"}
    bodies = [
        (
            await client.post(f"{API}/messages", json=ORDER | {"text": "5 ea FST-10120"}, headers=headers)
        ).json()
        for _ in range(2)
    ]
    assert bodies[0]["case_ids"] == bodies[1]["case_ids"]
    assert [b["existed"] for b in bodies] == [False, True]


async def test_where_workers_run_a_new_case_waits_for_one(house: House) -> None:
    async with Visitor(an_app(house, queued=True), headers={"authorization": f"Bearer {TOKEN}"}) as client:
        body = (await client.post(f"{API}/messages", json=ORDER | {"text": "7 ea FST-10120"})).json()
    [case_id] = body["case_ids"]
    assert (
        await count(house, f"procrastinate_jobs where status = 'todo' and args->>'case_id' = '{case_id}'")
        == 1
    )
    assert body["cases"][0]["outcome"] is None


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"text": 5}, "/text"),
        ({"text": "x", "sneder": "a"}, "/sneder"),
        ({"text": "x", "subject": "a\r\nBcc: all@example.com"}, "/subject"),
        (
            {"text": "x", "attachments": [{"name": "a", "content_base64": "?"}]},
            "/attachments/0/content_base64",
        ),
    ],
)
async def test_a_wrong_body_is_named_by_its_place(
    client: Visitor, body: dict[str, Any], pointer: str
) -> None:
    errors = problem(await client.post(f"{API}/messages", json=body), 422)["errors"]
    assert pointer in [error["pointer"] for error in errors]


async def test_bodies_of_other_kinds_and_sizes_are_refused(house: House, client: Visitor) -> None:
    problem(await client.post(f"{API}/messages", json={}), 422)
    form = {"content-type": "application/x-www-form-urlencoded"}
    problem(await client.post(f"{API}/messages", content="text=x", headers=form), 415)
    json = {"content-type": "application/json"}
    problem(await client.post(f"{API}/messages", content="{", headers=json), 422)
    problem(await client.post(f"{API}/messages", json=ORDER, headers={"idempotency-key": "k" * 201}), 422)
    token = {"authorization": f"Bearer {TOKEN}"}
    async with Visitor(an_app(house, max_message_bytes=1000), headers=token) as small:
        problem(await small.post(f"{API}/messages", json={"text": "x" * 1001}), 413)


async def test_nobody_unknown_gets_in(visitor: Visitor) -> None:
    for path in ("/stats", "/cases", "/reviews", "/cases/x", "/reviews/x"):
        problem(await visitor.get(API + path), 401)
    wrong = {"authorization": "Bearer guessed"}
    problem(await visitor.get(f"{API}/stats", headers=wrong), 401)
    problem(await visitor.post(f"{API}/messages", json=ORDER), 401)


async def test_a_viewer_may_read_only(app: ASGIApp, house: House) -> None:
    _, review_id = await made_up_review(house, "api-viewed")
    async with Visitor(app, headers={"authorization": "Bearer looks-only"}) as viewer:
        assert (await viewer.get(f"{API}/reviews/{review_id}")).status_code == 200
        problem(await viewer.post(f"{API}/messages", json=ORDER), 403)
        decision = {"payload_hash": "sha256:api-viewed", "decisions": [{"type": "approve"}]}
        problem(await viewer.post(f"{API}/reviews/{review_id}/decision", json=decision), 403)
    assert (await house.cases.review(review_id))["closed_at"] is None


async def test_a_session_needs_its_token_to_write(clerk: Visitor) -> None:
    body = ORDER | {"text": "9 ea FST-10120"}
    problem(await clerk.post(f"{API}/messages", json=body), 403)
    token = hidden((await clerk.get("/desk/")).text, "csrf")
    cross = {"x-csrf-token": token, "sec-fetch-site": "cross-site"}
    problem(await clerk.post(f"{API}/messages", json=body, headers=cross), 403)
    assert (
        await clerk.post(f"{API}/messages", json=body, headers={"x-csrf-token": token})
    ).status_code == 202


async def test_the_proxys_headers_work_here_too(house: House) -> None:
    headers = {
        "x-orderdesk-user": "Petra",
        "x-orderdesk-role": "viewer",
        "x-orderdesk-proxy-secret": PROXY_SECRET,
    }
    async with Visitor(an_app(house, PROXY), headers=headers) as petra:
        assert (await petra.get(f"{API}/stats")).status_code == 200
        problem(await petra.post(f"{API}/messages", json=ORDER), 403)


@pytest.mark.parametrize("dialect", ["ours", "agent inbox"])
async def test_a_review_is_decided_on_what_was_shown(client: Visitor, house: House, dialect: str) -> None:
    case_id, review_id = await waiting_order(house, f"A-{dialect[:4]}")
    assert review_id in [
        r["review_id"] for r in (await client.get(f"{API}/reviews?limit=500")).json()["reviews"]
    ]
    shown = (await client.get(f"{API}/reviews/{review_id}")).json()
    assert shown["payload"]["schema"] == "orderdesk.review/1"
    address = f"{API}/reviews/{review_id}/decision"
    decisions = [{"type": "approve"}] if dialect == "ours" else [{"type": "accept", "args": None}]
    problem(await client.post(address, json={"decisions": decisions}), 422)
    problem(await client.post(address, json={"decisions": decisions, "payload_hash": "sha256:old"}), 409)
    wanted = {"decisions": decisions, "payload_hash": shown["payload_hash"]}
    done = await client.post(address, json=wanted)
    assert done.status_code == 200, done.text
    assert done.json()["report"]["outcome"] == "booked"
    again = (await client.post(address, json=wanted)).json()
    assert again["already"]
    late = {"decisions": [{"type": "reject", "message": "no"}], "payload_hash": shown["payload_hash"]}
    problem(await client.post(address, json=late), 409)
    story = (await client.get(f"{API}/cases/{case_id}")).json()
    assert [e["kind"] for e in story["effects"]].count("book_order") == 1
    assert [d["actor"] for d in story["decisions"]] == ["shop"]


@pytest.mark.parametrize(
    "decisions",
    [
        [],
        [{"type": "approve"}, {"type": "approve"}],
        [{"type": "ignore"}],
        [{"type": "reject"}],
        [{"type": "respond", "message": ""}],
        [{"type": "edit", "edited_action": {"name": "book_order", "args": {"lines[0].quantity": "-1"}}}],
        [{"type": "edit", "edited_action": {"name": "book_order", "args": {"net_total": "1"}}}],
        [{"type": "burn"}],
    ],
)
async def test_an_answer_that_cannot_be_taken_leaves_the_review_open(
    client: Visitor, house: House, decisions: list[dict[str, Any]]
) -> None:
    _, review_id = await made_up_review(house, "api-invalid")
    shown = (await client.get(f"{API}/reviews/{review_id}")).json()
    wanted = {"decisions": decisions, "payload_hash": shown["payload_hash"]}
    problem(await client.post(f"{API}/reviews/{review_id}/decision", json=wanted), 422)
    assert (await house.cases.review(review_id))["closed_at"] is None


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "limit=-1", "limit=１", "status=lost"])
async def test_parameters_are_checked(client: Visitor, query: str) -> None:
    problem(await client.get(f"{API}/cases?{query}"), 422)


async def test_unknown_addresses_and_methods_are_problems_too(client: Visitor) -> None:
    assert (await client.get(f"{API}/nothing")).headers["content-type"] == "application/problem+json"
    answer = await client.delete(f"{API}/cases")
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_decision_on_a_busy_case_is_accepted(client: Visitor, house: House) -> None:
    case_id, review_id = await waiting_order(house, "A-BUSY")
    shown = (await client.get(f"{API}/reviews/{review_id}")).json()
    wanted = {"decisions": [{"type": "approve"}], "payload_hash": shown["payload_hash"]}
    async with fence(house.pool, case_id):
        done = await client.post(f"{API}/reviews/{review_id}/decision", json=wanted)
    assert done.status_code == 202
    assert done.json()["status"] == "recorded"
    assert (await house.cases.review(review_id))["decided_by"] == "shop"
