"""`orderdesk up` over its own embedded server: serves, takes dropped files, ends in order, leaves nothing behind."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Generator
from pathlib import Path

import httpx
import psutil
import pytest

from checkpoints.embedded import EmbeddedPostgres
from orderdesk.demo import company_folder
from tests.component.cli.test_cli_process import AS_OF
from tests.integration.cases.orders import clean_order
from tests.support.commands import Commands
from tests.support.postgres import copy_home

WAIT_S = 60


def until(true: Callable[[], object], what: str) -> None:
    """Wait for other processes, on which there is nothing to wait but what they leave."""
    deadline = time.monotonic() + WAIT_S
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


class Desk:
    """A home of its own and the processes that use it."""

    def __init__(self, home: Path, commands: Commands) -> None:
        self.home = home
        self.commands = commands
        self.environment = {"ORDERDESK_HOME": str(home), "DATABASE_URL": ""}
        self.server = EmbeddedPostgres(home)

    def up(self, *options: str) -> tuple[subprocess.Popen[str], str]:
        """A started desk and its address, once it says that it serves."""
        process = self.commands.start("up", "--port", "0", *options, **self.environment)
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("The desk is at http://"), process.communicate()
        assert str(self.home / "inbox") in process.stdout.readline()
        return process, line.split()[4].removesuffix("/desk")

    def processes(self) -> list[int]:
        """Commands of ours that run on this home."""
        found: list[int] = []
        for process in psutil.process_iter():
            try:
                if "orderdesk" in process.cmdline() and process.environ().get("ORDERDESK_HOME") == str(
                    self.home
                ):
                    found.append(process.pid)
            except psutil.Error:
                continue
        return found

    def nothing_is_left(self) -> bool:
        """Neither a process nor the embedded server."""
        return not self.processes() and self.server.server_pid() is None


@pytest.fixture
def desk(made_home: Path, folder: Path, orderdesk: Commands) -> Generator[Desk]:
    """A home whose embedded server was made before; whatever still runs on it is killed afterwards."""
    copy_home(made_home, folder / "home")
    desk = Desk(folder / "home", orderdesk)
    try:
        yield desk
    finally:
        for pid in desk.processes():
            psutil.Process(pid).kill()
        desk.server.stop()


def test_a_desk_from_start_to_end(desk: Desk) -> None:
    commands, environment = desk.commands, desk.environment
    process, address = desk.up()
    assert httpx.get(f"{address}/healthz").json() == {"status": "ok"}
    assert httpx.get(f"{address}/readyz").status_code == 200
    assert httpx.get(f"{address}/desk", follow_redirects=True).status_code == 200

    # A second command on the same home, beside it.
    assert commands.run("import", str(company_folder()), **environment).code == 0
    order = desk.home / "inbox" / "order.eml"
    until(order.parent.is_dir, "the drop folder was not made")
    order.write_bytes(clean_order("UP-1"))
    (desk.home / "inbox" / "folder").mkdir()
    until(lambda: list((desk.home / "export").glob("*.json")), "the dropped order was not booked")
    until(lambda: (desk.home / "inbox" / "done" / "order.eml").exists(), "the file was not put away")
    assert httpx.get(f"{address}/metrics").text.count("orderdesk_orders 1\n") == 1

    process.terminate()
    _, err = process.communicate(timeout=WAIT_S)
    assert (process.returncode, err) == (0, "")
    assert desk.nothing_is_left()


def test_a_desk_that_is_interrupted_and_one_that_is_killed(desk: Desk, folder: Path) -> None:
    commands, environment = desk.commands, desk.environment
    process, _ = desk.up("--workers", "0")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=WAIT_S)
    assert (process.returncode, err) == (128 + signal.SIGINT, "")
    assert desk.nothing_is_left()

    process, _ = desk.up()
    process.kill()
    process.communicate()
    file = folder / "order.eml"
    file.write_bytes(clean_order("UP-2"))
    ran = commands.run("process", str(file), "--json", *AS_OF, **environment)
    assert (ran.code, ran.err, len(ran.rows)) == (0, "", 1)
    until(desk.nothing_is_left, "the worker of a killed desk did not end")


def test_two_commands_at_once_on_one_home_one_of_them_told_to_stop(desk: Desk) -> None:
    worker = desk.commands.start("worker", **desk.environment)
    until(lambda: (desk.home / ".in-use").exists() or worker.poll() is not None, "it did not start")
    beside = desk.commands.run("stats", "--json", **desk.environment)
    assert (beside.code, beside.err) == (0, "")
    assert beside.rows[0]["cases"] == 0
    worker.terminate()
    _, err = worker.communicate(timeout=WAIT_S)
    assert (worker.returncode, err) == (0, "")
    assert desk.nothing_is_left()
