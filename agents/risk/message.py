"""What the readers saw in the message itself: orders to the assistant, hidden text, macros, bank details."""

from __future__ import annotations

from agents.risk.contract import RiskInput
from orderdesk.domain.findings import Finding
from orderdesk.policy.risk import RiskPolicy


def carried(given: RiskInput, policy: RiskPolicy) -> list[Finding]:
    """The message's own findings that hold an order, as holds; notes (info) stay notes and are not repeated."""
    return [
        finding if finding.hold else finding.model_copy(update={"severity": "approve", "hold": True})
        for finding in given.message_findings
        if finding.severity in ("approve", "clarify")
        and (finding.hold or finding.code in policy.hold_message_codes)
    ]
