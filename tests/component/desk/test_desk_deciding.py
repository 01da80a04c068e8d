"""Deciding on the page, with no script: approve, edit, reject, ask; late, twice, and on what was not shown."""

from __future__ import annotations

from typing import Any

from starlette.types import ASGIApp

from orderdesk.bootstrap import House
from orderdesk.cases.fence import fence
from tests.component.desk.scene import Visitor, hidden, made_up_review, waiting_order


async def orders_of(house: House, case_id: str) -> list[dict[str, Any]]:
    async with house.pool.connection() as connection:
        query = "select * from sales_order where case_id = %(case_id)s"
        return await (await connection.execute(query, {"case_id": case_id})).fetchall()


async def test_approving_books_the_order_and_says_so(clerk: Visitor, house: House) -> None:
    case_id, review_id = await waiting_order(house, "D-APPROVE")
    done = await clerk.decide(review_id, decision="approve")
    assert done.status_code == 303, done.text
    [order] = await orders_of(house, case_id)
    page = (await clerk.get(done.headers["location"])).text
    assert f"Booked as {order['order_number']}" in page
    story = await house.cases.story(case_id)
    assert [d["actor"] for d in story["decisions"]] == ["Anna Berg"]


async def test_approving_twice_books_once(clerk: Visitor, house: House) -> None:
    case_id, review_id = await waiting_order(house, "D-TWICE")
    first = await clerk.decide(review_id, decision="approve")
    await clerk.get("/desk/")  # where the first one's message is shown
    again = await clerk.decide(review_id, decision="approve")
    assert first.status_code == 303
    assert again.status_code == 303
    assert "nothing was done twice" in (await clerk.get(again.headers["location"])).text
    assert len(await orders_of(house, case_id)) == 1


async def test_a_double_click_is_one_decision(clerk: Visitor, house: House) -> None:
    case_id, review_id = await waiting_order(house, "D-DOUBLE")
    page = (await clerk.get(f"/desk/reviews/{review_id}")).text
    form = {"csrf": hidden(page, "csrf"), "payload_hash": hidden(page, "payload_hash"), "decision": "approve"}
    answers = [await clerk.send_form(f"/desk/reviews/{review_id}", form) for _ in range(2)]
    assert [a.status_code for a in answers] == [303, 303]
    assert len(await orders_of(house, case_id)) == 1


async def test_the_second_person_is_told_who_was_first(app: ASGIApp, clerk: Visitor, house: House) -> None:
    case_id, review_id = await waiting_order(house, "D-FIRST")
    async with Visitor(app) as mira:
        await mira.sign_in("mira")
        page = (await mira.get(f"/desk/reviews/{review_id}")).text
        assert (await clerk.decide(review_id, decision="reject", reason="duplicate")).status_code == 303
        form = {"csrf": hidden(page, "csrf"), "payload_hash": hidden(page, "payload_hash")}
        for decision in ({"decision": "approve"}, {"decision": "reject", "reason": "credit"}):
            late = await mira.send_form(f"/desk/reviews/{review_id}", form | decision)
            assert late.status_code == 409
            assert "Anna Berg" in late.text
    assert await orders_of(house, case_id) == []


async def test_what_was_not_shown_cannot_be_approved(clerk: Visitor, house: House) -> None:
    case_id, review_id = await waiting_order(house, "D-STALE")
    stale = await clerk.decide(review_id, decision="approve", payload_hash="sha256:something else")
    assert stale.status_code == 409
    blind = await clerk.decide(review_id, decision="approve", payload_hash="")
    assert blind.status_code == 422
    assert await orders_of(house, case_id) == []
    assert (await house.cases.review(review_id))["closed_at"] is None


async def test_a_closed_review_cannot_be_decided(clerk: Visitor, house: House) -> None:
    _, review_id = await made_up_review(house, "closed")
    page = (await clerk.get(f"/desk/reviews/{review_id}")).text
    async with house.pool.connection() as connection:
        await connection.execute("update review set closed_at = now() where review_id = %s", (review_id,))
    form = {"csrf": hidden(page, "csrf"), "payload_hash": hidden(page, "payload_hash"), "decision": "approve"}
    assert (await clerk.send_form(f"/desk/reviews/{review_id}", form)).status_code == 409
    assert "no longer waits" in (await clerk.get(f"/desk/reviews/{review_id}")).text


async def test_a_changed_field_makes_it_an_edit(clerk: Visitor, house: House) -> None:
    case_id, review_id = await waiting_order(house, "D-EDIT")
    shown = (await house.cases.review(review_id))["payload"]["review"]["fields"]
    quantity = next(f for f in shown if f["path"] == "lines[0].quantity")
    wanted = str(int(quantity["value"]) + 1)
    unchanged = {f"field:{f['path']}": f["value"] for f in shown}
    fields = unchanged | {"field:lines[0].quantity": f" {wanted} "}
    done = await clerk.decide(review_id, decision="approve", **fields)
    assert done.status_code == 303, done.text
    [decision] = (await house.cases.story(case_id))["decisions"]
    assert decision["type"] == "edit"
    assert decision["body"]["args"] == {"lines[0].quantity": wanted}


async def test_an_edit_that_cannot_be_taken_keeps_what_was_typed(clerk: Visitor, house: House) -> None:
    _, review_id = await made_up_review(house, "bad-edit")
    refused = await clerk.decide(review_id, decision="approve", **{"field:lines[0].quantity": "many"})
    assert refused.status_code == 422
    assert "is not a number" in refused.text
    assert 'value="many"' in refused.text
    assert (await house.cases.review(review_id))["closed_at"] is None


async def test_fields_that_were_not_shown_cannot_be_set(clerk: Visitor, house: House) -> None:
    _, review_id = await made_up_review(house, "new-field")
    refused = await clerk.decide(review_id, decision="approve", **{"field:net_total": "1"})
    assert refused.status_code == 422
    assert (await house.cases.review(review_id))["closed_at"] is None


async def test_rejecting_needs_a_reason(clerk: Visitor, house: House) -> None:
    case_id, review_id = await waiting_order(house, "D-REJECT")
    for missing in ({}, {"reason": ""}, {"reason": "other"}, {"reason": "invented"}):
        assert (await clerk.decide(review_id, decision="reject", **missing)).status_code == 422
    done = await clerk.decide(review_id, decision="reject", reason="credit", note="ask again in May")
    assert done.status_code == 303
    story = await house.cases.story(case_id)
    assert story["case"]["outcome"] == "rejected"
    message = story["decisions"][0]["body"]["message"]
    assert message == "Customer blocked or over the credit limit: ask again in May"
    assert "ask again in May" in (await clerk.get(f"/desk/cases/{case_id}")).text


async def test_asking_needs_a_question_and_sends_it(clerk: Visitor, house: House) -> None:
    case_id, review_id = await waiting_order(house, "D-ASK")
    if (
        "respond"
        not in (await house.cases.review(review_id))["payload"]["review_configs"][0]["allowed_decisions"]
    ):
        refused = await clerk.decide(review_id, decision="respond", question="Boxes or pieces?")
        assert refused.status_code == 422
        return
    assert (await clerk.decide(review_id, decision="respond", question=" ")).status_code == 422
    assert (await clerk.decide(review_id, decision="respond", question="Boxes or pieces?")).status_code == 303
    assert (await house.cases.report(case_id))["outcome"] == "waiting_customer"


async def test_a_decision_nobody_knows_does_nothing(clerk: Visitor, house: House) -> None:
    _, review_id = await made_up_review(house, "unknown-decision")
    assert (await clerk.decide(review_id, decision="delete")).status_code == 422
    assert (await clerk.decide(review_id)).status_code == 422
    assert (await house.cases.review(review_id))["closed_at"] is None


async def test_only_what_is_allowed_is_offered(clerk: Visitor, house: House) -> None:
    _, review_id = await made_up_review(house, "only-reject", allowed=("reject",))
    page = (await clerk.get(f"/desk/reviews/{review_id}")).text
    assert "data-reject" in page
    assert "data-approve" not in page
    assert "data-ask" not in page
    assert (await clerk.decide(review_id, decision="approve")).status_code == 422


async def test_two_approvals_need_two_people(app: ASGIApp, clerk: Visitor, house: House) -> None:
    case_id, review_id = await waiting_order(house, "D-FOUR-EYES")
    async with house.pool.connection() as connection:
        await connection.execute("update review set approvals_needed = 2 where review_id = %s", (review_id,))
    first = await clerk.decide(review_id, decision="approve")
    assert "1 more needed" in (await clerk.get(first.headers["location"])).text
    await clerk.decide(review_id, decision="approve")
    assert await orders_of(house, case_id) == []
    page = (await clerk.get(f"/desk/reviews/{review_id}")).text
    assert "Another person has to give the next" in page
    assert "data-approve" not in page
    async with Visitor(app) as mira:
        await mira.sign_in("mira")
        await mira.decide(review_id, decision="approve")
    assert len(await orders_of(house, case_id)) == 1


async def test_a_decision_on_a_busy_case_is_recorded_and_carried_out_later(
    clerk: Visitor, house: House
) -> None:
    case_id, review_id = await waiting_order(house, "D-BUSY")
    async with fence(house.pool, case_id):
        done = await clerk.decide(review_id, decision="approve")
    assert done.status_code == 303
    assert "recorded" in (await clerk.get(done.headers["location"])).text
    await house.cases.drive(case_id)
    assert len(await orders_of(house, case_id)) == 1
