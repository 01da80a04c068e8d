"""A port that can be closed and opened: a relay in front of Postgres or a mail server."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
CHUNK = 65536


class Relay:
    """Passes bytes on both ways between its port and what stands behind it, until it is closed."""

    def __init__(self, behind: Callable[[], Awaitable[Streams]], port: int) -> None:
        self.port = port
        self._behind = behind
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._answered: int | None = None
        self.unanswered = asyncio.Event()
        """Somebody has connected whom nobody answers."""

    def answer_only(self, count: int) -> None:
        """Accept everybody, but pass on so many from now on: who comes after them waits for an answer."""
        self._answered = count

    async def open(self) -> None:
        """Listen; nothing to do if it does."""
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Refuse connections from now on, and cut those there are in the middle of whatever they carry."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        for writer in self._open:
            writer.transport.abort()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if self._answered == 0:
            self._open.add(writer)
            self.unanswered.set()
            with contextlib.suppress(OSError):
                await reader.read()
            self._open.discard(writer)
            writer.close()
            return
        if self._answered is not None:
            self._answered -= 1
        try:
            there_reader, there_writer = await self._behind()
        except OSError:
            writer.transport.abort()
            return
        both = {writer, there_writer}
        self._open |= both
        try:
            await asyncio.gather(_pass_on(reader, there_writer), _pass_on(there_reader, writer))
        finally:
            self._open -= both
            for one in both:
                one.close()


@asynccontextmanager
async def postgres_relay(url: str) -> AsyncGenerator[tuple[str, Relay]]:
    """A server's URL through a port, and the port; the server itself listens at a socket file."""
    parts = urlsplit(url)
    where = {name: values[0] for name, values in parse_qs(parts.query).items()}
    socket = f"{where['host']}/.s.PGSQL.{where['port']}"
    relay = Relay(lambda: asyncio.open_unix_connection(socket), 0)
    await relay.open()
    through = parts._replace(netloc=f"{parts.netloc}127.0.0.1:{relay.port}", query="").geturl()
    try:
        yield through, relay
    finally:
        await relay.close()


@asynccontextmanager
async def port_relay(port: int) -> AsyncGenerator[Relay]:
    """Another port in front of one on this machine."""
    relay = Relay(lambda: asyncio.open_connection("127.0.0.1", port), 0)
    await relay.open()
    try:
        yield relay
    finally:
        await relay.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.close()
