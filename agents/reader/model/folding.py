"""Texts folded for the search of quotes, every folded character knowing its place in the source."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# What models write in another way than the source though they copy: typographic quotes and dashes.
_SAME = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
}  # fmt: skip
# The longest quote looked for, in characters of the folded text: no order line is longer.
LONGEST_QUOTE = 2_000


@dataclass(frozen=True)
class Folded:
    """A folded text; `starts[i]` and `ends[i]` are where its character i stands in the source."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def find(self, quote: str, most: int = 50) -> list[tuple[int, int]]:
        """Where a folded quote stands in the source, at most so many times, left to right, without overlaps.

        A quote that begins or ends inside a word or a figure does not stand there: '20 ea' is no quote of '120 ea'.
        """
        found: list[tuple[int, int]] = []
        if not quote or len(quote) > LONGEST_QUOTE:
            return found
        at = self.text.find(quote)
        while at >= 0 and len(found) < most:
            end = at + len(quote)
            whole = not _cut(self.text, at) and not _cut(self.text, end)
            if whole:
                found.append((self.starts[at], self.ends[end - 1]))
            at = self.text.find(quote, end if whole else at + 1)
        return found


def folded(text: str) -> Folded:
    """Blanks of every kind as one space, invisible characters left out, letters composed; case is kept."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def take(character: str, place: int) -> None:
        out.append(character)
        starts.append(place)
        ends.append(place + 1)

    for place, character in enumerate(text):
        if character.isspace():
            if out and out[-1] != " ":
                take(" ", place)
        elif character.isascii() and character.isprintable():
            take(character, place)
        elif out and unicodedata.combining(character) and (whole := _composed(out[-1], character)):
            out[-1], ends[-1] = whole, place + 1
        elif not is_invisible(character):
            take(_SAME.get(character, character), place)
    if out and out[-1] == " ":
        del out[-1], starts[-1], ends[-1]
    return Folded("".join(out), tuple(starts), tuple(ends))


def is_invisible(character: str) -> bool:
    """Zero-width and control characters, soft hyphens, tags: nobody sees them, so nobody copies them."""
    return unicodedata.category(character) in ("Cf", "Cc", "Cn", "Co") and not character.isspace()


def _cut(text: str, at: int) -> bool:
    """Whether a place is inside a word or a figure."""
    if not 0 < at < len(text):
        return False
    before, behind = text[at - 1], text[at]
    if before.isalnum() and behind.isalnum():
        # '200ea': a figure and its unit word stand together without a blank
        return not (before.isdigit() and behind.isalpha())
    if behind in ".,'" and before.isdigit() and at + 1 < len(text):
        return text[at + 1].isdigit()
    return before in ".,'" and behind.isdigit() and at > 1 and text[at - 2].isdigit()


def _composed(letter: str, mark: str) -> str:
    """A letter and its mark as one character; empty where there is none."""
    whole = unicodedata.normalize("NFC", letter + mark)
    return whole if len(whole) == 1 else ""
