"""Ports that are closed and opened again: the mail server's, the model's. Orders go on; mails leave once, later."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checkpoints.pools import connect
from tests.chaos.fault_desk import (
    SHORT_LEASE,
    UNDONE,
    all_done,
    all_is_well,
    end_in_order,
    ended,
    number,
    orders,
    submit,
    until,
)
from tests.chaos.fault_relay import port_relay
from tests.integration.effects.receivers import mail_room
from tests.support.chat_double import chat_double
from tests.support.free_text_mails import MAILS
from tests.support.house import mail
from tests.support.invariants import broken_invariants
from tests.support.model_answers import reader_answers
from tests.support.zygote import Zygote

ORDERS = 10
MAILS_WAITING = (
    "select count(*) as n from effect where kind = 'send_mail' and status = 'pending' and attempts > 0"
)
MAILS_DONE = "select count(*) as n from effect where kind = 'send_mail' and status = 'done'"


async def test_the_mail_servers_port_closed_and_opened(zygote: Zygote, demo_url: str, tmp_path: Path) -> None:
    async with mail_room() as room, port_relay(room.port) as port:
        smtp = f"smtp://127.0.0.1:{port.port}?starttls=no"
        await port.close()
        await submit(demo_url, tmp_path, orders(ORDERS, "MAIL"))
        environment = {**SHORT_LEASE, "ORDERDESK_SMTP_URL": smtp, "ORDERDESK_SEND_TIMEOUT_S": "3"}
        workers = [await zygote.worker(demo_url, tmp_path, environment=environment) for _ in range(2)]
        await until(demo_url, MAILS_WAITING, at_least=1)
        await until(demo_url, "select count(*) as n from cases where outcome = 'booked'", at_least=ORDERS)
        assert room.taken == []
        assert await broken_invariants(demo_url, may_wait_to_be_sent=True) == []
        await port.open()
        await _time_passes(demo_url)
        await all_done(demo_url)
        await end_in_order(workers)
    assert await number(demo_url, MAILS_DONE) == len(room.taken) == ORDERS
    await all_is_well(demo_url, tmp_path, room.taken)


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "open"])
async def test_the_models_port_closed(zygote: Zygote, demo_url: str, tmp_path: Path, closed: bool) -> None:
    """Without the model the rules read the orders; not one is lost, and no call costs more than its budget."""
    with chat_double(("primary",)) as double:
        double.responder = reader_answers(MAILS[0])
        door = double.door("primary")
        if closed:
            door.close()
        rungs = [{"model": "primary", "base_url": door.base_url, "api_key_env": "", "timeout_s": 5}]
        letter = MAILS[0]
        raw = mail(letter.text, sender=letter.sender, subject=letter.subject)
        await submit(demo_url, tmp_path, [raw])
        environment = {**SHORT_LEASE, "ORDERDESK_MODELS": json.dumps(rungs)}
        worker = await zygote.worker(demo_url, tmp_path, environment=environment)
        await until(demo_url, UNDONE, at_most=0)
        await end_in_order([worker])
    assert (left := await ended(demo_url)) == {}, left
    assert await number(demo_url, "select count(*) as n from model_call where outcome = 'answered'") == (
        0 if closed else 1
    )
    await all_is_well(demo_url, tmp_path)


async def _time_passes(url: str) -> None:
    """What was put off for minutes is due, and the mail server is not held for broken any more."""
    async with await connect(url) as connection:
        await connection.execute("update effect set next_try_at = null where status = 'pending'")
        await connection.execute("delete from breaker")
