"""What a model may do to unclear lines: put one offered article first. The question to the customer stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agents.matcher.contract import CandidateChooser, UnclearLine
from agents.matcher.rules.articles import ArticleMatch, Shelf
from agents.matcher.rules.quantities import QuantityMatch
from agents.matcher.rules.status import check_status
from orderdesk.domain.base import plain
from orderdesk.domain.findings import Finding
from orderdesk.domain.master import Product
from orderdesk.domain.orders import DraftLine
from orderdesk.domain.results import Candidate

# The only finding a model may say something about: several articles fit, and nothing speaks against any of them.
_UNCLEAR = "ambiguous_article"
# Two of three: a model agrees and nothing contradicts, but no rule and no person confirmed it.
_MOST_CONFIDENT = 2 / 3


async def choose_articles(
    lines: Sequence[DraftLine], articles: Sequence[ArticleMatch], shelf: Shelf, chooser: CandidateChooser
) -> list[ArticleMatch]:
    """The matches with what a model chose among the articles of unclear lines, all in one question.

    A choice is a proposal for the person and the order of the options in the question, no more: it is never
    certain enough to be booked, and the finding that asks the customer stays.
    """
    unclear = [
        _unclear(i, lines[i], match, shelf)
        for i, match in enumerate(articles)
        if match.product is None and any(f.code == _UNCLEAR for f in match.findings)
    ]
    matches = list(articles)
    if not unclear:
        return matches
    for line, choice in zip(unclear, await chooser.choose(unclear), strict=True):
        if choice is not None and 0 <= choice < len(line.candidates):
            index = line.line_index
            matches[index] = _chosen(index, matches[index], line.candidates[choice], shelf)
    return matches


def before_the_choice(ruled: QuantityMatch, chosen: QuantityMatch) -> QuantityMatch:
    """The quantity of a model's article, with the questions that the rules alone would ask.

    What follows from an article that nobody has confirmed is for the person, not for the customer.
    """
    asked = {(f.code, f.path) for f in ruled.findings}
    follows = tuple(
        f.model_copy(update={"severity": "approve", "question": ""}) if f.severity == "clarify" else f
        for f in chosen.findings
        if (f.code, f.path) not in asked
    )
    return replace(chosen, findings=(*ruled.findings, *follows))


def _unclear(index: int, line: DraftLine, match: ArticleMatch, shelf: Shelf) -> UnclearLine:
    quantity = plain(line.quantity.value) if line.quantity else ""
    unit = line.uom_stated or (line.uom.value if line.uom else "")
    return UnclearLine(
        line_index=index,
        article=line.article.value,
        candidates=match.candidates,
        sold_in=tuple(_sold_in(shelf.products.get(c.sku)) for c in match.candidates),
        ordered=f"{quantity} {unit}".strip(),
    )


def _sold_in(product: Product | None) -> str:
    if product is None:
        return ""
    base = product.units.base
    others = [f"{unit} of {plain(factor)}" for unit, factor in sorted(product.units.factors.items())]
    return ", ".join(filter(None, (base, *others)))


def _chosen(index: int, match: ArticleMatch, candidate: Candidate, shelf: Shelf) -> ArticleMatch:
    product = shelf.products.get(candidate.sku)
    if product is None or product.status != "active":
        return match  # what is no longer sold is offered by the rules with its successor, or not at all
    first = (candidate, *(c for c in match.candidates if c.sku != candidate.sku))
    chosen = replace(
        match,
        product=product,
        method="model",
        confidence=min(candidate.score, _MOST_CONFIDENT),
        candidates=first,
        findings=tuple(_reordered(f, candidate) for f in match.findings),
    )
    return check_status(index, chosen, shelf)


def _reordered(finding: Finding, candidate: Candidate) -> Finding:
    """The same question with the chosen article as its first option; a clerk is told who put it there."""
    if finding.code != _UNCLEAR:
        return finding
    mine = f"{candidate.sku} — {candidate.description}"
    options = (mine, *(o for o in finding.options if o != mine))
    message = f"{finding.message} A model takes it for {candidate.sku}; nobody has confirmed that."
    return finding.model_copy(update={"options": options, "message": message})
