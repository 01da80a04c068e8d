"""What a model says about unclear lines: only a number of the closed list counts, and it settles nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agents.as_data import as_data
from agents.matcher.contract import UnclearLine
from agents.matcher.model.answer import ArticleChoices
from agents.matcher.model.chooser import choices_from
from agents.matcher.model.contract import CONTRACT
from agents.matcher.rules.articles import ArticleMatch, Shelf, match_article
from agents.matcher.rules.choosing import before_the_choice, choose_articles
from agents.matcher.rules.proposals import Proposer
from agents.matcher.rules.quantities import match_quantity
from agents.matcher.tokeniser import TradeTokeniser
from orderdesk.domain.evidence import Stated
from orderdesk.domain.master import Product
from orderdesk.domain.orders import ArticleRef, DraftLine
from orderdesk.domain.quantity import ItemUnits
from orderdesk.policy.loader import load_policy
from tools.master.repository import PartHits
from tools.master.search import ArticleIndex

SCREWS = ("hex cap screw 1/2-13 x 2 zinc", "hex cap screw 1/2-13 x 2 stainless")


def product(sku: str, description: str, **more: object) -> Product:
    units = ItemUnits(base="EA", factors={"BX": Decimal(50)})
    return Product.model_validate({"sku": sku, "description": description, "units": units, **more})


def shelf_of(*products: Product) -> Shelf:
    rows = [
        {"sku": p.sku, "description": p.description, "long_description": "", "category": ""} for p in products
    ]
    policy = load_policy().matching
    proposer = Proposer(ArticleIndex(rows, TradeTokeniser()), frozenset(), policy)
    return Shelf((), PartHits(), proposer, {p.sku: p for p in products}, policy)


def asked(unit: str = "EA") -> DraftLine:
    article = ArticleRef(description="hex cap screw 1/2-13 x 2")
    quantity = Stated(value=Decimal(20))
    return DraftLine(line_number=1, article=Stated(value=article), quantity=quantity, uom=Stated(value=unit))


class Says:
    """A rung that says the same of every line."""

    def __init__(self, *choices: int | None) -> None:
        self.choices = list(choices)
        self.lines: list[UnclearLine] = []

    async def choose(self, lines: Sequence[UnclearLine]) -> list[int | None]:
        self.lines += lines
        return self.choices


def answer(*pairs: tuple[int, int | None]) -> ArticleChoices:
    return ArticleChoices.model_validate({"lines": [{"line": a, "choice": b} for a, b in pairs]})


@pytest.mark.parametrize(
    ("pairs", "offered", "taken"),
    [
        ([(1, 2), (2, 1)], [3, 1], [1, 0]),
        ([(2, 1), (1, 2)], [3, 1], [1, 0]),
        ([(1, None), (2, 1)], [3, 1], [None, 0]),
        ([(1, 0), (2, 1)], [3, 1], [None, 0]),
        ([(1, -1), (2, 2)], [3, 1], [None, None]),
        ([(1, 4), (2, 1)], [3, 1], [None, 0]),
        ([(2, 1)], [3, 1], [None, 0]),
        ([(1, 1), (1, 2), (2, 1)], [3, 1], [None, 0]),
        ([(1, 1), (1, 1), (2, 1)], [3, 1], [None, 0]),
        ([(3, 1), (0, 1), (99, 1)], [3, 1], [None, None]),
        ([], [3, 1], [None, None]),
    ],
)  # fmt: skip
def test_only_a_number_of_the_list_is_taken(
    pairs: list[tuple[int, int | None]], offered: list[int], taken: list[int | None]
) -> None:
    assert choices_from(answer(*pairs), offered) == taken


@given(
    st.lists(st.tuples(st.integers(-5, 20), st.none() | st.integers(-5, 20)), max_size=30),
    st.lists(st.integers(0, 8), max_size=12),
)
def test_whatever_is_said_every_line_gets_an_offered_article_or_none(
    pairs: list[tuple[int, int | None]], offered: list[int]
) -> None:
    taken = choices_from(answer(*pairs), offered)
    assert len(taken) == len(offered)
    for number, (count, choice) in enumerate(zip(offered, taken, strict=True), 1):
        said = [c for line, c in pairs if line == number]
        assert choice is None or (0 <= choice < count and said == [choice + 1])


@pytest.mark.parametrize("choice", ["true", "1.5", '"1"', '"BRG-6205"', "[1]", "{}"])
def test_what_is_no_whole_number_is_no_answer(choice: str) -> None:
    with pytest.raises(ValidationError):
        ArticleChoices.model_validate_json(f'{{"lines": [{{"line": 1, "choice": {choice}}}]}}')


def test_the_contract_stands() -> None:
    prompt = CONTRACT.load()
    assert CONTRACT.answer is ArticleChoices
    assert prompt.parameters == ("lines",)


async def test_a_choice_comes_first_and_the_question_stays() -> None:
    shelf = shelf_of(product("A-1", SCREWS[0]), product("A-2", SCREWS[1]))
    ruled = match_article(0, asked().article.value, shelf)
    assert ruled.product is None
    other = ruled.candidates[1].sku
    rung = Says(1)
    (chosen,) = await choose_articles([asked()], [ruled], shelf, rung)
    assert chosen.product is not None
    assert (chosen.product.sku, chosen.method) == (other, "model")
    assert chosen.confidence <= 2 / 3
    assert chosen.candidates[0].sku == other
    (finding,) = chosen.findings
    assert (finding.code, finding.severity, finding.question) == (
        "ambiguous_article",
        "clarify",
        "ambiguous_article",
    )
    assert finding.options[0].startswith(other)
    assert sorted(finding.options) == sorted(ruled.findings[0].options)
    assert rung.lines[0].sold_in == ("EA, BX of 50", "EA, BX of 50")
    assert rung.lines[0].ordered == "20 EA"


@pytest.mark.parametrize("said", [None, -1, 2, 99])
async def test_no_choice_leaves_the_line_as_it_was(said: int | None) -> None:
    shelf = shelf_of(product("A-1", SCREWS[0]), product("A-2", SCREWS[1]))
    ruled = match_article(0, asked().article.value, shelf)
    assert await choose_articles([asked()], [ruled], shelf, Says(said)) == [ruled]


async def test_an_article_that_is_no_longer_sold_is_not_taken() -> None:
    shelf = shelf_of(product("A-1", SCREWS[0]), product("A-2", SCREWS[1], status="discontinued"))
    ruled = match_article(0, asked().article.value, shelf)
    gone = [c.sku for c in ruled.candidates].index("A-2")
    assert await choose_articles([asked()], [ruled], shelf, Says(gone)) == [ruled]


async def test_clear_lines_are_never_shown_to_a_model() -> None:
    shelf = shelf_of(product("A-1", SCREWS[0]))
    settled = ArticleMatch(shelf.products["A-1"], "sku", 1.0)
    rung = Says()
    assert await choose_articles([asked()], [settled], shelf, rung) == [settled]
    assert rung.lines == []


def test_what_follows_from_a_guess_is_not_asked_of_the_customer() -> None:
    policy = load_policy().matching
    line = asked("KG")  # the article is not sold by weight, which only matters once it is the right one
    ruled = match_quantity(0, line, None, (), policy, {})
    chosen = match_quantity(0, line, product("A-1", SCREWS[0]), (), policy, {})
    assert [f.severity for f in chosen.findings] == ["clarify"]
    after = before_the_choice(ruled, chosen)
    assert [(f.severity, f.question) for f in after.findings] == [("approve", "")]


@given(st.text())
def test_no_text_can_close_the_block_it_stands_in(text: str) -> None:
    data = as_data({"words": text, "more": [f"</lines>{text}<lines>"]})
    assert "<" not in data
    assert ">" not in data
    assert "\n" not in data
    assert json.loads(data)["words"] == text
