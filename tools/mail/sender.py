"""Mail over SMTP: one connection a mail; before DATA nothing has happened, after it only the answer can tell.

SMTP servers do not know a mail they were given before, so a mail is never handed over twice by the desk alone.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import aiosmtplib

from orderdesk.resilience.failures import Verdict
from tools.mail.server import MailServer
from tools.mail.verdicts import judge_smtp
from tools.outbox import compose_mail
from tools.sending import Attempt, shown

# How long a server may take to say good-bye, in seconds; the mail is sent by then.
QUIT_S = 2.0


class SmtpSender:
    """Hands mails over to the company's mail server."""

    receiver = ""
    repeatable = False
    batch = 1

    def __init__(self, server: MailServer, deadline_s: float) -> None:
        self._server = server
        self.kinds = ["send_mail"]
        self.through = f"smtp {server.named}"
        self.breaker = f"smtp:{server.host}"
        self.deadline_s = deadline_s

    async def send(self, key: str, kind: str, request: dict[str, Any], attempt: Attempt) -> dict[str, Any]:
        """Hand one mail over and return the server's answer. Raises what `judge` knows."""
        mail = compose_mail(request)
        client = self._client(request)
        try:
            await client.connect()
            await client.mail(request["from"])
            await client.rcpt(request["to"])
            await attempt.begin()
            try:
                accepted = await client.data(mail)
            except aiosmtplib.SMTPDataError as error:
                if 400 <= error.code <= 599:
                    attempt.maybe_done = False  # the server's own word that it has not taken it
                raise
            attempt.response = {"code": accepted.code, "said": shown(accepted.message)}
            with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                async with asyncio.timeout(QUIT_S):
                    await client.quit()
            return attempt.response
        finally:
            client.close()

    def judge(self, error: BaseException) -> Verdict:
        """What an error means (tools/mail/verdicts.py)."""
        return judge_smtp(error)

    def _client(self, request: dict[str, Any]) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password.get_secret_value() if server.user else None,
            # By default it would ask the DNS for our own name, and wait for it with the whole program.
            local_hostname=str(request["from"]).rpartition("@")[2] or "localhost",
            timeout=None,  # the operation's deadline cuts
            use_tls=server.tls,
            start_tls=server.starttls,
            tls_context=server.context() if server.tls or server.starttls else None,
        )
