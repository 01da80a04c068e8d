"""kill -9 of a sender: before the call, as it goes out, after the answer and after it is noted; nothing goes twice."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.integration.effects.effects_house import (
    SECRET,
    a_case,
    one,
    queue,
    queue_order,
    sending_house,
    time_passes,
)
from tests.integration.effects.receivers import company_system, mail_room

ROOT = Path(__file__).resolve().parents[3]
POINTS = ("claimed", "begun", "sent", "noted")


class Killer:
    """Starts processes that kill themselves."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def deliver(self, point: str) -> int:
        """Deliver in a process that dies there; its exit status."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{point}\n".encode())
        return int(await self._process.stdout.readline())


@asynccontextmanager
async def killer(url: str, home: Path, smtp: str = "-", webhook: str = "-") -> AsyncGenerator[Killer]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.integration.effects.killed_sender", url, str(home), SECRET, smtp, webhook),
        cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Killer(process)
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()


async def test_a_mail_leaves_once_or_a_person_is_asked(demo_url: str, tmp_path: Path) -> None:
    async with (
        mail_room() as room,
        killer(demo_url, tmp_path, smtp=room.url) as kill,
        sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url) as house,
    ):
        case_id = await a_case(house)
        ends = {
            "claimed": ("done", 1),
            "begun": ("ambiguous", 0),
            "sent": ("ambiguous", 1),
            "noted": ("done", 1),
        }
        for point in POINTS:
            [key] = await queue(house, case_id, point)
            room.taken.clear()
            assert await kill.deliver(point) == -signal.SIGKILL
            if point != "noted":
                assert (await one(house, key))["status"] == "sending"
                assert await house.cases.deliver() == 0, "whoever claimed it may be alive"
            await time_passes(house)
            await house.cases.deliver()
            await house.cases.deliver()
            assert ((await one(house, key))["status"], len(room.taken)) == ends[point], point


async def test_an_order_is_posted_and_exported_once(demo_url: str, tmp_path: Path) -> None:
    async with (
        company_system() as erp,
        killer(demo_url, tmp_path, webhook=erp.url) as kill,
        sending_house(
            demo_url, tmp_path, ORDERDESK_WEBHOOK_URL=erp.url, ORDERDESK_WEBHOOK_SECRET=SECRET
        ) as house,
    ):
        case_id = await a_case(house)
        for point in ("claimed", "sent", "noted"):
            key = await queue_order(house, case_id, point)
            # Its first delivery dies at the folder, the second (where the folder is done) at the post.
            for _ in range(3):
                await kill.deliver(point)
                await time_passes(house)
            await house.cases.deliver()
            for effect in (key, f"{key}@webhook"):
                assert (await one(house, effect))["status"] == "done", point
            assert (tmp_path / "export" / f"{point}.json").exists()
        assert len(erp.orders) == 3
        assert {post.headers["idempotency-key"] for post in erp.posts} == set(erp.orders)


@pytest.mark.parametrize("point", POINTS)
async def test_a_mail_in_the_outbox_folder_is_one_file(demo_url: str, tmp_path: Path, point: str) -> None:
    async with killer(demo_url, tmp_path) as kill, sending_house(demo_url, tmp_path) as house:
        [key] = await queue(house, await a_case(house), "m")
        await kill.deliver(point)
        await time_passes(house)
        await house.cases.deliver()
        assert (await one(house, key))["status"] == "done"
    assert len(list((tmp_path / "outbox").iterdir())) == 1


async def test_who_dies_of_an_effect_every_time_does_not_go_on_for_ever(
    demo_url: str, tmp_path: Path
) -> None:
    async with killer(demo_url, tmp_path) as kill, sending_house(demo_url, tmp_path) as house:
        [key] = await queue(house, await a_case(house), "m")
        for _ in range(14):
            assert await kill.deliver("claimed") == -signal.SIGKILL
            await time_passes(house)
        assert await kill.deliver("claimed") == 0
        assert (await one(house, key))["status"] == "failed"
