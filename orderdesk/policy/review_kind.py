"""Which kind of review a case needs, so that the clerk sees what matters first."""

from __future__ import annotations

from orderdesk.domain.results import ReviewKind
from orderdesk.policy.gate_inputs import GateInputs
from orderdesk.policy.model import Policy


def review_kind(inputs: GateInputs, policy: Policy) -> ReviewKind:
    """fields, value, email, purchase, or handoff where the desk has nothing to offer for approval.

    The order matters: uncertain fields come before the value, as the value rests on them.
    """
    if not inputs.has_workflow or inputs.confidence is None:
        return "handoff"
    open_findings = [f for f in inputs.findings if f.severity != "info"]
    if not inputs.complete:
        return "fields" if any(f.path for f in open_findings) else "handoff"
    if inputs.confidence < policy.confidence.auto_threshold:
        return "fields"
    if any(f.severity == "clarify" for f in open_findings):
        return "fields"
    if inputs.amount is None or not inputs.currency:
        return "handoff"
    if any(f.code.startswith("purchase") for f in open_findings):
        return "purchase"
    if not open_findings and inputs.free_worded_reply:
        return "email"
    return "value"
