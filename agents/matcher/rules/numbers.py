"""The rungs that need no guessing: agreed part numbers, our own numbers, GTINs, learned aliases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from orderdesk.domain.orders import ArticleRef
from orderdesk.domain.results import MatchMethod
from tools.master.fold import fold_gtin, fold_part, strip_zeros
from tools.master.repository import PartHits
from tools.master.rows import Alias

# A number inside a description counts only from this length on: shorter ones are sizes.
_LEAST_IN_TEXT = 5
_WORD = re.compile(r"[^\s,;()\[\]:]+")


@dataclass(frozen=True)
class Named:
    """What the numbers of a line name: nothing, one article, or several that disagree.

    `sure` is False where the number's owner is not stated and our number may be met by accident; such a hit
    needs the description to agree.
    """

    skus: tuple[str, ...] = ()
    method: MatchMethod = "none"
    number: str = ""
    sure: bool = True


def stated_numbers(article: ArticleRef) -> tuple[str, ...]:
    """Every number of a line that may name an article, words of the description with digits included."""
    stated = (article.seller_part, article.buyer_part, article.part, article.manufacturer_part)
    return tuple(dict.fromkeys([*filter(None, stated), *_in_text(article.description)]))


def stated_gtins(article: ArticleRef) -> tuple[str, ...]:
    """GTINs of a line, those in a column whose owner is not stated included."""
    return tuple(filter(None, (article.gtin, article.part if fold_gtin(article.part) else "")))


def name_article(article: ArticleRef, aliases: Sequence[Alias], parts: PartHits) -> Named:
    """Climb the ladder: agreed number, then our SKU or GTIN, then a learned alias."""
    agreed = [a for a in aliases if not a.learned]
    learned = [a for a in aliases if a.learned]
    theirs = [n for n in (article.buyer_part, article.part, article.seller_part) if n]
    ours = [n for n in (article.seller_part, article.part) if n]
    gtins = stated_gtins(article)
    hits = [Named(skus, "agreed_part_number", n) for n in theirs if (skus := _alias(n, agreed))]
    hits += [Named(skus, "sku", n) for n in ours if (skus := _ours(n, parts))]
    hits += [Named(skus, "gtin", g) for g in gtins if (skus := parts.by_gtin.get(fold_gtin(g), ()))]
    if hits:
        # another article's number among the words ('24 rolls TAP-70110 and TAP-70111'): both may be meant
        beside = _in_description(article, agreed, (), parts)
        return _agreeing([*hits, beside] if beside else hits)
    for number in theirs:
        if skus := _alias(number, learned):
            return Named(skus, "learned_alias", number)
    return _in_description(article, agreed, learned, parts) or _by_accident(article, parts)


def _in_description(
    article: ArticleRef, agreed: Sequence[Alias], learned: Sequence[Alias], parts: PartHits
) -> Named | None:
    """A number in the middle of the words: ours or agreed, in one piece and long enough to be no size."""
    # A bare number of five digits may be anything ('10000 h'); only letters and digits make a number of ours.
    words = [w for w in _in_text(article.description) if not fold_part(w).isdigit()]
    hits = [Named(skus, "agreed_part_number", w) for w in words if (skus := _alias(w, agreed, exact=True))]
    hits += [Named(skus, "sku", w) for w in words if (skus := parts.by_number.get(fold_part(w), ()))]
    hits += [Named(skus, "learned_alias", w) for w in words if (skus := _alias(w, learned, exact=True))]
    return _agreeing(hits) if hits else None


def _by_accident(article: ArticleRef, parts: PartHits) -> Named:
    """The customer's or the maker's own number that equals one of ours: only together with the description."""
    bare = [w for w in _in_text(article.description) if fold_part(w).isdigit()]
    stated: list[tuple[str, MatchMethod]] = [(article.buyer_part, "sku")]
    stated.append((article.manufacturer_part, "manufacturer_part"))
    stated.extend((number, "sku") for number in bare)
    for number, method in stated:
        if number and (skus := parts.by_number.get(fold_part(number), ())):
            return Named(skus, method, number, sure=False)
    return Named()


def _agreeing(hits: Sequence[Named]) -> Named:
    """One article named in several ways is the first way; different articles are a contradiction."""
    skus = tuple(dict.fromkeys(sku for hit in hits for sku in hit.skus))
    return Named(skus, hits[0].method, hits[0].number)


def _alias(number: str, aliases: Sequence[Alias], *, exact: bool = False) -> tuple[str, ...]:
    folded = fold_part(number)
    if not folded:
        return ()
    same = _distinct(a.sku for a in aliases if fold_part(a.customer_ref) == folded)
    if same or exact:
        return same
    stripped = strip_zeros(folded)
    like = _distinct(a.sku for a in aliases if strip_zeros(fold_part(a.customer_ref)) == stripped)
    return like if len(like) == 1 else ()


def _ours(number: str, parts: PartHits) -> tuple[str, ...]:
    folded = fold_part(number)
    if skus := parts.by_number.get(folded, ()):
        return skus
    like = parts.by_stripped.get(strip_zeros(folded), ())
    return like if len(like) == 1 else ()


def _distinct(skus: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(skus))


def _in_text(description: str) -> tuple[str, ...]:
    """Words with a digit, and pairs of words ('TAP 70210'), that are long enough to be an article number."""
    words = [w.strip(".\"'") for w in _WORD.findall(description)]
    pairs = [f"{a} {b}" for a, b in pairwise(words) if a.isalpha() and b[:1].isdigit()]
    return tuple(
        dict.fromkeys(
            w for w in (*words, *pairs) if any(c.isdigit() for c in w) and len(fold_part(w)) >= _LEAST_IN_TEXT
        )
    )
