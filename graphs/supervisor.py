"""The supervisor: routes by rules, counts its steps, and logs each route and what the last worker found."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from langgraph.types import Command

from graphs.routing import Route, route
from graphs.services import Services
from graphs.state import DeskState
from orderdesk.domain.findings import worst
from orderdesk.observability.decision_log import LogEntry, write_log

Next = Literal["reader", "matcher", "pricing", "supply", "risk", "booker", "correspondent", "gate"]


def make_supervisor(services: Services) -> Callable[[DeskState], Awaitable[Command[Next]]]:
    """The supervisor node over the given services."""

    async def supervisor(state: DeskState) -> Command[Next]:
        """Pick the next worker or workers; log what the last ones found and why it goes on this way."""
        hops = state.get("hops", 0) + 1
        chosen = route(state, max_hops=services.max_hops)
        async with services.pool.connection() as connection:
            await write_log(connection, log_of_step(state, hops, chosen, services))
        return Command(goto=list(chosen.to), update={"hops": hops})

    return supervisor


def log_of_step(state: DeskState, hops: int, chosen: Route, services: Services) -> list[LogEntry]:
    """What the workers of the step before found, then the route taken from there."""
    case_id = state.get("case_id") or ""
    now = services.clock.now()
    entries = [
        LogEntry(
            case_id=case_id, step=hops, node=name, kind="result", what=what, why=why,
            latency_ms=state.get("timings", {}).get(name), confidence=confidence, evidence=evidence, at=now,
        )
        for name, what, why, confidence, evidence in worker_results(state, last_workers(state))
    ]  # fmt: skip
    entries.append(
        LogEntry(
            case_id=case_id, step=hops, node="supervisor", kind="route", what=" + ".join(chosen.to), why=chosen.why,
            at=now,
        )
    )  # fmt: skip
    return entries


def last_workers(state: DeskState) -> tuple[str, ...]:
    """Which workers ran in the step before, told from how far the case is."""
    if state.get("pricing") is not None:
        return ("pricing", "supply", "risk")
    if state.get("match") is not None:
        return ("matcher",)
    if state.get("draft") is not None:
        return ("reader",)
    return ()


def worker_results(
    state: DeskState, names: tuple[str, ...]
) -> list[tuple[str, str, str, float | None, dict[str, Any] | None]]:
    """Each worker's result in a line: name, what, why, confidence, evidence."""
    rows: list[tuple[str, str, str, float | None, dict[str, Any] | None]] = []
    for name in names:
        part: Any = state.get({"reader": "draft", "matcher": "match"}.get(name, name))
        if part is None:
            continue
        findings = part.findings
        why = "; ".join(f.message for f in findings if f.severity != "info") or "nothing stands against it"
        codes = {
            "findings": [f"{f.code}@{f.path}" if f.path else f.code for f in findings],
            "worst": worst(findings),
        }
        rows.append((name, _summary(name, part), why, _confidence(name, part), codes))
    return rows


def _summary(name: str, part: Any) -> str:
    match name:
        case "reader":
            po = part.po_number.value if part.po_number else "no order number"
            return f"{part.intent.value}, {po}, {len(part.lines)} lines"
        case "matcher":
            known = sum(line.sku is not None for line in part.lines)
            return f"customer {part.customer_id or 'unknown'}, {known} of {len(part.lines)} articles"
        case "pricing":
            return f"net total {part.net_total} {part.currency}" if part.net_total is not None else "no price"
        case "supply":
            return f"delivery {part.delivery_date}" if part.delivery_date else "no date"
        case _:
            return ", ".join(part.signs) or "no signs"


def _confidence(name: str, part: Any) -> float | None:
    if name == "reader":
        return min((line.article.confidence for line in part.lines), default=part.intent.confidence)
    if name == "matcher":
        return min((line.confidence for line in part.lines), default=part.customer_confidence)
    return None
