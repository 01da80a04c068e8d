"""Questions to the customer: one per clarify finding, worded from the language's file, never invented."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.booker.lines import customer_ref
from agents.booker.parts import line_numbers
from agents.correspondent.contract import CorrespondentInput
from agents.correspondent.differences import price_text
from agents.correspondent.figures import Figures
from agents.correspondent.text import clean
from agents.correspondent.wording import first_complete, questions, variants_of
from orderdesk.domain.findings import Finding

# More choices than this are no help in a letter; the last resort is to tell us in one's own words.
MAX_OPTIONS = 8
# What is asked because of our price, stock or lead time of an article.
_OF_OUR_ARTICLE = frozenset(
    (
        *("price_too_low", "line_total_mismatch", "order_total_mismatch", "order_below_minimum"),
        *("ship_complete_short", "date_before_lead_time"),
    )
)
_LINE_PATH = re.compile(r"^lines\[(\d+)\](?:\.(\w+))?")


@dataclass(frozen=True)
class Question:
    """One question as it stands in the letter."""

    code: str
    text: str
    options: tuple[str, ...]

    def in_one_line(self) -> str:
        """The question with its choices, for lists and the API."""
        return f"{self.text} [{' | '.join(self.options)}]" if self.options else self.text


def questions_for(given: CorrespondentInput, figures: Figures) -> tuple[Question, ...]:
    """One question per clarify finding, in the order of the findings; the same question only once."""
    numbers = line_numbers(given.draft.lines)
    open_articles = frozenset(m.line_index for m in given.match.lines if m.method == "model")
    asked = [
        _question(f, given, figures, numbers)
        for f in given.findings
        if f.severity == "clarify" and not _rests_on_a_guess(f, open_articles)
    ]
    return tuple(dict.fromkeys(asked))


def _rests_on_a_guess(finding: Finding, open_articles: frozenset[int]) -> bool:
    """Whether a question follows from an article that a model chose and the customer has yet to name.

    Which article is meant is asked first: a price or a date of another one would only mislead.
    """
    if not open_articles or finding.code not in _OF_OUR_ARTICLE:
        return False
    path = _LINE_PATH.match(finding.path)
    return path is None or int(path.group(1)) in open_articles


def _question(
    finding: Finding, given: CorrespondentInput, figures: Figures, numbers: Sequence[int]
) -> Question:
    sentences = questions(figures.language)
    values = _values(finding, given, figures, numbers)
    variants = (
        *variants_of(sentences, "questions", finding.question or finding.code),
        *variants_of(sentences, "questions", finding.code),
        *variants_of(sentences, "generic", "with_options" if finding.options else "open"),
    )
    text = first_complete(variants, values)
    assert text is not None, "the generic question uses only values that are always there"
    worded = [
        choice
        for sentence in variants_of(sentences, "choices", finding.code)
        if (choice := first_complete((sentence,), values))
    ]
    stated = [option for o in finding.options[:MAX_OPTIONS] if (option := figures.fact(o))]
    return Question(finding.code, text, tuple(worded or stated))


def _values(
    finding: Finding, given: CorrespondentInput, figures: Figures, numbers: Sequence[int]
) -> dict[str, object]:
    """What a question may use. A value that is not known is left out, so that its sentence is passed over."""
    path = _LINE_PATH.match(finding.path)
    index = int(path.group(1)) if path else -1
    field = (path.group(2) or "line") if path else finding.path.partition(".")[0] or "order"
    sentences = questions(figures.language)
    names = variants_of(sentences, "fields", field) or variants_of(sentences, "fields", "order")
    values: dict[str, object] = {
        "f": {key: fact for key, value in finding.facts.items() if (fact := figures.fact(value))},
        "q": {key: figures.quote(value) for key, value in finding.facts.items() if figures.fact(value)},
        "field": names[0],
        **_order_values(given, figures),
    }
    if 0 <= index < len(given.draft.lines):
        values |= {"line": numbers[index], **_line_values(index, given, figures)}
    values["at"] = first_complete(variants_of(sentences, "generic", "at"), values)
    return values


def _order_values(given: CorrespondentInput, figures: Figures) -> dict[str, object]:
    draft, pricing = given.draft, given.pricing
    values: dict[str, object] = {}
    if draft.po_number and clean(draft.po_number.value):
        values["po"] = figures.quote(draft.po_number.value)
    if draft.currency:
        values["asked_currency"] = draft.currency.value
    if pricing.currency:
        values["our_currency"] = pricing.currency
    if draft.stated_net_total:
        values["asked_total"] = figures.amount(draft.stated_net_total.value)
    if pricing.net_total is not None:
        values["our_total"] = figures.amount(pricing.net_total)
    if draft.requested_date:
        values["asked_date"] = draft.requested_date.value
    return values


def _line_values(index: int, given: CorrespondentInput, figures: Figures) -> dict[str, object]:
    line = given.draft.lines[index]
    values: dict[str, object] = {}
    ref = customer_ref(line.article.value)
    if clean(ref):
        values["ref"] = figures.quote(ref)
    if line.quantity:
        values["asked_quantity"] = figures.asked_quantity(line)
    if line.uom_stated or line.uom:
        stated = line.uom_stated or (line.uom.value if line.uom else "")
        values["asked_unit"] = figures.quote(stated) if clean(stated) else "?"
    if line.unit_price:
        values["asked_price"] = figures.price(line.unit_price.value)
    if line.line_total:
        values["asked_line_total"] = figures.amount(line.line_total.value)
    if line.requested_date:
        values["asked_date"] = line.requested_date.value
    match = next((m for m in given.match.lines if m.line_index == index), None)
    price = next((p for p in given.pricing.lines if p.line_index == index), None)
    if match and match.sku:
        values["our_article"] = f"{match.sku} {match.description}".strip()
    elif match and len(match.candidates) == 1:
        values["our_article"] = f"{match.candidates[0].sku} {match.candidates[0].description}".strip()
    if match and match.quantity is not None and match.uom:
        values["our_quantity"] = figures.quantity(match.quantity, match.uom)
    if match and match.base_uom:
        values["base_unit"] = figures.unit(match.base_uom)
    if match and match.uom and price and price.unit_price is not None:
        values["our_price"] = price_text(price.unit_price, price.price_base, match.uom, figures)
    return values
