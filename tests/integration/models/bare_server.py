"""A server that gives one fixed response to whatever it is asked, and keeps what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class BareServer:
    """What was asked, as text, and where it listens."""

    base_url: str = ""
    requests: list[str] = field(default_factory=list)


@asynccontextmanager
async def bare_server(status: int, body: bytes = b"", *headers: str) -> AsyncGenerator[BareServer]:
    """A server on loopback; each connection is closed after its response."""
    kept = BareServer()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            (line for line in head.lower().splitlines() if line.startswith("content-length:")), ":0"
        )
        await reader.readexactly(int(length.partition(":")[2]))
        kept.requests.append(head)
        lines = [
            f"HTTP/1.1 {status} x",
            f"content-length: {len(body)}",
            "connection: close",
            *headers,
            "",
            "",
        ]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    kept.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    async with server:
        yield kept
