"""Messages that mean harm, through the whole desk: nothing runs, nothing leaks into headers, nobody waits long."""

from __future__ import annotations

import asyncio
import csv
import os
from email import message_from_bytes
from email.header import Header
from email.policy import compat32
from pathlib import Path

import psutil
import pytest

from agents.reader.child import read_in_child
from agents.reader.contract import ReaderContext, ReaderInput
from orderdesk.domain.documents import Document, ReadMessage
from orderdesk.domain.errors import EffectRefused
from orderdesk.watching import _files, _read
from tests.integration.cases.orders import DANA, clean_order
from tests.support.house import DEMO_DAY, count, demo_house, mail, process

# Decoded once it is still one line; a mail library that decodes it again makes a header of it.
BREAKS_OUT = "=?utf-8?q?hello=0d=0aBcc:_all@evil.example?="


def encoded(text: str) -> str:
    return Header(text, "utf-8").encode(maxlinelen=990)


def letters(home: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((home / "outbox").glob("*.eml"))]


async def test_no_encoded_word_of_a_customer_becomes_a_header_of_our_answer(
    demo_url: str, tmp_path: Path
) -> None:
    raw = clean_order("H-1").replace(b"Subject: PO H-1", f"Subject: {encoded(BREAKS_OUT)}".encode())
    raw = raw.replace(b"MIME-Version", f"Message-ID: <{encoded(BREAKS_OUT)}>\r\nMIME-Version".encode())
    async with demo_house(demo_url, tmp_path) as house:
        [report] = await process(house, raw, "order.eml")
        assert report["outcome"] == "booked"
    [letter] = letters(tmp_path)
    sent = message_from_bytes(letter, policy=compat32)
    assert sent["Bcc"] is None
    assert sent.get_all("To") == ["dana.whitfield@harlanfab.example"]
    assert b"\nbcc" not in letter.lower()


async def test_an_address_that_decodes_to_more_gets_no_mail_and_stops_nobody_elses(
    demo_url: str, tmp_path: Path
) -> None:
    forged = encoded("=?utf-8?q?=0d=0aBcc=3A_x?=@harlanfab.example")
    raw = clean_order("H-2").replace(DANA.encode(), forged.encode())
    async with demo_house(demo_url, tmp_path) as house:
        await process(house, clean_order("H-3"), "order.eml")
        await process(house, raw, "order.eml")
        async with house.pool.connection() as connection:
            await connection.execute(
                "insert into effect (key, case_id, kind, class, target, request, status, approval, payload_hash, created_at)"
                " select 'poison', case_id, 'send_mail', 'irreversible', 'x', "
                """'{"message_id": "p@x", "from": "o@x", "from_name": "o", "to": "a@[1.2.3", "subject": "s", "body": "b",
                     "in_reply_to": "", "date": "2026-03-02T09:00:00+00:00", "kind": "refusal"}', """
                " 'pending', 'policy', 'x', '2026-01-01' from cases limit 1"
            )
            await connection.execute(
                "update effect set status = 'pending' where kind in ('send_mail', 'export_order')"
            )
        with pytest.raises(EffectRefused, match="no address"):
            await house.cases.deliver()
        async with house.pool.connection() as connection:
            rows = await (await connection.execute("select key, status from effect")).fetchall()
    assert len(rows) > 1
    assert {r["key"] for r in rows if r["status"] != "done"} == {"poison"}
    assert all(b"evil" not in letter and b"\nBcc" not in letter for letter in letters(tmp_path))


PAYLOADS = (
    "'; drop table sales_order; -- {{7*7}} %s ${jndi:ldap://x} \\u0000 \\\\u0000 <script>alert(1)</script>"
)


async def test_payloads_are_text_wherever_they_stand(demo_url: str, tmp_path: Path) -> None:
    text = (
        f"Good morning,\n\nPlease enter the following order, PO number P-1:\n\n"
        f"- 400 ea FST-10310 hex nut 1/2-13 zinc\n\nDeliver by March 13, 2026.\n\n{PAYLOADS}\n"
    )
    raw = mail(text, sender=DANA, subject=f"PO P-1 {PAYLOADS}")
    async with demo_house(demo_url, tmp_path) as house:
        [report] = await process(house, raw, "order.eml")
        message, _ = await house.cases.message_of(report["case_id"])
        assert PAYLOADS in message.documents[0].text
        assert report["outcome"] in ("booked", "waiting_review")
        assert await count(house, "cases") == 1
    for letter in letters(tmp_path):
        assert b"49" not in message_from_bytes(letter)["Subject"].encode()


async def test_a_formula_in_an_order_number_is_text_in_the_export(demo_url: str, tmp_path: Path) -> None:
    sheet = b"item,description,qty,uom\r\nFST-10310,=cmd|'/c calc'!A1,400,EA\r\n"
    body = mail("PO number =1+1", sender=DANA)
    body = body.replace(
        b"Content-Type: text/plain; charset=utf-8", b'Content-Type: multipart/mixed; boundary="b"'
    )
    head, _, _ = body.partition(b"\r\n\r\n")
    raw = (
        head
        + (
            b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nPO number =1+1, deliver by March 13, 2026.\r\n--b\r\n"
            b'Content-Type: text/csv\r\nContent-Disposition: attachment; filename="../../../etc/o.csv"\r\n\r\n'
        )
        + sheet
        + b"--b--\r\n"
    )
    async with demo_house(demo_url, tmp_path) as house:
        [report] = await process(house, raw, "../../o.eml")
        message, _ = await house.cases.message_of(report["case_id"])
        assert {d.name for d in message.documents} <= {"", "o.csv"}
    for exported in (tmp_path / "export").glob("*.csv"):
        with exported.open(encoding="utf-8-sig", newline="") as file:
            assert not [c for row in csv.reader(file) for c in row if c[:1] in "=+@" and c]
    assert {p.name for p in tmp_path.iterdir()} <= {"outbox", "export"}


@pytest.mark.parametrize(
    "bad",
    [
        b"\0" * 5000,
        b"\xff" * 5000,
        b"\xed\xa0\x80 order 5 ea",
        b"{" * 50_000,
        "x" * 200_000,
        "word " * 200_000,
    ],
    ids=["nul", "ff", "surrogate", "braces", "a long word", "a megabyte on a line"],
)
async def test_rubbish_reaches_a_person_and_blocks_nobody(
    demo_url: str, tmp_path: Path, bad: bytes | str
) -> None:
    raw = mail(f"PO number X\n\n- 4 ea FST-10310 {bad}\n", sender=DANA) if isinstance(bad, str) else bad
    async with demo_house(demo_url, tmp_path) as house:
        [report] = await process(house, raw, "order.eml")
    assert report["outcome"] in ("waiting_review", "waiting_customer")


@pytest.mark.parametrize("unit", ["1;2;3\n", "> a\n", "12 ea\n", "PO 12   12.50   3\n", "a\tb\tc\n"])
async def test_text_that_takes_the_rules_for_ever_is_cut_off_in_a_child(
    demo_url: str, tmp_path: Path, unit: str
) -> None:
    """The desk's own loop goes on: while the child works, another task gets its turns."""
    document = Document(
        document_id="d", name="", format="text", role="body", text=unit * (40_000 // len(unit))
    )
    given = ReaderInput(
        message=ReadMessage(documents=(document,)), context=ReaderContext(business_date=DEMO_DAY)
    )
    async with demo_house(demo_url, tmp_path) as house:
        await house.services.readers.start()
        reading = asyncio.ensure_future(read_in_child(house.services.readers, given))
        turns = 0
        while not reading.done() and turns < 20:
            await asyncio.sleep(0)
            turns += 1
        assert turns == 20
        assert not reading.done()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert await process(house, clean_order(f"C-{len(unit)}"), "order.eml")


async def test_a_reader_child_knows_no_secret(
    demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "OPENAI_API_KEY", "ORDERDESK_DESK_SECRET"):
        monkeypatch.setenv(name, "a-secret-value")
    async with demo_house(demo_url, tmp_path) as house:
        await house.services.readers.start()
        for pid in house.services.readers.process_ids:
            child = psutil.Process(pid)
            assert "agents.reader.child" in child.cmdline()
            assert "a-secret-value" not in str(child.environ())
            assert demo_url not in str(child.environ())


def test_the_drop_folder_takes_files_and_nothing_that_points_elsewhere(tmp_path: Path) -> None:
    inbox, secret = tmp_path / "inbox", tmp_path / "desk.secret"
    inbox.mkdir()
    secret.write_text("s3cret")
    (inbox / "order.eml").write_text("order")
    (inbox / "link.eml").symlink_to(secret)
    (inbox / "folder.eml").symlink_to(tmp_path)
    os.mkfifo(inbox / "pipe.eml")
    assert [path.name for path, _ in _files(inbox)] == ["order.eml"]
    assert _read(inbox / "order.eml") == b"order"
    with pytest.raises(OSError, match="symbolic"):
        _read(inbox / "link.eml")
    assert _read(inbox / "pipe.eml") == b""  # at once: nobody waits for a writer


async def test_a_stolen_message_id_makes_no_order_vanish(demo_url: str, tmp_path: Path) -> None:
    mine = clean_order("M-1", message_id="order-1@harlanfab.example")
    first = mail("hello", sender="x@evil.example", message_id="order-1@harlanfab.example")
    async with demo_house(demo_url, tmp_path) as house:
        await process(house, first, "first.eml")
        [report] = await process(house, mine, "order.eml")
        assert report["outcome"] == "waiting_review"
        assert "message_id_reused" in {f["code"] for f in report["findings"]}
        [again] = await process(house, mine, "order.eml")
        assert again["case_id"] == report["case_id"]
        other_way = b"Received: from relay.example\r\n" + mine
        [third] = await process(house, other_way, "order.eml")
        assert third["outcome"] in ("waiting_review", "duplicate")
        assert await count(house, "sales_order") == 0


async def test_the_same_mail_by_another_way_is_the_same_message(demo_url: str, tmp_path: Path) -> None:
    mine = clean_order("M-2", message_id="order-2@harlanfab.example")
    async with demo_house(demo_url, tmp_path) as house:
        [report] = await process(house, mine, "order.eml")
        other_way = b"Received: from relay.example\n" + mine.replace(b"\r\n", b"\n")
        [again] = await process(house, other_way, "order.eml")
        assert again["case_id"] == report["case_id"]
        assert await count(house, "cases") == 1
