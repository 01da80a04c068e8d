"""Brings a database to this version of the product: forward only, one process at a time, whole steps.

Three owners of tables are served, in this order: LangGraph's saver and procrastinate (libraries.py), and our
own numbered files in the folder `migrations`.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import LiteralString, cast

import psycopg

from checkpoints.libraries import apply_libraries, pending_libraries
from checkpoints.pools import Connection, connect
from checkpoints.queries import load_queries
from orderdesk.domain.errors import ConfigurationError

# Any fixed number does; it must never change, as old and new versions exclude each other by it.
LOCK_KEY = 6_741_203_915
LOCK_POLL_S = 0.1
FILE_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")

SQL = load_queries("checkpoints", "migrations.sql")


class MigrationError(ConfigurationError):
    """The database and this program's migrations do not fit together, or one of them failed."""


@dataclass(frozen=True)
class Migration:
    """One numbered file; `sha256` is over its text with plain line ends."""

    number: int
    name: str
    text: str

    @property
    def title(self) -> str:
        """As the file is called, without its ending."""
        return f"{self.number:04}_{self.name}"

    @property
    def sha256(self) -> str:
        """The hash by which a later change of an applied file is noticed."""
        return hashlib.sha256(self.text.encode()).hexdigest()


async def migrate(url: str, *, folder: Traversable | None = None, wait_s: float = 300.0) -> list[str]:
    """Apply everything that is missing and return the names of it, in order.

    Safe to run from several processes at once: the others wait, up to `wait_s` seconds, and find nothing to
    do. `folder` replaces our own files. Raises DatabaseUnavailable, or MigrationError: nothing of a failed
    file is kept, what came before it is.
    """
    files = read_migrations(folder)
    connection = await connect(url)
    async with connection, _exclusively(connection, wait_s):
        await connection.execute(SQL.create_tables, prepare=False)
        done = await apply_libraries(connection)
        for migration in await _missing(connection, files):
            await _apply(connection, migration)
            done.append(migration.title)
        return done


async def pending(url: str, *, folder: Traversable | None = None) -> list[str]:
    """The names of what `migrate` would apply; changes nothing. Raises like `migrate`."""
    files = read_migrations(folder)
    async with await connect(url) as connection:
        todo = await pending_libraries(connection)
        return todo + [m.title for m in await _missing(connection, files)]


def read_migrations(folder: Traversable | None = None) -> list[Migration]:
    """The numbered files, in order. Raises MigrationError on a wrong name or a number used twice."""
    source = folder or resources.files("checkpoints") / "migrations"
    found: dict[int, Migration] = {}
    for file in source.iterdir():
        if not file.name.endswith(".sql"):
            continue
        name = FILE_NAME.fullmatch(file.name)
        if name is None:
            raise MigrationError(f"The migration {file.name} is not called NNNN_what_it_does.sql: rename it.")
        migration = Migration(int(name[1]), name[2], file.read_text(encoding="utf-8").replace("\r\n", "\n"))
        if other := found.get(migration.number):
            raise MigrationError(f"{other.title} and {migration.title} have one number: renumber the newer.")
        found[migration.number] = migration
    return [found[number] for number in sorted(found)]


@asynccontextmanager
async def _exclusively(connection: Connection, wait_s: float) -> AsyncGenerator[None]:
    # Tried again and again, not waited for: a session that waits inside the database keeps a snapshot, which
    # LangGraph's CREATE INDEX CONCURRENTLY waits for in turn.
    deadline = time.monotonic() + wait_s
    while not await _flag(connection, SQL.try_lock, {"key": LOCK_KEY}):
        if time.monotonic() > deadline:
            raise MigrationError(
                f"Another process has been migrating the database for {wait_s:g} s: wait for it to finish."
            )
        await asyncio.sleep(LOCK_POLL_S)
    try:
        yield
    finally:
        if not connection.broken:  # a broken one has lost the lock already
            await connection.execute(SQL.unlock, {"key": LOCK_KEY})


async def _missing(connection: Connection, files: list[Migration]) -> list[Migration]:
    """The files that are not applied yet, after checking that the applied ones are as they were."""
    if not await _flag(connection, SQL.has_table, {"name": "schema_migration"}):
        return files
    rows = await (await connection.execute(SQL.applied)).fetchall()
    applied = {row["number"]: row for row in rows}
    by_number = {migration.number: migration for migration in files}
    for number, row in applied.items():
        migration = by_number.get(number)
        title = f"{number:04}_{row['name']}"
        if migration is None:
            raise MigrationError(
                f"The database has the migration {title}, which this program does not know: "
                "install the version of the program that migrated it, or a newer one."
            )
        if migration.sha256 != row["sha256"]:
            raise MigrationError(
                f"The migration {title} was changed after it was applied: "
                "put the file back as it was, and make the change in a new one."
            )
    missing = [migration for migration in files if migration.number not in applied]
    newest = max(applied, default=-1)
    if missing and missing[0].number < newest:
        raise MigrationError(
            f"The migration {missing[0].title} is older than {newest:04}, which is applied: "
            "give it the next free number."
        )
    return missing


async def _apply(connection: Connection, migration: Migration) -> None:
    try:
        async with connection.transaction():
            await connection.execute(SQL.limit_waiting, prepare=False)
            await connection.execute(_literal(migration.text), prepare=False)
            row = {"number": migration.number, "name": migration.name, "sha256": migration.sha256}
            await connection.execute(SQL.record, row)
    except psycopg.Error as error:
        raise MigrationError(
            f"The migration {migration.title} failed ({' '.join(str(error).split())[:300]}): "
            "nothing of it was kept; correct its cause and migrate again."
        ) from error


async def _flag(connection: Connection, query: LiteralString, parameters: dict[str, object]) -> bool:
    row = await (await connection.execute(query, parameters)).fetchone()
    return bool(row and row["yes"])


def _literal(text: str) -> LiteralString:
    return cast("LiteralString", text)  # a file of our own package
