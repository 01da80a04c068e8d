"""Where benchmarks run: a server of their own with its durability on, as a desk runs it, and the bench's company."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from checkpoints.embedded import EmbeddedPostgres
from checkpoints.migrations import migrate
from checkpoints.pools import Connection, LazyPool, connect
from checkpoints.queries import load_queries
from tests.bench.company import write_customers
from tests.support.postgres import fresh_database, reachable_folder, with_database
from tools.master.importer import import_folder

SQL = load_queries("tests.bench", "bench.sql")
TEMPLATE = "company"
# No benchmark may wait for ever; far above anything that is measured.
LATEST_S = 900.0
POLL_S = 0.05
# Nothing of this machine's own settings may change what is measured.
PLAIN = {
    "ORDERDESK_MODELS": "[]", "ORDERDESK_SMTP_URL": "", "ORDERDESK_WEBHOOK_URL": "", "ORDERDESK_POLICY": "",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A running server; `pid` is its postmaster, `url` its first database."""

    url: str
    pid: int
    folder: Path

    @contextmanager
    def database(self) -> Generator[str]:
        """The URL of a new database that holds the company; dropped afterwards."""
        with fresh_database(self.url, TEMPLATE) as url:
            yield url

    @property
    def home(self) -> Path:
        """Where the workers write their mails and exports."""
        return self.folder / "desk"


@asynccontextmanager
async def place() -> AsyncGenerator[Place]:
    """A server with the settings of production (fsync on), stopped and removed at the end."""
    with reachable_folder() as folder:
        server = EmbeddedPostgres(folder / "home", shelter=folder)
        try:
            url = await asyncio.to_thread(server.start)
            pid = server.server_pid()
            assert pid is not None
            (folder / "desk").mkdir()
            async with await connect(url) as admin:
                await admin.execute(f"create database {TEMPLATE}")
            await _fill(with_database(url, TEMPLATE), folder)
            yield Place(url, pid, folder)
        finally:
            await asyncio.to_thread(server.stop)


async def _fill(url: str, folder: Path) -> None:
    await migrate(url)
    company = await asyncio.to_thread(write_customers, folder / "company")
    async with LazyPool(url, max_size=2) as pool:
        await import_folder(pool, company)


async def rows(connection: Connection, name: str, **parameters: Any) -> list[dict[str, Any]]:
    """What a named query of bench.sql gives."""
    return await (await connection.execute(SQL[name], parameters)).fetchall()


async def one(connection: Connection, name: str, **parameters: Any) -> Any:
    """The first value of a query's only row."""
    (row,) = await rows(connection, name, **parameters)
    return next(iter(row.values()))


async def until(condition: Callable[[], Awaitable[bool]], what: str, latest_s: float = LATEST_S) -> None:
    """Wait for something to become true. Raises TimeoutError that says what was waited for."""
    deadline = time.monotonic() + latest_s
    while not await condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {latest_s:g} s still not so: {what}")
        await asyncio.sleep(POLL_S)


async def settled(connection: Connection, case_ids: list[str], latest_s: float = LATEST_S) -> None:
    """Wait until these cases have come to their end or to a person, and what they decided to send was sent."""

    async def at_rest() -> bool:
        return await one(connection, "unsettled", case_ids=case_ids) == 0

    await until(at_rest, f"{len(case_ids)} cases are at rest and their effects sent", latest_s)


async def registered(connection: Connection, workers: int) -> None:
    """Wait until so many processes take jobs; each has two workers in the queue's own sense."""

    async def all_there() -> bool:
        return len(await rows(connection, "registered")) >= 2 * workers

    await until(all_there, f"{workers} workers take jobs", 60)


def watch(url: str) -> None:
    """Have the database itself note when cases are stored, begun and moved on a step: one clock for all processes."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SQL["watch"], prepare=False)
