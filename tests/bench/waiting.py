"""Cases that wait: orders read here, then stored and queued in bulk, where there is no time to submit each by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from checkpoints.pools import Connection
from orderdesk.demo import reference_date
from orderdesk.domain.ids import case_id_for, content_hash, message_id_for
from orderdesk.intake.case_rows import SQL as CASES
from orderdesk.intake.case_rows import storable
from orderdesk.intake.queue import enqueue_new_cases
from tests.bench.company import order_of
from tests.bench.place import SQL, rows
from tools.documents.read import read_message

Orders = list[dict[str, Any]]
# Jobs made by one statement.
CHUNK = 1000


def read_orders(indexes: Iterable[int], *, points: int = 0, one_customer: bool = False) -> Orders:
    """The orders of these indexes, read and ready to be stored as cases of so many points."""
    return [_row(index, points, order_of(index, one_customer=one_customer)) for index in indexes]


async def put_in(connection: Connection, orders: Orders, *, arrived: datetime | None = None) -> list[str]:
    """Store orders and queue their cases, all at once, each a millisecond younger than the one before; their ids."""
    first = arrived or datetime.now(UTC)
    times = [first + timedelta(milliseconds=nth) for nth in range(len(orders))]
    made = [row | {"received_at": at, "created_at": at} for row, at in zip(orders, times, strict=True)]
    async with connection.transaction():
        async with connection.cursor() as cursor:
            await cursor.executemany(SQL["insert_message"], made)
            await cursor.executemany(CASES.insert_case, made)
        await _queue(connection, made)
    return [str(row["case_id"]) for row in made]


async def put_in_look_alikes(connection: Connection, count: int, *, arrived: datetime) -> None:
    """Copies of the first order there is, by the thousand, to stand in the queue."""
    parameters = {"count": count, "received_at": arrived, "business_date": reference_date()}
    async with connection.transaction():
        await _queue(connection, await rows(connection, "insert_look_alikes", **parameters))


async def _queue(connection: Connection, made: Sequence[dict[str, Any]]) -> None:
    for first in range(0, len(made), CHUNK):
        await enqueue_new_cases(connection, made[first : first + CHUNK])


def _row(index: int, points: int, raw: bytes) -> dict[str, Any]:
    name = f"order-{index}.x12"
    digest = content_hash(raw)
    message_id = message_id_for(digest)
    case_id = case_id_for(message_id, 0)
    return {
        "message_id": message_id,
        "content_hash": digest,
        "source": name,
        "raw": raw,
        "content": storable(read_message(raw, name)),
        "case_id": case_id,
        "thread_id": case_id,
        "position": 0,
        "business_date": reference_date(),
        "priority": points,
    }
