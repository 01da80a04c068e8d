"""Bytes to text: charsets as declared or guessed in a fixed order, and characters nobody can see removed."""

from __future__ import annotations

import codecs
import re

# What senders write and what it means in practice: the superset that also decodes their mistakes.
_ALIASES = {
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "unicode-1-1-utf-7": "utf-7",
    "utf8": "utf-8",
    "cp-850": "cp850",
}
# Python "text encodings" that are no charsets: quadratic to decode, or a language of escapes.
_REFUSED = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile(r"\r\n|\r|\x0b|\x0c|\x85|\u2028|\u2029")


def decode(raw: bytes, declared: str = "") -> tuple[str, bool]:
    """Text of some bytes, and whether the charset had to be guessed against its declaration.

    Order: byte order mark, declared charset, UTF-8, UTF-16 by its zero bytes, Windows-1252. Never raises.
    """
    for bom, charset in _BOMS:
        if raw.startswith(bom):
            return raw[len(bom) :].decode(charset, "replace"), False
    wanted = _charset(declared)
    if wanted and not (wanted == "utf-8" and looks_utf16(raw)):
        try:
            return raw.decode(wanted), False
        except (UnicodeError, ValueError):
            pass  # the declaration is wrong: guessed below, and reported by the second result
    for charset in (looks_utf16(raw), "utf-8"):
        if charset:
            try:
                return raw.decode(charset), bool(wanted)
            except UnicodeError:
                continue
    guessed = bool(declared) and wanted != "cp1252"
    return raw.decode("cp1252", "replace"), guessed


def clean(text: str) -> str:
    """Line ends as \\n, no control characters (a database and a JSON frame cannot hold them all)."""
    return _CONTROL.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str, limit: int = 500) -> str:
    """A header value or file name: cleaned, on one line, at most `limit` characters."""
    return " ".join(clean(text).split())[:limit]


def _charset(declared: str) -> str:
    name = declared.strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    if not name or name.replace("-", "_") in _REFUSED:
        return ""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    # bz2, zlib, hex ...: transforms of bytes, not charsets
    return info.name if getattr(info, "_is_text_encoding", True) else ""


def looks_utf16(raw: bytes) -> str:
    """UTF-16 without a mark: in Latin text every second byte is zero."""
    head = raw[:400]
    if len(head) < 8:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    return ""
