"""Which rungs of a worker's ladder were tried: as entries of the decision log, and in words for a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from graphs.state import DeskState
from orderdesk.observability.decision_log import LogEntry
from tools.models.contract import RungTried, Trail, Use

_WORDS: dict[str, str] = {
    "answered": "answered",
    "rate_limited": "asked us to slow down",
    "no_credit": "has no credit left",
    "unavailable": "was not available",
    "timeout": "did not answer in time",
    "garbage": "answered what nobody can read",
    "misconfigured": "is not set up right",
    "too_large": "cannot take that much",
    "refused": "refused to answer",
    "invalid": "answered against its contract",
    "our_request": "could not accept what we sent",
    "breaker_open": "was not asked, as it has been failing",
    "busy": "was not asked, as it had no free place in time",
    "over_budget": "was not asked, as the case has spent what it may",
}


def trail_of(state: DeskState, name: str) -> Trail | None:
    """The rungs a worker has tried; None where it asked no model."""
    found = (state.get("trails") or {}).get(name)
    return Trail.model_validate(found) if found else None


def given_trail(name: str, trail: Trail | None) -> dict[str, Any]:
    """What a worker gives to keep its trail. Every key that is given is a row of the checkpoint: no trail, no key."""
    return {} if trail is None else {"trails": {name: trail.model_dump(mode="json")}}


def what_was_tried(state: DeskState) -> list[str]:
    """Every rung of every worker, in words: who was asked, what became of it, how often and for how long."""
    tried: list[str] = []
    for name in state.get("trails") or {}:
        trail = trail_of(state, name)
        tried += [f"{name} on {in_words(rung)}" for rung in (trail.rungs if trail else ())]
    return tried


def in_words(rung: RungTried) -> str:
    """One rung: 'gpt-4.1-mini: did not answer in time (1 try, 20.0 s)'."""
    tries = "1 try" if rung.tries == 1 else f"{rung.tries} tries"
    effort = f" ({tries}, {rung.ms / 1000:.1f} s)" if rung.tries else ""
    return f"{rung.rung}: {_WORDS.get(rung.outcome, 'failed')}{effort}"


def of_trail(trail: Trail | None) -> dict[str, Any]:
    """The fields of a log entry that a trail settles: who decided, and what that cost."""
    if trail is None:
        return {}
    return {
        "actor": trail.answered_by or "rules",
        "tokens_in": trail.use.tokens_in,
        "tokens_out": trail.use.tokens_out,
        "cost_usd": cost_of(trail.use),
    }


def cost_of(use: Use) -> Decimal | None:
    """What calls have cost, in US dollars: nothing where there were none, None where it is not known."""
    return use.cost_usd if use.calls else Decimal(0)


def trail_evidence(trail: Trail | None) -> dict[str, Any]:
    """A trail as evidence of a log entry: each rung with its outcome, its reason, its tries and its time."""
    if trail is None:
        return {}
    rungs = [rung.model_dump(mode="json") for rung in trail.rungs]
    return {"rungs": rungs, "calls": trail.use.calls, "remembered": trail.remembered}


def rung_entries(name: str, trail: Trail | None, where: Mapping[str, Any], now: datetime) -> list[LogEntry]:
    """An entry for each rung that gave no answer, before the worker's own.

    A provider that is down is no incident of ours: only what somebody has to mend counts as a failure. Tokens and
    cost stand in the worker's entry, so that sums over the log count them once.
    """
    return [
        LogEntry(
            **where,
            node=f"{name}:{rung.rung}",
            n=n,
            kind="failure" if rung.alert else "note",
            what=in_words(rung),
            why=rung.why or "no reason was given",
            latency_ms=rung.ms,
            evidence=rung.model_dump(mode="json"),
            at=now,
        )
        for n, rung in enumerate(trail.rungs if trail else ())
        if rung.outcome != "answered"
    ]
