"""Figures of everything so far, with the outcomes as a small chart."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from orderdesk.desk.context import desk_of, signed_in
from orderdesk.desk.formats import OUTCOMES
from orderdesk.desk.rendering import render


async def show_stats(request: Request) -> Response:
    """Cases by outcome, what waits, what failed, cost and latency."""
    signed_in(request)
    service = desk_of(request).service()
    stats, engine = await service.stats(), await service.engine()
    outcomes = sorted(
        ((name, int(stats["outcomes"].get(name, 0))) for name in OUTCOMES),
        key=lambda pair: pair[1],
        reverse=True,
    )
    return render(
        request,
        "stats.html",
        {"stats": stats, "engine": engine, "outcomes": [pair for pair in outcomes if pair[1]]},
    )
