"""Serves the double on loopback from a thread: one port for all models, and a door of its own for each that wants."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager

import uvicorn

from tests.support.chat_double.app import App
from tests.support.chat_double.double import ChatDouble

HOST = "127.0.0.1"
MODELS = ("primary", "alternative")
START_S = 10.0


@contextmanager
def chat_double(models: Sequence[str] = MODELS, *, port: int = 0) -> Generator[ChatDouble]:
    """A double that listens at `double.base_url`, and at `double.door(model).base_url` for each model named."""
    double = ChatDouble()
    double.models = list(models)
    app = App(double)
    doors = [Door(app, port), *(Door(app) for _ in models)]
    try:
        for door in doors:
            door.open()
        double.base_url = doors[0].base_url
        double.doors = dict(zip(models, doors[1:], strict=True))
        yield double
    finally:
        for door in doors:
            door.end()
        for door in doors:
            door.leave()


class Door:
    """One port. Closed, it refuses connections, and nobody else gets it meanwhile."""

    def __init__(self, app: App, port: int = 0) -> None:
        self._app = app
        self._keeper = _bound(port)
        self.port = int(self._keeper.getsockname()[1])
        self.base_url = f"http://{HOST}:{self.port}/v1"
        self._serving: _Serving | None = None

    def open(self) -> None:
        """Take connections; nothing to do where it does."""
        if self._serving is None:
            self._serving = _Serving(self._app, self._keeper)

    def close(self) -> None:
        """Refuse connections from now on; those that stand are cut."""
        if self._serving is not None:
            self._serving.stop()
            self._serving = None
            self._keeper = _bound(self.port)

    def end(self) -> None:
        """Begin to stop, without waiting for it."""
        if self._serving is not None:
            self._serving.end()

    def leave(self) -> None:
        """Stop and let the port go."""
        if self._serving is not None:
            self._serving.stop()
            self._serving = None
        self._keeper.close()


class _Serving:
    """A server of the socket in a thread, from its start to its stop; it closes the socket."""

    def __init__(self, app: App, listener: socket.socket) -> None:
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            timeout_graceful_shutdown=0,
        )
        self._server = _Quiet(config)
        self._thread = threading.Thread(target=self._run, args=[listener], daemon=True)
        self._thread.start()
        assert self._server.ready.wait(START_S), "the double did not start"

    def end(self) -> None:
        self._server.should_exit = True

    def stop(self) -> None:
        self.end()
        self._thread.join()

    def _run(self, listener: socket.socket) -> None:
        asyncio.run(self._server.serve(sockets=[listener]))


class _Quiet(uvicorn.Server):
    """Says when it has started, so that nobody has to look again and again."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


def _bound(port: int) -> socket.socket:
    """A socket that holds a port without listening: connections to it are refused."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Connections inherit it. Without, each answer waits 40 ms for Nagle and a delayed acknowledgement.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    bound.bind((HOST, port))
    return bound
