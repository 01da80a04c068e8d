"""The supervisor's routes: a pure function of what is known; whatever is unclear ends at the gate."""

from __future__ import annotations

from typing import Any

import pytest

from graphs.routing import route
from graphs.state import DeskState
from orderdesk.domain.evidence import Stated
from orderdesk.domain.orders import ArticleRef, DraftLine, Intent, OrderDraft
from orderdesk.domain.results import MatchResult, PricingResult, RiskResult, SupplyResult


def draft(lines: int = 1, intent: Intent = "new_order") -> OrderDraft:
    line = DraftLine(line_number=1, article=Stated(value=ArticleRef(part="A")))
    return OrderDraft(intent=Stated(value=intent), lines=(line,) * lines)


CHECKED: dict[str, Any] = {
    "match": MatchResult(),
    "pricing": PricingResult(),
    "supply": SupplyResult(),
    "risk": RiskResult(),
}


@pytest.mark.parametrize(
    ("known", "to"),
    [
        ({}, ("reader",)),
        ({"draft": draft(intent="other")}, ("gate",)),
        ({"draft": draft()}, ("matcher",)),
        ({"draft": draft(5)}, ("matcher",)),
        ({"draft": draft(6)}, ("gate",)),
        ({"draft": draft(), "match": MatchResult()}, ("pricing", "supply", "risk")),
        ({"draft": draft(), **CHECKED, "risk": None}, ("pricing", "supply", "risk")),
        ({"draft": draft(), **CHECKED}, ("booker", "correspondent")),
        ({"draft": draft(), "failures": {"matcher": "it broke"}}, ("gate",)),
        ({"draft": draft(), "hops": 9}, ("matcher",)),
        ({"draft": draft(), "hops": 10}, ("gate",)),
    ],
)
def test_what_is_known_decides_who_comes_next(known: DeskState, to: tuple[str, ...]) -> None:
    chosen = route(known, max_hops=10, max_lines=5)
    assert chosen.to == to
    assert chosen.why
