"""A house whose cases are finished long ago: its clock stands years before the database's, and can be moved on."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orderdesk.bootstrap import House
from orderdesk.domain.clock import FixedClock
from tests.support.house import demo_house

THEN = datetime(2009, 3, 2, 9, tzinfo=UTC)
YEARS = timedelta(days=10 * 366)
# Words of the messages that tests send, in any table but the master data.
PERSONAL = ("dana", "whitfield", "harlanfab", "please enter", "good morning", "quarry", "sam field")
_MASTER = ("customer", "contact", "ship_to", "product", "alias", "learned_alias", "sales_order_line")


@asynccontextmanager
async def old_house(url: str, home: Path, policy: str = "") -> AsyncGenerator[tuple[House, FixedClock]]:
    """A house in 2009 and its clock; `policy` is what stands in [retention], the rest follows the defaults."""
    clock, settings = FixedClock(THEN), {}
    if policy:
        path = home / "policy.toml"
        path.write_text(f"[retention]\n{policy}\n")
        settings["ORDERDESK_POLICY"] = path
    async with demo_house(url, home, clock=clock, **settings) as house:
        yield house, clock


async def rows(house: House, query: str, **where: Any) -> list[dict[str, Any]]:
    """What a query of the test's own gives."""
    async with house.pool.connection() as connection:
        return await (await connection.execute(query, where)).fetchall()  # type: ignore[arg-type]


async def run(house: House, statement: str, **where: Any) -> None:
    """A change the test makes by itself."""
    async with house.pool.connection() as connection:
        await connection.execute(statement, where)  # type: ignore[arg-type]


async def everything(house: House) -> dict[str, list[str]]:
    """Every row of every table, as text, but for master data: what somebody who has the database can read."""
    tables = await rows(
        house, "select tablename from pg_tables where schemaname = 'public' order by tablename"
    )
    found: dict[str, list[str]] = {}
    for name in (str(row["tablename"]) for row in tables):
        if name not in _MASTER:
            found[name] = [
                str(row["text"])
                for row in await rows(house, f"select t::text as text from {name} t order by 1")
            ]
    return found


async def personal(house: House) -> list[tuple[str, str]]:
    """Where words of customers stand, decoded checkpoints and bytes included: (table, word)."""
    found: list[tuple[str, str]] = []
    for table, texts in (await everything(house)).items():
        whole = "\n".join(texts).lower()
        found += [(table, w) for w in PERSONAL if w in whole or w.encode().hex() in whole]
    return found
