"""The embedded server with real processes: what kills it, and that the next start is right again."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from checkpoints.embedded import EmbeddedPostgres
from orderdesk.domain.errors import DatabaseUnavailable
from tests.integration.checkpoints.programs import WAIT_S, dies, held_program, starter
from tests.support.postgres import FAST, reachable_folder, with_database


@pytest.fixture
def folder() -> Generator[Path]:
    with reachable_folder() as path:
        yield path


@contextmanager
def server_in(home: Path, **options: object) -> Generator[EmbeddedPostgres]:
    settings = {"settings": FAST, "shelter": home.parent, **options}
    server = EmbeddedPostgres(home, **settings)  # pyright: ignore[reportArgumentType]
    try:
        yield server
    finally:
        server.stop()


def put(url: str, value: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create table if not exists kept (value int)")
        connection.execute("insert into kept values (%s)", (value,))


def kept(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("select value from kept order by value").fetchall()]


def show(url: str, setting: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("select current_setting(%s)", (setting,)).fetchone()
    return row[0] if row else ""


def kill(server: EmbeddedPostgres) -> None:
    pid = server.server_pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    while server.server_pid():
        os.sched_yield()


def test_starting_and_stopping_again_and_again(postgres_server: EmbeddedPostgres) -> None:
    postgres_server.stop()
    url = postgres_server.start()
    assert postgres_server.start() == url
    put(url, 1)
    first = postgres_server.server_pid()
    postgres_server.stop()
    postgres_server.stop()
    assert postgres_server.server_pid() is None
    assert postgres_server.start() == url
    assert postgres_server.server_pid() != first
    assert kept(url) == [1]


def test_what_is_committed_is_safe_unless_asked_otherwise(folder: Path) -> None:
    with server_in(folder / "home", settings={"work_mem": "6MB"}) as server:
        url = server.start()
        wanted = {
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "shared_buffers": "128MB",
            "max_connections": "100",
            "listen_addresses": "",
            "TimeZone": "UTC",
            "data_checksums": "on",
            "work_mem": "6MB",
        }
        assert {name: show(url, name) for name in wanted} == wanted


def test_kill_9_of_the_server_loses_nothing_committed(postgres_server: EmbeddedPostgres) -> None:
    url = postgres_server.start()
    for value in range(3):
        put(url, value)
        kill(postgres_server)
        assert postgres_server.start() == url
    assert kept(url) == [0, 1, 2]


def test_kill_9_while_a_statement_runs(postgres_server: EmbeddedPostgres) -> None:
    url = postgres_server.start()
    put(url, 1)
    busy = psycopg.connect(url)
    busy.execute("insert into kept values (2)")  # never committed
    kill(postgres_server)
    assert kept(postgres_server.start()) == [1]
    busy.close()


@pytest.mark.parametrize("whose", ["ours", "another server's"])
def test_a_stale_pid_file_whose_pid_lives_again(
    whose: str, postgres_server: EmbeddedPostgres, folder: Path
) -> None:
    url = postgres_server.start()
    put(url, 1)
    with server_in(folder / "other") as other:
        if whose == "ours":
            pid: int | None = os.getpid()
        else:
            other.start()
            pid = other.server_pid()
        pid_file = postgres_server.data_folder() / "postmaster.pid"
        lines = pid_file.read_text().split("\n")
        kill(postgres_server)
        pid_file.write_text("\n".join([str(pid), *lines[1:]]))
        for lock in Path(lines[4]).glob(".s.PGSQL.*.lock"):
            lock.write_text("\n".join([str(pid), *lock.read_text().split("\n")[1:]]))
        assert postgres_server.server_pid() is None
        assert kept(postgres_server.start()) == [1]
        assert whose == "ours" or other.server_pid() == pid


def test_a_truncated_pid_file_of_a_dead_server(postgres_server: EmbeddedPostgres) -> None:
    put(postgres_server.start(), 1)
    for rest in ("", "\n", "12", "-1\n", "0\n", "not a number\n"):
        kill(postgres_server)
        (postgres_server.data_folder() / "postmaster.pid").write_text(rest)
        assert kept(postgres_server.start()) == [1]


def test_a_truncated_pid_file_of_a_live_server(
    postgres_server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checkpoints.postmaster.GRACE_S", 0.2)
    url = postgres_server.start()
    put(url, 1)
    before = postgres_server.server_pid()
    (postgres_server.data_folder() / "postmaster.pid").write_text("")
    assert kept(postgres_server.start()) == [1]
    assert before is not None
    assert not psutil.pid_exists(before) or psutil.Process(before).status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("program", ["initdb", "pg_ctl"])
def test_kill_9_of_the_starter_while_it_starts(program: str, folder: Path) -> None:
    home = folder / "home"
    with held_program(program, folder) as held, server_in(home) as server:
        parent = starter(home, folder, pg_bin=held.folder)
        held.wait_until_reached()
        assert dies(parent) == -signal.SIGKILL
        urls: list[str] = []
        next_start = threading.Thread(target=lambda: urls.append(server.start()))
        next_start.start()
        held.let_go()  # what the dead starter had begun goes on beside the next start
        next_start.join(WAIT_S)
        put(urls[0], 1)
        server.stop()
        assert kept(server.start()) == [1]


def test_four_processes_start_it_at_once_and_it_outlives_them(folder: Path) -> None:
    home = folder / "home"
    with server_in(home) as server:
        starters = [starter(home, folder) for _ in range(4)]
        urls = {s.communicate(timeout=WAIT_S)[0].decode() for s in starters}
        assert [s.returncode for s in starters] == [0, 0, 0, 0]
        assert len(urls) == 1
        assert server.server_pid()
        put(url := urls.pop(), 1)
        assert kept(url) == [1]


@pytest.mark.parametrize("name", ["x" * 60 + "/" + "y" * 120, 'it\'s, "odd" %41 $HOME ünd weit'])
def test_long_and_odd_paths(name: str, folder: Path) -> None:
    with server_in(folder / name) as server:
        url = server.start()
        put(url, 1)
        server.stop()
        assert server.start() == url
        assert kept(url) == [1]
        socket_folder = Path(str(conninfo_to_dict(url)["host"]))
        assert socket_folder.exists()
        server.stop()
        assert not list(socket_folder.glob("*"))
        assert socket_folder.is_relative_to(folder) or not socket_folder.exists()


def test_another_database_name(folder: Path) -> None:
    with server_in(folder / "home", database='odd "name" %') as server:
        url = server.start()
        assert show(url, "server_version")
        with psycopg.connect(url) as connection:
            assert connection.info.dbname == 'odd "name" %'
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            psycopg.connect(with_database(url, "orderdesk"))


def no_place(folder: Path) -> EmbeddedPostgres:
    (folder / "file").write_text("in the way")
    return EmbeddedPostgres(folder / "file" / "home", shelter=folder)


def no_permission(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(Path("/proc/orderdesk"), shelter=folder)  # closed to root as well


def no_programs(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder / "home", pg_bin=folder, shelter=folder)


def bad_setting(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder / "home", settings={"work_mem": "plenty"}, shelter=folder)


def no_password(folder: Path) -> EmbeddedPostgres:
    server = EmbeddedPostgres(folder / "home", settings=FAST, shelter=folder)
    server.start()
    server.stop()
    (folder / "home/postgres/password").unlink()
    return server


def other_version(folder: Path) -> EmbeddedPostgres:
    server = no_password(folder)
    (server.data_folder() / "PG_VERSION").write_text("9\n")
    return server


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (no_place, ("file/home", "Not a directory", "ORDERDESK_HOME")),
        (no_permission, ("/proc/orderdesk", "ORDERDESK_HOME", "DATABASE_URL")),
        (no_programs, ("PG_BIN", "initdb")),
        (bad_setting, ("did not start", "work_mem", "DATABASE_URL")),
        (no_password, ("password", "restore that file")),
        (other_version, ("made by Postgres 9", "version 18", "PG_BIN")),
    ],
)
def test_what_is_wrong_is_one_sentence_that_says_what_to_do(
    broken: Callable[[Path], EmbeddedPostgres], said: tuple[str, ...], folder: Path
) -> None:
    server = broken(folder)
    try:
        with pytest.raises(DatabaseUnavailable) as caught:
            server.start(timeout_s=30)
    finally:
        server.stop()
    message = str(caught.value)
    assert "\n" not in message
    for words in said:
        assert words in message


def test_somebody_who_holds_the_lock_is_not_waited_for_forever(folder: Path) -> None:
    home = folder / "home"
    with held_program("initdb", folder) as held, server_in(home) as server:
        parent = starter(home, folder, pg_bin=held.folder)
        held.wait_until_reached()
        with pytest.raises(DatabaseUnavailable, match=r"was not ready within 0.1 s"):
            server.start(timeout_s=0.1)
        held.let_go()
        parent.communicate(timeout=WAIT_S)
        assert parent.returncode == 0


def test_stop_ends_in_time_while_somebody_is_connected(postgres_server: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres_server.start()) as connection:
        connection.execute("select 1")
        postgres_server.stop()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")


def test_no_leftovers(folder: Path) -> None:
    with server_in(folder / "home") as server:
        server.start()
        names = {path.name for path in (folder / "home/postgres").iterdir()}
        assert names == {"data", "run", "log", "lock", "password", "start.log"}
        assert (folder / "home/postgres/password").stat().st_mode & 0o077 == 0
        assert (folder / "home/postgres/run").stat().st_mode & 0o077 == 0
    assert subprocess.run(["ls", str(folder / "home/postgres/run")], capture_output=True).stdout == b""
