"""Proof of what has left the house: our mails in folders, mailboxes and mail logs, our orders in export files."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from orderdesk.domain.base import Value
from orderdesk.domain.errors import ConfigurationError
from orderdesk.domain.ids import payload_hash
from tools.outbox import ORDER_HEADER

# Message-IDs of ours begin with a name-based UUID (see tools.outbox); hardly anybody else's do, and those do no harm.
_OURS = re.compile(rb"([0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})@")
_NUMBER = re.compile(r"SO-[0-9]{6,15}")
# Postfix notes a Message-ID when it comes to that header, and only its queue manager's line says that it took the mail.
_POSTFIX_SEEN = re.compile(rb"/cleanup\[\d+\]: ([0-9A-Za-z]+): message-id=<")
_POSTFIX_TOOK = re.compile(rb"/qmgr\[\d+\]: ([0-9A-Za-z]+): .*queue active")
# A file up to this size that begins like a mail is read as one; larger ones are logs or whole mailboxes.
_MAIL_BYTES = 5_000_000
_HEADER = re.compile(rb"[!-9;-~]+:")


class SentMail(Value):
    """A mail of ours that was handed over. Without `words_hash` only its Message-ID was seen."""

    mail_id: str
    found_in: str
    words_hash: str | None = None
    order_number: str | None = None


class Exported(Value):
    """An order as it stands in an export file."""

    order_number: str
    case_id: str | None
    request_hash: str
    found_in: str


@dataclass
class Proofs:
    """What was found, by Message-ID and by order number."""

    mails: dict[str, SentMail] = field(default_factory=dict)
    exports: dict[str, Exported] = field(default_factory=dict)
    # Of Postfix' logs: Message-IDs by queue id, and the queue ids that were taken.
    seen: dict[str, list[SentMail]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def add(self, mail: SentMail) -> None:
        """Keep a proof; one that knows the mail's words is worth more."""
        known = self.mails.get(mail.mail_id)
        if known is None or (known.words_hash is None and mail.words_hash is not None):
            self.mails[mail.mail_id] = mail


def find_proofs(places: Sequence[Path]) -> Proofs:
    """Everything that files, and files in folders, prove. Raises ConfigurationError for a place that cannot be read.

    Read as they are: .eml and Maildir files, mbox files, logs of any mail server or lists of Message-IDs (.gz too),
    and orders exported as JSON.
    """
    proofs = Proofs()
    for path in _files(places):
        try:
            _look_into(path, proofs)
        except (OSError, EOFError) as error:
            raise ConfigurationError(f"{path} cannot be read ({error}): leave it out, or mend it.") from error
    for queue_id, mails in proofs.seen.items():
        for mail in mails if queue_id in proofs.taken else ():
            proofs.add(mail)
    return proofs


def words_hash(mail: bytes) -> str:
    """Hash of recipient, subject and text of a mail, whatever way it was encoded on."""
    return _words_hash(_parsed(mail))


def _files(places: Sequence[Path]) -> Iterator[Path]:
    for place in places:
        if place.is_dir():
            # What begins with a point is half written, or none of ours.
            yield from (p for p in sorted(place.rglob("*")) if p.is_file() and not p.name.startswith("."))
        elif place.exists():
            yield place
        else:
            raise ConfigurationError(f"There is no {place}: name a file or a folder that is there.")


def _look_into(path: Path, proofs: Proofs) -> None:
    if path.suffix == ".json":
        if exported := _exported(path):
            proofs.exports.setdefault(exported.order_number, exported)
        return
    if path.stat().st_size <= _MAIL_BYTES and path.suffix != ".gz":
        data = path.read_bytes()
        if _HEADER.match(data) and _mail(path, data, proofs):
            return
        _lines(path, data.splitlines(), proofs)
        return
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        _lines(path, lines, proofs)


def _mail(path: Path, data: bytes, proofs: Proofs) -> bool:
    """Whether the file is a mail of ours, which is kept with a hash of its words."""
    parsed = _parsed(data)
    ours = _OURS.match(str(parsed["Message-ID"] or "").strip().lstrip("<").encode())
    if ours is None:
        return False
    number = str(parsed[ORDER_HEADER] or "").strip()
    proofs.add(
        SentMail(
            mail_id=ours[1].decode(), found_in=str(path), words_hash=_words_hash(parsed),
            order_number=number if _NUMBER.fullmatch(number) else None,
        )
    )  # fmt: skip
    return True


def _lines(path: Path, lines: Iterable[bytes], proofs: Proofs) -> None:
    for line in lines:
        if took := _POSTFIX_TOOK.search(line):
            proofs.taken.add(took[1].decode())
            continue
        if b"@" not in line:
            continue
        mails = [SentMail(mail_id=m.decode(), found_in=str(path)) for m in _OURS.findall(line)]
        if mails and (postfix := _POSTFIX_SEEN.search(line)):
            proofs.seen.setdefault(postfix[1].decode(), []).extend(mails)
            continue
        for mail in mails:
            proofs.add(mail)


def _exported(path: Path) -> Exported | None:
    """The order in an export file; None for any other JSON."""
    try:
        request: Any = json.loads(path.read_bytes())
        number = request["order_number"]
        if not isinstance(number, str) or not _NUMBER.fullmatch(number):
            return None
        case_id = request.get("case_id")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    return Exported(
        order_number=number, case_id=case_id if isinstance(case_id, str) else None,
        request_hash=payload_hash(request), found_in=str(path),
    )  # fmt: skip


def _parsed(mail: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(mail)


def _words_hash(mail: EmailMessage) -> str:
    try:
        body = mail.get_body(("plain",))
        text = body.get_content() if body is not None else ""
    except (LookupError, ValueError, MessageError):
        text = ""
    to, subject = str(mail["To"] or "").lower(), str(mail["Subject"] or "")
    return payload_hash([" ".join(part.split()) for part in (to, subject, str(text))])
