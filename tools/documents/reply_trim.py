"""Newest text, quoted history, forwarded mail and signature of a plain-text mail body.

Nothing is dropped: every line of a body ends up in exactly one of the three parts, as spans of the
original text, so that table cells and evidence keep their places.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tools.documents.reply_marks import (
    FORWARD_MARK,
    attribution_at,
    header_block_at,
    is_separator,
    is_signature_line,
    looks_forwarded,
)

Span = tuple[int, int]

# "Fwd: see below, thanks" is a covering note; a text longer than this is an order or a question itself.
SHORT_NOTE_CHARS = 300
_SIGNATURE_LINES = 15
_QUOTE = re.compile(r"^[ \t]{0,3}(?:>|&gt;)")
_CLOSING = re.compile(
    r"^\s*(?:(?:best|kind|warm|with (?:best|kind))?\s*(?:regards|wishes)|cheers|sincerely|yours (?:truly|sincerely|"
    r"faithfully)|(?:mit )?(?:freundlichen?|besten?|herzlichen?|schönen?|viele|beste|liebe) (?:grü(?:ß|ss)en?|"
    r"gruß|gruss)|mfg|hochachtungsvoll|(?:un )?(?:cordial(?:es)? )?saludos?(?: cordiales)?|atentamente|"
    r"un cordial saludo|(?:bien )?cordialement|(?:meilleures )?salutations(?: distinguées)?|bien à vous)"
    r"\s*[,.!]?\s*$",
    re.IGNORECASE,
)
_AFTERTHOUGHT = re.compile(r"^\s*(?:p\.?\s?s\.?|nb|n\.b\.)\s*[:.\s]", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class ReplyParts:
    """Spans of the original text, in reading order; each is whole lines."""

    new: tuple[Span, ...]
    forwarded: tuple[Span, ...]
    quoted: tuple[Span, ...]


@dataclass(frozen=True)
class _Line:
    text: str
    start: int
    end: int


def split_reply(text: str, subject: str = "") -> ReplyParts:
    """What the sender wrote now, what they forward, and what is older history.

    Forwarded text counts as such only under a short note of the sender's own; below a longer one it is
    history like any other.
    """
    lines = _lines(text)
    quoted, cut, forward = _mark(lines, subject)
    new = [i for i in range(cut) if i not in quoted]
    if not _has_words(lines, new) and cut == len(lines) and quoted and not _any_attribution(lines):
        new, quoted = list(range(cut)), set[int]()  # a text of ">" lines only, answering nothing
    rest = list(range(cut, len(lines)))
    forwarded: list[int] = []
    note = "".join(lines[i].text for i in new)
    if forward and len(note[slice(*body_span(note))].strip()) <= SHORT_NOTE_CHARS:
        forwarded, rest = _inside_forward(lines, cut)
    return ReplyParts(
        new=_spans(lines, new),
        forwarded=_spans(lines, forwarded),
        quoted=_spans(lines, sorted(quoted | set(rest))),
    )


def body_span(text: str) -> Span:
    """(start, end) of a text without its signature, mobile footer and surrounding blank lines."""
    lines = _lines(text)
    end = len(lines)
    changed = True
    while changed:  # a mobile footer may stand below a signature, and the other way round
        shorter = _without_footer(lines, end)
        changed = shorter < end
        end = shorter
    start = 0
    while start < end and not lines[start].text.strip():
        start += 1
    if start >= end:
        return (0, 0)
    last = lines[end - 1]
    return (lines[start].start, last.start + len(last.text.rstrip()))


def take(text: str, spans: tuple[Span, ...]) -> str:
    """The text of some spans."""
    return "".join(text[start:end] for start, end in spans)


def moved(position: int, spans: tuple[Span, ...]) -> int:
    """Where a position of the original text stands in `take(text, spans)`; -1 where it is not part."""
    offset = 0
    for start, end in spans:
        if start <= position < end:
            return offset + position - start
        offset += end - start
    return -1


def _mark(lines: list[_Line], subject: str) -> tuple[set[int], int, bool]:
    """Quoted line numbers, the line from which everything is older (or len), and whether it is a forward."""
    quoted: set[int] = set()
    texts = [line.text for line in lines]
    i = 0
    while i < len(lines):
        if _QUOTE.match(texts[i]):
            quoted.add(i)
            i += 1
            continue
        after = is_separator(texts, i) or header_block_at(texts, i)
        if after:
            cut = _with_rule_above(texts, i)
            forward = bool(FORWARD_MARK.match(texts[i])) or looks_forwarded(subject)
            return quoted, cut, forward
        after = attribution_at(texts, i)
        if after:
            below = _next_filled(texts, after)
            if below < len(lines) and _QUOTE.match(texts[below]):
                quoted.update(range(i, below))  # "> " lines follow: text between and below them is new
                i = below
                continue
            return quoted, i, False
        i += 1
    return quoted, len(lines), False


def _inside_forward(lines: list[_Line], cut: int) -> tuple[list[int], list[int]]:
    """The forwarded mail's own newest text, and what was history in it already."""
    texts = [line.text for line in lines]
    i = _past_headers(texts, cut)
    while i < len(lines):
        bare = [re.sub(r"^[ \t]*>[ \t]?", "", t) for t in texts]
        if is_separator(bare, i) or header_block_at(bare, i) or attribution_at(bare, i):
            return list(range(cut, i)), list(range(i, len(lines)))
        i += 1
    return list(range(cut, len(lines))), []


def _past_headers(texts: list[str], cut: int) -> int:
    """The first line below the forwarded mail's header block, so that it is not taken for another mail."""
    bare = [re.sub(r"^[ \t]*>[ \t]?", "", t) for t in texts]
    i = cut
    for j in range(cut, min(cut + 6, len(bare))):
        if header_block_at(bare, j):
            i = j
            break
    else:
        return cut + 1
    while i < len(bare) and bare[i].strip():
        i += 1
    return i


def _with_rule_above(texts: list[str], i: int) -> int:
    """Outlook draws a line of underscores or dashes above its header block: it belongs to the history."""
    j = i - 1
    while j >= 0 and not texts[j].strip():
        j -= 1
    return j if j >= 0 and re.fullmatch(r"\s*[_\-–—=*]{5,}\s*", texts[j]) else i


def _without_footer(lines: list[_Line], end: int) -> int:
    while end > 0 and not lines[end - 1].text.strip():
        end -= 1
    first = max(0, end - _SIGNATURE_LINES - 1)
    for i in range(first, end):
        if is_signature_line(lines[i].text, last=i == end - 1):
            return i
        if _CLOSING.match(lines[i].text) and i > 0:
            rest = "".join(line.text for line in lines[i + 1 : end])
            if not _AFTERTHOUGHT.search(rest):
                return i
    return end


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    at = 0
    for part in text.split("\n"):
        end = min(at + len(part) + 1, len(text))
        if end > at:
            lines.append(_Line(text[at:end], at, end))
        at = end
    return lines


def _spans(lines: list[_Line], numbers: list[int]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for i in numbers:
        if spans and spans[-1][1] == lines[i].start:
            spans[-1] = (spans[-1][0], lines[i].end)
        else:
            spans.append((lines[i].start, lines[i].end))
    return tuple(spans)


def _has_words(lines: list[_Line], numbers: list[int]) -> bool:
    return any(re.search(r"\w", lines[i].text) for i in numbers)


def _any_attribution(lines: list[_Line]) -> bool:
    texts = [line.text for line in lines]
    return any(attribution_at(texts, i) for i in range(len(texts)) if not _QUOTE.match(texts[i]))


def _next_filled(texts: list[str], i: int) -> int:
    while i < len(texts) and not texts[i].strip():
        i += 1
    return i
