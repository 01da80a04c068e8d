"""All evaluators: a message's truth and its reports in, figures out; each is one small function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any

from evals.bookings import BOOKED, STRAIGHT_THROUGH, wrong_booking
from evals.checks import Check, Report, header_checks, line_checks, outcome_check
from evals.samples import ExpectedCase

# What an evaluator gets: {"cases": [...] or null, "bookable": bool} and {"reports": [...]}.
Truth = dict[str, Any]
Output = dict[str, Any]


@dataclass(frozen=True)
class Feedback:
    """One figure about one case of a message: a share or a count as `score`, its particulars as `value`."""

    key: str
    score: float
    value: dict[str, Any]


Evaluator = Callable[[Truth, Output], Iterator[Feedback]]


def outcomes(truth: Truth, output: Output) -> Iterator[Feedback]:
    """Whether each case stopped where it should."""
    for case, expected, actual in _pairs(truth, output):
        yield from _counted(case, outcome_check(expected, actual))


def header_fields(truth: Truth, output: Output) -> Iterator[Feedback]:
    """Customer, numbers, dates, addresses, currency, total and required findings."""
    for case, expected, actual in _pairs(truth, output):
        yield from _counted(case, header_checks(expected, actual))


def line_fields(truth: Truth, output: Output) -> Iterator[Feedback]:
    """The number of lines; article, quantity, unit and price of each."""
    for case, expected, actual in _pairs(truth, output):
        yield from _counted(case, line_checks(expected, actual))


def wrong_bookings(truth: Truth, output: Output) -> Iterator[Feedback]:
    """1 for each case that was booked and should not have been, or not so; judged even without a truth."""
    known = truth["cases"] is not None
    for case, actual in enumerate(output["reports"]):
        expected = _nth(truth["cases"], case) if known else {}
        why = wrong_booking(expected, actual, bookable=truth["bookable"])
        booked = actual["outcome"] in BOOKED
        yield Feedback("wrong_booking", float(bool(why)), {"case": case, "why": why, "booked": booked})


def straight_through(truth: Truth, output: Output) -> Iterator[Feedback]:
    """1 for each case that ended without a person and without a question."""
    for case, actual in enumerate(output["reports"]):
        yield Feedback("straight_through", float(actual["outcome"] in STRAIGHT_THROUGH), {"case": case})


def effort(truth: Truth, output: Output) -> Iterator[Feedback]:
    """What each case took: model calls, money and milliseconds."""
    for case, actual in enumerate(output["reports"]):
        # None where the price of a call is not known: that is no zero.
        value = {"case": case, "cost_usd": actual["cost_usd"], "outcome": actual["outcome"]}
        yield Feedback("model_calls", float(actual["model_calls"] or 0), value)
        yield Feedback("latency_ms", float(actual["latency_ms"] or 0), value)


EVALUATORS: tuple[Evaluator, ...] = (
    outcomes, header_fields, line_fields, wrong_bookings, straight_through, effort,
)  # fmt: skip
# Keys that do not say whether a field is right.
FIGURES = frozenset({"wrong_booking", "straight_through", "model_calls", "latency_ms"})


def _pairs(truth: Truth, output: Output) -> Iterator[tuple[int, ExpectedCase | None, Report | None]]:
    if truth["cases"] is None:
        return
    for case, (expected, actual) in enumerate(zip_longest(truth["cases"], output["reports"])):
        yield case, expected, actual


def _counted(case: int, checks: Iterable[Check]) -> Iterator[Feedback]:
    for check in checks:
        yield Feedback(check.field, float(check.right), {"case": case, **asdict(check)})


def _nth(cases: list[ExpectedCase], index: int) -> ExpectedCase | None:
    return cases[index] if index < len(cases) else None
