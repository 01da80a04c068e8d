"""The connection under one request: sends whole and half answers, resets, and notices that the client left."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

# Reset rather than close: nothing that is still unsent is waited for.
LINGER_NOT = struct.pack("ii", 1, 0)


class Wire:
    """One request's connection."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send

    async def read(self) -> bytes:
        """The whole body of the request."""
        parts: list[bytes] = []
        more = True
        while more:
            message = await self._receive()
            parts.append(message.get("body", b""))
            more = bool(message.get("more_body"))
        return b"".join(parts)

    async def json(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        """A whole JSON answer."""
        await self.whole(status, json.dumps(body, ensure_ascii=False).encode(), "application/json", headers)

    async def error(
        self, status: int, message: str, code: str | None, headers: Mapping[str, str] | None = None
    ) -> None:
        """An error as OpenAI words it."""
        await self.json(status, error_object(message, code), headers)

    async def whole(
        self, status: int, body: bytes, media_type: str, headers: Mapping[str, str] | None = None
    ) -> None:
        """A whole answer."""
        await self.start(status, media_type, length=len(body), headers=headers)
        await self.part(body, last=True)

    async def start(
        self,
        status: int,
        media_type: str,
        *,
        length: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """The head of an answer; without a length the body is sent in chunks."""
        fields = {"content-type": media_type, "x-request-id": "req_double", **(headers or {})}
        if length is not None:
            fields["content-length"] = str(length)
        head = [(name.encode(), value.encode()) for name, value in fields.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": head})

    async def part(self, body: bytes, *, last: bool = False) -> None:
        """A part of the body."""
        await self._send({"type": "http.response.body", "body": body, "more_body": not last})

    async def left_within(self, seconds: float) -> bool:
        """Wait; whether the client hung up meanwhile."""
        try:
            async with asyncio.timeout(seconds):
                while (await self._receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            return False
        return True

    def reset(self) -> None:
        """Cut the connection hard: the client sees a reset."""
        transport = self._transport()
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        transport.abort()

    def close(self) -> None:
        """Close the connection in order, whatever was promised."""
        self._transport().close()

    def _transport(self) -> asyncio.Transport:
        """uvicorn's own, behind the bound method that it gives as `send`."""
        return self._send.__self__.transport  # type: ignore[attr-defined]


def error_object(message: str, code: str | None) -> dict[str, Any]:
    """OpenAI's error envelope."""
    return {
        "error": {"message": message, "type": code or "invalid_request_error", "param": None, "code": code}
    }
