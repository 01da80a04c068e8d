"""For machines that watch the desk: is it up, can it work, and its figures for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from checkpoints.pools import AWAY
from orderdesk.cases.service import CaseService

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def health_routes(service: Callable[[], CaseService]) -> list[Route]:
    """/healthz, /readyz and /metrics. They hold figures and no names; keep them off the outside address."""

    async def healthz(request: Request) -> Response:
        """The process is up."""
        return JSONResponse({"status": "ok"})

    async def readyz(request: Request) -> Response:
        """The database answers."""
        try:
            await service().open_cases(limit=1)
        except AWAY:
            return JSONResponse({"status": "unavailable", "database": "does not answer"}, 503)
        return JSONResponse({"status": "ok", "database": "answers"})

    async def metrics(request: Request) -> Response:
        """The figures, in Prometheus' text format."""
        try:
            stats, engine = await service().stats(), await service().engine()
        except AWAY:
            return PlainTextResponse("# the database does not answer\n", 503, media_type=METRICS_TYPE)
        return Response(metrics_text(stats, engine), media_type=METRICS_TYPE)

    return [
        Route("/healthz", healthz, include_in_schema=False),
        Route("/readyz", readyz, include_in_schema=False),
        Route("/metrics", metrics, include_in_schema=False),
    ]


def metrics_text(stats: Mapping[str, Any], engine: Mapping[str, Any]) -> str:
    """Everything is a gauge: the figures are counted in the database, where retention may lower them."""
    families: list[tuple[str, str, Mapping[str, Any]]] = [
        ("cases", "Cases by outcome.", _labelled("outcome", stats["outcomes"])),
        ("cases_all", "Cases, whatever their state.", {"": stats["cases"]}),
        ("orders", "Orders booked.", {"": stats["orders"]}),
        ("order_lines", "Lines of booked orders.", {"": stats["order_lines"]}),
        ("effects", "Effects by status.", _labelled("status", stats["effects"] | engine["effects"])),
        ("reviews_waiting", "Reviews waiting for a person.", {"": stats["reviews_waiting"]}),
        ("questions_waiting", "Cases waiting for the customer.", {"": stats["questions_waiting"]}),
        ("dead_letters", "Cases that failed for good.", {"": stats["dead_letters"]}),
        ("incidents", "Failures on record.", {"": stats["incidents"]}),
        ("open_incidents", "What a person has to see to.", {"": engine["open_incidents"]}),
        ("jobs_waiting", "Jobs that wait, by queue.", _labelled("queue", engine["jobs_waiting"])),
        ("jobs_doing", "Jobs being done, by queue.", _labelled("queue", engine["jobs_doing"])),
        (
            "oldest_waiting_case_seconds",
            "Age of the oldest case nobody has begun, in seconds; 0 = none waits.",
            {"": engine["oldest_waiting_s"]},
        ),
        (
            "workers_alive",
            "Workers of the queue with a fresh heartbeat, two for each worker process.",
            {"": engine["workers_alive"]},
        ),
        ("model_calls", "Model calls.", {"": stats["model_calls"]}),
        ("model_calls_unpriced", "Model calls whose cost is not known.", {"": stats["unpriced_calls"]}),
        ("model_tokens", "Model tokens.", _labelled("direction", _tokens(stats))),
        (
            "model_cost_usd",
            "Cost of the model calls that have a price, in US dollars.",
            {"": stats["cost_usd"]},
        ),
        (
            "case_latency_seconds",
            "Working time of finished cases, in seconds.",
            _labelled("quantile", {"0.5": stats["p50_ms"] / 1000, "0.95": stats["p95_ms"] / 1000}),
        ),
    ]
    lines: list[str] = []
    for name, about, samples in families:
        lines += [f"# HELP orderdesk_{name} {about}", f"# TYPE orderdesk_{name} gauge"]
        lines += [f"orderdesk_{name}{labels} {value}" for labels, value in samples.items()]
    return "\n".join(lines) + "\n"


def _labelled(label: str, samples: Mapping[str, Any]) -> dict[str, Any]:
    return {f'{{{label}="{key}"}}': value for key, value in samples.items()}


def _tokens(stats: Mapping[str, Any]) -> dict[str, Any]:
    return {"in": stats["tokens_in"], "out": stats["tokens_out"]}
