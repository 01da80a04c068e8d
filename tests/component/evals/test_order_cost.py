"""The benchmark measures what it says it measures; how fast it is is nobody's assertion."""

from __future__ import annotations

import gc
from io import StringIO

from rich.console import Console

from evals.bench.order_cost import measure
from evals.bench.printing import print_cost
from orderdesk.settings import Settings
from orderdesk.worker import work


async def test_a_few_orders_are_measured() -> None:
    usual = gc.get_threshold()
    cost = await measure(Settings(), 3, profile=True, work=work)
    assert gc.get_threshold() == usual
    assert sum(cost.outcomes.values()) == cost.orders == len(cost.drive_ms) == 3
    assert cost.model_calls == 0
    assert 0 < cost.checkpoint_rows <= cost.all_rows
    assert cost.checkpoint_bytes > 0
    # Storing the message, each checkpoint and the effects: fewer commits cannot be, so nothing was lost.
    assert cost.commits > cost.checkpoint_rows / 2
    assert cost.by_worker is not None
    assert cost.by_worker.orders == 3
    # A job is fetched and finished beside all that; what is sent is sent by a job of its own.
    assert cost.by_worker.commits > cost.checkpoint_rows / 2 + 2
    out = StringIO()
    print_cost(cost, Console(file=out, width=120))
    for word in (
        "checkpoint rows",
        "<= 14",
        "commits",
        "commits through the queue",
        "wall p50",
        "Most expensive functions",
    ):
        assert word in out.getvalue()
