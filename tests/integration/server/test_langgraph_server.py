"""LangGraph Server over the desk's database: Studio's way in, the review by id, and kill -9 in between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from langgraph_sdk import get_client

from orderdesk.domain.errors import StaleDecision
from orderdesk.review.actors import Actor
from tests.support.house import count, demo_house
from tests.support.langgraph_server import langgraph_server

MANAGER = Actor(name="mira", role="manager")
TEXT = "Please enter PO number {po}:\n\n- {n} ea FST-10310 hex nut 1/2-13 zinc\n\nThank you,\nDana"


# Each order differs from the last: like lines under another number are a possible duplicate, and rightly held.
EDIT = {
    "decisions": [{"type": "edit", "edited_action": {"name": "book_order", "args": {"customer_id": "C1001"}}}]
}


def text(number: int) -> str:
    """An order nobody has signed: its sender is not known to the desk."""
    return TEXT.format(po=f"LG-{number}", n=300 + 100 * number)


async def test_from_text_to_booked_order_across_desk_studio_and_kill(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        with langgraph_server(demo_url, tmp_path) as server:
            async with get_client(url=server.url) as client:
                assistants = {a["graph_id"] for a in await client.assistants.search(limit=20)}
                assert {
                    "order_desk",
                    "reader",
                    "matcher",
                    "pricing",
                    "supply",
                    "risk",
                    "booker",
                    "correspondent",
                } <= assistants
                await _drawing_and_schemas_are_complete(client)

                # Studio: one plain text, a review, answered by its interrupt id.
                first = await _started(client, text(1))
                review = await _waiting(client, first)
                result = await client.runs.wait(first, "order_desk", command={"resume": {review["id"]: EDIT}})
                assert result["outcome"] == "booked", result
                assert result["order_number"].startswith("SO-")

                # Answered again, late: nothing more happens.
                await client.runs.wait(first, "order_desk", input={"text": "something else entirely"})
                assert await count(house, "sales_order") == 1

                # Studio's case, answered in the desk; then once more in Studio.
                second = await _started(client, text(2))
                review = await _waiting(client, second)
                [row] = await house.cases.reviews()
                _, report = await house.cases.decide(row["review_id"], EDIT, MANAGER)
                assert report["outcome"] == "booked"
                await client.runs.wait(second, "order_desk", command={"resume": {review["id"]: EDIT}})
                assert await count(house, "sales_order") == 2
                with pytest.raises(StaleDecision):
                    await house.cases.decide(
                        row["review_id"], {"type": "reject", "message": "too late"}, MANAGER
                    )

                # A worker alone.
                thread = await client.threads.create()
                read = await client.runs.wait(thread["thread_id"], "reader", input={"text": text(9)})
                assert read["draft"]["po_number"]["value"] == "LG-9"

                # The desk's pages are the server's own routes.
                async with httpx.AsyncClient(base_url=server.url, follow_redirects=True) as browser:
                    page = await browser.get("/desk")
                    assert page.status_code == 200
                    assert "text/html" in page.headers["content-type"]

                third = await _started(client, text(3))
                review = await _waiting(client, third)
                server.kill()

        with langgraph_server(demo_url, tmp_path) as server:
            async with get_client(url=server.url) as client:
                await client.threads.create(thread_id=third, graph_id="order_desk", if_exists="do_nothing")
                state = await client.threads.get_state(third)
                assert [i["id"] for i in state["interrupts"]] == [review["id"]]
                result = await client.runs.wait(third, "order_desk", command={"resume": {review["id"]: EDIT}})
                assert result["outcome"] == "booked", result

                # A desk case, adopted and answered in Studio, then again in the desk.
                stored = await house.cases.submit(text(4).encode(), "note.txt", channel="test")
                waiting = await house.cases.drive(stored.case_ids[0])
                assert waiting["outcome"] == "waiting_review"
                await client.threads.create(
                    thread_id=stored.case_ids[0], graph_id="order_desk", if_exists="do_nothing"
                )
                review = await _waiting(client, stored.case_ids[0])
                [row] = await house.cases.reviews()
                result = await client.runs.wait(
                    stored.case_ids[0], "order_desk", command={"resume": {review["id"]: EDIT}}
                )
                assert result["outcome"] == "booked", result
                decided, again = await house.cases.decide(row["review_id"], EDIT, MANAGER)
                assert decided.already
                assert again["outcome"] == "booked"
        assert await count(house, "sales_order") == 4
        assert await count(house, "effect where kind = 'book_order'") == 4


async def _started(client: Any, words: str) -> str:
    thread = await client.threads.create()
    await client.runs.wait(thread["thread_id"], "order_desk", input={"text": words})
    return str(thread["thread_id"])


async def _waiting(client: Any, thread_id: str) -> dict[str, Any]:
    state = await client.threads.get_state(thread_id)
    assert state["values"]["outcome"] == "waiting_review"
    [pending] = state["interrupts"]
    assert pending["value"]["schema"] == "orderdesk.review/1"
    assert (
        pending["value"]["action_requests"][0]["args"] == pending["value"]["action_requests"][0]["arguments"]
    )
    return dict(pending)


async def _drawing_and_schemas_are_complete(client: Any) -> None:
    [assistant] = await client.assistants.search(graph_id="order_desk", limit=1)
    drawing = await client.assistants.get_graph(assistant["assistant_id"], xray=True)
    nodes = {n["id"] for n in drawing["nodes"]}
    assert {"intake", "supervisor", "gate", "review", "perform", "await_customer"} <= nodes
    for worker in ("reader", "matcher", "pricing", "supply", "risk", "booker", "correspondent"):
        assert any(n.startswith(f"{worker}:") for n in nodes), f"{worker} is not drawn inside"
    edges = {(e["source"], e["target"]) for e in drawing["edges"]}
    assert ("gate", "review") in edges
    assert ("gate", "perform") in edges
    assert ("review", "supervisor") in edges
    assert ("perform", "await_customer") in edges
    schemas = await client.assistants.get_schemas(assistant["assistant_id"])
    assert schemas["input_schema"]["properties"]["text"]["description"]
    assert "booked" in str(schemas["output_schema"]["properties"]["outcome"])
