"""A summary as a person reads it, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.table import Table

from evals.intervals import Interval
from evals.summary import Accuracy, Summary


def print_summary(summary: Summary, console: Console) -> None:
    """The accuracies, the figures that matter, and each failing case by name."""
    for part in _parts(summary):
        console.print(part, highlight=False, soft_wrap=isinstance(part, str))


def as_json(summary: Summary) -> dict[str, Any]:
    """The whole summary as JSON; money as a decimal string, shares and bounds between 0 and 1."""
    return {
        **asdict(summary),
        "cost_usd": format(summary.cost_usd, "f"),
        "gate_reasons": summary.gate_reasons,
    }


def _parts(summary: Summary) -> Iterator[RenderableType]:
    table = Table("field", title=f"{summary.dataset}: {summary.messages} messages, {summary.cases} cases")
    for heading in ("right", "of", "accuracy", "95 % interval"):
        table.add_column(heading, justify="right", no_wrap=True)
    for accuracy in summary.fields:
        table.add_row(*_row(accuracy))
    yield table
    yield from (escape(text) for text in _figures(summary))
    if summary.failures:
        yield from (escape(text) for text in _failing(summary))
    for wrong in summary.wrong_bookings:
        yield f"[bold red]WRONG BOOKING[/] {escape(wrong.message)} case {wrong.case + 1}: " + escape(
            "; ".join(wrong.why)
        )
    if summary.no_truth:
        yield escape("No truth (only judged on not being booked wrongly): " + ", ".join(summary.no_truth))


def _figures(summary: Summary) -> Iterator[str]:
    through = summary.straight_through
    yield (
        f"Straight through, without a person or a question: {through.right} of {through.total} cases "
        f"({_share(through)}, {_interval(through.interval)}); {summary.booked} booked"
    )
    yield (
        f"Wrong bookings: {len(summary.wrong_bookings)} of {summary.booked} booked; at 95 % certainty at most "
        f"{_bound(summary.wrong_of_booked_at_most)} of bookings, {_bound(summary.wrong_of_cases_at_most)} of cases"
    )
    unknown = f" and what {summary.unpriced} cases cost is not known" if summary.unpriced else ""
    yield (
        f"Cost: {summary.model_calls} model calls, {summary.cost_usd} USD{unknown}; "
        f"latency p50 {summary.p50_ms} ms, p95 {summary.p95_ms} ms per case"
    )


def _failing(summary: Summary) -> Iterator[str]:
    """What is wrong, case by case; plain lines, as file names and reasons do not fit the columns of a table."""
    yield "Not as expected:"
    for (message, case), failures in groupby(summary.failures, key=lambda f: (f.message, f.case)):
        told = list(failures)
        why = told[0].why.splitlines()[0][:160] if told[0].why else ""
        yield f"  {message} case {case + 1}" + (f" ({why})" if why else "")
        for failure in told:
            expected, actual = failure.expected or "nothing", failure.actual or "nothing"
            yield f"    {failure.where}: expected {expected}, got {actual}"


def _row(accuracy: Accuracy) -> tuple[str, ...]:
    field, right, total = accuracy.field, str(accuracy.right), str(accuracy.total)
    return field, right, total, _share(accuracy), _interval(accuracy.interval)


def _share(accuracy: Accuracy) -> str:
    return f"{accuracy.right / accuracy.total:.1%}" if accuracy.total else "-"


def _interval(interval: Interval | None) -> str:
    return f"{interval.low:.1%} to {interval.high:.1%}" if interval else "-"


def _bound(bound: float | None) -> str:
    return "-" if bound is None else f"{bound:.1%}"
