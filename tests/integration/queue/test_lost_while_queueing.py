"""The server ends a connection in the very moment something is queued over it: that is an outage like any other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from checkpoints.pools import AWAY, Connection, connect
from orderdesk.intake.queue import SEND_EFFECTS, enqueue_cases, enqueue_new_cases, enqueue_upkeep
from tests.integration.cases.orders import clean_order
from tests.support.house import DEMO_DAY, demo_house

PATIENCE_S = 60.0
WAITS = "select count(*) as n from pg_stat_activity where pid = %s and wait_event_type = 'Lock'"

Queueing = Callable[[Connection, str], Awaitable[Any]]
WAYS: dict[str, Queueing] = {
    "new case": lambda connection, case_id: enqueue_new_cases(
        connection, [{"case_id": case_id, "priority": 0, "created_at": datetime(2026, 3, 2, tzinfo=UTC)}]
    ),
    "case": lambda connection, case_id: enqueue_cases(connection, [case_id]),
    "upkeep": lambda connection, _: enqueue_upkeep(connection, SEND_EFFECTS),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_a_connection_lost_while_queueing_counts_as_the_database_being_away(
    way: Queueing, demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        [case_id] = (
            await house.cases.submit(clean_order("Q-1"), "q.eml", channel="t", as_of=DEMO_DAY)
        ).case_ids
    async with asyncio.timeout(PATIENCE_S), await connect(demo_url) as other, await connect(demo_url) as ours:
        async with other.transaction():
            await other.execute("lock table procrastinate_jobs in share row exclusive mode")
            queueing = asyncio.ensure_future(_in_transaction(way, ours, case_id))
            while not await _number(other, WAITS, ours.info.backend_pid):
                assert not queueing.done(), queueing
            await other.execute("select pg_terminate_backend(%s)", (ours.info.backend_pid,))
            with pytest.raises(AWAY):
                await queueing
        assert await _number(other, "select count(*) as n from procrastinate_jobs") == 0


async def _in_transaction(way: Queueing, connection: Connection, case_id: str) -> None:
    async with connection.transaction():
        await way(connection, case_id)


async def _number(connection: psycopg.AsyncConnection[Any], query: str, *values: Any) -> int:
    row = await (await connection.execute(query, values or None)).fetchone()  # type: ignore[arg-type]
    assert row
    return int(row["n"])
