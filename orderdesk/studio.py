"""The process-wide house behind LangGraph Server: built once, pools open lazily on the server's own loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from starlette.applications import Starlette

from checkpoints.migrations import migrate
from checkpoints.pools import LazyPool
from checkpoints.saver import RootSaver
from orderdesk.bootstrap import Database, House, build_house
from orderdesk.cases.service import CaseService
from orderdesk.desk.app import build_app
from orderdesk.desk.setup import desk_auth
from orderdesk.settings import load_settings
from orderdesk.watching import deliver_regularly
from tools.restored import must_be_our_database


@cache
def house() -> House:
    """The one house of this server process; its database is started and migrated on first use."""
    settings = load_settings()
    database = Database(settings)

    def prepare() -> str:
        url = database.start()
        asyncio.run(_ready(url))
        return url

    # In a thread of its own: the server's loop must not run another one, nor wait on a starting database's I/O.
    with ThreadPoolExecutor(1) as threads:
        url = threads.submit(prepare).result()
    return build_house(settings, url, studio=True)


async def _ready(url: str) -> None:
    """Bring the database to this version. Raises ConfigurationError for a restored one nobody has looked at."""
    await migrate(url)
    async with LazyPool(url, max_size=1) as pool:
        await must_be_our_database(pool)


@asynccontextmanager
async def checkpointer() -> AsyncGenerator[RootSaver]:
    """The saver LangGraph Server runs every graph with: the desk's own tables."""
    yield house().saver


def order_desk() -> Any:
    """The supervisor's graph."""
    return house().server_graphs["order_desk"]


def reader() -> Any:
    """The reader alone."""
    return house().server_graphs["reader"]


def matcher() -> Any:
    """The matcher alone."""
    return house().server_graphs["matcher"]


def pricing() -> Any:
    """The pricing worker alone."""
    return house().server_graphs["pricing"]


def supply() -> Any:
    """The supply worker alone."""
    return house().server_graphs["supply"]


def risk() -> Any:
    """The risk worker alone."""
    return house().server_graphs["risk"]


def booker() -> Any:
    """The booker alone."""
    return house().server_graphs["booker"]


def correspondent() -> Any:
    """The correspondent alone."""
    return house().server_graphs["correspondent"]


def _cases() -> CaseService:
    return house().cases


@cache
def desk_app() -> Starlette:
    """The desk's pages as custom routes of the server; it also sends what server runs have decided to send."""
    app = build_app(_cases, desk_auth(load_settings()), with_health=False)
    app.router.lifespan_context = _delivering
    return app


@asynccontextmanager
async def _delivering(app: Starlette) -> AsyncGenerator[None]:
    """Send what the ledger holds every few seconds while the server runs; its graphs only write the ledger."""
    stop = asyncio.Event()
    task = asyncio.create_task(deliver_regularly(_cases, stop))
    try:
        yield
    finally:
        stop.set()
        await task
