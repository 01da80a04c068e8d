"""Envelope facts of a mail: who, when, what it answers, and whether a person wrote it at all.

Headers are read one by one from their raw values (policy compat32): the structured header parser of
policy.default raises on hostile values, and one bad header must not cost the others.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any, Literal, TypeAlias

from orderdesk.domain.documents import ReadMessage, Sender
from orderdesk.domain.findings import Finding
from tools.documents.defects import note
from tools.documents.text import decode, one_line

Automatic = Literal["", "bounce", "auto_reply", "newsletter", "read_receipt"]
AnyMessage: TypeAlias = "Message[Any, Any]"

_MAX_VALUES = 200  # addresses or ids kept of one header
_AWAY = re.compile(
    r"^\s*(?:auto(?:matic)?(?:[- ]?reply| response)|out of (?:the )?office|automatische antwort|abwesen"
    r"|respuesta autom|fuera de (?:la )?oficina|réponse automatique|absence)",
    re.IGNORECASE,
)


def read_envelope(message: AnyMessage) -> ReadMessage:
    """The message without its documents: addresses, date, threading, `automatic`, header findings."""
    findings: list[Finding] = []
    senders = addresses(message, "From")
    distinct = {address.lower() for _, address in senders}
    if len(distinct) > 1:
        findings.append(
            Finding(
                code="sender_ambiguous",
                severity="approve",
                message=f"The message names {len(distinct)} senders ({', '.join(sorted(distinct)[:3])}); "
                "a person has to see whose order it is.",
            )
        )
    if not senders:
        senders = addresses(message, "Sender") or addresses(message, "Return-Path")
    name, address = senders[0] if senders else ("", "")
    sent_at = _sent_at(message, findings)
    reply_to = addresses(message, "Reply-To")
    return ReadMessage(
        message_id=_message_ids(header(message, "Message-ID"))[:1].pop()
        if _message_ids(header(message, "Message-ID"))
        else "",
        in_reply_to=_thread(message),
        sender=Sender(address=address, name=name),
        reply_to=reply_to[0][1] if reply_to else "",
        recipients=tuple(dict.fromkeys(a for key in ("To", "Cc") for _, a in addresses(message, key))),
        subject=header(message, "Subject"),
        sent_at=sent_at,
        automatic=automatic(message),
        findings=tuple(findings),
    )


def automatic(message: AnyMessage) -> Automatic:
    """Which machine wrote the message, by its headers; empty where a person may have.

    `Auto-Submitted: auto-generated` alone is no sign: purchasing systems send real orders with it
    (RFC 3834 keeps auto-replied for answers). A reply-like header or subject has to stand beside it.
    """
    kind = message.get_content_type()
    report = one_line(str(message.get_param("report-type") or "")).lower()
    local = addresses(message, "From")[:1]
    sender = local[0][1].partition("@")[0].lower() if local else ""
    return_path = message.get("Return-Path")
    submitted = header(message, "Auto-Submitted").lower().partition(";")[0].strip()
    subject = header(message, "Subject")
    if kind == "multipart/report" and "disposition" in report:
        return "read_receipt"
    if (
        kind in {"multipart/report", "message/delivery-status"}
        or sender in {"mailer-daemon", "postmaster"}
        or header(message, "X-Failed-Recipients")
    ):
        return "bounce"
    if return_path is not None and header(message, "Return-Path").replace(" ", "") in {"", "<>"}:
        return "auto_reply" if submitted == "auto-replied" or _AWAY.match(subject) else "bounce"
    precedence = header(message, "Precedence").lower()
    if (
        submitted == "auto-replied"
        or precedence in {"auto_reply", "auto-reply"}
        or any(message.get(key) is not None for key in ("X-Autoreply", "X-Autorespond", "X-Autoresponder"))
        or (submitted not in {"", "no"} and (_AWAY.match(subject) or message.get("In-Reply-To") is not None))
        or (header(message, "X-Auto-Response-Suppress") and _AWAY.match(subject))
    ):
        return "auto_reply"
    if precedence in {"bulk", "list", "junk"} or any(
        message.get(key) is not None for key in ("List-Unsubscribe", "List-Id")
    ):
        return "newsletter"
    return ""


def header(message: AnyMessage, name: str, limit: int = 1000) -> str:
    """A header's decoded value on one line; the first one where it stands several times."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return one_line(decode_words(str(value)), limit)
    return ""


def addresses(message: AnyMessage, name: str) -> list[tuple[str, str]]:
    """(display name, address) pairs of all headers of that name; addresses without an @ are dropped."""
    values = [_unfolded(str(value)) for key, value in message.raw_items() if key.lower() == name.lower()]
    pairs: list[tuple[str, str]] = []
    for shown, address in getaddresses(values[:20])[:_MAX_VALUES]:
        plain = one_line(decode_words(address), 320).replace(" ", "").strip("<>,;\"'")
        if "@" in plain:
            pairs.append((one_line(decode_words(shown), 200).strip("\"'"), plain))
    return pairs


def decode_words(value: str) -> str:
    """RFC 2047 words and raw 8-bit bytes of a header value as text; undecodable words stay readable."""
    value = _unfolded(value)
    if "=?" not in value:
        return _eight_bit(value)
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError, TypeError):
        return _eight_bit(value)
    text = ""
    for part, charset in parts:
        if isinstance(part, bytes):
            # decode_header returns unencoded stretches as bytes in raw-unicode-escape
            text += (
                decode(part, charset)[0]
                if charset
                else _eight_bit(part.decode("raw-unicode-escape", "replace"))
            )
        else:
            text += _eight_bit(part)
    return text


def _eight_bit(value: str) -> str:
    """Bytes that came through as surrogates (raw 8-bit headers), decoded by the usual guesses."""
    if value.isascii():
        return value
    return decode(value.encode("utf-8", "surrogateescape"))[0]


def _unfolded(value: str) -> str:
    return re.sub(r"[\r\n]+[ \t]*", " ", value[:20_000])


def _sent_at(message: AnyMessage, findings: list[Finding]) -> str:
    value = header(message, "Date")
    if not value:
        return ""
    try:
        when = parsedate_to_datetime(value)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        when.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        findings.append(note("bad_date", f"The message's date cannot be read: {value[:60]}"))
        return ""
    if not datetime(1990, 1, 1, tzinfo=UTC) <= when <= datetime(2100, 1, 1, tzinfo=UTC):
        findings.append(note("bad_date", f"The message's date is not believable: {value[:60]}"))
        return ""
    return when.isoformat()


def _thread(message: AnyMessage) -> tuple[str, ...]:
    ids = (
        _message_ids(header(message, "In-Reply-To")) + _message_ids(header(message, "References", 8000))[::-1]
    )
    return tuple(dict.fromkeys(ids))[:50]


def _message_ids(value: str) -> list[str]:
    found: list[str] = re.findall(r"<([^<>\s]{1,300})>", value)
    return found or [word for word in value.split() if "@" in word][:5]
