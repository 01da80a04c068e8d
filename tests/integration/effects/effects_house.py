"""A house with mails and an order in its ledger that are still to be sent."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from orderdesk.bootstrap import House
from orderdesk.domain.results import Reply
from tests.integration.cases.orders import clean_order
from tests.support.house import DEMO_DAY, demo_house
from tools.ledger import Warrant, record_effect
from tools.outbox import MailFrom, queue_mail

SECRET = "a-secret-of-32-characters-and-mor"
CLERK = "Karin"


def warrant(case_id: str) -> Warrant:
    return Warrant(case_id=case_id, autonomy="auto", approval="policy", payload_hash="hash")


@asynccontextmanager
async def sending_house(url: str, home: Path, **settings: Any) -> AsyncGenerator[House]:
    """A house whose one attempt takes three seconds at most, unless told otherwise."""
    known: dict[str, Any] = {"ORDERDESK_SEND_TIMEOUT_S": 3, **settings}
    async with demo_house(url, home, **known) as house:
        yield house


async def a_case(house: House, number: int = 1) -> str:
    stored = await house.cases.submit(clean_order(f"E-{number}"), "order.eml", channel="test", as_of=DEMO_DAY)
    return stored.case_ids[0]


async def queue(house: House, case_id: str, *targets: str, to: str = "dana@harlanfab.example") -> list[str]:
    """Mails in the ledger; returns their keys."""
    async with house.pool.connection() as connection, connection.transaction():
        for target in targets:
            reply = Reply(
                kind="confirmation", to=to, subject=f"Order {target}", body="Grüße\n.\nfrom the desk\n"
            )
            assert await queue_mail(
                connection, warrant(case_id), reply, target=target, in_reply_to="", order_number=None,
                sender=MailFrom(address="orders@desk.example", name="Desk"), now=house.clock.now(),
            )  # fmt: skip
    return [f"{case_id}:send_mail:{target}" for target in targets]


async def queue_order(house: House, case_id: str, number: str = "SO-000001") -> str:
    """A booked order in the ledger, to be exported; returns its key."""
    request = {
        "order_number": number,
        "customer_id": "C-1",
        "note": "Grüße",
        "lines": [{"line_number": 1, "sku": "A"}],
    }
    async with house.pool.connection() as connection, connection.transaction():
        assert await record_effect(
            connection, warrant(case_id), "export_order", number, request, now=house.clock.now()
        )
    return f"{case_id}:export_order:{number}"


async def states(house: House, case_id: str | None = None) -> dict[str, str]:
    """State of each effect by its target."""
    async with house.pool.connection() as connection:
        rows = await (
            await connection.execute(
                "select target, status from effect where %(c)s::text is null or case_id = %(c)s",
                {"c": case_id},
            )
        ).fetchall()
    return {row["target"]: row["status"] for row in rows}


async def one(house: House, key: str) -> dict[str, Any]:
    """One effect's row."""
    async with house.pool.connection() as connection:
        row = await (await connection.execute("select * from effect where key = %s", (key,))).fetchone()
    assert row is not None
    return row


async def time_passes(house: House) -> None:
    """What has to wait is due, and whoever claimed something is past its time."""
    async with house.pool.connection() as connection:
        await connection.execute(
            "update effect set next_try_at = null, claimed_until = clock_timestamp() - interval '1 second'"
            " where status in ('pending', 'sending')"
        )
    house.delivery._rests.clear()


async def failures(house: House, case_id: str) -> list[str]:
    """What the decision log says of effects that a person has to look at."""
    log = (await house.cases.story(case_id))["log"]
    return [row["what"] for row in log if row["kind"] == "failure"]
