"""Known words near a mistyped one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

# Shorter words have too many neighbours that mean something else ('nut' and 'nub', 'gris' and 'gres').
_SHORTEST = 5
# One edit up to this length, two above it: the share of edits stays at a fifth or less.
_ONE_EDIT_UP_TO = 8
_MOST_NEIGHBOURS = 3
_REMEMBERED = 10_000


class Spelling:
    """Finds known words by one or two edits (a swap of neighbours is one)."""

    def __init__(self, tokens_by_word: Mapping[str, str]) -> None:
        self._tokens = dict(tokens_by_word)
        self._by_length: defaultdict[int, list[str]] = defaultdict(list)
        for word in self._tokens:
            self._by_length[len(word)].append(word)
        self._near = lru_cache(maxsize=_REMEMBERED)(self._find)

    def near(self, word: str) -> Mapping[str, float]:
        """Tokens of the nearest known words, each with its likeness (1.0 = the same word)."""
        return self._near(word)

    def _find(self, word: str) -> Mapping[str, float]:
        if word in self._tokens:
            return {self._tokens[word]: 1.0}
        if len(word) < _SHORTEST:
            return {}
        edits = 1 if len(word) <= _ONE_EDIT_UP_TO else 2
        nearby = [w for n in range(len(word) - edits, len(word) + edits + 1) for w in self._by_length[n]]
        hits = process.extract(word, nearby, scorer=OSA.distance, score_cutoff=edits, limit=_MOST_NEIGHBOURS)
        least = min((distance for _, distance, _ in hits), default=0)
        return {self._tokens[w]: 1 - d / len(word) for w, d, _ in hits if d == least}
