"""The benchmark measures what it says it measures; how fast it is is nobody's assertion."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from evals.bench.order_cost import measure
from evals.bench.printing import print_cost
from orderdesk.settings import Settings


async def test_a_few_orders_are_measured() -> None:
    cost = await measure(Settings(), 3, profile=True)
    assert sum(cost.outcomes.values()) == cost.orders == len(cost.drive_ms) == 3
    assert cost.model_calls == 0
    assert 0 < cost.checkpoint_rows <= cost.all_rows
    assert cost.checkpoint_bytes > 0
    # Storing the message, each checkpoint and the effects: fewer commits cannot be, so nothing was lost.
    assert cost.commits > cost.checkpoint_rows / 2
    out = StringIO()
    print_cost(cost, Console(file=out, width=120))
    for word in ("checkpoint rows", "<= 14", "commits", "wall p50", "Most expensive functions"):
        assert word in out.getvalue()
