"""Which article a line means: exact numbers first, then the description, then a question. Never a guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.matcher.attributes import analyse
from agents.matcher.compare import Comparison, compare
from agents.matcher.findings import finding, line_path, option
from agents.matcher.rules.numbers import Named, name_article
from agents.matcher.rules.proposals import Proposals, Proposer, analyse_article, candidates
from agents.matcher.rules.status import check_status
from orderdesk.domain.findings import Finding
from orderdesk.domain.master import Product
from orderdesk.domain.orders import ArticleRef
from orderdesk.domain.results import Candidate, MatchMethod
from orderdesk.policy.matching import MatchingPolicy
from tools.master.repository import PartHits
from tools.master.rows import Alias

# A description that has this much in common with an article of another number confirms it; below, two words
# in three say something else.
_CONFIRMS = 0.5
# An exact number whose description is not the article's, or a clear proposal that awaits the customer's word.
_DOUBTED = 0.5


@dataclass(frozen=True)
class Shelf:
    """What the article rules work with: the account's numbers and purchases, our catalogue, the policy."""

    aliases: Sequence[Alias]
    parts: PartHits
    proposer: Proposer
    products: Mapping[str, Product]
    policy: MatchingPolicy
    substitution_consent: bool | None = None


@dataclass(frozen=True)
class ArticleMatch:
    """The article of a line, how sure it is, what else it could be, and what stands in the way."""

    product: Product | None = None
    method: MatchMethod = "none"
    confidence: float = 0.0
    candidates: tuple[Candidate, ...] = ()
    findings: tuple[Finding, ...] = ()


def match_article(index: int, article: ArticleRef, shelf: Shelf, edited: str | None = None) -> ArticleMatch:
    """The article of the line at a 0-based index. `edited`: the SKU a reviewer set, which wins."""
    if edited is not None:
        return _edited(index, edited, shelf)
    named = name_article(article, shelf.aliases, shelf.parts)
    if len(named.skus) == 1 and named.skus[0] in shelf.products:
        match = _by_number(index, article, named, shelf)
    elif len(named.skus) > 1:
        match = _disagreeing(index, named, shelf)
    else:
        match = _by_description(index, article, shelf)
    return check_status(index, match, shelf) if match.product else match


def _edited(index: int, sku: str, shelf: Shelf) -> ArticleMatch:
    """A person has looked at it, so what would only be asked of a person is not asked again."""
    product = shelf.products.get(sku)
    if product is None:
        message = (
            f"Line {index + 1}: the corrected article '{sku}' does not exist; choose one of the catalogue."
        )
        return ArticleMatch(
            findings=(finding("correction_invalid", "approve", line_path(index, "sku"), message),)
        )
    return ArticleMatch(product, "person", 1.0, (_candidate(product, shelf),))


def _by_number(index: int, article: ArticleRef, named: Named, shelf: Shelf) -> ArticleMatch:
    product = shelf.products[named.skus[0]]
    offered = (_candidate(product, shelf),)
    against = contradiction(article.description, product)
    other = _described_otherwise(article.description, product, shelf)
    if against.hard or other:
        reason = f"differs in {', '.join(against.hard)}" if against.hard else f"is that of {other[0].sku}"
        return ArticleMatch(
            None,
            "none",
            0.0,
            (*offered, *other),
            (
                finding(
                    "number_description_mismatch",
                    "clarify",
                    line_path(index, "article"),
                    f"Line {index + 1}: number {named.number} is our {product.sku} ({product.description}), but the "
                    f"description '{article.description}' {reason}.",
                    facts={"number": named.number, "stated": article.description, "sku": product.sku},
                    options=[option(product), *(f"{c.sku} — {c.description}" for c in other)],
                ),
            ),
        )
    if not named.sure and not _confirmed(article.description, product):
        return _unconfirmed(index, article, product, offered, shelf)
    return ArticleMatch(product, named.method, 1.0, offered)


def contradiction(description: str, product: Product) -> Comparison:
    """What a description says against an article."""
    return compare(analyse(description).attributes, analyse_article(_text(product)).attributes)


def _described_otherwise(description: str, product: Product, shelf: Shelf) -> tuple[Candidate, ...]:
    """Another article that the description fits, where it has not one word in common with the numbered one."""
    words = set(analyse(description).tokens)
    if len(words) < 2:
        return ()
    shared = words & set(analyse_article(f"{_text(product)} {product.sku}").tokens)
    proposals = shelf.proposer.of(description)
    best = proposals.proposals[:1]
    fits = best and best[0].hit.sku != product.sku and best[0].hit.coverage >= shelf.policy.least_coverage
    if not fits or best[0].hit.sku == product.superseded_by:
        return ()
    # 'pillow block bearing' beside the number of a ball bearing: most of the words are another article's
    own = next((p.hit.coverage for p in proposals.proposals if p.hit.sku == product.sku), 0.0)
    return candidates(proposals, 1) if not shared or own < _CONFIRMS else ()


def _confirmed(description: str, product: Product) -> bool:
    words = set(analyse(description).tokens)
    shared = words & set(analyse_article(_text(product)).tokens)
    return bool(words) and len(shared) / len(words) >= _CONFIRMS


def _disagreeing(index: int, named: Named, shelf: Shelf) -> ArticleMatch:
    products = [shelf.products[sku] for sku in named.skus if sku in shelf.products]
    return ArticleMatch(
        candidates=tuple(_candidate(p, shelf) for p in products),
        findings=(
            finding(
                "article_numbers_disagree",
                "clarify",
                line_path(index, "article"),
                f"Line {index + 1}: its numbers name different articles ({', '.join(named.skus)}).",
                options=map(option, products),
            ),
        ),
    )


def _by_description(index: int, article: ArticleRef, shelf: Shelf) -> ArticleMatch:
    text = shelf.proposer.text(article)
    stated = text or article.seller_part or article.part or article.buyer_part or article.gtin
    proposals = shelf.proposer.of(text)
    # A number that we do not know beside a description we do: the customer may mean something else by it.
    strange = next((n for n in (article.seller_part, article.part, article.gtin) if n), "")
    offered = candidates(proposals, shelf.policy.options_shown)
    if not offered:
        return ArticleMatch(findings=(_unknown(index, stated),))
    best = shelf.products.get(proposals.proposals[0].hit.sku)
    if best is None or not proposals.clear:
        return ArticleMatch(None, "none", 0.0, offered, (_ambiguous(index, stated, offered, proposals),))
    if proposals.proposals[0].bought_before and not strange:
        return ArticleMatch(best, "fuzzy", proposals.confidence, offered)
    return _unconfirmed(index, article, best, offered, shelf, proposals.confidence)


def _unconfirmed(
    index: int,
    article: ArticleRef,
    product: Product,
    offered: tuple[Candidate, ...],
    shelf: Shelf,
    confidence: float = _DOUBTED,
) -> ArticleMatch:
    stated = article.description or article.buyer_part or article.part
    message = (
        f"Line {index + 1}: '{stated}' is probably our {product.sku} ({product.description}), but this customer "
        "has not bought it before under that name; it has to confirm."
    )
    doubt = finding(
        "article_unconfirmed",
        "clarify",
        line_path(index, "article"),
        message,
        facts={"stated": stated, "sku": product.sku, "description": product.description},
        options=[f"{c.sku} — {c.description}" for c in offered],
    )
    return ArticleMatch(product, "fuzzy", min(confidence, 2 / 3), offered, (doubt,))


def _ambiguous(index: int, stated: str, offered: Sequence[Candidate], proposals: Proposals) -> Finding:
    best = proposals.proposals[0]
    missing = best.comparison.unconfirmed
    why = f" (not confirmed: {', '.join(missing)})" if missing else ""
    message = (
        f"Line {index + 1}: '{stated}' may be {len(offered)} of our articles."
        if len(offered) > 1
        else f"Line {index + 1}: '{stated}' may be our {offered[0].sku}, but not all of it agrees{why}."
    )
    return finding(
        "ambiguous_article",
        "clarify",
        line_path(index, "article"),
        message,
        facts={"stated": stated},
        options=[f"{c.sku} — {c.description}" for c in offered],
    )


def _unknown(index: int, stated: str) -> Finding:
    return finding(
        "unknown_article",
        "clarify",
        line_path(index, "article"),
        f"Line {index + 1}: nothing in our catalogue fits '{stated}'."
        if stated
        else f"Line {index + 1} names no article.",
        facts={"stated": stated} if stated else {},
    )


def _candidate(product: Product, shelf: Shelf) -> Candidate:
    return Candidate(
        sku=product.sku,
        description=product.description,
        score=1.0,
        signals=("named by number",),
        bought_before=product.sku in shelf.proposer.bought,
    )


def _text(product: Product) -> str:
    return f"{product.description}. {product.long_description}"
