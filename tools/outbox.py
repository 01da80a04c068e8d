"""Outgoing mail: a ledger row first, then an .eml in the outbox folder; the Message-ID never changes."""

from __future__ import annotations

import re
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from checkpoints.pools import Connection
from orderdesk.domain.base import Value
from orderdesk.domain.errors import EffectRefused
from orderdesk.domain.ids import derived_id
from orderdesk.domain.results import Reply
from tools.files import write_whole
from tools.ledger import Warrant, record_effect

# Tells a confirmation's order number apart from those the customer writes: after a restore it is read again.
ORDER_HEADER = "X-Orderdesk-Order"

_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\\\"]+@[A-Za-z0-9.-]+", re.ASCII)
# What an answer may refer to; anything else is left out of the headers, and nobody misses it.
_MESSAGE_ID = re.compile(r"[!-;=?-~]{1,300}")
_QUOTED = str.maketrans({'"': r"\"", "\\": r"\\"})


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
    if order_number and reply.kind == "confirmation":
        request["order_number"] = order_number
    return await record_effect(connection, warrant, "send_mail", target, request, now=now)


async def send_to_outbox(outbox: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Write a mail as .eml, named after its Message-ID, so that sending it again is the same file.

    Raises EffectRefused where it cannot be put into words, or its address is none.
    """
    mail = compose_mail(request)
    name = request["message_id"].partition("@")[0] + ".eml"
    await write_whole(outbox / name, mail)
    return {"file": name}


def compose_mail(request: dict[str, Any]) -> bytes:
    """A mail as it goes over the wire, in plain ASCII that every server takes; the same row, the same bytes.

    Raises EffectRefused where it cannot be put into words, or its address is none a mail can be sent to.
    """
    try:
        return _composed(request)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise EffectRefused(f"This mail cannot be written ({error}): a person has to do it.") from error


def _composed(request: dict[str, Any]) -> bytes:
    if not _ADDRESS.fullmatch(request["to"]) or not request["to"].isascii() or "=?" in request["to"]:
        raise EffectRefused(
            f"{request['to']!r} is no address to write to: correct it in the customer's data."
        )
    headers = {
        "From": f"{_words('From', request['from_name'], phrase=True)} <{_one_line(request['from'])}>",
        "To": request["to"],
        "Subject": _words("Subject", request["subject"]),
        "Date": format_datetime(datetime.fromisoformat(request["date"])),
        "Message-ID": f"<{request['message_id']}>",
        "Auto-Submitted": "auto-replied",
    }
    if request.get("order_number"):
        headers[ORDER_HEADER] = _one_line(request["order_number"])
    if _MESSAGE_ID.fullmatch(request["in_reply_to"]) and "=?" not in request["in_reply_to"]:
        headers |= dict.fromkeys(("In-Reply-To", "References"), f"<{request['in_reply_to']}>")
    body = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    body.set_content(_storable(request["body"]))
    # Written by hand: a header given to EmailMessage is decoded once more, and words of a customer that decode
    # to a line break would become a header of their own.
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return head.encode("ascii") + bytes(body)


def _words(name: str, text: str, *, phrase: bool = False) -> str:
    """Text as a header holds it: plain where it is plain, else encoded words, whatever stands in it."""
    text = _one_line(_storable(text))
    if text.isascii() and text.isprintable() and "=?" not in text and len(text) < 900:
        return '"' + text.translate(_QUOTED) + '"' if phrase else text
    return Header(text, "utf-8", header_name=name).encode(linesep="\r\n")


def _storable(text: str) -> str:
    """Text without lone surrogates, which no mail can hold."""
    return text.encode("utf-8", "replace").decode()


def _one_line(text: str) -> str:
    """A header value without line breaks: no text of a customer can add a header."""
    return " ".join(str(text).split())
