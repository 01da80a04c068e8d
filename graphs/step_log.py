"""The decision log of a step: what each worker found, in a line, with its reasons, confidence and time taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from graphs.report import case_confidence
from graphs.routing import Route
from graphs.state import DeskState, Replies
from orderdesk.domain.findings import worst
from orderdesk.domain.results import GateDecision, Proposal
from orderdesk.observability.decision_log import LogEntry

_STATE_KEY = {"reader": "draft", "matcher": "match", "booker": "proposal", "correspondent": "replies"}


def route_entries(state: DeskState, hops: int, chosen: Route, now: datetime) -> list[LogEntry]:
    """What the workers of the step before found, then the route taken from there."""
    case_id = state.get("case_id") or ""
    why = LogEntry(
        case_id=case_id,
        step=hops,
        node="supervisor",
        kind="route",
        what=" + ".join(chosen.to),
        why=chosen.why,
        at=now,
    )
    return [*worker_entries(state, hops, _last_workers(state), now), why]


def gate_entries(
    state: DeskState, decision: GateDecision, what: str, evidence: dict[str, Any], now: datetime
) -> list[LogEntry]:
    """What the two proposing workers came to, then what the gate decided."""
    hops = state.get("hops", 0)
    gate = LogEntry(
        case_id=state.get("case_id") or "",
        step=hops,
        node="gate",
        kind="gate",
        what=what,
        why="; ".join(decision.reasons) or "every check passed",
        confidence=case_confidence(state),
        evidence={"reasons": list(decision.reasons), **evidence},
        at=now,
    )
    return [*worker_entries(state, hops, ("booker", "correspondent"), now), gate]


def worker_entries(state: DeskState, hops: int, names: Sequence[str], now: datetime) -> list[LogEntry]:
    """One entry per named worker that has a result, or that could not finish."""
    entries: list[LogEntry] = []
    failures = state.get("failures") or {}
    for name in names:
        part: Any = state.get(_STATE_KEY.get(name, name))
        if part is None and name not in failures:
            continue
        findings = getattr(part, "findings", ())
        why = failures.get(name) or "; ".join(f.message for f in findings if f.severity != "info")
        codes = [f"{f.code}@{f.path}" if f.path else f.code for f in findings]
        entries.append(
            LogEntry(
                case_id=state.get("case_id") or "",
                step=hops,
                node=name,
                kind="failure" if name in failures else "result",
                what="could not finish" if part is None else _summary(name, part),
                why=why or _without_findings(name, part),
                latency_ms=state.get("timings", {}).get(name),
                confidence=_confidence(name, part),
                evidence={"findings": codes, "worst": worst(findings)} if codes else None,
                at=now,
            )
        )
    return entries


def _last_workers(state: DeskState) -> tuple[str, ...]:
    """Which workers ran in the step before, told from how far the case is."""
    failed = tuple(state.get("failures") or ())
    if state.get("pricing") is not None or state.get("supply") is not None or state.get("risk") is not None:
        return ("pricing", "supply", "risk")
    if state.get("match") is not None:
        return ("matcher", *failed)
    if state.get("draft") is not None:
        return ("reader", *failed)
    return failed


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
        case "booker":
            book = part.book
            return (
                f"book {len(book.lines)} lines, {book.net_total} {book.currency}"
                if book
                else "nothing to book"
            )
        case "correspondent":
            kinds = ", ".join(f"{r.kind} to {r.to or 'nobody'} ({r.language})" for r in part.options)
            return kinds or "no answer"
        case _:
            return ", ".join(part.signs) or "no signs"


def _without_findings(name: str, part: Any) -> str:
    if isinstance(part, Proposal):
        return "; ".join(part.missing) or "every line is certain"
    if isinstance(part, Replies):
        return "from templates"
    return "nothing stands against it"


def _confidence(name: str, part: Any) -> float | None:
    if name == "reader" and part is not None:
        return min((line.article.confidence for line in part.lines), default=part.intent.confidence)
    if name == "matcher" and part is not None:
        return min((line.confidence for line in part.lines), default=part.customer_confidence)
    return None
