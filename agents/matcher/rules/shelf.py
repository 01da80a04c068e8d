"""Fetches what the article rules need, in few round trips: named articles, proposals, successors, alternatives."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from agents.matcher.findings import line_path
from agents.matcher.rules.articles import Shelf
from agents.matcher.rules.numbers import name_article
from agents.matcher.rules.proposals import Proposer
from orderdesk.domain.master import Product
from orderdesk.domain.orders import OrderDraft
from orderdesk.policy.matching import MatchingPolicy
from tools.master.repository import AccountFacts, MasterData
from tools.master.search import ArticleIndex

# Successors of successors; a longer chain is a fault in the data.
_MOST_ROUNDS = 5


async def stock_shelf(
    draft: OrderDraft,
    facts: AccountFacts,
    master: MasterData,
    index: ArticleIndex,
    policy: MatchingPolicy,
    corrections: Mapping[str, str],
) -> Shelf:
    """Everything the lines of a draft may turn out to be; searches run off the event loop."""
    proposer = Proposer(index, frozenset(p.sku for p in facts.history), policy)
    named = [name_article(line.article.value, facts.aliases, facts.parts) for line in draft.lines]
    texts = [
        proposer.text(line.article.value)
        for line, name in zip(draft.lines, named, strict=True)
        if len(name.skus) != 1
    ]
    await asyncio.to_thread(proposer.prepare, texts)
    edited = [corrections[p] for i in range(len(draft.lines)) if (p := line_path(i, "sku")) in corrections]
    products = await master.products(
        [*(sku for n in named for sku in n.skus), *proposer.skus(texts), *edited]
    )
    await asyncio.to_thread(proposer.prepare, [p.description for p in _gone(products.values())])
    alternatives = proposer.skus([p.description for p in _gone(products.values())])
    for _ in range(_MOST_ROUNDS):
        wanted = {p.superseded_by for p in products.values() if p.status == "superseded"} | alternatives
        missing = {sku for sku in wanted if sku and sku not in products}
        fetched = await master.products(missing) if missing else {}
        if not fetched:
            break
        products = {**products, **fetched}
    consent = facts.customer.substitution_consent if facts.customer else None
    return Shelf(facts.aliases, facts.parts, proposer, products, policy, consent)


def _gone(products: Iterable[Product]) -> list[Product]:
    return [p for p in products if p.status == "discontinued"]
