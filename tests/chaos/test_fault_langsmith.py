"""LangSmith slow, never answering, refusing: orders are booked all the same, and the process ends by itself."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.chaos.fault_desk import all_is_well_now
from tests.integration.cases.orders import clean_order

ROOT = Path(__file__).resolve().parents[2]
# What a slow service takes for each answer, in seconds; and a process that waited for one that never comes, at most.
SLOW_S, LATEST_S = 2.0, 100.0


@contextmanager
def slow_service() -> Generator[str]:
    """Takes everything, and takes its time."""
    with _service(lambda handler: (time.sleep(SLOW_S), _answer(handler, 202))) as url:
        yield url


@contextmanager
def broken_service() -> Generator[str]:
    """Answers every request with an error of its own."""
    with _service(lambda handler: _answer(handler, 500)) as url:
        yield url


@contextmanager
def silent_service() -> Generator[str]:
    """Takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.parametrize("service", [slow_service, broken_service, silent_service], ids=lambda s: s.__name__)
def test_the_order_is_booked_and_the_process_ends(
    demo_url: str, tmp_path: Path, service: Callable[[], AbstractContextManager[str]]
) -> None:
    order = tmp_path / "order.eml"
    order.write_bytes(clean_order("LS-1"))
    with service() as url:
        environment = {
            **os.environ, "DATABASE_URL": demo_url, "ORDERDESK_HOME": str(tmp_path), "LANGSMITH_TRACING": "true",
            "LANGSMITH_API_KEY": "key-of-the-test", "LANGSMITH_ENDPOINT": url,
        }  # fmt: skip
        command = [
            sys.executable,
            "-m",
            "orderdesk",
            "process",
            "--json",
            "--as-of",
            "2026-03-02",
            str(order),
        ]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LATEST_S, check=False
        )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcome"] == "booked"
    all_is_well_now(demo_url, tmp_path)


@contextmanager
def _service(behave: Callable[[BaseHTTPRequestHandler], object]) -> Generator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            behave(self)

        do_PATCH = do_POST

        def do_GET(self) -> None:
            behave(self)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(handler: BaseHTTPRequestHandler, status: int) -> None:
    handler.send_response(status)
    handler.send_header("content-length", "2")
    handler.end_headers()
    handler.wfile.write(b"{}")
