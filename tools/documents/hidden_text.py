"""Text that a reader of the document cannot see: invisible characters removed, hidden words reported."""

from __future__ import annotations

import re

from orderdesk.domain.findings import Finding
from tools.documents.defects import hold, note

QUOTE_CHARS = 120

# Zero width, bidirectional controls, invisible operators, the Mongolian and Hangul fillers, combining
# grapheme joiner, byte order mark; soft hyphens only tell where a word may be broken.
_INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u3164\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Emoji need joiners and selectors; letters of Arabic and Indic scripts do too. Latin words never do.
_INSIDE_WORD = re.compile("(?<=[A-Za-z0-9])[\u200b-\u200d\u2060\ufeff](?=[A-Za-z0-9])")
_OVERRIDE = re.compile("[\u202d\u202e]([^\u202c\n]{1,200})")
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
_WORD = re.compile(r"[^\W_]{2,}")

# What PDF libraries of the free kind leave on each page in white.
_IMPRINT = re.compile(
    r"(?:powered|created|generated|produced)(?: (?:by|with))? [\w.-]{2,30}(?: [\w.-]{2,20}){0,2}? ?"
    r"\((?:www\.|https?:)[^)\s]*\)",
    re.IGNORECASE,
)

# So many zero-width characters inside Latin words are no typing accident.
_WORD_SPLITS = 3


def has_words(text: str) -> bool:
    """Whether hidden text says anything: tracking pixels and padding do not."""
    return bool(_WORD.search(_INVISIBLE.sub("", text)))


def hidden_text(document_id: str, how: str, text: str, visible: str = "") -> Finding | None:
    """The finding for hidden words; None where there are none. `how` completes 'text that is ...'.

    Hidden text that only repeats what is visible (a mail's preheader) is noted and holds nothing up.
    """
    if not has_words(text):
        return None
    quote = " ".join(_INVISIBLE.sub("", text).split())[:QUOTE_CHARS]
    rest = _IMPRINT.sub(" ", " ".join(text.split()))
    if not has_words(rest):
        return note(
            "hidden_text", f"The document's program left its name on it unseen: “{quote}”.", quote=quote
        )
    if visible and _repeats(rest, visible):
        return note(
            "hidden_text",
            f"The document repeats some of its text in a place that is {how}; it was left out.",
            quote=quote,
        )
    return hold(
        "hidden_text",
        f"The document holds text that is {how}: “{quote}”. It was not read as part of the order; a person "
        "has to judge it.",
        document_id=document_id, quote=quote,
    )  # fmt: skip


def without_invisible(text: str, document_id: str) -> tuple[str, tuple[Finding, ...]]:
    """Text without invisible characters, and findings where they hid or turned words."""
    findings: list[Finding | None] = []
    tags = "".join(chr(ord(c) - 0xE0000) for run in _TAGS.findall(text) for c in run)
    # Flags of regions (England, Scotland) are spelt with tag characters too: at most six of them.
    if len(tags) > 6:
        findings.append(hidden_text(document_id, "written in invisible characters", tags))
    turned = " ".join(_OVERRIDE.findall(text))
    findings.append(hidden_text(document_id, "shown in reversed order", turned))
    if len(_INSIDE_WORD.findall(text)) >= _WORD_SPLITS:
        first = _INSIDE_WORD.search(text)
        at = first.start() if first else 0
        findings.append(
            hidden_text(document_id, "split by zero-width characters", text[max(0, at - 40) : at + 80])
        )
    return _INVISIBLE.sub("", text), tuple(f for f in findings if f is not None)


def _repeats(text: str, visible: str) -> bool:
    shown = {w.lower() for w in _WORD.findall(visible)}
    return all(w.lower() in shown for w in _WORD.findall(text))
