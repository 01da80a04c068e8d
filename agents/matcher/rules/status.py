"""Articles that are no longer sold, were replaced, or may not be sold to everyone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from agents.matcher.attributes import analyse
from agents.matcher.compare import compare
from agents.matcher.findings import finding, line_path, option
from agents.matcher.rules.proposals import candidates
from orderdesk.domain.master import Product

if TYPE_CHECKING:
    from agents.matcher.rules.articles import ArticleMatch, Shelf

# A successor may itself have one; longer chains are a fault in the data.
_MOST_HOPS = 5


def check_status(index: int, match: ArticleMatch, shelf: Shelf) -> ArticleMatch:
    """Replace a superseded article where the customer agreed to that, else ask; restricted goes to a person."""
    product = match.product
    assert product is not None
    if match.method == "person":
        return match
    if product.status == "superseded":
        match = _superseded(index, match, product, shelf)
    elif product.status == "discontinued":
        match = _discontinued(index, match, product, shelf)
    if match.product and match.product.restricted:
        restricted = finding(
            "article_restricted",
            "approve",
            line_path(index, "article"),
            f"Line {index + 1}: {match.product.sku} ({match.product.description}) is restricted; check that this "
            "customer may buy it.",
            facts={"sku": match.product.sku},
        )
        match = replace(match, findings=(*match.findings, restricted))
    return match


def _superseded(index: int, match: ArticleMatch, product: Product, shelf: Shelf) -> ArticleMatch:
    successor = _successor(product, shelf)
    facts = {"sku": product.sku, "successor": successor.sku if successor else ""}
    path = line_path(index, "article")
    if successor is None:
        message = f"Line {index + 1}: {product.sku} was replaced, but its successor is not in the catalogue."
        asked = finding("article_superseded", "clarify", path, message, facts=facts)
        return replace(match, product=None, method="none", confidence=0.0, findings=(*match.findings, asked))
    # Never swap size, voltage or material, whatever the customer agreed to.
    differs = compare(analyse(_text(product)).attributes, analyse(_text(successor)).attributes).hard
    if shelf.substitution_consent and not differs:
        message = (
            f"Line {index + 1}: {product.sku} was replaced by {successor.sku} ({successor.description}); the "
            "customer has agreed to successors."
        )
        notice = finding("article_superseded", "info", path, message, facts=facts)
        return replace(match, product=successor, findings=(*match.findings, notice))
    why = f"it differs in {', '.join(differs)}" if differs else "the customer has not agreed to successors"
    asked = finding(
        "article_superseded",
        "clarify",
        path,
        f"Line {index + 1}: {product.sku} was replaced by {successor.sku} ({successor.description}); {why}.",
        facts=facts,
        options=[option(successor)],
    )
    return replace(match, findings=(*match.findings, asked))


def _discontinued(index: int, match: ArticleMatch, product: Product, shelf: Shelf) -> ArticleMatch:
    alike = shelf.proposer.of(product.description)
    others = [
        shelf.products[c.sku]
        for c in candidates(alike, shelf.policy.options_shown)
        if c.sku in shelf.products and shelf.products[c.sku].status == "active"
    ]
    asked = finding(
        "article_discontinued",
        "clarify",
        line_path(index, "article"),
        f"Line {index + 1}: {product.sku} ({product.description}) is no longer sold.",
        facts={"sku": product.sku, "description": product.description},
        options=map(option, others),
    )
    return replace(match, findings=(*match.findings, asked))


def _successor(product: Product, shelf: Shelf) -> Product | None:
    seen = {product.sku}
    for _ in range(_MOST_HOPS):
        following = shelf.products.get(product.superseded_by)
        if following is None or following.sku in seen:
            return None
        if following.status == "active":
            return following
        seen.add(following.sku)
        product = following
    return None


def _text(product: Product) -> str:
    return f"{product.description}. {product.long_description}"
