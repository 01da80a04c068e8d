"""Real receivers on loopback: a mail server and an HTTP server that accept, refuse, drop or hang as they are told."""

from __future__ import annotations

import asyncio
import json
import ssl
import warnings
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

DROP, HANG = "drop", "hang"


@dataclass
class MailRoom:
    """Mails taken, and what is done at a command instead: an answer, `drop` or `hang`.

    Steps: EHLO, MAIL, RCPT, DATA (the command), TAKEN (the content is here, the answer still to come).
    """

    taken: list[bytes] = field(default_factory=list)
    plan: dict[str, str] = field(default_factory=dict)
    port: int = 0
    connections: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?starttls=no"

    @property
    def message_ids(self) -> list[str]:
        return [str(message_from_bytes(mail)["Message-ID"]) for mail in self.taken]

    async def at(self, step: str, server: SMTP) -> str | None:
        """What is answered at a step instead of going on."""
        what = self.plan.get(step)
        if what == DROP:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "451 dropped"
        if what == HANG:
            self.reached.set()
            await self.go_on.wait()
            return None
        return what

    async def handle_EHLO(
        self, server: SMTP, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        answer = await self.at("EHLO", server)
        return [answer] if answer else responses

    async def handle_HELO(self, server: SMTP, session: Any, envelope: Any, hostname: str) -> str:
        session.host_name = hostname
        return await self.at("EHLO", server) or "250 x"

    async def handle_MAIL(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await self.at("MAIL", server) or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return await self.at("RCPT", server) or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        if self.plan.get("TAKEN", "2")[0] in "23dh":
            self.taken.append(envelope.content)
        return await self.at("TAKEN", server) or "250 2.0.0 queued as 4711"


class _Server(SMTP):
    async def smtp_DATA(self, arg: str) -> None:
        answer = await self.event_handler.at("DATA", self)
        if answer:
            await self.push(answer)
        else:
            await super().smtp_DATA(arg)


@asynccontextmanager
async def mail_room(
    *, tls: ssl.SSLContext | None = None, implicit: bool = False, login: tuple[str, str] | None = None
) -> AsyncGenerator[MailRoom]:
    """A mail server that takes everything until its plan says otherwise."""
    room = MailRoom()

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        known = isinstance(data, LoginPassword) and login == (data.login.decode(), data.password.decode())
        return AuthResult(success=known, handled=False)

    def connected() -> SMTP:
        room.connections += 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it does not see that the connection is encrypted from the start
            return _Server(
                room, hostname="mail.test", tls_context=None if implicit else tls,
                require_starttls=tls is not None and not implicit, authenticator=check if login else None,
                auth_required=login is not None, auth_require_tls=not implicit, timeout=60,
            )  # fmt: skip

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connected, "127.0.0.1", 0, ssl=tls if implicit else None)
    room.port = server.sockets[0].getsockname()[1]
    try:
        yield room
    finally:
        room.go_on.set()
        server.close()


@dataclass
class Posted:
    """One request as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Erp:
    """A company's own system: keeps an order once for each Idempotency-Key."""

    url: str = ""
    posts: list[Posted] = field(default_factory=list)
    orders: dict[str, Any] = field(default_factory=dict)
    # Answers by turn, before it answers by itself: status and headers, or `drop` / `hang` after the order is taken.
    answers: list[str] = field(default_factory=list)
    body: bytes = b'{"ok":true}'
    go_on: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def company_system() -> AsyncGenerator[Erp]:
    """An HTTP server on loopback; each connection is closed after its answer."""
    erp = Erp()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:] if line)}
        posted = Posted(headers, await reader.readexactly(int(headers.get("content-length", 0))))
        erp.posts.append(posted)
        answer = erp.answers.pop(0) if erp.answers else ""
        key = headers["idempotency-key"]
        known = key in erp.orders
        if answer in ("", DROP, HANG):
            erp.orders.setdefault(key, posted.json)
        if answer == HANG:
            await erp.go_on.wait()
        if answer not in (DROP, HANG):
            head = answer or ("409 Conflict" if known else "201 Created")
            writer.write(
                f"HTTP/1.1 {head}\r\ncontent-length: {len(erp.body)}\r\nconnection: close\r\n\r\n".encode()
            )
            writer.write(erp.body)
        try:
            await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    erp.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/orders"
    try:
        yield erp
    finally:
        erp.go_on.set()
        server.close()
