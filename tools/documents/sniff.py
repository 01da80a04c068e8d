"""What a file is: by its content first, by its name where the content leaves it open."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath
from typing import Literal

from tools.documents.text import looks_utf16

Kind = Literal[
    "empty", "email", "msg", "tnef", "x12", "edifact", "xml", "html", "csv", "text", "pdf",
    "sheet", "docx", "macro", "office", "encrypted", "archive", "image", "calendar", "signature", "tradacoms",
    "unknown",
]  # fmt: skip

_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_ARCHIVES = (b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"MSCF", b"\x28\xb5\x2f\xfd")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACRO_NAMES = {".xlsm", ".xltm", ".xlam", ".docm", ".dotm", ".pptm"}
# Separators that EDI files may use (group, record, unit separator).
_EDI_CONTROLS = (28, 29, 30, 31)
# What a damaged file was meant to be, for the sentence to its sender.
_BY_NAME: dict[str, Kind] = {
    **dict.fromkeys((".gz", ".bz2", ".zip", ".7z", ".rar", ".xz", ".cab"), "archive"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic"), "image"),
}
_TABLES = {".csv", ".tsv", ".tab"}

_HEADER = re.compile(rb"[!-9;-~]{2,60}:[ \t]?[^\r\n]*\r?\n(?:[ \t]+[^\r\n]*\r?\n)*")
_MAIL_HEADER = re.compile(
    rb"^(?:from|to|subject|date|received|message-id|mime-version|return-path|delivered-to"
    rb"|content-type|x-[a-z-]+):",
    re.IGNORECASE | re.MULTILINE,
)
_MARKUP = re.compile(rb"<(?:!doctype html|html|body|head|table|div|p|br|meta)\b", re.IGNORECASE)
# A message may come without its interchange (UNB), a group or set without its ISA: partners cut them off.
_EDIFACT = re.compile(
    rb"(?:UNA.{6}\s*)?(?:UN[BG][^A-Za-z0-9]|UNH([^A-Za-z0-9\s])[^\r\n]{1,20}?\1[A-Z]{6}[^A-Za-z0-9])",
    re.DOTALL,
)
_X12 = re.compile(
    rb"ISA[^A-Za-z0-9\s].{2}[^A-Za-z0-9\s]?"
    rb"|GS([^A-Za-z0-9\s])[A-Z]{2}\1.{2,15}?\1.{2,15}?\1\d{6}"
    rb"|ST([^A-Za-z0-9\s])\d{3}\2\d{1,9}[^A-Za-z0-9]"
)
# A header whose first letter was lost on the way, before a group or message that is whole.
_DAMAGED: tuple[tuple[Kind, re.Pattern[bytes], int], ...] = (
    ("x12", re.compile(rb"[^\r\n]{1,200}?[\W_][\r\n \t]*GS([^A-Za-z0-9\s])[A-Z]{2}\1"), 12),
    ("edifact", re.compile(rb"[^\r\n]{1,200}?[\W_][\r\n \t]*UNH([^A-Za-z0-9\s])[^\r\n]{1,20}?\1[A-Z]{6}\W"), 5),
)  # fmt: skip
# Roots of orders, known by name where a file states no namespace.
_ORDER_XML = re.compile(rb"<(?:[\w.-]+:)?(?:Order|OrderChange|ORDER|ORDERCHANGE|cXML)[\s>]")


def sniff(raw: bytes, name: str = "", media_type: str = "") -> Kind:
    """The kind of a file. `media_type` is what the sender claims; it decides only between text kinds."""
    ext = PurePosixPath(name.lower()).suffix
    head = raw[:4096]
    if not raw.strip(b"\x00 \t\r\n"):
        return "empty"
    kind = _binary(raw, head, ext)
    if kind:
        return kind
    return _textual(raw, head, ext, media_type.lower())


def _binary(raw: bytes, head: bytes, ext: str) -> Kind | None:
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(raw, ext)
    if head.startswith(_OLE):
        return _ole(raw, ext)
    if head.startswith(b"\x78\x9f\x3e\x22"):
        return "tnef"
    if head.startswith(_IMAGES) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return "image"
    if head.startswith(_ARCHIVES):
        return "archive"
    if ext in {".p7s", ".asc", ".sig"}:
        return "signature"
    if _control_share(head) > 0.02:
        return _BY_NAME.get(ext, "unknown")
    return None


def _textual(raw: bytes, head: bytes, ext: str, media_type: str) -> Kind:
    text = _plain_head(head)
    start = text.lstrip(b"\xef\xbb\xbf \t\r\n")
    if _X12.match(start):
        return "x12"
    if _EDIFACT.match(start):
        return "edifact"
    if re.match(rb"STX=ANAA?:", start):
        return "tradacoms"
    for kind, damaged, marks in _DAMAGED:
        found = damaged.match(start)
        if found and found[0].count(found[1]) >= marks:
            return kind
    if _MARKUP.match(start) or (start.startswith(b"<!") and _MARKUP.search(start)):
        return "html"
    if (
        start.startswith(b"<?xml")
        or _ORDER_XML.match(start)
        or (
            re.match(rb"<[A-Za-z_][\w.:-]*[\s/>]", start)
            and (b"xmlns" in start or ext == ".xml" or media_type.endswith("xml"))
        )
    ):
        return "html" if re.search(rb"<html[\s>]", start, re.IGNORECASE) else "xml"
    if start.startswith(b"{\\rtf"):
        return "office"
    if start.startswith(b"BEGIN:VCALENDAR") or ext in {".ics", ".vcf"}:
        return "calendar"
    if start.startswith((b"-----BEGIN PGP", b"-----BEGIN PKCS7")):
        return "signature"
    if ext == ".eml" or media_type == "message/rfc822" or _looks_like_mail(raw):
        return "email"
    if ext in _TABLES or "csv" in media_type or "tab-separated" in media_type:
        return "csv"
    if ext in {".htm", ".html"} or media_type == "text/html":
        return "html"
    return "text"


def _zipped(raw: bytes, ext: str) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as box:
            names = {n.lower() for n in box.namelist()[:5000]}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        return "unknown"
    if ext in _MACRO_NAMES or any(n.endswith(("vbaproject.bin", ".bas")) for n in names):
        return "macro"
    if any(n.startswith("xl/") for n in names):
        return "sheet"
    if "word/document.xml" in names:
        return "docx"
    if "content.xml" in names and "mimetype" in names:
        return "sheet" if ext in {".ods", ".ots"} or b"spreadsheet" in raw[:200] else "office"
    return "office" if any(n.startswith("ppt/") for n in names) else "archive"


def _ole(raw: bytes, ext: str) -> Kind:
    # Directory names of a compound file are UTF-16; they tell the application.
    def has(name: str) -> bool:
        return name.encode("utf-16-le") in raw

    if has("EncryptedPackage"):
        return "encrypted"
    if ext == ".msg" or has("__substg1.0_"):
        return "msg"
    if has("_VBA_PROJECT"):
        return "macro"
    if has("Workbook") or has("Book"):
        return "sheet"
    return "office"


def _looks_like_mail(raw: bytes) -> bool:
    """A block of header lines at the very start with at least two that only mails have."""
    head = raw[:16384].lstrip(b"\r\n")
    if head.startswith(b"From "):  # mbox separator
        head = head.partition(b"\n")[2]
    end = 0
    while (found := _HEADER.match(head, end)) is not None:
        end = found.end()
    names = {m.group(0).lower() for m in _MAIL_HEADER.finditer(head[:end])}
    return len(names) >= 3 or (
        len(names) == 2 and bool(names & {b"mime-version:", b"message-id:", b"received:"})
    )


def _plain_head(head: bytes) -> bytes:
    charset = _utf16(head)
    if not charset:
        return head
    return head.decode(charset, "ignore").lstrip("\ufeff").encode()


def _utf16(head: bytes) -> str:
    if head.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if head.startswith(b"\xfe\xff"):
        return "utf-16-be"
    return looks_utf16(head)


def _control_share(head: bytes) -> float:
    """Text of any charset has few control characters; a cipher, a picture or a program has many."""
    text = _plain_head(head)
    return sum(1 for b in text if b < 32 and b not in (9, 10, 11, 12, 13, 27, *_EDI_CONTROLS)) / max(
        1, len(text)
    )
