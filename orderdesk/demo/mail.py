"""One e-mail of the sample inbox, built the same to the byte every time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import default
from email.utils import format_datetime

ORDER_DESK = Address("Northgate Order Desk", "orders", "northgate.example")


@dataclass(frozen=True)
class Attachment:
    """A file that hangs on a mail; content type as the sender's program states it."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """What a sender wrote: plain text with an HTML twin where there is one, or HTML alone, and files."""

    sender: Address
    subject: str
    sent: datetime
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


def build(name: str, mail: Mail) -> bytes:
    """The mail as a file's bytes; Message-ID and boundaries follow from `name`, so that nothing is random."""
    message = EmailMessage(policy=default)
    message["From"] = mail.sender
    message["To"] = ORDER_DESK
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.sent)
    message["Message-ID"] = f"<{_token(name)}@{mail.sender.domain}>"
    for header, value in mail.headers:
        message[header] = value
    if mail.text:
        message.set_content(mail.text, cte="quoted-printable")
        if mail.html:
            message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    else:
        message.set_content(mail.html, subtype="html", cte="quoted-printable")
    for attachment in mail.attachments:
        main, _, sub = attachment.content_type.partition("/")
        message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.name)
    _fix_boundaries(message, name)
    return message.as_bytes()


def _fix_boundaries(part: MIMEPart, name: str, depth: int = 0) -> None:
    if not part.is_multipart():
        return
    part.set_boundary(f"=_{_token(f'{name}/{depth}')}")
    for child in part.iter_parts():
        _fix_boundaries(child, name, depth + 1)


def _token(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()[:24]
