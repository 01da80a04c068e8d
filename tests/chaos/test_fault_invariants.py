"""The checks of the invariants themselves: silent on a sound desk, and each one speaks up when it is broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any, LiteralString, cast

from checkpoints.pools import connect
from orderdesk.bootstrap import House
from orderdesk.review.actors import Actor
from tests.integration.cases.orders import clean_order, stranger, unknown_article
from tests.support.house import demo_house, process
from tests.support.invariants import broken_invariants, broken_mails, mails_in, mails_sent, violations

COPY = (
    "insert into effect (key, case_id, kind, class, target, request, status, response, approval, payload_hash,"
    " created_at, done_at) select key || 'x', case_id, kind, class, target || 'x', request, status, response,"
    " approval, payload_hash, created_at, done_at from effect"
)

# What is done to a sound desk, and the words of the sentence that has to come of it.
BREAKS = [
    ("update effect set status = 'sending' where kind = 'send_mail'", "I1: effect", "is still sending"),
    ("update effect set status = 'ambiguous' where kind = 'send_mail'", "I1: effect", "nobody was told"),
    ("update effect set response = null where kind = 'export_order'", "I1: effect", "without an answer"),
    ("delete from effect where kind = 'book_order'", "I1: case", "0 bookings"),
    ("delete from effect where kind = 'reserve'", "I1: order", "reserves stock without"),
    (
        f"{COPY} where kind = 'book_order'",
        "I1: case", "2 bookings",
    ),
    (
        f"{COPY} where kind = 'export_order'",
        "I1: order", "is exported 2 times",
    ),
    ("delete from reservation; delete from sales_order_line; delete from sales_order", "I1: effect", "which its case has not"),
    ("delete from sales_order_line", "I1: order", "has no lines"),
    (
        "insert into message (message_id, content_hash, channel, source, received_at, content)"
        " select 'm', 'm', channel, source, received_at, content from message limit 1",
        "I2: message", "belongs to no case",
    ),
    ("update cases set position = 3 where outcome = 'booked'", "I2: message", "the last is number 4"),
    ("update cases set status = 'running'", "I2: case", "is running"),
    ("update cases set status = 'done' where status <> 'done'", "I2: case", "is done, outcome waiting"),
    ("update review set closed_at = now()", "I2: case", "no review is open"),
    ("update review set interrupt_id = null where closed_at is null", "I2: case", "no review is open"),
    ("update cases set question = 'question-9'", "I2: case", "who was not asked"),
    ("update cases set answers_read = -1 where status = 'waiting_customer'", "I2: case", "an answer that is here"),
    ("update cases set outcome = 'dead_letter' where outcome = 'booked'", "I2: case", "does not say why"),
    ("update cases set order_number = 'SO-9' where outcome = 'booked'", "I2: case", "its order SO-9 is not there"),
    ("update effect set payload_hash = 'other' where approval = 'policy'", "I3: effect", "no gate let this payload pass"),
    ("update effect set payload_hash = 'other' where approval <> 'policy'", "I3: effect", "rests on decision"),
    ("update effect set approval = 'nobody'", "I3: effect", "rests on decision nobody"),
    ("update review_decision set role = 'viewer'", "I3: decision", "taken by a viewer"),
    ("update review_decision set type = 'approve' where type = 'edit'", "I3: review", "approved by 0 people"),
    ("update customer set autonomy = 'assist'", "I3: effect", "is assist"),
    ("insert into case_spend (case_id, calls) select case_id, 99 from cases", "I4: case", "made 99 calls"),
    ("update cases set latency_ms = 900000", "I4: case", "900000 ms"),
    ("delete from decision_log where kind = 'effect'", "I5: effect", "no entry"),
    ("delete from decision_log where kind = 'review'", "I5: the decision", "not in the log"),
    ("delete from decision_log where node like 'perform:%'", "I5: case", "the log does not say so"),
    ("delete from decision_log where kind = 'gate'", "I5: case", "past the gate"),
]  # fmt: skip


async def test_each_check_can_fail(demo_url: str, tmp_path: Path) -> None:
    """One sound desk, broken in each way by a transaction that is taken back."""
    async with demo_house(demo_url, tmp_path) as house:
        for raw in (
            clean_order("I-1"),
            unknown_article("I-2"),
            stranger("I-3"),
            clean_order("I-1", quantity=401),
        ):
            await process(house, raw, "order.eml")
        await _decided(house, stranger("I-4"), {"type": "reject", "message": "not a customer of ours"})
        choose = {"customer_id": "C1003"}
        edit = {"type": "edit", "edited_action": {"name": "book_order", "args": choose}}
        await _decided(house, stranger("I-5"), edit)
        assert await broken_invariants(demo_url) == []
        assert await broken_invariants(demo_url, people_wait=False) != []
    silent: list[str] = []
    async with await connect(demo_url) as connection:
        for statement, start, words in BREAKS:
            async with connection.transaction(force_rollback=True):
                # Without triggers and foreign keys, which would not let most of it happen.
                await connection.execute("set local session_replication_role = replica")
                await connection.execute(cast("LiteralString", statement))
                found = await violations(connection)
            if not any(sentence.startswith(start) and words in sentence for sentence in found):
                silent.append(f"{statement}: {found}")
    assert silent == []


async def test_a_mail_that_left_twice_or_never_is_seen(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        [report] = await process(house, clean_order("I-1"), "order.eml")
    [mail] = mails = mails_in(tmp_path / "outbox")
    assert await broken_mails(demo_url, mails) == []
    assert await mails_sent(demo_url, mails) == {f"{report['case_id']}:send_mail:confirmation": 1}
    assert "left the house 2 times" in (await broken_mails(demo_url, [mail, mail]))[0]
    assert "nothing arrived" in (await broken_mails(demo_url, []))[0]
    assert (
        "does not know it"
        in (await broken_mails(demo_url, [mail, mail.replace(b"Message-ID: <", b"Message-ID: <x")]))[0]
    )


async def _decided(house: House, raw: bytes, answer: dict[str, Any]) -> None:
    """A message to its review, and what a person decides about it."""
    [report] = await process(house, raw, "order.eml")
    [review] = [r for r in await house.cases.reviews() if r["case_id"] == report["case_id"]]
    await house.cases.decide(review["review_id"], answer, Actor(name="Karin", role="manager"))
