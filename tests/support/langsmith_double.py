"""LangSmith's ingestion endpoints over real HTTP: takes whatever the real client sends and keeps it."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Received:
    """Requests the double has taken, as (path, body)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[tuple[str, bytes]] = []

    @property
    def bodies(self) -> bytes:
        """Everything that was posted, in one."""
        return b"\n".join(body for _, body in self.requests)


@contextmanager
def langsmith_double() -> Generator[Received]:
    """A server on a free port for the length of a block."""
    received: Received

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            limits = {
                "use_multipart_endpoint": True, "size_limit": 100, "size_limit_bytes": 20_971_520,
                "scale_up_nthreads_limit": 16, "scale_up_qsize_trigger": 1000, "scale_down_nempty_trigger": 4,
            }  # fmt: skip
            self._answer(200, {"version": "0", "batch_ingest_config": limits})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            received.requests.append((self.path, body))
            self._answer(202, {})

        do_PATCH = do_POST

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    received = Received(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
