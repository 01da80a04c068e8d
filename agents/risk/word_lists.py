"""The packaged word lists of the fraud signs, and looking for their words in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files


@cache
def word_list(name: str) -> tuple[str, ...]:
    """The entries of a packaged list ('rush_words'), comments left out."""
    text = files("agents.risk").joinpath(f"{name}.txt").read_text("utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def first_word(text: str, words: Iterable[str]) -> str | None:
    """The first listed word or phrase that stands in the text as whole words; None where none does."""
    found = _pattern(tuple(words)).search(fold(text))
    return found.group(0) if found else None


def fold(text: str) -> str:
    """Lower case, no accents, blanks as one: how words are compared."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    parts = [
        re.escape(fold(word.rstrip("*"))) + (r"\w*" if word.endswith("*") else "") for word in words if word
    ]
    longest_first = sorted(parts, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first) or '(?!)'})(?!\w)")
