"""The pool of reader processes: what breaks a child costs one part, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from email.message import EmailMessage

import psutil
import pytest

from orderdesk.domain.documents import ReadMessage
from orderdesk.domain.errors import ReaderLimitExceeded
from tools.documents.limits import ReaderLimits
from tools.documents.pool import ReaderPool
from tools.documents.read import read_message

HOSTILE = (sys.executable, "-P", "-m", "tests.component.hostile_child")
QUICK = ReaderLimits(timeout_s=2.0, memory_mb=300)


def mail(*names: str) -> bytes:
    message = EmailMessage()
    message["From"] = "ann@acme.example"
    message["Subject"] = "order"
    message["To"] = "us@us.example"
    message.set_content("5 boxes please")
    for name in names:
        message.add_attachment(f"text of {name}".encode(), maintype="text", subtype="plain", filename=name)
    return message.as_bytes()


def by_name(message: ReadMessage) -> dict[str, tuple[str, list[str]]]:
    return {d.name: (d.text, [f.code for f in d.findings]) for d in message.documents}


@pytest.fixture
async def hostile() -> AsyncIterator[ReaderPool]:
    pool = ReaderPool(2, QUICK, command=HOSTILE)
    yield pool
    await pool.aclose()


@pytest.fixture
async def pool() -> AsyncIterator[ReaderPool]:
    pool = ReaderPool(2)
    yield pool
    await pool.aclose()


async def test_reads_as_the_plain_function_does(pool: ReaderPool) -> None:
    raw = mail("a.txt")
    assert pool.process_ids == ()
    assert await pool.read(raw, "in.eml") == read_message(raw, "in.eml")
    (first,) = pool.process_ids
    await pool.read(raw, "in.eml")
    assert pool.process_ids == (first,)


async def test_many_at_once(pool: ReaderPool) -> None:
    raws = [mail(f"{n}.txt") for n in range(20)]
    results = await asyncio.gather(*(pool.read(raw, "in.eml") for raw in raws))
    assert [m.documents[1].name for m in results] == [f"{n}.txt" for n in range(20)]
    assert len(pool.process_ids) == 2


@pytest.mark.parametrize("bad", ["hang.txt", "hog.txt", "die.txt"])
async def test_a_bad_part_costs_only_itself(hostile: ReaderPool, bad: str) -> None:
    message = await hostile.read(mail("a.txt", bad, "b.txt"), "in.eml")
    found = by_name(message)
    assert found["a.txt"] == ("text of a.txt", [])
    assert found["b.txt"] == ("text of b.txt", [])
    assert found[bad] == ("", ["reader_limit_exceeded"])
    assert found[""][0].strip() == "5 boxes please"
    assert message.sender.address == "ann@acme.example"
    assert by_name(await hostile.read(mail("c.txt"), "in.eml"))["c.txt"] == ("text of c.txt", [])


async def test_a_part_that_fails_only_beside_others_is_read_alone(hostile: ReaderPool) -> None:
    message = await hostile.read(mail("a.txt", "beside.txt"), "in.eml")
    assert by_name(message)["a.txt"] == ("text of a.txt", [])
    assert by_name(message)["beside.txt"] == ("text of beside.txt", [])


async def test_a_message_of_bad_parts_ends_in_a_finding(hostile: ReaderPool) -> None:
    message = await hostile.read(mail(*(f"die{n}.txt" for n in range(8))), "in.eml")
    codes = {f.code for d in message.documents for f in d.findings}
    assert codes == {"reader_limit_exceeded"}


async def test_what_a_library_prints_disturbs_nothing(hostile: ReaderPool) -> None:
    assert by_name(await hostile.read(mail("print.txt"), "in.eml"))["print.txt"] == ("text of print.txt", [])


async def test_kill_9_in_the_middle_of_a_read(hostile: ReaderPool) -> None:
    reading = asyncio.create_task(hostile.read(mail("hang.txt", "b.txt"), "in.eml"))
    while not hostile.process_ids:
        await asyncio.sleep(0)
    os.kill(hostile.process_ids[0], signal.SIGKILL)
    message = await reading
    assert by_name(message)["b.txt"] == ("text of b.txt", [])


async def test_a_cancelled_read_leaves_a_usable_pool(hostile: ReaderPool) -> None:
    reading = asyncio.create_task(hostile.read(mail("hang.txt"), "in.eml"))
    while not hostile.process_ids:
        await asyncio.sleep(0)
    (child,) = hostile.process_ids
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert not psutil.pid_exists(child)
    assert by_name(await hostile.read(mail("a.txt"), "in.eml"))["a.txt"] == ("text of a.txt", [])


async def test_a_child_killed_while_idle_is_replaced(pool: ReaderPool) -> None:
    raw = mail("a.txt")
    await pool.read(raw, "in.eml")
    (child,) = pool.process_ids
    psutil.Process(child).kill()
    psutil.Process(child).wait()
    assert by_name(await pool.read(raw, "in.eml"))["a.txt"] == ("text of a.txt", [])


async def test_fifty_megabytes_are_refused_with_a_reason(pool: ReaderPool) -> None:
    message = await pool.read(b"%PDF-1.7\n" + bytes(50 * 1024 * 1024), "big.pdf")
    codes = [f.code for d in message.documents for f in d.findings] + [f.code for f in message.findings]
    assert codes == ["document_too_large"]


async def test_the_child_knows_no_secret_and_reaches_no_network(
    pool: ReaderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a secret")
    await pool.read(mail(), "in.eml")
    environment = psutil.Process(pool.process_ids[0]).environ()
    assert "a secret" not in environment.values()
    assert psutil.Process(pool.process_ids[0]).net_connections() == []


async def test_children_end_with_the_pool() -> None:
    pool = ReaderPool(2)
    await pool.read(mail(), "in.eml")
    (child,) = pool.process_ids
    await pool.aclose()
    assert not psutil.pid_exists(child)
    with pytest.raises(ReaderLimitExceeded):
        await pool.read(mail(), "in.eml")


async def test_children_are_replaced_after_their_share_of_reads() -> None:
    pool = ReaderPool(1, ReaderLimits(reads_per_child=2))
    try:
        seen: set[int] = set()
        for _ in range(4):
            await pool.read(mail(), "in.eml")
            seen.update(pool.process_ids)
        assert len(seen) == 2
    finally:
        await pool.aclose()
