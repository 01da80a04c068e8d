"""The page of effects: what a person has to settle, by their rights, bound to what they saw; and the incidents."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from orderdesk.bootstrap import House
from orderdesk.desk.app import build_app
from tests.component.desk.scene import DEVELOPMENT, NOW, TOKEN, Visitor, an_app, hidden, made_up_review
from tools.ledger import SQL as LEDGER
from tools.ledger import Warrant, record_effect

HOSTILE = '550 <script>alert(1)</script> "refused" & more'


async def parked(house: House, name: str, *, state: str = "ambiguous", error: str = "lost after DATA") -> str:
    """A mail in the ledger that a person has to look at; its key."""
    case_id, _ = await made_up_review(house, name)
    mail = {"to": "dana@harlan.example", "subject": "x", "body": "x", "message_id": f"{name}@desk.example"}
    warrant = Warrant(case_id=case_id, autonomy="auto", approval="policy", payload_hash="hash")
    key = f"{case_id}:send_mail:{name}"
    async with house.pool.connection() as connection, connection.transaction():
        assert await record_effect(connection, warrant, "send_mail", name, mail, now=NOW)
    await set_effect(house, key, status=state, attempts=3, last_error=error, claimed_by="a claim")
    return key


async def set_effect(house: House, key: str, **columns: Any) -> None:
    async with house.pool.connection() as connection:
        for column, value in columns.items():
            await connection.execute(f"update effect set {column} = %s where key = %s", (value, key))  # type: ignore[arg-type]


async def effect(house: House, key: str) -> dict[str, Any]:
    async with house.pool.connection() as connection:
        where = {"case_id": key.partition(":")[0]}
        [row] = await (await connection.execute(LEDGER.effects_of_case, where)).fetchall()
    return row


async def forms(visitor: Visitor) -> dict[str, dict[str, str]]:
    """The forms of the page, by the key of their effect."""
    page = (await visitor.get("/desk/effects")).text
    found: dict[str, dict[str, str]] = {}
    for form in re.findall(r'<form class="settle".*?</form>', page, re.S):
        fields = {name: hidden(form, name) for name in ("csrf", "key", "shown")}
        found[fields["key"]] = fields
    return found


async def settle(visitor: Visitor, which: str, how: str, reason: str, **other: str) -> Any:
    form = {**(await forms(visitor)).get(which, {}), "how": how, "reason": reason, **other}
    return await visitor.send_form("/desk/effects", form)


async def test_the_list_shows_what_a_person_needs_to_know(clerk: Visitor, house: House) -> None:
    key = await parked(house, "listed", error=HOSTILE)
    done = await parked(house, "was-sent", state="done")
    page = (await clerk.get("/desk/effects")).text
    for text in (
        "Unclear",
        "dana@harlan.example",
        "listed@desk.example",
        f"/desk/cases/{key.partition(':')[0]}",
    ):
        assert text in page
    assert re.search(r"<dt>Tries</dt><dd>3", page)
    assert HOSTILE in unescape(page)
    assert "<script>alert" not in page
    assert done not in page
    assert key not in (await clerk.get("/desk/effects?state=failed")).text


@pytest.mark.parametrize(
    ("how", "state", "said"), [("sent", "done", "was sent"), ("again", "pending", "sent again"), ("drop", "dropped", "not sent")]
)  # fmt: skip
@pytest.mark.parametrize("before", ["ambiguous", "failed"])
async def test_a_persons_word_is_carried_out_and_logged(
    clerk: Visitor, house: House, how: str, state: str, said: str, before: str
) -> None:
    key = await parked(house, f"settled-{how}-{before}", state=before)
    assert (await settle(clerk, key, how, "asked the customer")).status_code == 303
    assert said in (await clerk.get("/desk/effects")).text
    assert key not in await forms(clerk)
    assert (await effect(house, key))["status"] == state
    log = (await house.cases.story(key.partition(":")[0]))["log"]
    assert [(r["actor"], r["why"]) for r in log if r["actor"] == "Anna Berg"] == [
        ("Anna Berg", "asked the customer")
    ]


async def test_without_a_reason_or_a_choice_nothing_is_done(clerk: Visitor, house: House) -> None:
    key = await parked(house, "no-reason")
    for how, reason in (("sent", "  "), ("sent", "x" * 1001), ("explode", "why not"), ("", "why not")):
        answer = await settle(clerk, key, how, reason)
        assert answer.status_code == 422
    assert (await effect(house, key))["status"] == "ambiguous"


async def test_what_has_changed_since_it_was_shown_is_not_settled(clerk: Visitor, house: House) -> None:
    key = await parked(house, "changed", state="failed")
    old = (await forms(clerk))[key]
    # Somebody had it sent again, and it failed in another way: what the page showed is not what is decided now.
    await set_effect(house, key, claimed_by="another claim")
    answer = await clerk.send_form("/desk/effects", {**old, "how": "again", "reason": "it failed"})
    assert answer.status_code == 409
    assert (await effect(house, key))["status"] == "failed"
    assert (await settle(clerk, key, "sent", "it arrived")).status_code == 303
    again = await clerk.send_form("/desk/effects", {**old, "how": "drop", "reason": "once more"})
    assert again.status_code == 409
    assert (await effect(house, key))["status"] == "done"


async def test_the_start_of_a_key_settles_nothing(clerk: Visitor, house: House) -> None:
    key = await parked(house, "prefix")
    assert (await settle(clerk, key, "drop", "x", key=key[:-1])).status_code == 409
    assert (await settle(clerk, key, "drop", "x", key="")).status_code == 409
    assert (await effect(house, key))["status"] == "ambiguous"


async def test_who_only_looks_settles_nothing(visitor: Visitor, clerk: Visitor, house: House) -> None:
    key = await parked(house, "viewer")
    form = (await forms(clerk))[key]
    assert (await visitor.get("/desk/effects")).status_code == 303
    await visitor.sign_in("vik")
    page = (await visitor.get("/desk/effects")).text
    assert key in page
    assert '<form class="settle"' not in page
    token = hidden(page, "csrf")
    forged = {**form, "csrf": token, "how": "drop", "reason": "x"}
    assert (await visitor.send_form("/desk/effects", forged)).status_code == 403
    assert (await effect(house, key))["status"] == "ambiguous"


async def test_another_site_or_a_missing_token_settles_nothing(clerk: Visitor, house: House) -> None:
    key = await parked(house, "forged")
    assert (await settle(clerk, key, "drop", "x", csrf="guessed")).status_code == 403
    form = {**(await forms(clerk))[key], "how": "drop", "reason": "x"}
    cross = await clerk.send_form("/desk/effects", form, **{"sec-fetch-site": "cross-site"})
    assert cross.status_code == 403
    assert (await effect(house, key))["status"] == "ambiguous"


async def test_a_case_shows_its_effects_with_their_state(clerk: Visitor, house: House) -> None:
    key = await parked(house, "on-its-case", state="failed", error=HOSTILE)
    page = (await clerk.get(f"/desk/cases/{key.partition(':')[0]}")).text
    assert "Failed" in page
    assert HOSTILE in unescape(page)
    assert "<script>alert" not in page
    assert "/desk/effects?state=failed" in page
    token = {"authorization": f"Bearer {TOKEN}"}
    story = await clerk.get(f"/desk/api/v1/cases/{key.partition(':')[0]}", headers=token)
    assert [(e["status"], e["last_error"]) for e in story.json()["effects"]] == [("failed", HOSTILE)]


async def test_incidents_are_shown_and_counted_until_they_are_gone(empty_house: House) -> None:
    house = empty_house
    key = await parked(house, "raised")
    async with house.pool.connection() as connection:
        await connection.execute("delete from review")
        await connection.execute("update cases set status = 'done', outcome = 'rejected'")
        await connection.execute(
            "insert into incident (incident_id, kind, subject, what, needed) values"
            " ('1', 'server_thread', 't-1', 'Thread <t-1> is no case.', 'Needed: a look.')"
        )
    await house.cases.reconcile()
    async with Visitor(build_app(house.cases, DEVELOPMENT, clock=house.clock)) as visitor:
        await visitor.sign_in("anna")
        await house.cases.reconcile()
        page = (await visitor.get("/desk/effects")).text
        assert key in page
        assert (
            "Other incidents" not in page
        )  # the thread is no longer found, the effect is in the list itself
        lines = (await visitor.get("/metrics")).text.splitlines()
    assert "orderdesk_open_incidents 1" in lines
    assert 'orderdesk_effects{status="ambiguous"} 1' in lines
    assert 'orderdesk_effects{status="dropped"} 0' in lines


async def test_incidents_that_are_no_effects_have_a_list_of_their_own(empty_house: House) -> None:
    async with empty_house.pool.connection() as connection:
        await connection.execute(
            "insert into incident (incident_id, kind, subject, what, needed) values"
            " ('1', 'server_thread', 't-1', 'Thread <t-1> is no case.', 'Needed: a look.')"
        )
    async with Visitor(an_app(empty_house)) as visitor:
        await visitor.sign_in("anna")
        page = (await visitor.get("/desk/effects")).text
        assert "Nothing to settle" in page
        assert "Thread &lt;t-1&gt; is no case." in page
        assert "1 open incident<" in (await visitor.get("/desk/stats")).text


async def test_the_queue_is_measured(empty_house: House) -> None:
    await made_up_review(empty_house, "measured")
    async with empty_house.pool.connection() as connection:
        await connection.execute(
            "update cases set status = 'queued', created_at = clock_timestamp() - interval '1 hour'"
        )
        job = "insert into procrastinate_jobs (queue_name, task_name, status) values ('cases', 'process_case', 'todo')"
        await connection.execute(job)
        alive = (
            "insert into procrastinate_workers (last_heartbeat) values (now()), (now() - interval '1 hour')"
        )
        await connection.execute(alive)
    async with Visitor(an_app(empty_house)) as visitor:
        lines = (await visitor.get("/metrics")).text.splitlines()
    assert 'orderdesk_jobs_waiting{queue="cases"} 1' in lines
    assert 'orderdesk_jobs_doing{queue="cases"} 0' in lines
    assert "orderdesk_workers_alive 1" in lines
    [waits] = [line for line in lines if line.startswith("orderdesk_oldest_waiting_case_seconds ")]
    assert 3600 <= int(waits.split()[1]) < 3700
