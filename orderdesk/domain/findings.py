"""Findings: what a check saw, how serious it is, where, and a sentence a clerk understands."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from orderdesk.domain.base import Value

Severity = Literal["info", "clarify", "approve", "reject"]

# hold = a person decides because of fraud, credit or a block: outranks a question to the customer.
Precedence = Literal["reject", "hold", "clarify", "approve", "info"]
PRECEDENCE: tuple[Precedence, ...] = ("reject", "hold", "clarify", "approve", "info")


class Finding(Value):
    """One observation with a stable code.

    severity: info (goes on), clarify (ask the customer), approve (a person decides), reject (refused).
    `hold` marks an approve-finding that outranks questions: fraud, credit, blocked, injection.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    severity: Severity
    path: str = Field(default="", description="'lines[0].unit_price', 'po_number'; lines are 0-based")
    message: str
    hold: bool = False
    question: str = Field(
        default="", description="the code's question template name, where a customer can settle it"
    )
    facts: dict[str, str] = Field(default_factory=dict, description="figures the message and question use")
    options: tuple[str, ...] = Field(default=(), description="choices a customer or clerk can pick from")

    @property
    def precedence(self) -> Precedence:
        """Rank in the written precedence: reject > hold > clarify > approve > info."""
        if self.severity == "approve" and self.hold:
            return "hold"
        return self.severity


def worst(findings: tuple[Finding, ...] | list[Finding]) -> Precedence:
    """The highest precedence among findings; info for none."""
    ranks: list[Precedence] = [f.precedence for f in findings]
    return min(ranks, key=PRECEDENCE.index) if ranks else "info"
