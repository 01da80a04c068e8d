"""Near-twins are never confused: articles that differ in one attribute only."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from matcher_builders import index_of, matching_policy, product, shelf_of

from agents.matcher.rules.articles import match_article
from agents.matcher.rules.proposals import propose
from orderdesk.domain.orders import ArticleRef

POLICY = matching_policy()

# What tells articles apart: each word list is one attribute, its values contradict each other.
KINDS = ["Hex cap screw", "Hex nut", "Flat washer", "Wedge anchor"]
SIZES = ["M6x20", "M6x25", "M8x20", "M8x25", "M10x40", "M12x40"]
GRADES = ["8.8", "10.9", "12.9"]
FINISHES = ["zinc plated", "stainless steel A2", "stainless steel A4", "brass"]

attributes = st.tuples(
    st.sampled_from(KINDS), st.sampled_from(SIZES), st.sampled_from(GRADES), st.sampled_from(FINISHES)
)


@given(st.lists(attributes, min_size=2, max_size=40, unique=True), st.data())
@settings(deadline=None, max_examples=60)
def test_a_full_description_finds_its_article_and_no_twin(
    articles: list[tuple[str, str, str, str]], data: st.DataObject
) -> None:
    products = [product(f"A-{n}", " ".join(parts)) for n, parts in enumerate(articles)]
    index = index_of(*products)
    wanted = data.draw(st.integers(0, len(articles) - 1))
    words = list(articles[wanted])
    random.Random(data.draw(st.integers(0, 99))).shuffle(words)
    found = propose(", ".join(words).lower(), index, (), POLICY)
    assert found.clear
    assert found.proposals[0].hit.sku == f"A-{wanted}"


@given(st.lists(attributes, min_size=2, max_size=40, unique=True), st.data())
@settings(deadline=None, max_examples=100)
def test_a_partial_description_is_clear_only_if_no_other_article_fits(
    articles: list[tuple[str, str, str, str]], data: st.DataObject
) -> None:
    products = [product(f"A-{n}", " ".join(parts)) for n, parts in enumerate(articles)]
    wanted = data.draw(st.sampled_from(articles))
    keep = data.draw(st.sets(st.integers(0, 3), min_size=1, max_size=4))
    query = " ".join(wanted[i] for i in sorted(keep))
    fitting = [n for n, parts in enumerate(articles) if all(parts[i] == wanted[i] for i in keep)]
    found = propose(query, index_of(*products), (), POLICY)
    if found.clear:
        assert [found.proposals[0].hit.sku] == [f"A-{n}" for n in fitting]


@given(st.lists(attributes, min_size=2, max_size=25, unique=True), attributes)
@settings(deadline=None, max_examples=100)
def test_what_is_not_in_the_catalogue_is_never_taken_for_something_else(
    articles: list[tuple[str, str, str, str]], wanted: tuple[str, str, str, str]
) -> None:
    products = [product(f"A-{n}", " ".join(parts)) for n, parts in enumerate(articles)]
    bought = tuple(p.sku for p in products)
    match = match_article(0, ArticleRef(description=" ".join(wanted)), shelf_of(*products, bought=bought))
    if match.product is not None and not match.findings:
        assert match.product.description == " ".join(wanted)
