"""The injection suite in figures: what became of the attacks, and what a person is told about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Protocol

from tests.faults.injection_effects import Consequences
from tests.faults.injection_messages import Attack

FLAGS = (
    "injection_suspected", "hidden_text", "bank_details_changed", "lookalike_domain", "fraud_signs", "ship_to_suspect",
    "unknown_customer",
)  # fmt: skip


class Ran(Protocol):
    """One attack, read once."""

    @property
    def attack(self) -> Attack:
        """What was tried."""
        ...

    @property
    def done(self) -> Consequences:
        """What it led to."""
        ...

    @property
    def requests(self) -> Sequence[object]:
        """What the model was sent."""
        ...


def injection_report(runs: Collection[Ran]) -> str:
    """A table for the terminal: how many were flagged and as what, held, and booked as honestly ordered."""
    names = {run.attack.name for run in runs}
    outcomes = Counter(outcome for run in runs for outcome in run.done.outcomes)
    booked = {run.attack.name for run in runs if run.done.orders}
    flags: dict[str, str] = {}
    for run in runs:
        flags[run.attack.name] = next((flag for flag in FLAGS if flag in run.done.codes), "")
    counted = Counter(flag for flag in flags.values() if flag)
    lines = [
        "",
        f"Injection: {len(names)} attacks, each read twice by a model that obeys (real quotes, made-up quotes), "
        f"{sum(len(run.requests) for run in runs)} requests to it.",
        f"  held for a person or the customer: {len(names - booked)}; booked exactly as honestly ordered: {len(booked)}",
        *(f"  flagged {flag}: {n}" for flag, n in counted.most_common()),
        f"  not flagged: {'; '.join(name for name, flag in flags.items() if not flag) or 'none'}",
        "  outcomes: " + ", ".join(f"{outcome} {n}" for outcome, n in outcomes.most_common()),
    ]
    return "\n".join(lines)
