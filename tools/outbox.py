"""Outgoing mail: a ledger row first, then an .eml in the outbox folder; the Message-ID never changes."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from checkpoints.pools import Connection
from orderdesk.domain.base import Value
from orderdesk.domain.ids import derived_id
from orderdesk.domain.results import Reply
from tools.files import write_whole
from tools.ledger import Warrant, record_effect


class MailFrom(Value):
    """Who the desk writes as."""

    address: str
    name: str


async def queue_mail(
    connection: Connection,
    warrant: Warrant,
    reply: Reply,
    *,
    target: str,
    sender: MailFrom,
    in_reply_to: str,
    order_number: str | None,
    now: datetime,
) -> bool:
    """Put a mail into the ledger, in the caller's transaction; False where it is there or has no address."""
    if not reply.to or reply.kind == "none":
        return False
    host = sender.address.rpartition("@")[2] or "localhost"
    fill = order_number or ""
    request = {
        "message_id": f"{derived_id('mail', warrant.case_id, target)}@{host}",
        "from": sender.address,
        "from_name": sender.name,
        "to": reply.to,
        "subject": _one_line(reply.subject.replace("{order_number}", fill)),
        "body": reply.body.replace("{order_number}", fill),
        "in_reply_to": in_reply_to,
        "date": now.isoformat(),
        "kind": reply.kind,
    }
    return await record_effect(connection, warrant, "send_mail", target, request, now=now)


async def send_to_outbox(outbox: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Write a mail as .eml, named after its Message-ID, so that sending it again is the same file."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{_one_line(request['from_name'])} <{_one_line(request['from'])}>"
    mail["To"] = _one_line(request["to"])
    mail["Subject"] = _one_line(request["subject"])
    mail["Date"] = format_datetime(datetime.fromisoformat(request["date"]))
    mail["Message-ID"] = f"<{request['message_id']}>"
    mail["Auto-Submitted"] = "auto-replied"
    if request["in_reply_to"]:
        mail["In-Reply-To"] = f"<{_one_line(request['in_reply_to'])}>"
        mail["References"] = f"<{_one_line(request['in_reply_to'])}>"
    mail.set_content(request["body"])
    name = request["message_id"].partition("@")[0] + ".eml"
    await write_whole(outbox / name, bytes(mail))
    return {"file": name}


def _one_line(text: str) -> str:
    """A header value without line breaks: no text of a customer can add a header."""
    return " ".join(str(text).split())
