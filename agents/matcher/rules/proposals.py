"""The fuzzy rung: articles that a description may mean, weighed by what can be checked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from agents.matcher.attributes import Analysis, analyse
from agents.matcher.compare import Comparison, compare
from orderdesk.domain.orders import ArticleRef
from orderdesk.domain.results import Candidate
from orderdesk.policy.matching import MatchingPolicy
from tools.master.search import ArticleIndex, Hit

# How many of the best hits are taken apart; most of those that contradict are gone before.
_LOOKED_AT = 60
# Below this share of the query an article has only a word or two in common: no choice worth offering.
_LEAST_TO_OFFER = 0.35

analyse_article = lru_cache(maxsize=20_000)(analyse)


@dataclass(frozen=True)
class Proposal:
    """An article that nothing in the description contradicts."""

    hit: Hit
    comparison: Comparison
    bought_before: bool

    @property
    def confirmed(self) -> bool:
        """Does the article have every attribute and every number that the customer wrote?"""
        return not self.comparison.unconfirmed and not any(
            any(c.isdigit() for c in token) for token in self.hit.missing
        )


@dataclass(frozen=True)
class Proposals:
    """Proposals, best first. `clear`: the first leads so far that no other can be meant."""

    proposals: tuple[Proposal, ...] = ()
    clear: bool = False
    confidence: float = 0.0


def propose(
    description: str, index: ArticleIndex, bought: Collection[str], policy: MatchingPolicy
) -> Proposals:
    """What a description may mean. An attribute that contradicts rules an article out, whatever the words say."""
    query = analyse(description)
    found = index.search(description, _LOOKED_AT)
    survivors = [
        Proposal(hit, comparison, hit.sku in bought)
        for hit in found.hits
        if hit.coverage >= _LEAST_TO_OFFER
        and not (comparison := compare(query.attributes, analyse_article(hit.text).attributes)).contradicts
    ]
    if not survivors:
        return Proposals()
    survivors.sort(key=_rank)
    best = survivors[0]
    # What was not looked at may be as good as the floor says.
    runner_up = max([p.hit.coverage for p in survivors[1:2]] + [found.floor])
    margin = best.hit.coverage - runner_up
    clear = (
        best.hit.coverage >= policy.least_coverage
        and margin >= policy.clear_margin
        and best.confirmed
        and _says_enough(query)
    )
    return Proposals(tuple(survivors), clear, _confidence(best, clear=clear))


def candidates(proposals: Proposals, limit: int) -> tuple[Candidate, ...]:
    """The proposals as a clerk, a customer or a model is offered them: what was bought before comes first."""
    near = proposals.proposals[: max(limit * 2, limit)]
    shown = sorted(near, key=lambda p: (not p.bought_before and p.hit.coverage < 1, -p.hit.coverage))[:limit]
    return tuple(
        Candidate(
            sku=p.hit.sku,
            description=p.hit.description,
            score=round(p.hit.coverage, 4),
            signals=_signals(p),
            bought_before=p.bought_before,
        )
        for p in sorted(shown, key=lambda p: (-round(p.hit.coverage, 2), not p.bought_before, p.hit.sku))
    )


def _rank(proposal: Proposal) -> tuple[float, ...]:
    return (-proposal.hit.coverage, -proposal.comparison.share, -proposal.hit.likeness)


def _says_enough(query: Analysis) -> bool:
    """One word is no description: 'screws' means one article only until the catalogue grows."""
    return len(query.tokens) >= 2


def _confidence(best: Proposal, *, clear: bool) -> float:
    """The share of three checks that speak for the article: words, attributes, and that it was bought before.

    Not clear halves it: at least two articles fit, and either may be meant.
    """
    share = (best.hit.coverage + best.comparison.share + float(best.bought_before)) / 3
    return round(share if clear else share / 2, 4)


def _signals(proposal: Proposal) -> tuple[str, ...]:
    comparison, hit = proposal.comparison, proposal.hit
    said = [f"words {hit.coverage:.0%}"]
    said += [f"{label} agrees" for label in comparison.agree]
    said += [f"{label} not confirmed" for label in comparison.unconfirmed]
    return (*said, *(("bought before",) if proposal.bought_before else ()))


class Proposer:
    """Searches for one case, each text once."""

    def __init__(self, index: ArticleIndex, bought: Collection[str], policy: MatchingPolicy) -> None:
        self.bought = bought
        self._index = index
        self._policy = policy
        self._known: dict[str, Proposals] = {}

    @staticmethod
    def text(article: ArticleRef) -> str:
        """What of a line is searched for."""
        return " ".join(filter(None, (article.description, article.manufacturer_part)))

    def of(self, text: str) -> Proposals:
        """What a text may mean."""
        if not text:
            return Proposals()
        if text not in self._known:
            self._known[text] = propose(text, self._index, self.bought, self._policy)
        return self._known[text]

    def prepare(self, texts: Iterable[str]) -> None:
        """Search for all of these (slow for long orders: call it off the event loop)."""
        for text in texts:
            self.of(text)

    def skus(self, texts: Iterable[str]) -> set[str]:
        """The articles that could be offered for these texts."""
        limit = self._policy.options_shown
        return {c.sku for text in texts for c in candidates(self.of(text), limit)}
