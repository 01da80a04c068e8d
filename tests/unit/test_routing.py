"""The supervisor's routes: a pure function of what is known; whatever is unclear ends at the gate."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.supervisor.choose import Choice
from agents.supervisor.contract import CONTRACT, Way
from graphs.gate_node import gate_inputs
from graphs.routing import Route, route
from graphs.state import DeskState, Unfinished
from graphs.supervisor import taken_route
from orderdesk.domain.evidence import Method, Stated
from orderdesk.domain.findings import Finding, Severity
from orderdesk.domain.orders import ArticleRef, DraftLine, Intent, OrderDraft
from orderdesk.domain.results import MatchResult, PricingResult, RiskResult, SupplyResult
from orderdesk.policy.gate import LEVELS, decide, level_of
from orderdesk.policy.loader import load_policy
from tools.models.contract import RungTried, Trail

UNCLEAR = Finding(code="intent_unclear", severity="approve", path="intent", message="It is not clear.")


def draft(
    lines: int = 1, intent: Intent = "new_order", *, unclear: bool = False, method: Method = "rules"
) -> OrderDraft:
    line = DraftLine(line_number=1, article=Stated(value=ArticleRef(part="A")))
    found = (UNCLEAR,) if unclear else ()
    return OrderDraft(
        intent=Stated(value=intent, method=method), language="en", lines=(line,) * lines, findings=found
    )


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
        ({"draft": draft(intent="other", unclear=True)}, ("gate",)),
        ({"draft": draft()}, ("matcher",)),
        ({"draft": draft(unclear=True)}, ("matcher",)),
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


@pytest.mark.parametrize(
    ("known", "unclear"),
    [
        ({"draft": draft(unclear=True)}, True),
        ({"draft": draft(2, "change_order", unclear=True)}, True),
        ({"draft": draft()}, False),
        ({"draft": draft(0, unclear=True)}, False),
        ({"draft": draft(unclear=True, method="model")}, False),
        ({"draft": draft(intent="other", unclear=True)}, False),
        ({"draft": draft(6, unclear=True)}, False),
        ({"draft": draft(unclear=True), "match": MatchResult()}, False),
        ({"draft": draft(unclear=True), "corrections": {"lines[0].sku": "A"}}, False),
        ({"draft": draft(unclear=True), "failures": {"reader": "it broke"}}, False),
        ({"draft": draft(unclear=True), "hops": 10}, False),
    ],
)
def test_a_model_may_choose_only_where_lines_stand_without_a_clear_wish(
    known: DeskState, unclear: bool
) -> None:
    chosen = route(known, max_hops=10, max_lines=5)
    assert chosen.unclear == (("matcher", "gate") if unclear else ())


def choice(way: Way | None, *, person: bool = False) -> Choice:
    return Choice(way, "it looks like that", Trail(answered_by="gpt-x" if way else ""), person=person)


@pytest.mark.parametrize(
    ("chosen", "to", "says"),
    [
        (None, ("matcher",), "not clear"),
        (choice("gate"), ("gate",), "gpt-x chose gate: it looks like that"),
        (choice("matcher"), ("matcher",), "gpt-x chose matcher"),
        (choice(None), ("matcher",), "no model chose"),
        (choice(None, person=True), ("gate",), "a person decides"),
    ],
)
def test_a_model_chooses_the_way(chosen: Choice | None, to: tuple[str, ...], says: str) -> None:
    ruled = route({"draft": draft(unclear=True)}, max_hops=10, max_lines=5)
    taken = taken_route(ruled, chosen)
    assert taken.to == to
    assert says in taken.why


@pytest.mark.parametrize("way", get_args(Way))
@pytest.mark.parametrize("person", [False, True])
def test_where_nothing_was_offered_nothing_is_taken_but_a_person(way: Way, person: bool) -> None:
    ruled = Route(to=("pricing", "supply", "risk"), why="matched")
    taken = taken_route(ruled, choice(None if person else way, person=person))
    assert taken.to in (ruled.to, ("gate",))
    assert person or taken.to == ruled.to


def test_the_supervisors_contract_stands() -> None:
    assert CONTRACT.load().parameters == ("ways", "message")


def test_going_round_is_given_up_with_what_was_tried_and_what_is_needed() -> None:
    trail = Trail(rungs=(RungTried(rung="gpt-x", outcome="timeout", tries=3, ms=9000),))
    state: DeskState = {
        "draft": draft(),
        "match": MatchResult(),
        "hops": 10,
        "trails": {"reader": trail.model_dump(mode="json")},
    }
    chosen = route(state, max_hops=10, max_lines=5)
    assert chosen.to == ("gate",)
    assert chosen.cannot is not None
    assert chosen.cannot.needed
    assert not chosen.cannot.fault
    for words in (
        "I can't complete this",
        "10 supervisor steps",
        "reader, matcher finished",
        "gpt-x",
        "Needed",
    ):
        assert words in chosen.why


def test_a_worker_that_gave_up_is_quoted_with_what_it_needs() -> None:
    state: DeskState = {
        "draft": draft(),
        "failures": {"matcher": Unfinished(why="the budget is spent", needed="a bigger budget")},
    }
    chosen = route(state, max_hops=10, max_lines=5)
    assert chosen.to == ("gate",)
    assert chosen.cannot is None  # the worker has said so itself
    assert "matcher: the budget is spent" in chosen.why
    assert "Needed: a bigger budget" in chosen.why


# Workers that disagree: what each may say of one order, and what the written precedence makes of it.
def found(severity: Severity, *, hold: bool = False) -> tuple[Finding, ...]:
    code = f"made_{severity}_hold" if hold else f"made_{severity}"
    question = code if severity == "clarify" else ""
    return (Finding(code=code, severity=severity, message="m", hold=hold, question=question),)


SAYS = {
    "reject": (found("reject"), "refuse"),
    "hold": (found("approve", hold=True), "hold"),
    "clarify": (found("clarify"), "ask"),
    "approve": (found("approve"), "approve"),
    "info": (found("info"), "auto"),
}


@given(st.tuples(*[st.sampled_from(sorted(SAYS))] * 4))
def test_the_gravest_finding_decides_whichever_worker_made_it(said: tuple[str, ...]) -> None:
    reader, matcher, supply, risk = ([*SAYS[name][0]] for name in said)
    state: DeskState = {
        "draft": draft().model_copy(update={"findings": tuple(reader)}),
        "match": MatchResult(customer_id="C1", customer_confidence=1.0, findings=tuple(matcher)),
        "pricing": PricingResult(),
        "supply": SupplyResult(findings=tuple(supply)),
        "risk": RiskResult(findings=tuple(risk)),
    }
    inputs = gate_inputs(state, None).model_copy(update={"question_address": "buyer@c1.example"})
    level, _ = level_of(inputs, load_policy())
    gravest = min((SAYS[name][1] for name in said), key=LEVELS.index)
    # nothing complete is proposed here, so going on by itself is never among the answers
    assert level == min(gravest, "approve", key=LEVELS.index)


@pytest.mark.parametrize("other", ["approve", "info"])
def test_an_unclear_intent_goes_to_a_person_whatever_way_it_came(other: str) -> None:
    policy = load_policy()
    handed: DeskState = {"draft": draft(unclear=True)}
    worked: DeskState = {
        "draft": draft(unclear=True),
        "match": MatchResult(),
        "pricing": PricingResult(),
        "supply": SupplyResult(),
        "risk": RiskResult(findings=SAYS[other][0]),
    }
    for state in (worked, handed):
        assert decide(gate_inputs(state, None), policy).disposition == "approve"
