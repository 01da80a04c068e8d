"""The disk is full in the middle of work: intake stops and says so, nothing is lost, all is finished when there is room."""

from __future__ import annotations

import asyncio
import base64
import random
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import DiskFull

from orderdesk import watching
from orderdesk.bootstrap import House
from tests.chaos.fault_desk import ENDED, LOOK_S, SHORT_LEASE, all_booked, number, orders, submit, until
from tests.chaos.fault_disk import cannot_mount, small_disk
from tests.chaos.fault_server import own_server
from tests.support.house import DEMO_DAY, demo_house
from tests.support.postgres import with_database
from tests.support.zygote import Forked, Zygote

WORKER = "tests.chaos.fault_forked:impatient_worker"
BEFORE, MEANWHILE = 20, 5


async def test_full_in_mid_run_and_freed_again(
    zygote: Zygote,
    demo_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    if reason := cannot_mount():
        pytest.skip(reason)
    monkeypatch.setattr(watching, "FULL_S", 0.2)
    *early, dropped, one, two, three, four = orders(BEFORE + MEANWHILE, "DISK")
    late = [_large(raw) for raw in (one, two, three, four)]
    async with own_server(demo_home) as (server_url, server):
        with small_disk(server.data_folder()) as disk:
            url = _on_that_disk(server_url, disk.folder / "pages")
            await submit(url, tmp_path, early)
            environment = {"DATABASE_URL": url, "ORDERDESK_HOME": str(tmp_path), **SHORT_LEASE}
            workers = [await zygote.start(WORKER, environment) for _ in range(2)]
            await until(url, ENDED, at_least=4)
            disk.fill()
            async with demo_house(url, tmp_path) as house:
                watch = asyncio.ensure_future(watching.watch_folder(house.cases, tmp_path / "inbox"))
                (tmp_path / "inbox").mkdir(exist_ok=True)
                (tmp_path / "inbox" / "late.eml").write_bytes(_large(dropped))
                refused = [raw for raw in late if not await _taken(house, raw)]
                assert refused == late, "an order was taken in that there is no room for"
                await _says(workers, "disk is full")
                while "the drop folder waits" not in caplog.text:
                    await asyncio.sleep(LOOK_S)
                assert (tmp_path / "inbox" / "late.eml").exists()
                disk.free()
                while not (tmp_path / "inbox" / "done" / "late.eml").exists():
                    await asyncio.sleep(LOOK_S)
                watch.cancel()
                assert [await _taken(house, raw) for raw in late] == [True] * len(late)
            await all_booked(url, tmp_path, workers, BEFORE + MEANWHILE)
            assert await number(url, "select max(attempts) as n from cases") == 0
            await asyncio.to_thread(server.stop)


def _large(raw: bytes) -> bytes:
    """The order under a long header of a filter: a small one may find room in a page that has been begun."""
    noise = base64.encodebytes(random.Random(1).randbytes(60_000)).replace(b"\n", b"\r\n ")
    return b"X-Filter: " + noise.rstrip() + b"\r\n" + raw


def _on_that_disk(url: str, folder: Path) -> str:
    """A copy of the database whose tables are on another disk than the server's own files."""
    with psycopg.connect(with_database(url, "postgres"), autocommit=True) as admin:
        admin.execute(f"create tablespace small location '{folder}'")  # type: ignore[arg-type]
        admin.execute("create database small template orderdesk tablespace small")
    return with_database(url, "small")


async def _taken(house: House, raw: bytes) -> bool:
    try:
        await house.cases.submit(raw, "late.eml", channel="test", as_of=DEMO_DAY, queue=True)
    except DiskFull:
        return False
    return True


async def _says(workers: list[Forked], words: str) -> None:
    """Wait until one of them has said it."""
    async with asyncio.timeout(60):
        while not any(words in worker.said() for worker in workers):
            await asyncio.sleep(LOOK_S)
