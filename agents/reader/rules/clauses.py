"""A mail's text -> clauses that may each hold one order line; splits lists and sentences, joins wrapped lines."""
# ruff: noqa: E501 - patterns

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from agents.reader.rules.mentions import Mention
from agents.reader.rules.vocabulary import FILLER, REQUEST

_BULLET = re.compile(
    r"[ \t>]*(?:[-*•–—·►▪‣+]+[ \t]+|\(?\d{1,2}[.)][ \t]+(?!\d{1,2}\.)|[a-hA-H][.)][ \t]+|(?:pos|item|line|zeile|position|línea|ligne)\.?[ \t]*\d{1,3}[ \t]*[:.)-][ \t]*|#\d{1,2}[:.)]?[ \t]+)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?;])[ \t]+(?=[A-ZÄÖÜÉÈÀÑ¿¡\d\x00*-])|;[ \t]*")
_ABBREVIATION = re.compile(
    r"\b(?:no|nr|nos|art|pos|st|stk|stck|pcs|pc|ea|pkg|ctn|qty|approx|ca|incl|inkl|z\.b|bzw|uds|ud|cant|ref|réf|mm|in|ft|mr|mrs|ms|dr|hr|fr|sr|sra|inc|ltd|co)\.$",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r",[ \t\n]+(?:(?:and|und|y|e|et|plus|sowie|also|auch|además|aussi|then|dann)[ \t\n]+)?|[ \t\n]+(?:and(?: also)?|und(?: auch| noch)?|y(?: también)?|e|et(?: aussi)?|plus|sowie|as well as|ainsi que|así como|&|\+)[ \t\n]+|[ \t]+/[ \t]+|[ \t]*\|[ \t]*|\t+",
    re.IGNORECASE,
)


_SMALL = re.compile(
    r"[ \t\n:,;*\x01–-]*(?:(?:the|of|to|de|following|order|for|another|additional|with|mit|con|avec|dringend|urgently|urgent|auch|noch|nur|only|about|around|approx\.?|ca\.?|roughly|up to|at least|at most|min\.?|max\.?|minimum|maximum|bis zu|mindestens|maximal|höchstens|ungefähr|hasta|al menos|como mínimo|aproximadamente|jusqu'à|au moins|au plus|etwa|circa|unos|unas|environ)[ \t\n:\x01]+)*",
    re.IGNORECASE,
)


class Clause(NamedTuple):
    """A stretch of text; `listed` = an own line or list item; `conjoined` = reached by 'and' or a list comma."""

    start: int
    end: int
    listed: bool
    conjoined: bool


def blocks_of(text: str) -> tuple[tuple[int, int, bool], ...]:
    """(start, end, is a list item or an own short line) of every physical line, wrapped lines joined."""
    blocks: list[tuple[int, int, bool]] = []
    position = 0
    for line in text.splitlines(keepends=True):
        start, position = position, position + len(line)
        body = line.rstrip()
        if not body.strip():
            blocks.append((start, start, False))
            continue
        bullet = _BULLET.match(line)
        first = start + (bullet.end() if bullet else len(line) - len(line.lstrip()))
        end = start + len(body)
        if first >= end:
            continue
        blocks.append((first, end, bullet is not None))
    return tuple(blocks)


def sentences_of(hidden: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The sentences of a stretch; 'No.' and 'Stk.' end none."""
    spans: list[tuple[int, int]] = []
    first = start
    for match in _SENTENCE.finditer(hidden, start, end):
        if not match.group().startswith(";") and _ABBREVIATION.search(hidden[first : match.start()]):
            continue
        spans.append((first, match.start()))
        first = match.end()
    spans.append((first, end))
    return tuple((s, e) for s, e in spans if hidden[s:e].strip(" \t\n.!?;"))


def clauses_of(
    text: str, hidden: str, start: int, end: int, mentions: Sequence[Mention], listed: bool
) -> tuple[Clause, ...]:
    """The clauses of a sentence, each with at most the mentions that belong together.

    A comma or 'and' splits only where both sides hold a quantity of their own; all else is description:
    '200 ea hex cap screws, 1/2-13 x 2", zinc plated' is one clause.
    """
    inside = [m for m in mentions if start <= m.number_start < end]
    if len(inside) < 2:
        return (Clause(start, end, listed, False),)
    cuts: list[tuple[int, int, bool]] = []
    depth = _parentheses(hidden, start, end)
    for match in _WEAK.finditer(hidden, start, end):
        if any(a <= match.start() < b for a, b in depth):
            continue
        cuts.append((match.start(), match.end(), match.group().strip() not in ("", ",")))
    pieces: list[Clause] = []
    first, conjoined = start, False
    for cut_start, cut_end, word in cuts:
        pieces.append(Clause(first, cut_start, listed, conjoined))
        first, conjoined = cut_end, word
    pieces.append(Clause(first, end, listed, conjoined))
    return _merge(text, hidden, pieces, inside)


def _merge(
    text: str, hidden: str, pieces: Sequence[Clause], mentions: Sequence[Mention]
) -> tuple[Clause, ...]:
    merged: list[Clause] = []
    pending: Clause | None = None
    for piece in pieces:
        own = [m for m in mentions if piece.start <= m.number_start < piece.end]
        strong = [m for m in own if _opens(text, hidden, piece, m)]
        if not strong:
            if merged and pending is None and not _next_needs(hidden, piece, pieces, mentions):
                merged[-1] = merged[-1]._replace(end=piece.end)
            elif pending is not None:
                pending = pending._replace(end=piece.end)
            else:
                pending = piece
            continue
        if pending is not None:
            # words before a quantity that has nothing behind it are its description
            if not _words_behind(hidden, piece, strong[-1]):
                piece = piece._replace(start=pending.start, conjoined=pending.conjoined)
            elif any(pending.start <= m.number_start < pending.end for m in mentions):
                merged.append(pending)
            pending = None
        merged.append(piece)
    if pending is not None:
        if merged:
            merged[-1] = merged[-1]._replace(end=pending.end)
        else:
            merged.append(pending)
    return tuple(merged)


def _opens(text: str, hidden: str, piece: Clause, mention: Mention) -> bool:
    """Whether a mention makes its piece a line of its own: a bare number only at the piece's start."""
    if mention.kind not in ("bare", "measure"):
        return True
    if in_brackets(hidden, mention):
        return True
    lead = lead_free(hidden, piece.start, piece.end)
    behind = re.match(
        r"(?:[ \t]*[-–:][ \t]|[ \t])+(?:[^\W\d_]{2,}|[A-Za-z]-[a-z])|[ \t]+(?:of[ \t]+)?[\w ]{0,30}\x00",
        hidden[mention.end : piece.end],
    )
    return mention.number_start <= lead and bool(behind)


def in_brackets(hidden: str, mention: Mention) -> bool:
    """Whether it is a bare figure in brackets right behind a part number: 'ABC123 (50)'."""
    return (
        bool(re.search(r"\x00[ ]?\($", hidden[: mention.start]))
        and hidden[mention.end : mention.end + 1] == ")"
    )


def _next_needs(hidden: str, piece: Clause, pieces: Sequence[Clause], mentions: Sequence[Mention]) -> bool:
    """Whether the piece after this one is a quantity without words, so that this piece is its description."""
    following = [p for p in pieces if p.start > piece.start]
    for other in following:
        own = [m for m in mentions if other.start <= m.number_start < other.end and m.kind != "bare"]
        if own:
            return not _words_behind(hidden, other, own[-1]) and not hidden[other.start : own[0].start].strip(
                " \t-:"
            )
    return False


def _words_behind(hidden: str, piece: Clause, mention: Mention) -> bool:
    rest = hidden[mention.end : piece.end]
    rest = FILLER.sub("", rest.strip())
    return bool(re.search(r"[^\W\d_]{2,}|\x00", rest))


def lead_free(text: str, start: int, end: int) -> int:
    """Where a clause's own words begin: behind its words of request ('please send us') and small words."""
    lead = start
    for match in REQUEST.finditer(text, start, end):
        gap = text[lead : match.start()]
        if len(re.findall(r"[^\W\d_]+", gap)) <= 3 and not re.search(r"\d", gap):
            lead = match.end()
    rest = _SMALL.match(text[lead:end])
    return lead + (rest.end() if rest else 0)


def _parentheses(hidden: str, start: int, end: int) -> list[tuple[int, int]]:
    return [m.span() for m in re.compile(r"\([^()\n]*\)").finditer(hidden, start, end)]
