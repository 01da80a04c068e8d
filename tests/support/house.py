"""The whole house over a test database, with the demo company's master data."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

from orderdesk.bootstrap import House, build_house
from orderdesk.domain.clock import Clock
from orderdesk.settings import load_settings

DEMO_DAY = date(2026, 3, 2)


@asynccontextmanager
async def demo_house(
    database_url: str,
    home: Path,
    *,
    clock: Clock | None = None,
    models: Sequence[Mapping[str, Any]] = (),
    **settings_too: Any,
) -> AsyncGenerator[House]:
    """A house over a database that holds the demo company (fixture `demo_url`); closed afterwards.

    `models`: rungs as in ORDERDESK_MODELS; asking them takes the fixture `models_allowed`. Other settings go by the
    names of their variables.
    """
    settings = load_settings(
        DATABASE_URL=database_url, ORDERDESK_HOME=home, ORDERDESK_MODELS=json.dumps(list(models)), **settings_too
    )  # fmt: skip
    house = build_house(settings, database_url, clock=clock)
    try:
        yield house
    finally:
        await house.close()


async def process(house: House, raw: bytes, name: str) -> list[dict[str, Any]]:
    """One message to its first stop; the reports of its cases."""
    stored = await house.cases.submit(raw, name, channel="test", as_of=DEMO_DAY)
    return [await house.cases.drive(case_id) for case_id in stored.case_ids]


def mail(
    text: str, *, sender: str, subject: str = "Order", message_id: str = "", reply_to: str = ""
) -> bytes:
    """A plain mail as it comes over the wire."""
    headers = [f"From: {sender}", "To: orders@northgate.example", f"Subject: {subject}"]
    headers.append("Date: Mon, 02 Mar 2026 09:00:00 +0000")
    if message_id:
        headers.append(f"Message-ID: <{message_id}>")
    if reply_to:
        headers.append(f"In-Reply-To: <{reply_to}>")
    headers += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"]
    return ("\r\n".join(headers) + "\r\n\r\n" + text).encode()


async def count(house: House, table: str) -> int:
    """Rows of a table, named by the test itself."""
    async with house.pool.connection() as connection:
        row = await (await connection.execute(f"select count(*) as n from {table}")).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return int(row["n"])
