"""A real `langgraph dev` process on a free port, over a test database."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
START_S = 120


class Server:
    """A running LangGraph Server and the way to end it."""

    def __init__(self, process: subprocess.Popen[bytes], url: str, log: Path) -> None:
        self.process = process
        self.url = url
        self.log = log

    def kill(self) -> None:
        """kill -9, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def langgraph_server(database_url: str, home: Path) -> Generator[Server]:
    """Start the server as `make studio` does and wait until it answers; ended with the block."""
    port = free_port()
    if not any(home.glob("langgraph-*.log")):
        # What the server of an earlier test remembers of its threads would be run again, over this database.
        shutil.rmtree(ROOT / ".langgraph_api", ignore_errors=True)
    log = home / f"langgraph-{port}.log"
    environment = {
        **os.environ, "DATABASE_URL": database_url, "ORDERDESK_HOME": str(home), "LANGSMITH_TRACING": "false",
        "LANGGRAPH_CLI_NO_ANALYTICS": "1", "LANGGRAPH_NO_VERSION_CHECK": "true",
    }  # fmt: skip
    command = [
        str(Path(sys.executable).with_name("langgraph")), "dev", "--host", "127.0.0.1", "--port", str(port),
        "--no-browser", "--no-reload", "--n-jobs-per-worker", "4",
    ]  # fmt: skip
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    server = Server(process, f"http://127.0.0.1:{port}", log)
    try:
        _wait(server)
        yield server
    finally:
        if process.poll() is None:
            server.kill()


def _wait(server: Server) -> None:
    """Until it answers: each try is a connection, the pause between two is the client's own."""
    deadline = time.monotonic() + START_S
    with httpx.Client(transport=httpx.HTTPTransport(retries=3)) as client:
        while time.monotonic() < deadline:
            if server.process.poll() is not None:
                break
            try:
                if client.get(f"{server.url}/ok", timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.2)  # a process that starts: there is nothing else to wait on
    raise AssertionError(f"langgraph dev did not start:\n{server.log.read_text(errors='replace')[-3000:]}")
