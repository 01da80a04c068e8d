"""A Postgres of a test's own with the demo company in it, to be restarted, starved or cut off."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from checkpoints.account import account_for
from checkpoints.binaries import find_binaries
from checkpoints.embedded import EmbeddedPostgres
from checkpoints.migrations import migrate
from checkpoints.pools import LazyPool
from orderdesk.demo import company_folder
from tests.support.postgres import FAST, copy_home, reachable_folder
from tools.master.importer import import_folder


@contextmanager
def demo_home_made(made: Path) -> Generator[Path]:
    """The home of a stopped server that holds the demo company, to be copied; `made` is one without it."""
    with reachable_folder() as folder:
        copy_home(made, folder / "home")
        server = EmbeddedPostgres(folder / "home", settings=FAST, shelter=folder)
        try:
            asyncio.run(_fill(server.start()))
        finally:
            server.stop()
        yield folder / "home"


@asynccontextmanager
async def own_server(demo_home: Path, **settings: str) -> AsyncGenerator[tuple[str, EmbeddedPostgres]]:
    """The URL of a running server and the server; `settings` are Postgres' own."""
    with reachable_folder() as folder:
        await asyncio.to_thread(copy_home, demo_home, folder / "home")
        server = EmbeddedPostgres(folder / "home", settings={**FAST, **settings}, shelter=folder)
        try:
            yield await asyncio.to_thread(server.start), server
        finally:
            await asyncio.to_thread(server.stop)


async def restart_at_once(server: EmbeddedPostgres) -> None:
    """`pg_ctl restart -m immediate`: nothing is finished or written down first, as after a crash."""
    data = server.data_folder()
    program = [str(find_binaries(None) / "pg_ctl"), "restart", "-D", str(data), "-m", "immediate", "-w"]
    quiet = subprocess.DEVNULL
    await asyncio.to_thread(
        subprocess.run, program, check=True, stdin=quiet, stdout=quiet, stderr=quiet, cwd="/", timeout=60,
        **account_for(data).identity(),
    )  # fmt: skip


async def _fill(url: str) -> None:
    await migrate(url)
    async with LazyPool(url, max_size=2) as pool:
        await import_folder(pool, company_folder())
