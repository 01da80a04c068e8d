"""The database goes away while workers are at it: restarted in mid-case, cut off, out of connections. All end right."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkpoints.pools import connect
from tests.chaos.fault_desk import ENDED, SHORT_LEASE, all_booked, orders, submit, until
from tests.chaos.fault_relay import postgres_relay
from tests.chaos.fault_server import own_server, restart_at_once
from tests.support.zygote import Zygote

ORDERS = 20


async def test_restarted_again_and_again_in_the_middle_of_cases(
    zygote: Zygote, demo_home: Path, tmp_path: Path
) -> None:
    async with own_server(demo_home) as (url, server):
        await submit(url, tmp_path, orders(ORDERS, "DB"))
        workers = [await zygote.worker(url, tmp_path, environment=SHORT_LEASE) for _ in range(2)]
        for share in (0.1, 0.4, 0.7):
            await until(url, ENDED, at_least=round(ORDERS * share))
            await restart_at_once(server)
        await all_booked(url, tmp_path, workers, ORDERS)


async def test_its_port_closed_in_the_middle_and_opened_again(
    zygote: Zygote, demo_home: Path, tmp_path: Path
) -> None:
    async with own_server(demo_home) as (url, _), postgres_relay(url) as (through, port):
        await submit(url, tmp_path, orders(ORDERS, "PORT"))
        workers = [await zygote.worker(through, tmp_path, environment=SHORT_LEASE) for _ in range(2)]
        for share in (0.2, 0.6):
            await until(url, ENDED, at_least=round(ORDERS * share))
            await port.close()
            # Whoever was in the middle of something is gone for the server: nobody else may lose by it.
            await until(
                url, "select count(*) as n from pg_stat_activity where client_addr is not null", at_most=0
            )
            await port.open()
        await all_booked(url, tmp_path, workers, ORDERS)


@pytest.mark.parametrize("taken", [False, True], ids=["a small pool", "and none left at the server"])
async def test_out_of_connections(zygote: Zygote, demo_home: Path, tmp_path: Path, taken: bool) -> None:
    """Sixteen cases at once in a process with two connections; then also at a server that gives no more."""
    limits = {"max_connections": "14", "superuser_reserved_connections": "0"} if taken else {}
    async with own_server(demo_home, **limits) as (url, _):
        await submit(url, tmp_path, orders(16, "POOL"))
        small = {**SHORT_LEASE, "ORDERDESK_POOL_SIZE": "2", "ORDERDESK_WORKER_CASES": "16"}
        workers = [await zygote.worker(url, tmp_path, environment=small)]
        if taken:
            await until(url, ENDED, at_least=2)
            others = [await connect(url) for _ in range(3)]
            workers.append(await zygote.worker(url, tmp_path, environment=SHORT_LEASE))
            await until(url, ENDED, at_least=6)
            for other in others:
                await other.close()
        await all_booked(url, tmp_path, workers, 16)
