"""The embedded server under other users: as root, for a folder that is closed, and without root."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
from collections.abc import Generator
from pathlib import Path

import psutil
import psycopg
import pytest

from checkpoints.binaries import find_binaries
from checkpoints.embedded import EmbeddedPostgres
from tests.integration.checkpoints.programs import WAIT_S, starter
from tests.support.postgres import FAST, reachable_folder

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0,
    reason="needs root to change users; the other tests run without root here",
)


@pytest.fixture
def folder() -> Generator[Path]:
    with reachable_folder() as path:
        yield path


def test_root_is_given_up(postgres_server: EmbeddedPostgres) -> None:
    postgres_server.start()
    pid = postgres_server.server_pid()
    assert pid
    assert psutil.Process(pid).uids().effective != 0
    assert postgres_server.data_folder().stat().st_uid == psutil.Process(pid).uids().effective
    # The folder itself stays root's, so that the service user cannot put anything else in its place.
    assert postgres_server.data_folder().parent.stat().st_uid == 0


def test_a_closed_home_stays_closed_and_the_data_goes_to_the_shelter(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    server = EmbeddedPostgres(closed / "home", settings=FAST, shelter=folder / "shelter")
    try:
        url = server.start()
        assert server.data_folder().is_relative_to(folder / "shelter")
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        server.stop()
        assert server.start() == url
        server.stop()
        first = server.data_folder()
        shutil.rmtree(closed / "home")  # a new home never finds an old one's data
        server.start()
        assert server.data_folder() != first
    finally:
        server.stop()


def test_programs_in_a_closed_folder_are_copied_once(folder: Path) -> None:
    install = find_binaries(None).parent
    package = folder / "closed" / install.parent.name
    package.parent.mkdir(mode=0o700)
    shutil.copytree(install, package / install.name, ignore=shutil.ignore_patterns("include"))
    libraries = install.parent.with_name(f"{install.parent.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, package.with_name(libraries.name))
    pg_bin = package / install.name / "bin"
    server = EmbeddedPostgres(folder / "home", pg_bin=pg_bin, settings=FAST, shelter=folder)
    try:
        server.start()
        pid = server.server_pid()
        assert pid
        copies = list((folder / "home/postgres").glob("binaries-*"))
        assert len(copies) == 1
        assert Path(psutil.Process(pid).exe()).is_relative_to(copies[0])
        server.stop()
        server.start()
        assert list((folder / "home/postgres").glob("*binaries*")) == copies
        assert stat.S_IMODE((folder / "closed").stat().st_mode) == 0o700
    finally:
        server.stop()


def test_without_root(folder: Path) -> None:
    user = pwd.getpwnam("nobody").pw_uid
    home = folder / "home"
    home.mkdir()
    os.chown(home, user, -1)
    process = starter(home, folder, user=user)
    out, _ = process.communicate(timeout=WAIT_S)
    server = EmbeddedPostgres(home, settings=FAST, shelter=folder)
    try:
        assert process.returncode == 0, out
        pid = server.server_pid()
        assert pid
        assert psutil.Process(pid).uids().effective == user
        # Root finds it running, and goes on with it as that user.
        assert server.start() == out.decode()
        server.stop()
        with psycopg.connect(server.start()):
            again = server.server_pid()
        assert again
        assert psutil.Process(again).uids().effective == user
    finally:
        server.stop()


def test_without_root_a_read_only_home_is_named(folder: Path) -> None:
    home = folder / "home"
    home.mkdir(mode=0o555)
    process = starter(home, folder, user=pwd.getpwnam("nobody").pw_uid)
    out, _ = process.communicate(timeout=WAIT_S)
    assert process.returncode == 2
    message = out.decode()
    assert f"{home}/postgres" in message
    assert "Permission denied" in message
    assert "ORDERDESK_HOME" in message
    assert "\n" not in message


def test_without_root_somebody_elses_database_is_refused(folder: Path) -> None:
    home = folder / "home"
    server = EmbeddedPostgres(home, settings=FAST, shelter=folder)
    try:
        server.start()
        process = starter(home, folder, user=pwd.getpwnam("nobody").pw_uid)
        out, _ = process.communicate(timeout=WAIT_S)
        assert process.returncode == 2
        assert "ORDERDESK_HOME" in out.decode()
    finally:
        server.stop()
