"""The figures of an evaluation, summed up from what the evaluators said of each message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evals.feedback import FIGURES, Feedback
from evals.intervals import Interval, upper_bound, wilson
from evals.offline import Row
from evals.samples import Dataset


@dataclass(frozen=True)
class Accuracy:
    """How often a field was right, with Wilson's 95 % interval."""

    field: str
    right: int
    total: int
    interval: Interval | None


@dataclass(frozen=True)
class Failure:
    """One value of one case that is not as it should be; `why` is the case's own last reason."""

    message: str
    case: int
    field: str
    where: str
    expected: str | None
    actual: str | None
    why: str


@dataclass(frozen=True)
class WrongBooking:
    """A case that was booked and should not have been, or not so."""

    message: str
    case: int
    why: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """One dataset's evaluation. Latencies are in milliseconds, shares between 0 and 1."""

    dataset: str
    gates_outcomes: bool
    messages: int
    cases: int
    booked: int
    fields: tuple[Accuracy, ...]
    failures: tuple[Failure, ...]
    wrong_bookings: tuple[WrongBooking, ...]
    # One-sided 95 % upper bounds of the share of wrong bookings, of all cases and of the bookings.
    wrong_of_cases_at_most: float | None
    wrong_of_booked_at_most: float | None
    straight_through: Accuracy
    model_calls: int
    cost_usd: Decimal  # of the cases whose cost is known
    unpriced: int  # cases whose cost is not known
    p50_ms: int | None
    p95_ms: int | None
    no_truth: tuple[str, ...]

    @property
    def gate_reasons(self) -> list[str]:
        """What closes the gate, in words; empty when it is open."""
        reasons = [
            f"{w.message} case {w.case + 1}: wrong booking ({'; '.join(w.why)})" for w in self.wrong_bookings
        ]
        if self.gates_outcomes:
            reasons += [
                f"{f.message} case {f.case + 1}: {f.actual or 'nothing'} instead of {f.expected}"
                for f in self.failures
                if f.field == "outcome"
            ]
        return reasons


def summarise(dataset: Dataset, rows: Sequence[Row]) -> Summary:
    """Sum up the rows of a dataset's messages."""
    told = [(row, item) for row in rows for item in row.feedback]
    wrong = _of(told, "wrong_booking")
    bad = tuple(
        WrongBooking(row.message, item.value["case"], tuple(item.value["why"]))
        for row, item in wrong
        if item.score
    )
    booked = sum(1 for _, item in wrong if item.value["booked"])
    through = _of(told, "straight_through")
    calls = _of(told, "model_calls")
    costs: list[str | None] = [item.value["cost_usd"] for _, item in calls]
    latencies = [item.score for _, item in _of(told, "latency_ms")]
    return Summary(
        dataset=dataset.name,
        gates_outcomes=dataset.gates_outcomes,
        messages=len(rows),
        cases=len(wrong),
        booked=booked,
        fields=_accuracies(told, rows),
        failures=tuple(_failures(told, rows)),
        wrong_bookings=bad,
        wrong_of_cases_at_most=upper_bound(len(bad), len(wrong)),
        wrong_of_booked_at_most=upper_bound(len(bad), booked) if len(bad) <= booked else None,
        straight_through=_accuracy("straight_through", [item.score for _, item in through]),
        model_calls=sum(int(item.score) for _, item in calls),
        cost_usd=sum((Decimal(cost) for cost in costs if cost is not None), Decimal(0)),
        unpriced=costs.count(None),
        p50_ms=percentile(latencies, 0.50),
        p95_ms=percentile(latencies, 0.95),
        no_truth=tuple(sample.name for sample in dataset.samples if sample.cases is None),
    )


def percentile(values: Sequence[float], share: float) -> int | None:
    """The smallest value that at least `share` of the values do not exceed, rounded; None without values."""
    if not values:
        return None
    ranked = sorted(values)
    rank = max(1, -(-len(ranked) * round(share * 100) // 100))  # rounded up, in whole numbers
    return round(ranked[rank - 1])


Told = Sequence[tuple[Row, Feedback]]


def _of(told: Told, key: str) -> list[tuple[Row, Feedback]]:
    return [(row, item) for row, item in told if item.key == key]


def _accuracies(told: Told, rows: Sequence[Row]) -> tuple[Accuracy, ...]:
    scores: dict[str, list[float]] = defaultdict(list)
    for _, item in told:
        if item.key not in FIGURES:
            scores[item.key].append(item.score)
    # A message that failed altogether has no outcome, which counts against the outcomes.
    scores["outcome"] += [0.0 for row in rows if row.error]
    return tuple(_accuracy(field, found) for field, found in scores.items() if found)


def _accuracy(field: str, scores: Sequence[float]) -> Accuracy:
    right = sum(1 for score in scores if score == 1.0)
    return Accuracy(field, right, len(scores), wilson(right, len(scores)))


def _failures(told: Told, rows: Sequence[Row]) -> list[Failure]:
    failures = [
        Failure(row.message, 0, "outcome", "outcome", "an outcome", f"error: {row.error}", row.error)
        for row in rows
        if row.error
    ]
    for row, item in told:
        if item.key in FIGURES or item.score == 1.0:
            continue
        value: dict[str, Any] = item.value
        whys: list[str] = row.output.get("whys", [])
        why = whys[value["case"]] if value["case"] < len(whys) else ""
        failures.append(
            Failure(
                row.message, value["case"], item.key, value["where"], value["expected"], value["actual"], why
            )
        )
    order = {row.message: n for n, row in enumerate(rows)}
    return sorted(failures, key=lambda f: (order[f.message], f.case))
