"""In-memory article search: rare words first to a few hundred candidates, then weighed word by word."""

from __future__ import annotations

import asyncio
import heapq
import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rapidfuzz import fuzz

from tools.master.repository import MasterData
from tools.master.rows import Row
from tools.master.spelling import Spelling

# Articles weighed word by word for one query; common words only weigh these and bring no more. It bounds the
# time of a query on any catalogue: about 2 ms of Python.
_CANDIDATES = 2_000


class Tokeniser(Protocol):
    """Turns a description into search tokens, the same for a catalogue text and for a customer's words."""

    @property
    def surfaces(self) -> Mapping[str, str]:
        """Known words and the token each is searched by, so that their typos are found."""
        ...

    def tokens(self, text: str) -> Sequence[str]:
        """The distinct tokens of a text."""
        ...

    def plain(self, text: str) -> str:
        """The text as it is compared letter by letter."""
        ...


@dataclass(frozen=True)
class Hit:
    """An article that shares words with a query.

    `coverage`: the share of the query's words, weighed by how rare they are, that stand in the article (0 to 1).
    `likeness`: how alike the two texts are letter by letter (0 to 1); it only orders equal coverages.
    `missing`: the query's words that do not stand in the article.
    """

    sku: str
    description: str
    text: str
    coverage: float
    likeness: float
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """Hits, best first. `floor`: no article that is not among them covers more of the query than this."""

    hits: tuple[Hit, ...] = ()
    floor: float = 0.0


@dataclass
class _Article:
    sku: str
    description: str
    long_description: str
    tokens: frozenset[int] = frozenset()


@dataclass
class _Weighed:
    token: str
    weight: float
    ids: dict[int, float] = field(default_factory=dict[int, float])  # token id -> likeness of the spelling


class ArticleIndex:
    """One catalogue, ready to be searched; built once per import (`version`), never changed."""

    def __init__(self, rows: Iterable[Row], tokeniser: Tokeniser, version: int = 0) -> None:
        self.version = version
        self._tokeniser = tokeniser
        self._ids: dict[str, int] = {}
        self._articles: list[_Article] = []
        postings: defaultdict[int, array[int]] = defaultdict(lambda: array("I"))
        for row in rows:
            self._add(row, postings)
        self._postings = dict(postings)
        surfaces = {s: t for s, t in tokeniser.surfaces.items() if t in self._ids}
        words = {token: token for token in self._ids if token.isalpha()}
        self._spelling = Spelling(words | surfaces)

    def __len__(self) -> int:
        return len(self._articles)

    def search(self, text: str, limit: int = 50) -> Found:
        """Articles that share words with a text, best first."""
        weighed = self._weigh(self._tokeniser.tokens(text))
        total = sum(w.weight for w in weighed)
        if not total or not self._articles:
            return Found()
        candidates, outside = self._candidates(weighed, total)
        best = heapq.nlargest(limit + 1, self._scored(weighed, candidates, total))
        plain = self._tokeniser.plain(text)
        hits = sorted(
            (self._hit(n, coverage, plain, weighed) for coverage, n in best[:limit]),
            key=lambda h: (-h.coverage, -h.likeness, h.sku),
        )
        cut = best[limit][0] if len(best) > limit else 0.0
        return Found(tuple(hits), max(outside / total, cut))

    def _add(self, row: Row, postings: defaultdict[int, array[int]]) -> None:
        text = f"{row['description']}. {row['long_description']}"
        # The article's own number is a word too: customers write parts of it into their descriptions.
        tokens = {*self._tokeniser.tokens(text), *self._tokeniser.tokens(row["sku"])}
        ids = frozenset(self._ids.setdefault(token, len(self._ids)) for token in tokens)
        number = len(self._articles)
        self._articles.append(_Article(row["sku"], row["description"], row["long_description"], ids))
        for token_id in ids:
            postings[token_id].append(number)

    def _weigh(self, tokens: Iterable[str]) -> list[_Weighed]:
        """Each token with its weight log(1 + N/df), the usual inverse document frequency.

        A word that no article has says that something else may be meant: it weighs as much as the query's
        other words do on average, so that it cannot be overlooked. One with digits weighs the most.
        """
        count = max(len(self._articles), 1)
        weighed: list[_Weighed] = []
        unknown: list[_Weighed] = []
        for token in dict.fromkeys(tokens):
            spellings = self._spelled(token)
            frequency = sum(len(self._postings[i]) for i in spellings)
            if spellings:
                weighed.append(_Weighed(token, math.log(1 + count / frequency), spellings))
            elif any(c.isdigit() for c in token):
                weighed.append(_Weighed(token, math.log(1 + count)))
            else:
                unknown.append(_Weighed(token, 1.0))
        mean = sum(w.weight for w in weighed) / len(weighed) if weighed else 1.0
        for word in unknown:
            word.weight = mean
        return sorted(weighed + unknown, key=lambda w: -w.weight)

    def _spelled(self, token: str) -> dict[int, float]:
        if token in self._ids:
            return {self._ids[token]: 1.0}
        near = self._spelling.near(token) if token.isalpha() else {}
        return {self._ids[known]: likeness for known, likeness in near.items() if known in self._ids}

    def _candidates(self, weighed: Sequence[_Weighed], total: float) -> tuple[set[int], float]:
        """Articles of the rarest words, and the weight that an article outside of them can reach at most."""
        candidates: set[int] = set()
        skipped = 0.0
        known = [w for w in weighed if w.ids]
        for at, word in enumerate(known):
            if len(candidates) + self._size(word) <= _CANDIDATES:
                candidates |= self._having(word)
            elif candidates:
                skipped += word.weight
            else:
                return self._with_most(known[at:], total)
        return candidates, skipped

    def _with_most(self, words: Sequence[_Weighed], total: float) -> tuple[set[int], float]:
        """Where even the rarest word is common: the articles that have as many of the words as possible."""
        candidates = self._having(words[0])
        needed = [words[0].weight]
        for word in words[1:]:
            if len(candidates) <= _CANDIDATES:
                break
            if both := candidates & self._having(word):
                candidates = both
                needed.append(word.weight)
        if len(candidates) > _CANDIDATES:
            return set(sorted(candidates)[:_CANDIDATES]), total
        return candidates, total - min(needed)

    def _size(self, word: _Weighed) -> int:
        return sum(len(self._postings[i]) for i in word.ids)

    def _having(self, word: _Weighed) -> set[int]:
        return set().union(*(self._postings[i] for i in word.ids))

    def _scored(
        self, weighed: Sequence[_Weighed], candidates: Iterable[int], total: float
    ) -> Iterator[tuple[float, int]]:
        single = [
            (i, w.weight * like / total) for w in weighed if len(w.ids) == 1 for i, like in w.ids.items()
        ]
        several = [w for w in weighed if len(w.ids) > 1]
        for number in candidates:
            tokens = self._articles[number].tokens
            coverage = 0.0
            for token_id, weight in single:
                if token_id in tokens:
                    coverage += weight
            for word in several:
                coverage += (
                    max((k for i, k in word.ids.items() if i in tokens), default=0.0) * word.weight / total
                )
            yield coverage, number

    def _hit(self, number: int, coverage: float, plain: str, weighed: Sequence[_Weighed]) -> Hit:
        article = self._articles[number]
        likeness = fuzz.token_set_ratio(plain, self._tokeniser.plain(article.description)) / 100
        missing = tuple(w.token for w in weighed if not any(i in article.tokens for i in w.ids))
        text = f"{article.description}. {article.long_description}"
        return Hit(article.sku, article.description, text, min(coverage, 1.0), likeness, missing)


class ArticleIndexes:
    """The current index, built again off the event loop when master data was imported."""

    def __init__(self, master: MasterData, tokeniser: Tokeniser) -> None:
        self._master = master
        self._tokeniser = tokeniser
        self._index: ArticleIndex | None = None
        self._building = asyncio.Lock()

    async def current(self) -> ArticleIndex:
        """The index of the newest import; the first call after one waits while it is built."""
        version = await self._master.version()
        if self._index is not None and self._index.version == version:
            return self._index
        async with self._building:
            if self._index is None or self._index.version != version:
                rows = await self._master.index_rows()
                self._index = await asyncio.to_thread(ArticleIndex, rows, self._tokeniser, version)
            return self._index
