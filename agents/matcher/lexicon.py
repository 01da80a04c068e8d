"""The trade words of lexicon.toml: what a word or phrase means, plurals and German compounds included."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Literal

Group = Literal["kinds", "words", "colours", "materials", "finishes", "seals", "genders"]
GROUPS: tuple[Group, ...] = ("kinds", "words", "colours", "materials", "finishes", "seals", "genders")

# Endings of plurals and of inflected adjectives in the four languages, the longest first.
_ENDINGS = ("en", "es", "er", "em", "e", "s", "n", "x")
_SHORTEST_STEM = 3
# Shorter parts of a compound are found by accident ('ring' in 'bring').
_SHORTEST_PART = 4
# Words of a catalogue come again and again; of orders, about each brings a new one (its number) that never does.
_REMEMBERED = 4096


@dataclass(frozen=True)
class Meaning:
    """What a word stands for: its group and the name of its line in lexicon.toml."""

    group: Group
    name: str

    @property
    def token(self) -> str:
        """The word as the search index holds it, the same for every language."""
        return f"={self.name}"


class Lexicon:
    """Looks words up; `surfaces` are all single words with the token they mean, for finding typos."""

    def __init__(self, data: dict[str, dict[str, list[str]]]) -> None:
        self.stop = frozenset(data["stop"]["words"])
        self.wearable = frozenset(data["wearable"]["kinds"])
        self._meanings: dict[str, tuple[Meaning, ...]] = {}
        for group in GROUPS:
            for name, words in data[group].items():
                for word in words:
                    known = self._meanings.get(word, ())
                    self._meanings[word] = (*known, Meaning(group, name))
        phrases = sorted((w for w in self._meanings if " " in w or "-" in w), key=len, reverse=True)
        self._phrases = re.compile(
            r"(?<![a-z0-9])(" + "|".join(map(re.escape, phrases)) + r")(?:e?[sn])?(?![a-z0-9])"
        )
        # a catalogue of 100,000 articles has few words, and each of them many times
        self._word = lru_cache(maxsize=_REMEMBERED)(self._find_word)
        self._compound = lru_cache(maxsize=_REMEMBERED)(self._find_compound)
        self.surfaces = {
            word: meanings[0].token
            for word, meanings in self._meanings.items()
            if word.isalpha() and len(word) >= _SHORTEST_PART
        }

    def phrases(self, text: str) -> Iterator[tuple[re.Match[str], tuple[Meaning, ...]]]:
        """Phrases of several words in a normalised text, the longest first at each place."""
        for match in self._phrases.finditer(text):
            yield match, self._meanings[match.group(1)]

    def word(self, word: str) -> tuple[Meaning, ...]:
        """What a word means; none where it is not known."""
        return self._word(word)

    def compound(self, word: str) -> tuple[tuple[Meaning, ...], str]:
        """A German compound by its head: ('sechskantschraube' -> screw, 'sechskant').

        The head alone says what the thing is ('Schraubendreher' is no screw); the rest only describes it.
        """
        return self._compound(word)

    def _find_word(self, word: str) -> tuple[Meaning, ...]:
        if known := self._meanings.get(word):
            return known
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
                stem = word[: -len(ending)]
                # 'Schraube/n' and 'Muttern', but also 'hexagonale/s' and 'tuerca/s'
                if known := self._meanings.get(stem) or self._meanings.get(stem + "e"):
                    return known
        return ()

    def _find_compound(self, word: str) -> tuple[tuple[Meaning, ...], str]:
        for start in range(_SHORTEST_STEM, len(word) - _SHORTEST_PART + 1):
            head = word[start:]
            if known := self.word(head):
                return known, word[:start]
        return (), ""


@cache
def lexicon() -> Lexicon:
    """The lexicon that comes with the product."""
    return Lexicon(
        tomllib.loads((resources.files("agents.matcher") / "lexicon.toml").read_text(encoding="utf-8"))
    )
