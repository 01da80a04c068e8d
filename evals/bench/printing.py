"""What an order costs, beside what it is meant to cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from rich.console import Console
from rich.table import Table

from evals.bench.order_cost import OrderCost
from evals.summary import percentile

# What we aim for: for information only, as it depends on the machine.
TARGETS = {
    "checkpoint rows": "<= 14",
    "wall p50": "< 150 ms",
    "CPU": "< 70 ms",
    "commits through the queue": "<= 30",
}
_SHOWN = 10


def print_cost(cost: OrderCost, console: Console) -> None:
    """The figures per order, the stages, and the profile where there is one."""
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(cost.outcomes.items()))
    console.print(f"{cost.orders} structured orders, one after another: {outcomes}", highlight=False)
    table = Table("per order", title="Cost of an order", title_justify="left")
    table.add_column("measured", justify="right")
    table.add_column("aim", justify="right")
    for name, value in _figures(cost):
        table.add_row(name, value, TARGETS.get(name, ""))
    console.print(table)
    stages = Table("stage", title="Where the time goes", title_justify="left")
    for heading in ("p50 ms", "p95 ms", "share"):
        stages.add_column(heading, justify="right")
    whole = sum(cost.read_ms) + sum(cost.drive_ms)
    for name, times in (("read and store", cost.read_ms), ("drive and deliver", cost.drive_ms)):
        shares = f"{sum(times) / whole:.0%}" if whole else "-"
        stages.add_row(name, str(percentile(times, 0.5)), str(percentile(times, 0.95)), shares)
    console.print(stages)
    if cost.profile is not None:
        console.print(_profile(cost))


def _figures(cost: OrderCost) -> list[tuple[str, str]]:
    return [
        ("checkpoint rows", f"{cost.checkpoint_rows:.1f}"),
        ("rows of all the saver's tables", f"{cost.all_rows:.1f}"),
        ("checkpoint bytes", f"{cost.checkpoint_bytes:,.0f}"),
        ("commits", f"{cost.commits:.1f}"),
        ("CPU", f"{cost.cpu_ms + cost.reader_cpu_ms:.1f} ms"),
        ("  of this process", f"{cost.cpu_ms:.1f} ms"),
        ("  of the reader", f"{cost.reader_cpu_ms:.1f} ms"),
        ("wall p50", f"{cost.p50_ms} ms"),
        ("wall p95", f"{cost.p95_ms} ms"),
        ("model calls", f"{cost.model_calls / cost.orders:g}"),
        *_by_worker(cost),
    ]


def _by_worker(cost: OrderCost) -> list[tuple[str, str]]:
    """The same orders through the queue: their jobs are in it, and what they send is sent together."""
    if cost.by_worker is None:
        return []
    return [
        ("commits through the queue", f"{cost.by_worker.commits:.1f}"),
        ("CPU of a worker", f"{cost.by_worker.cpu_ms:.1f} ms"),
        ("wall of a worker", f"{cost.by_worker.wall_ms:.0f} ms"),
    ]


def _profile(cost: OrderCost) -> Table:
    """The functions in which most time was spent, without what they call."""
    table = Table(
        "function", title="Most expensive functions (profiled: slower than real)", title_justify="left"
    )
    for heading in ("calls", "own ms", "with callees ms"):
        table.add_column(heading, justify="right")
    stats = cast("dict[tuple[str, int, str], Any]", vars(cost.profile)["stats"])
    dearest = sorted(stats.items(), key=lambda item: item[1][2], reverse=True)[:_SHOWN]
    for (file, line, function), (_, calls, own, whole, _callers) in dearest:
        where = f"{'/'.join(Path(file).parts[-2:])}:{line} {function}" if line else function
        per_order = [f"{calls / cost.orders:.0f}", *(f"{s * 1000 / cost.orders:.2f}" for s in (own, whole))]
        table.add_row(where, *per_order)
    return table
