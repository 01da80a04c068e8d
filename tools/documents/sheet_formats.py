"""Number formats of spreadsheets: whether one shows anything of a number or a text, and in what colour."""

from __future__ import annotations

import re
from typing import NamedTuple

_PIECE = re.compile(r'"[^"]*"?|\\.?|_.?|\*.?|\[[^\]]*\]?|.', re.DOTALL)
_ELAPSED = re.compile(r"[hms]+", re.IGNORECASE)
_MAX_CODE = 2000  # characters; Excel keeps 255


class Section(NamedTuple):
    """One part of a format: blank shows nothing; `brackets` may name a colour."""

    blank: bool = False
    text: bool = False
    brackets: tuple[str, ...] = ()


class Shown(NamedTuple):
    """The parts that apply to numbers (of any sign) and to texts; never empty."""

    numbers: tuple[Section, ...] = (Section(),)
    texts: tuple[Section, ...] = (Section(),)


def shown(code: str) -> Shown:
    """What a format code ('0.00', ';;;', '[White]@') shows; no code shows everything."""
    if not code:
        return Shown()
    parts: list[list[str]] = [[]]
    for piece in _PIECE.findall(code[:_MAX_CODE]):
        if piece == ";":
            parts.append([])
        else:
            parts[-1].append(piece)
    sections = [_section(part) for part in parts[:4]]
    texts = tuple(s for s in sections if s.text) or tuple(sections[3:]) or (Section(),)
    # A part for texts is the last one, however few there are.
    numbers = tuple(s for s in sections[:3] if not s.text) or (Section(),)
    return Shown(numbers, texts)


def _section(pieces: list[str]) -> Section:
    brackets = tuple(piece.strip("[]") for piece in pieces if piece.startswith("["))
    return Section(all(map(_is_blank, pieces)), "@" in pieces, brackets)


def _is_blank(piece: str) -> bool:
    if piece.startswith("["):
        inner = piece.strip("[]")
        return not (_ELAPSED.fullmatch(inner) or (inner.startswith("$") and inner[1:2] not in ("", "-")))
    if piece.startswith("_"):
        return True  # as wide as a letter, without it
    return not piece.strip('"\\*').strip()
