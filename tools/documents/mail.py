"""A mail taken apart: envelope and leaf parts in reading order, nothing parsed that a part contains.

Cheap and pure MIME: which bytes are the body, which an attachment, which a forwarded mail. Broken
structures (no boundaries, base64 around a mail, text where parts should be) are mended where possible.
"""

from __future__ import annotations

import base64
import binascii
import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import policy
from email.message import Message
from typing import Any, Literal, cast

from orderdesk.domain.documents import ReadMessage
from orderdesk.domain.findings import Finding
from tools.documents.defects import note
from tools.documents.limits import ReaderLimits
from tools.documents.mail_headers import AnyMessage, decode_words, header, read_envelope
from tools.documents.sniff import sniff
from tools.documents.text import one_line

PartRole = Literal["body", "attachment", "forwarded"]


@dataclass(frozen=True)
class Part:
    """A leaf of a mail: bytes as sent, transfer encoding undone.

    `html` is the other version of a body in multipart/alternative; `inline` marks pictures that belong to
    the body and machine-made parts nobody orders with.
    """

    role: PartRole
    name: str
    media_type: str
    raw: bytes
    charset: str = ""
    html: bytes | None = None
    html_charset: str = ""
    inline: bool = False
    flowed: bool = False
    subject: str = ""


@dataclass
class TakenApart:
    """Envelope without documents, and the parts in reading order."""

    envelope: ReadMessage
    parts: list[Part] = field(default_factory=list["Part"])
    findings: list[Finding] = field(default_factory=list["Finding"])


def take_apart(raw: bytes, limits: ReaderLimits) -> TakenApart:
    """Envelope and leaf parts of a mail, at most `max_parts` of them; never raises on bad mail."""
    message = _parse(raw)
    result = TakenApart(read_envelope(message))
    for part in _leaves(message, "body", 0, limits, result):
        if len(result.parts) >= limits.max_parts:
            result.findings.append(
                note(
                    "too_many_parts",
                    f"The message has more than {limits.max_parts} parts; the rest was not read.",
                )
            )
            break
        result.parts.append(part)
    defects = sorted({type(d).__name__ for d in _defects(message)})
    if defects:
        result.findings.append(
            note("malformed_mail", "The message is not built as mails should be; all readable parts were read.",
                 defects=", ".join(defects)[:200])
        )  # fmt: skip
    return result


def _parse(raw: bytes) -> AnyMessage:
    if raw.startswith(b"From "):  # an mbox separator line
        raw = raw.partition(b"\n")[2]
    return email.message_from_bytes(raw.lstrip(b"\r\n"), policy=policy.compat32)


def _leaves(
    message: AnyMessage, role: PartRole, depth: int, limits: ReaderLimits, result: TakenApart
) -> Iterator[Part]:
    kind = message.get_content_type()
    if depth > limits.max_depth:
        result.findings.append(
            note("nested_too_deep", "Mails are nested too deeply; the innermost were not read.")
        )
        return
    if kind == "message/rfc822" or (kind == "message/global"):
        yield from _forwarded(message, depth, limits, result)
    elif message.is_multipart() and kind == "multipart/alternative":
        yield from _alternative(message, role, depth, limits, result)
    elif message.is_multipart() and not kind.startswith("message/"):
        yield from _children(message, role, depth, limits, result)
    elif kind.startswith("multipart/") and (mended := _mended(message)) is not None:
        yield from _leaves(mended, role, depth + 1, limits, result)
    else:
        part = _leaf(message, role)
        if part.role == "attachment" and part.name.lower().endswith(".eml") and sniff(part.raw) == "email":
            inner = _parse(part.raw)  # sent as a mere file: a forwarded mail all the same
            for leaf in _leaves(inner, "forwarded", depth + 1, limits, result):
                forwarded = leaf.role == "forwarded"
                subject = header(inner, "Subject")
                yield (
                    replace(leaf, name=leaf.name or part.name, subject=leaf.subject or subject)
                    if forwarded
                    else leaf
                )
        else:
            yield part


def _children(
    message: AnyMessage, role: PartRole, depth: int, limits: ReaderLimits, result: TakenApart
) -> Iterator[Part]:
    related = message.get_content_type() == "multipart/related"
    for position, child in enumerate(_subparts(message)):
        for part in _leaves(child, role, depth + 1, limits, result):
            if related and position > 0 and part.role != "forwarded" and part.media_type.startswith("image/"):
                part = replace(part, inline=True)
            yield part


def _alternative(
    message: AnyMessage, role: PartRole, depth: int, limits: ReaderLimits, result: TakenApart
) -> Iterator[Part]:
    """One body out of its versions; whatever else hangs in the alternatives follows as attachments."""
    parts = [p for child in _subparts(message) for p in _leaves(child, role, depth + 1, limits, result)]
    bodies = [p for p in parts if p.role != "attachment"]
    plain = next((p for p in bodies if p.media_type != "text/html" and p.html is None), None)
    html = next((p for p in bodies if p.media_type == "text/html"), None)
    used = [p for p in (plain, html) if p is not None]
    if plain is not None and html is not None:
        yield replace(plain, html=html.raw, html_charset=html.charset)
    else:
        yield from used
    yield from (p for p in parts if all(p is not u for u in used))


def _forwarded(message: AnyMessage, depth: int, limits: ReaderLimits, result: TakenApart) -> Iterator[Part]:
    """A mail attached to the mail: its text counts as forwarded, its attachments as attachments."""
    inner = next(iter(_subparts(message)), None)
    if inner is None:
        yield _leaf(message, "attachment")
        return
    if str(message.get("Content-Transfer-Encoding", "")).strip().lower() == "base64" and not inner.keys():
        # Forbidden by RFC 2046 and common: the whole inner mail in base64.
        try:
            inner = _parse(base64.b64decode(_ascii(inner.get_payload()), validate=False))
        except (binascii.Error, ValueError):
            yield _leaf(message, "attachment")
            return
    subject = header(inner, "Subject")
    name = _file_name(message) or (f"{subject}.eml" if subject else "forwarded.eml")
    for part in _leaves(inner, "forwarded", depth + 1, limits, result):
        if part.role == "forwarded":
            part = replace(part, name=part.name or name, subject=part.subject or subject)
        yield part


def _leaf(message: AnyMessage, role: PartRole) -> Part:
    kind = message.get_content_type()
    name = _file_name(message)
    disposition = one_line(str(message.get("Content-Disposition") or "")).lower()
    attached = disposition.startswith("attachment") or bool(name) or not kind.startswith("text/")
    if kind in {"text/calendar", "text/x-vcard", "text/vcard", "text/csv", "text/xml", "text/rfc822-headers"}:
        attached = True
    if depth_text := kind.startswith("multipart/"):  # a multipart without parts: its text is what there is
        attached = False
    return Part(
        role="attachment" if attached else role,
        name=name,
        media_type="text/plain" if depth_text else kind,
        raw=_bytes(message),
        charset=_param(message, "charset"),
        inline=kind in {"message/delivery-status", "message/disposition-notification", "text/rfc822-headers"}
        or (
            message.get("Content-ID") is not None
            and disposition.startswith("inline")
            and kind.startswith("image/")
        ),
        flowed=_param(message, "format").lower() == "flowed",
    )


def _bytes(message: AnyMessage) -> bytes:
    """The payload with its transfer encoding undone; a mail inside is turned back into bytes."""
    if message.is_multipart():
        return b"\n".join(_as_bytes(part) for part in _subparts(message))
    try:
        payload = message.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        payload = None
    if isinstance(payload, bytes):
        return payload
    return _ascii(message.get_payload())


def _as_bytes(message: AnyMessage) -> bytes:
    try:
        return message.as_bytes()
    except (ValueError, LookupError, TypeError, AttributeError):
        return _ascii(message.get_payload())


def _ascii(payload: object) -> bytes:
    return str(payload).encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _mended(message: AnyMessage) -> AnyMessage | None:
    """A multipart whose boundary is missing or wrong: found again by the lines that look like one."""
    body = _ascii(message.get_payload())
    found = re.search(rb"^--([^\r\n]{1,200}?)[ \t]*\r?\ncontent-[a-z-]+:", body, re.IGNORECASE | re.MULTILINE)
    if not found:
        return None
    boundary = found[1].replace(b'"', b"")
    again = email.message_from_bytes(
        b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n' + body, policy=policy.compat32
    )
    return again if again.is_multipart() else None


def _subparts(message: AnyMessage) -> list[AnyMessage]:
    payload: Any = message.get_payload()
    if not isinstance(payload, list):
        return []
    parts = cast("list[object]", payload)
    return [cast("AnyMessage", part) for part in parts if isinstance(part, Message)]


def _file_name(message: AnyMessage) -> str:
    """The file's name without any folder, from Content-Disposition or Content-Type (RFC 2231 and 2047)."""
    try:
        value = message.get_filename() or ""
    except (ValueError, TypeError, LookupError, AttributeError, IndexError):
        value = ""
    name = one_line(decode_words(str(value)), 200)
    return re.split(r"[/\\]", name)[-1].strip().strip("\"'")


def _param(message: AnyMessage, name: str) -> str:
    try:
        value = message.get_param(name)
    except (ValueError, TypeError, LookupError, AttributeError, IndexError):
        return ""
    if isinstance(value, tuple):
        value = value[2]
    return one_line(str(value or ""), 60)


def _defects(message: AnyMessage) -> Iterator[object]:
    for part in message.walk():
        yield from part.defects
