"""Mail over SMTP: before DATA nothing has happened, after it only the server's answer counts; never sent twice."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from orderdesk.domain.errors import EffectRefused
from orderdesk.review.actors import Actor
from tests.integration.cases.orders import clean_order
from tests.integration.effects.effects_house import (
    a_case,
    failures,
    one,
    queue,
    sending_house,
    states,
    time_passes,
)
from tests.integration.effects.receivers import DROP, HANG, mail_room
from tests.support.house import process


async def test_a_booked_order_is_confirmed_by_mail_once(demo_url: str, tmp_path: Path) -> None:
    async with (
        mail_room() as room,
        sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url) as house,
    ):
        [report] = await process(house, clean_order("S-1"), "order.eml")
        assert report["outcome"] == "booked"
        assert await house.cases.deliver() == 0
        [mail] = room.taken
        story = await house.cases.story(report["case_id"])
    sent = message_from_bytes(mail, policy=default)
    [effect] = [e for e in story["effects"] if e["kind"] == "send_mail"]
    assert sent["Message-ID"] == f"<{effect['request']['message_id']}>"
    assert (effect["status"], effect["response"]["code"]) == ("done", 250)
    assert sent["To"] == "dana.whitfield@harlanfab.example"
    assert not list((tmp_path / "outbox").glob("*.eml"))
    assert len(list((tmp_path / "export").glob("*.json"))) == 1


async def test_what_is_written_arrives_as_it_was_written(demo_url: str, tmp_path: Path) -> None:
    async with (
        mail_room() as room,
        sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url) as house,
    ):
        await queue(house, await a_case(house), "m")
        assert await house.cases.deliver() == 1
    sent = message_from_bytes(room.taken[0], policy=default)
    assert sent.get_content().replace("\r\n", "\n") == "Grüße\n.\nfrom the desk\n"
    assert room.taken[0].isascii()


@pytest.mark.parametrize(
    ("step", "answer", "state"),
    [
        ("EHLO", "421 later", "pending"), ("EHLO", "554 go away", "pending"), ("EHLO", DROP, "pending"),
        ("MAIL", "451 later", "pending"), ("MAIL", "550 not you", "failed"), ("MAIL", DROP, "pending"),
        ("MAIL", "530 log in", "pending"),
        ("RCPT", "450 greylisted", "pending"), ("RCPT", "550 5.1.1 unknown user", "failed"), ("RCPT", DROP, "pending"),
        ("DATA", "451 later", "pending"), ("DATA", "554 no", "failed"), ("DATA", DROP, "ambiguous"),
        ("TAKEN", "452 disk full", "pending"), ("TAKEN", "552 too large", "failed"), ("TAKEN", DROP, "ambiguous"),
        ("TAKEN", "250", "done"), ("TAKEN", "354 what", "ambiguous"), ("TAKEN", "garbage", "ambiguous"),
        ("RCPT", HANG, "pending"), ("TAKEN", HANG, "ambiguous"),
    ],
)  # fmt: skip
async def test_every_answer_at_every_step(
    demo_url: str, tmp_path: Path, step: str, answer: str, state: str
) -> None:
    async with (
        mail_room() as room,
        sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url, ORDERDESK_SEND_TIMEOUT_S=0.8) as house,
    ):
        case_id = await a_case(house)
        [key] = await queue(house, case_id, "m")
        room.plan[step] = answer
        if state == "failed":
            with pytest.raises(EffectRefused, match=answer.split()[0]):
                await house.cases.deliver()
        else:
            assert await house.cases.deliver() == (state == "done")
        row = await one(house, key)
        assert row["status"] == state
        assert len(await failures(house, case_id)) == (state in ("failed", "ambiguous"))
        # Whatever it was, it is over: the mail leaves once if the first was surely not taken, else a person decides.
        room.plan.clear()
        room.go_on.set()
        taken_before = len(room.taken)
        await house.breakers.reset("smtp:127.0.0.1")
        if state == "pending":
            assert row["next_try_at"] > datetime.now(UTC)
            assert await house.cases.deliver() == 0, "it is not due yet"
            await time_passes(house)
            assert await house.cases.deliver() == 1
            assert len(room.taken) == taken_before + 1 == 1
            assert (await one(house, key))["attempts"] == 2
        else:
            await time_passes(house)
            assert await house.cases.deliver() == 0
            assert len(room.taken) == taken_before
            assert (await one(house, key))["status"] == state


async def test_the_same_message_id_at_every_try(demo_url: str, tmp_path: Path) -> None:
    async with (
        mail_room() as room,
        sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url) as house,
    ):
        [key] = await queue(house, await a_case(house), "m")
        room.plan["TAKEN"] = DROP
        await house.cases.deliver()
        room.plan.clear()
        await house.cases.settle_effect(
            key, "again", Actor(name="Karin", role="clerk"), reason="not in the log"
        )
        assert await house.cases.deliver() == 1
    assert len(room.message_ids) == 2
    assert len(set(room.message_ids)) == 1


async def test_a_server_that_is_not_there_costs_a_try_and_then_rests(demo_url: str, tmp_path: Path) -> None:
    async with mail_room() as room:
        url = room.url
    async with sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=url) as house:
        case_id = await a_case(house)
        await queue(house, case_id, *(f"m{n}" for n in range(8)))
        assert await house.cases.deliver() == 0
        rows = await house.cases.effects(case_id)
        assert {row["status"] for row in rows} == {"pending"}
        assert sum(row["attempts"] for row in rows) == 5, "the breaker keeps the rest from trying"
        assert all("cannot be reached" in row["last_error"] for row in rows if row["attempts"])


async def test_tries_come_to_an_end_with_a_person(demo_url: str, tmp_path: Path) -> None:
    async with (
        mail_room() as room,
        sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url) as house,
    ):
        case_id = await a_case(house)
        [key] = await queue(house, case_id, "m")
        room.plan["RCPT"] = "450 greylisted"
        waits: list[timedelta] = []
        for _ in range(13):
            assert await house.cases.deliver() == 0
            waits.append((await one(house, key))["next_try_at"] - datetime.now(UTC))
            await time_passes(house)
        with pytest.raises(EffectRefused, match="greylisted"):
            await house.cases.deliver()
        assert (await one(house, key))["status"] == "failed"
        assert timedelta(seconds=15) < waits[0] < timedelta(minutes=1)
        assert timedelta(minutes=40) < waits[-1] < timedelta(minutes=80)
        assert await failures(house, case_id) == ["send_mail m was not sent"]


async def test_two_workers_send_each_mail_once(demo_url: str, tmp_path: Path) -> None:
    async with (
        mail_room() as room,
        sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url) as one_house,
        sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url) as other,
    ):
        await queue(one_house, await a_case(one_house), *(f"m{n}" for n in range(20)))
        done = await asyncio.gather(*(h.cases.deliver() for h in (one_house, other, one_house, other)))
        assert sum(done) == 20
        assert set((await states(one_house)).values()) == {"done"}
    assert len(set(room.message_ids)) == len(room.taken) == 20


async def test_a_live_claim_is_never_taken_and_a_late_answer_still_counts(
    demo_url: str, tmp_path: Path
) -> None:
    """A worker that stops for longer than its claim holds, with the mail already handed over."""
    async with (
        mail_room() as room,
        sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url, ORDERDESK_SEND_TIMEOUT_S=60) as slow,
        sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url) as other,
    ):
        [key] = await queue(slow, await a_case(slow), "m")
        room.plan["TAKEN"] = HANG
        sending = asyncio.create_task(slow.cases.deliver())
        await room.reached.wait()
        assert await other.cases.deliver() == 0
        assert (await one(other, key))["status"] == "sending"
        await time_passes(other)
        assert await other.cases.deliver() == 0
        assert (await one(other, key))["status"] == "ambiguous"
        room.go_on.set()
        assert await sending == 1
    assert len(room.taken) == 1


async def test_a_worker_that_was_stopped_too_long_before_the_call_sends_nothing(
    demo_url: str, tmp_path: Path
) -> None:
    async with (
        mail_room() as room,
        sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url, ORDERDESK_SEND_TIMEOUT_S=60) as slow,
        sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url) as other,
    ):
        [key] = await queue(slow, await a_case(slow), "m")
        room.plan["RCPT"] = HANG
        sending = asyncio.create_task(slow.cases.deliver())
        await room.reached.wait()
        await time_passes(other)
        room.plan.clear()
        assert await other.cases.deliver() == 1
        room.go_on.set()
        assert await sending == 0
        assert (await one(other, key))["status"] == "done"
    assert len(room.taken) == 1


async def test_a_worker_told_to_stop_leaves_no_mail_in_doubt_that_is_in_none(
    demo_url: str, tmp_path: Path
) -> None:
    async with (
        mail_room() as room,
        sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url) as house,
    ):
        for step, state in (("RCPT", "pending"), ("TAKEN", "ambiguous")):
            [key] = await queue(house, await a_case(house), step)
            room.plan = {step: HANG}
            room.reached.clear()
            sending = asyncio.create_task(house.cases.deliver())
            await room.reached.wait()
            sending.cancel()
            await asyncio.wait({sending})
            assert (await one(house, key))["status"] == state
            room.plan = {}
            assert await house.cases.deliver() == (state == "pending")


def certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{name}.pem"
    path.write_bytes(pem)
    return path


@pytest.mark.parametrize("implicit", [False, True])
async def test_tls_a_checked_certificate_and_a_login(
    demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, implicit: bool
) -> None:
    pem = certificate(tmp_path, "localhost")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    scheme = "smtps" if implicit else "smtp"
    async with mail_room(tls=context, implicit=implicit, login=("desk", "s/cret")) as room:

        async def state(password: str) -> dict[str, Any]:
            url = f"{scheme}://desk:{password}@localhost:{room.port}"
            async with sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=url) as house:
                case_id = await a_case(house)
                keys = [e["key"] for e in await house.cases.effects(case_id)] or await queue(
                    house, case_id, "m"
                )
                await time_passes(house)
                await house.cases.deliver()
                return await one(house, keys[0])

        untrusted = await state("s%2Fcret")
        assert untrusted["status"] == "pending"
        assert "certificate" in untrusted["last_error"]
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        refused = await state("wrong")
        assert refused["status"] == "pending"
        assert "login" in refused["last_error"]
        assert "wrong" not in refused["last_error"]
        assert room.taken == []
        assert (await state("s%2Fcret"))["status"] == "done"
        assert len(room.taken) == 1


async def test_a_server_without_starttls_gets_no_mail(demo_url: str, tmp_path: Path) -> None:
    async with mail_room() as room:
        url = f"smtp://localhost:{room.port}"
        async with sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=url) as house:
            [key] = await queue(house, await a_case(house), "m")
            await house.cases.deliver()
            row = await one(house, key)
    assert (row["status"], room.taken) == ("pending", [])
    assert "STARTTLS" in row["last_error"]
