"""One inbound message to documents: a mail with all its parts, or any single file.

Pure and synchronous: it runs in a child process (see pool.py), because the files are hostile and the
parsers are not ours. Whatever a file does, the answer is a message with findings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from pydantic import Field

from orderdesk.domain.base import Value
from orderdesk.domain.documents import Document, DocumentRole, ReadMessage
from orderdesk.domain.ids import content_hash
from tools.documents.defects import document_too_large, empty_document, note, reader_limit_exceeded
from tools.documents.injection import injection_findings
from tools.documents.limits import ReaderLimits
from tools.documents.mail import Part, take_apart
from tools.documents.part import part_id, placeholder, read_part
from tools.documents.sniff import sniff
from tools.documents.text import one_line

_ORDER: dict[DocumentRole, int] = {"body": 0, "answer": 0, "forwarded": 1, "attachment": 1, "quoted": 2}

# A mail with one of these attached is worth reading whatever its mass-mail headers say.
_ORDER_FORMATS = {"x12", "edifact", "ubl", "cxml", "opentrans", "orderx", "csv", "xlsx", "pdf"}


class ReadParts(Value):
    """A message as read part by part, so that a part can be read again alone and put in its place."""

    envelope: ReadMessage
    parts: tuple[tuple[Document, ...], ...] = Field(
        default=(), description="documents of each part, by position"
    )

    def message(self) -> ReadMessage:
        """The whole message: body first, then what is attached or forwarded, history last."""
        documents = [d for part in self.parts for d in part]
        said = [d for d in documents if d.text.strip() or d.drafts or d.findings or d.role == "attachment"]
        if not said:
            name = self.envelope.subject or (documents[0].name if documents else "")
            base = (
                documents[0]
                if documents
                else Document(document_id=part_id("", 0), name="", format="text", role="body")
            )
            said = [base.model_copy(update={"findings": (empty_document(name),)})]
        ordered = sorted(said, key=lambda d: _ORDER[d.role])
        return _not_a_newsletter(self.envelope.model_copy(update={"documents": tuple(ordered)}))


def read_message(raw: bytes, name: str, *, limits: ReaderLimits | None = None) -> ReadMessage:
    """Reads any message or file; `name` is its file name, used where the content leaves its kind open.

    Never raises on content: what is wrong with it stands in the findings.
    """
    limits = limits or ReaderLimits()
    size, sha256 = len(raw), content_hash(raw)
    if size > limits.max_bytes:
        raw = raw[: limits.head_bytes]
    return read_parts(raw, name, limits=limits, full_size=size, sha256=sha256).message()


def read_raw_text(
    text: str, sender: str = "", subject: str = "", attachments: Sequence[tuple[str, bytes]] = (),
    *, limits: ReaderLimits | None = None,
) -> ReadMessage:  # fmt: skip
    """A typed-in or posted message (API, Studio) read exactly as if it had come by mail."""
    return read_message(compose_message(text, sender, subject, attachments), "message.eml", limits=limits)


def compose_message(
    text: str, sender: str = "", subject: str = "", attachments: Sequence[tuple[str, bytes]] = ()
) -> bytes:
    """A mail holding a text and files, the same bytes for the same input: one message, one case.

    It has no Date and no Message-ID, as nobody stated any.
    """
    mail = EmailMessage(policy=SMTP)
    mail.set_content(text.encode("utf-8", "replace").decode(), cte="base64")
    for name, content in attachments:
        mail.add_attachment(
            content,
            maintype="application",
            subtype="octet-stream",
            filename=one_line(name, 200) or "attachment",
        )
    if mail.is_multipart():
        mail.set_boundary("=-orderdesk-" + content_hash(text.encode("utf-8", "replace"))[:32])
    # Written as plain UTF-8, which the reader takes: no value can break out of its line.
    headers = f"From: {_one_sender(sender)}\r\nSubject: {one_line(subject, 900)}\r\n"
    return headers.encode("utf-8", "replace") + mail.as_bytes()


def read_parts(
    raw: bytes,
    name: str,
    *,
    limits: ReaderLimits,
    full_size: int | None = None,
    sha256: str = "",
    skip: frozenset[int] = frozenset(),
    only: int | None = None,
    begins: Callable[[int, str], None] | None = None,
) -> ReadParts:
    """Reads a message part by part; parts in `skip` (or all but `only`) become placeholders.

    `begins` is called with a part's position and name before the part is read. `full_size` and `sha256`
    describe the whole message where `raw` is only its head.
    """
    sha256 = sha256 or content_hash(raw)
    size = full_size or len(raw)
    cut = size > len(raw)
    envelope, parts = _take_apart(raw, name, limits)
    envelope = _checked_subject(envelope, sha256)
    read: list[tuple[Document, ...]] = []
    for position, part in enumerate(parts):
        if position in skip or (only is not None and position != only):
            why = "it took too much time or memory"
            read.append((placeholder(part, position, sha256, reader_limit_exceeded(part.name, why)),))
        elif cut and part.role != "body":
            finding = document_too_large(part.name or name, size, limits.max_bytes)
            read.append((placeholder(part, position, sha256, finding),))
        else:
            if begins:
                begins(position, part.name)
            documents = read_part(part, position, sha256, limits, subject=part.subject or envelope.subject)
            if envelope.automatic in {"bounce", "read_receipt"}:
                documents = tuple(_returned(d) for d in documents)
            read.append(documents)
    if cut and not any(part.role != "body" for part in parts):
        envelope = envelope.model_copy(
            update={"findings": (*envelope.findings, document_too_large(name, size, limits.max_bytes))}
        )
    return ReadParts(envelope=envelope, parts=tuple(read))


def _take_apart(raw: bytes, name: str, limits: ReaderLimits) -> tuple[ReadMessage, list[Part]]:
    kind = sniff(raw, name)
    if kind == "email":
        taken = take_apart(raw, limits)
        findings = (*taken.envelope.findings, *taken.findings)
        return taken.envelope.model_copy(update={"findings": findings}), taken.parts
    plain = (kind == "text" and name.lower().endswith((".txt", ".text", ".md"))) or (
        kind == "text" and "." not in name
    )
    media_type = "text/plain" if plain else "application/octet-stream"
    return ReadMessage(), [
        Part(role="body" if plain else "attachment", name=one_line(name), media_type=media_type, raw=raw)
    ]


def _checked_subject(envelope: ReadMessage, sha256: str) -> ReadMessage:
    found = injection_findings(envelope.subject, part_id(sha256, 0))
    return envelope.model_copy(update={"findings": (*envelope.findings, *found)}) if found else envelope


def _returned(document: Document) -> Document:
    """A mail that came back to us inside a bounce is history, not a forwarded order."""
    return document.model_copy(update={"role": "quoted"}) if document.role == "forwarded" else document


def _not_a_newsletter(message: ReadMessage) -> ReadMessage:
    """Mass-mail headers on a mail that carries an order file: mail services put them on real orders too."""
    carries = any(
        d.role == "attachment" and (d.drafts or d.format in _ORDER_FORMATS) for d in message.documents
    )
    if message.automatic != "newsletter" or not carries:
        return message
    finding = note(
        "mass_mail_headers", "The message has the headers of a mailing, but an order file is attached."
    )
    return message.model_copy(update={"automatic": "", "findings": (*message.findings, finding)})


def _one_sender(sender: str) -> str:
    """'Name <a@b>' or 'a@b' on one line, without characters that could start another header or address."""
    shown, address = parseaddr(one_line(sender, 320))
    address = "".join(c for c in address if c.isprintable() and c not in ' <>,;:"()[]\\')
    shown = "".join(c for c in shown if c.isprintable() and c not in '"\\<>')
    return f'"{shown}" <{address}>' if shown else address
