"""Real Postgres for tests: one server for a test session, one fresh migrated database for a test."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from checkpoints.embedded import EmbeddedPostgres
from checkpoints.migrations import migrate
from checkpoints.place import locked
from checkpoints.pools import LazyPool
from orderdesk.demo import company_folder
from tools.master.importer import import_folder

# Fast, and of no use to a desk: what is lost in a crash of the machine is only a test. A crash of the server
# loses nothing, which tests rely on (synchronous_commit is on).
FAST = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}
TEMPLATE = "migrated"
DEMO_TEMPLATE = "demo"
PREFIX = "orderdesk-tests-"
LOCK_S = 120.0


def with_database(url: str, name: str) -> str:
    """The same server's URL for another database."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@contextmanager
def reachable_folder() -> Generator[Path]:
    """A temporary folder that any user may enter, removed afterwards.

    pytest's own folders are closed to other users, and Postgres runs as one when the tests run as root.
    """
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def copy_home(made: Path, home: Path) -> None:
    """A home with the same database as a stopped server's, in a fraction of the time a new one takes."""
    subprocess.run(["cp", "-a", str(made), str(home)], check=True)  # unlike shutil it keeps the owners


@contextmanager
def shared_server(base: Path) -> Generator[str]:
    """The URL of one server shared by all test processes that name the same `base`; the last one stops it."""
    with locked(base / "postgres.lock", time.monotonic() + LOCK_S):
        _sweep()
        note = base / "postgres.folder"
        folder = Path(note.read_text()) if note.exists() else Path(tempfile.mkdtemp(prefix=PREFIX))
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)
        note.write_text(str(folder))
        _join(folder)
        url = _server(folder).start()
        _make_template(url, TEMPLATE, migrate)
    try:
        yield url
    finally:
        with locked(base / "postgres.lock", time.monotonic() + LOCK_S):
            if not _leave(folder):
                _server(folder).stop()
                shutil.rmtree(folder)


@contextmanager
def fresh_database(url: str, template: str = TEMPLATE) -> Generator[str]:
    """The URL of a new database with all migrations applied (or a copy of another template), dropped afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(with_database(url, "postgres"), autocommit=True) as admin:
        admin.execute(
            sql.SQL("create database {} template {} strategy file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        try:
            yield with_database(url, name)
        finally:
            admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@contextmanager
def empty_database(url: str) -> Generator[str]:
    """The URL of a new database with nothing in it, dropped afterwards."""
    name = sql.Identifier(f"empty_{uuid.uuid4().hex}")
    with psycopg.connect(with_database(url, "postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("create database {}").format(name))
        try:
            yield with_database(url, name.as_string(admin).strip('"'))
        finally:
            admin.execute(sql.SQL("drop database {} with (force)").format(name))


def _server(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder / "home", settings=FAST, shelter=folder)


def make_demo_template(url: str) -> None:
    """Make the template that holds the demo company, once per server."""
    folder = Path(str(conninfo_to_dict(url)["host"])).parents[2]
    with locked(folder / "demo.lock", time.monotonic() + LOCK_S):
        _make_template(url, DEMO_TEMPLATE, _migrate_and_import)


async def _migrate_and_import(url: str) -> None:
    await migrate(url)
    async with LazyPool(url, max_size=2) as pool:
        await import_folder(pool, company_folder())


def _make_template(url: str, name: str, fill: Callable[[str], Coroutine[Any, Any, object]]) -> None:
    with psycopg.connect(url, autocommit=True) as admin:
        if admin.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
            return
        admin.execute("drop database if exists unfinished with (force)")
        admin.execute("create database unfinished")
        # In a thread of its own, so that it meets no event loop of a test.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, fill(with_database(url, "unfinished"))).result()
        admin.execute(sql.SQL("alter database unfinished rename to {}").format(sql.Identifier(name)))


def _users(folder: Path) -> Path:
    users = folder / "users"
    users.mkdir(exist_ok=True)
    return users


def _join(folder: Path) -> None:
    (_users(folder) / str(os.getpid())).touch()


def _leave(folder: Path) -> bool:
    """Whether somebody else still uses the server after we left."""
    (_users(folder) / str(os.getpid())).unlink(missing_ok=True)
    return _in_use(folder)


def _in_use(folder: Path) -> bool:
    return any(psutil.pid_exists(int(user.name)) for user in _users(folder).iterdir())


def _sweep() -> None:
    """Stop the servers of test sessions that were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        users = folder / "users"
        mine = users.is_dir() and users.stat().st_uid == os.geteuid() and any(users.iterdir())
        if mine and not _in_use(folder):
            _server(folder).stop()
            shutil.rmtree(folder, ignore_errors=True)
