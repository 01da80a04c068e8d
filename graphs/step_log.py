"""The decision log of a step: what each worker found, in a line, with its reasons, confidence and time taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from graphs.handoff import handoff_text
from graphs.report import case_confidence
from graphs.routing import Route
from graphs.state import DeskState, Replies, unfinished
from graphs.trails import of_trail, rung_entries, trail_evidence, trail_of
from orderdesk.domain.findings import worst
from orderdesk.domain.results import GateDecision, Proposal
from orderdesk.observability.decision_log import LogEntry
from orderdesk.review.payload import Handoff
from tools.models.contract import Trail

_STATE_KEY = {"reader": "draft", "matcher": "match", "booker": "proposal", "correspondent": "replies"}

# The workers that run side by side.
_CHECKS = ("pricing", "supply", "risk")


def route_entries(
    state: DeskState, hops: int, chosen: Route, now: datetime, trail: Trail | None = None
) -> list[LogEntry]:
    """What the workers of the step before found, then the route taken from there; `trail` if a model was asked."""
    case_id = state.get("case_id") or ""
    why = LogEntry(
        case_id=case_id,
        step=hops,
        node="supervisor",
        kind="route",
        what=" + ".join(chosen.to),
        why=chosen.why,
        evidence=trail_evidence(trail) or None,
        at=now,
        **of_trail(trail),
    )
    rungs = rung_entries("supervisor", trail, {"case_id": case_id, "step": hops}, now)
    return [*worker_entries(state, hops, _last_workers(state), now), *rungs, why]


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


def handoff_entry(state: DeskState, handoff: Handoff, now: datetime) -> LogEntry:
    """What the person who takes over is told, on record."""
    return LogEntry(
        case_id=state.get("case_id") or "",
        step=state.get("hops", 0),
        node="handoff",
        kind="note",
        what="handed over to a person",
        why=handoff_text(handoff),
        evidence=handoff.model_dump(mode="json"),
        at=now,
    )


def worker_entries(state: DeskState, hops: int, names: Sequence[str], now: datetime) -> list[LogEntry]:
    """One entry per named worker that has a result, or that could not finish."""
    entries: list[LogEntry] = []
    stopped = unfinished(state)
    where = {"case_id": state.get("case_id") or "", "step": hops}
    for name in names:
        part: Any = state.get(_STATE_KEY.get(name, name))
        failed = stopped.get(name)
        if part is None and failed is None:
            continue
        trail = trail_of(state, name)
        findings = getattr(part, "findings", ())
        why = failed.why if failed else "; ".join(f.message for f in findings if f.severity != "info")
        codes = [f"{f.code}@{f.path}" if f.path else f.code for f in findings]
        evidence = {"findings": codes, "worst": worst(findings)} if codes else {}
        entries += rung_entries(name, trail, where, now)
        entries.append(
            LogEntry(
                **where,
                node=name,
                kind="failure" if failed and failed.fault else "result",
                what="could not finish" if failed else _summary(name, part),
                why=why or _without_findings(name, part),
                latency_ms=state.get("timings", {}).get(name),
                confidence=_confidence(name, part),
                evidence={**evidence, **trail_evidence(trail)} or None,
                at=now,
                **of_trail(trail),
            )
        )
    return entries


def _last_workers(state: DeskState) -> tuple[str, ...]:
    """Which workers ran in the step before, told from how far the case is and from who could not finish."""
    failed = tuple(state.get("failures") or ())
    if set(failed) & set(_CHECKS):
        return _CHECKS
    if failed:
        return failed
    if state.get("pricing") is not None or state.get("supply") is not None or state.get("risk") is not None:
        return _CHECKS
    if state.get("match") is not None:
        return ("matcher",)
    return ("reader",)


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
