"""Places in a document's text: decoding bytes, and the spot a value stands at."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from orderdesk.domain.evidence import Evidence

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A value as written and where it stands: offsets into the document's text, and a locator for people."""

    text: str
    start: int = -1
    end: int = -1
    locator: str = ""
    quote: str = ""

    def evidence(self, document_id: str) -> Evidence:
        """The place as evidence; the quote is the raw text there (it may hold escapes the value does not)."""
        return Evidence(
            document_id=document_id,
            start=self.start,
            end=self.end,
            quote=self.quote or self.text,
            locator=self.locator,
        )


def decode(raw: bytes, declared: str = "") -> str:
    """Bytes as text; never fails. NUL becomes U+FFFD, as it can be neither shown nor stored.

    A byte-order mark wins; then UTF-8 where the bytes are valid UTF-8, whatever was declared, since text in
    another encoding is practically never valid UTF-8 by chance; then what was declared; then Windows-1252.
    """
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return _clean(raw[len(mark) :].decode(encoding, errors="replace"))
    for encoding in (*_wide(raw, declared), "utf-8", declared, "cp1252"):
        text = _try(raw, encoding)
        if text is not None:
            return _clean(text)
    return _clean(raw.decode("latin-1"))


def _wide(raw: bytes, declared: str) -> tuple[str, ...]:
    """UTF-16 without a mark: every other byte of its ASCII part is NUL."""
    if raw[1:2] == b"\0" and raw[:1] not in (b"", b"\0"):
        return ("utf-16-le",)
    if raw[:1] == b"\0" and raw[1:2] not in (b"", b"\0"):
        return ("utf-16-be",)
    # Declared wide, but plainly not: the declaration is what is wrong.
    return ()


def _try(raw: bytes, encoding: str) -> str | None:
    wide = encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32", "ucs"))
    if not encoding or (wide and encoding not in ("utf-16-le", "utf-16-be")):
        return None
    try:
        return raw.decode(encoding)
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def _clean(text: str) -> str:
    return text.replace("\0", "\ufffd")
