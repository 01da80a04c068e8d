"""Migrations: once, in order, safe from several processes, and never silently different."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from pathlib import Path

import psycopg
import pytest

from checkpoints.migrations import MigrationError, migrate, pending
from checkpoints.pools import connect
from tests.support.postgres import empty_database


@pytest.fixture
def empty_url(postgres_url: str) -> Generator[str]:
    with empty_database(postgres_url) as url:
        yield url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_first.sql").write_text("create table first (id int); create table second (id int);")
    (tmp_path / "0002_next.sql").write_text("insert into first select 1;")
    return tmp_path


async def rows(url: str, query: str) -> list[tuple[object, ...]]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        return await (await connection.execute(query.encode())).fetchall()


async def test_a_new_database_gets_everything_once(empty_url: str) -> None:
    announced = await pending(empty_url)
    assert announced[:2] == ["langgraph_checkpoints", "procrastinate"]
    assert "0001_checkpoint_run" in announced
    assert await migrate(empty_url) == announced
    assert await pending(empty_url) == []
    assert await migrate(empty_url) == []


async def test_four_at_once_on_a_new_database(empty_url: str, folder: Path) -> None:
    results = await asyncio.gather(*(migrate(empty_url, folder=folder) for _ in range(4)))
    assert sorted(len(result) for result in results) == [0, 0, 0, 4]
    assert await rows(empty_url, "select id from first") == [(1,)]


async def test_a_changed_file_is_refused(empty_url: str, folder: Path) -> None:
    await migrate(empty_url, folder=folder)
    (folder / "0001_first.sql").write_text("create table first (id bigint);")
    for door in (migrate, pending):
        with pytest.raises(MigrationError, match="0001_first was changed"):
            await door(empty_url, folder=folder)


async def test_other_line_ends_are_no_change(empty_url: str, folder: Path) -> None:
    file = folder / "0003_lines.sql"
    file.write_bytes(b"select 1;\nselect 2;\n")
    await migrate(empty_url, folder=folder)
    file.write_bytes(b"select 1;\r\nselect 2;\r\n")
    assert await migrate(empty_url, folder=folder) == []


async def test_a_failed_file_leaves_nothing_and_keeps_what_came_before(empty_url: str, folder: Path) -> None:
    (folder / "0003_broken.sql").write_text("create table third (id int); insert into nowhere values (1);")
    with pytest.raises(MigrationError, match=r"0003_broken failed .*nowhere"):
        await migrate(empty_url, folder=folder)
    assert await rows(empty_url, "select to_regclass('third'), count(*) from first") == [(None, 1)]
    assert await pending(empty_url, folder=folder) == ["0003_broken"]
    (folder / "0003_broken.sql").write_text("create table third (id int);")
    assert await migrate(empty_url, folder=folder) == ["0003_broken"]


async def test_a_database_from_a_newer_program_is_refused(empty_url: str, folder: Path) -> None:
    await migrate(empty_url, folder=folder)
    (folder / "0002_next.sql").unlink()
    with pytest.raises(MigrationError, match="0002_next, which this program does not know"):
        await migrate(empty_url, folder=folder)


async def test_a_file_numbered_below_an_applied_one_is_refused(empty_url: str, folder: Path) -> None:
    (folder / "0004_later.sql").write_text("select 1")
    await migrate(empty_url, folder=folder)
    (folder / "0003_late.sql").write_text("select 1")
    with pytest.raises(MigrationError, match="0003_late is older than 0004"):
        await migrate(empty_url, folder=folder)


@pytest.mark.parametrize(
    ("name", "complaint"), [("0002_twice.sql", "one number"), ("2_short.sql", "NNNN_what_it_does")]
)
async def test_wrong_files_are_refused(empty_url: str, folder: Path, name: str, complaint: str) -> None:
    (folder / name).write_text("select 1")
    with pytest.raises(MigrationError, match=complaint):
        await migrate(empty_url, folder=folder)


async def test_a_newer_queue_library_brings_its_own_steps(empty_url: str) -> None:
    await migrate(empty_url)
    older = "03.02.00_50_post_batch_defer_jobs"
    async with await connect(empty_url) as connection:
        await connection.execute("update library_schema set step = %s", (older,))
    announced = await pending(empty_url)
    assert announced
    assert all(name.startswith("procrastinate 03.") and name > f"procrastinate {older}" for name in announced)


async def test_somebody_who_holds_the_lock_is_named(empty_url: str, folder: Path) -> None:
    async with await connect(empty_url) as other:
        await other.execute("select pg_advisory_lock(6741203915)")
        with pytest.raises(MigrationError, match="Another process has been migrating"):
            await migrate(empty_url, folder=folder, wait_s=0)
