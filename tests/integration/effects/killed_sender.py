"""Processes that deliver what is due and kill themselves (kill -9) at a chosen point of it.

`python -m tests.integration.effects.killed_sender URL HOME SECRET SMTP_URL WEBHOOK_URL` reads a point from each line
and forks a process for it; it answers with the process's exit status. '-' as an address: not set.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import Any

from orderdesk.bootstrap import build_house
from orderdesk.settings import load_settings
from tools.deliver import Delivery
from tools.folder import FolderSender
from tools.mail.sender import SmtpSender
from tools.webhook.sender import WebhookSender

SENDERS = (FolderSender, SmtpSender, WebhookSender)


def die(*_: Any, **__: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point: str) -> None:
    """Make this process die: claimed, begun (just before it goes out), sent (before that is noted), or noted."""
    if point == "claimed":
        for sender in SENDERS:
            sender.send = die
    elif point == "begun":
        plain_begin = Delivery._begin

        async def begin(self: Delivery, *args: Any) -> None:
            await plain_begin(self, *args)
            die()

        Delivery._begin = begin
    elif point == "sent":
        Delivery._finish = die
    elif point == "noted":
        plain_finish = Delivery._finish

        async def finish(self: Delivery, *args: Any) -> None:
            await plain_finish(self, *args)
            die()

        Delivery._finish = finish


def serve() -> None:
    """One process per line of input, one exit status per line of output."""
    url, home, secret, smtp, webhook = sys.argv[1:]
    wanted: dict[str, Any] = {"DATABASE_URL": url, "ORDERDESK_HOME": home, "ORDERDESK_WEBHOOK_SECRET": secret}
    if smtp != "-":
        wanted["ORDERDESK_SMTP_URL"] = smtp
    if webhook != "-":
        wanted["ORDERDESK_WEBHOOK_URL"] = webhook

    async def work() -> None:
        house = build_house(load_settings(**wanted), url)
        try:
            await house.cases.deliver()
        finally:
            await house.close()

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            arm(line.strip())
            asyncio.run(work())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve()
