"""The matcher's rules in order: customer, articles, quantities, ship-to. No booking on doubt."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from agents.matcher.contract import CandidateChooser, MessageFacts
from agents.matcher.findings import line_path
from agents.matcher.rules.articles import ArticleMatch, Shelf, match_article
from agents.matcher.rules.choosing import before_the_choice, choose_articles
from agents.matcher.rules.customer import find_customer
from agents.matcher.rules.numbers import stated_gtins, stated_numbers
from agents.matcher.rules.quantities import QuantityMatch, match_quantity
from agents.matcher.rules.repeat import repeat_findings
from agents.matcher.rules.shelf import stock_shelf
from agents.matcher.rules.ship_to import find_ship_to
from orderdesk.domain.orders import OrderDraft
from orderdesk.domain.results import LineMatch, MatchResult
from orderdesk.policy.matching import MatchingPolicy
from tools.master.repository import AccountFacts, MasterData
from tools.master.search import ArticleIndex


async def match(
    draft: OrderDraft,
    message: MessageFacts,
    master: MasterData,
    index: ArticleIndex,
    policy: MatchingPolicy,
    corrections: Mapping[str, str] | None = None,
    chooser: CandidateChooser | None = None,
    policy_for: Callable[[str], MatchingPolicy] | None = None,
) -> MatchResult:
    """Match a draft to account, address, articles and units; what is not certain becomes a finding.

    `corrections` are a reviewer's edits by path (see MatcherInput) and win over everything. `chooser` may
    pre-select among the candidates of unclear lines; its choice is still confirmed by the customer.
    `policy` finds the account; from then on `policy_for` gives the account's own, where it has one.
    """
    edits = corrections or {}
    customer = await find_customer(draft, message, master, policy, edits)
    if policy_for and customer.customer_id:
        policy = policy_for(customer.customer_id)
    facts = await master.account_facts(
        customer.customer_id,
        numbers=[n for line in draft.lines for n in stated_numbers(line.article.value)],
        gtins=[g for line in draft.lines for g in stated_gtins(line.article.value)],
    )
    shelf = await stock_shelf(draft, facts, master, index, policy, edits)
    articles = await asyncio.to_thread(_articles, draft, shelf, edits)
    quantities = [
        match_quantity(i, line, article.product, facts.history, policy, edits)
        for i, (line, article) in enumerate(zip(draft.lines, articles, strict=True))
    ]
    # What is at stake follows from the rules alone: a model's choice moves no limit.
    value, currency = _worth(draft, articles, quantities, facts)
    if chooser:
        articles = await choose_articles(draft.lines, articles, shelf, chooser)
        for i, article in enumerate(articles):
            if article.method == "model":
                chosen = match_quantity(i, draft.lines[i], article.product, facts.history, policy, edits)
                quantities[i] = before_the_choice(quantities[i], chosen)
    ship_to = find_ship_to(draft, facts.ship_tos, value, currency, policy, edits, words=message.words)
    return MatchResult(
        customer_id=customer.customer_id,
        customer_method=customer.method,
        customer_confidence=customer.confidence,
        customer_candidates=customer.candidates,
        ship_to_code=ship_to.code,
        lines=tuple(
            _line(i, article, quantity)
            for i, (article, quantity) in enumerate(zip(articles, quantities, strict=True))
        ),
        findings=(
            *customer.findings,
            *(ship_to.findings if customer.customer_id else ()),
            *repeat_findings(message, facts.history),
            *(f for pair in zip(articles, quantities, strict=True) for part in pair for f in part.findings),
        ),
    )


def _articles(draft: OrderDraft, shelf: Shelf, edits: Mapping[str, str]) -> list[ArticleMatch]:
    return [
        match_article(i, line.article.value, shelf, edits.get(line_path(i, "sku")))
        for i, line in enumerate(draft.lines)
    ]


def _line(index: int, article: ArticleMatch, quantity: QuantityMatch) -> LineMatch:
    return LineMatch(
        line_index=index,
        sku=article.product.sku if article.product else None,
        description=article.product.description if article.product else "",
        method=article.method if article.product else "none",
        confidence=article.confidence if article.product else 0.0,
        candidates=article.candidates,
        quantity=quantity.quantity,
        uom=quantity.uom,
        base_quantity=quantity.base_quantity,
        base_uom=quantity.base_uom,
    )


def _worth(
    draft: OrderDraft,
    articles: Sequence[ArticleMatch],
    quantities: Sequence[QuantityMatch],
    facts: AccountFacts,
) -> tuple[Decimal | None, str | None]:
    """What the order is worth: the higher of what it states and our list prices; None where neither tells."""
    currency = (
        draft.currency.value if draft.currency else (facts.customer.currency if facts.customer else None)
    )
    figures: list[Decimal] = []
    if draft.stated_net_total:
        figures.append(draft.stated_net_total.value)
    listed = [
        q.base_quantity * a.product.list_price / a.product.price_base
        for a, q in zip(articles, quantities, strict=True)
        if a.product and a.product.list_price is not None and q.base_quantity is not None
    ]
    if draft.lines and len(listed) == len(draft.lines):
        figures.append(sum(listed, Decimal(0)))
    return (max(figures) if figures else None), currency
