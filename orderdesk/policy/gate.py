"""The gate: policy over everything the workers found; go, ask, let a person decide, refuse. Default deny."""

from __future__ import annotations

from typing import Literal

from orderdesk.domain.findings import Finding
from orderdesk.domain.results import Disposition, GateDecision
from orderdesk.policy.gate_inputs import GateInputs
from orderdesk.policy.limits import limit_reason
from orderdesk.policy.model import Policy
from orderdesk.policy.review_kind import review_kind

__all__ = ["LEVELS", "GateInputs", "Level", "decide", "level_of"]

Level = Literal["refuse", "hold", "duplicate", "file", "ask", "approve", "auto"]

# The written precedence, highest first. A duplicate and a message that is no order change nothing of ours, so
# what would otherwise be asked or approved about them is moot; what is refused or held is not.
LEVELS: tuple[Level, ...] = ("refuse", "hold", "duplicate", "file", "ask", "approve", "auto")

_DISPOSITIONS: dict[Level, Disposition] = {
    "refuse": "refuse",
    "hold": "approve",
    "duplicate": "duplicate",
    "file": "file",
    "ask": "ask_customer",
    "approve": "approve",
    "auto": "auto",
}

Reason = tuple[Level, str]


def decide(inputs: GateInputs, policy: Policy) -> GateDecision:
    """What may happen to the case, with every reason, and who decides where a person has to.

    `policy` is the customer's own (`policy.for_customer`). The decision is bound to `inputs.payload_hash`.
    """
    level, reasons = level_of(inputs, policy)
    not_by_itself = _not_by_itself(level, inputs, policy)
    if not_by_itself and level != "hold":
        level = "approve"
    texts = tuple(dict.fromkeys([*not_by_itself, *(text for _, text in reasons)]))
    disposition = _DISPOSITIONS[level]
    if disposition != "approve":
        return GateDecision(
            disposition=disposition, approvals_needed=0, reasons=texts, payload_hash=inputs.payload_hash
        )
    return GateDecision(
        disposition="approve",
        review_kind=review_kind(inputs, policy),
        approvals_needed=2 if _needs_four_eyes(inputs, policy) else 1,
        role="manager" if level == "hold" or _above_limit(inputs, policy) else "clerk",
        reasons=texts,
        payload_hash=inputs.payload_hash,
    )


def level_of(inputs: GateInputs, policy: Policy) -> tuple[Level, list[Reason]]:
    """The rank of the case in the written precedence and its reasons, gravest first; autonomy left aside."""
    reasons = [*_from_findings(inputs, policy), *_from_case(inputs, policy)]
    reasons.sort(key=lambda reason: LEVELS.index(reason[0]))
    return (reasons[0][0] if reasons else "auto"), reasons


def _not_by_itself(level: Level, inputs: GateInputs, policy: Policy) -> list[str]:
    """Why a person decides although the rules alone would act: autonomy, or a mail nobody has read."""
    if level == "file":
        return []  # filing does nothing in the world
    autonomy = policy.autonomy.resolve(inputs.intent or "other", inputs.customer_autonomy)
    by_rule = "" if level in ("hold", "approve") else f"; by rule it would be: {_DISPOSITIONS[level]}"
    reasons: list[str] = []
    if autonomy != "auto":
        reasons.append(f"autonomy is set to {autonomy}, so a person decides{by_rule}")
    if inputs.free_worded_reply:
        reasons.append("the answer is not made from a template alone; a person has to read it")
    return reasons


def _from_findings(inputs: GateInputs, policy: Policy) -> list[Reason]:
    reasons: list[Reason] = []
    obstacle = _cannot_ask(inputs, policy)
    for finding in inputs.findings:
        level = _finding_level(finding, inputs, policy)
        if level == "ask" and obstacle:
            reasons.append(("approve", finding.message))
            reasons.append(("approve", obstacle))
        elif level != "auto":
            reasons.append((level, finding.message))
    return reasons


def _finding_level(finding: Finding, inputs: GateInputs, policy: Policy) -> Level:
    match finding.precedence:
        case "reject":
            return "refuse"
        case "hold":
            harmless = inputs.not_an_order and finding.code in policy.risk.harmless_when_filed
            return "approve" if harmless else "hold"
        case "clarify":
            return "ask"
        case "approve":
            return "approve"
        case "info":
            return "approve" if finding.code in policy.booking.require_data else "auto"


def _cannot_ask(inputs: GateInputs, policy: Policy) -> str:
    """Why the customer cannot be asked without a person; empty where they can."""
    if not inputs.has_workflow:
        return "what is asked for is not handled by the desk itself, so a question would not settle it"
    if not inputs.question_address:
        return "there is no address on file to send the question to"
    if any(f.code == "read_by_model_only" and f.path == "lines" for f in inputs.findings):
        return "only a model read these lines; a person looks before the customer is asked about them"
    if inputs.question_rounds >= policy.replies.max_question_rounds:
        return f"this case has already asked the customer {inputs.question_rounds} times"
    if not any(finding.severity == "clarify" and finding.question for finding in inputs.findings):
        return "no template fits the question; a person has to word it"
    return ""


def _from_case(inputs: GateInputs, policy: Policy) -> list[Reason]:
    """Reasons that lie in the case itself rather than in a finding."""
    if inputs.duplicate_of:
        return [("duplicate", f"this repeats order {inputs.duplicate_of}")]
    uncertain = _uncertain(inputs, policy)
    if inputs.not_an_order and not uncertain:
        return [("file", "this is not an order; nothing is booked")]
    if inputs.not_an_order:
        return [("approve", f"this may not be an order, but {text}") for text in uncertain]
    if inputs.intent is None:
        return [("approve", "it is not known what the message asks for")]
    if not inputs.has_workflow:
        return [("approve", f"the desk does not handle {inputs.intent.replace('_', ' ')} by itself")]
    texts = [*inputs.missing, *_incomplete(inputs), *uncertain, *_value_reasons(inputs, policy)]
    return [("approve", text) for text in texts]


def _incomplete(inputs: GateInputs) -> list[str]:
    if not inputs.customer_id:
        return ["the customer is not known"]
    if not inputs.complete and not inputs.missing:
        return ["there is no complete proposal to carry out"]
    return []


def _uncertain(inputs: GateInputs, policy: Policy) -> list[str]:
    threshold = policy.confidence.auto_threshold
    if inputs.confidence is None:
        return ["it is not known how certain the reading is"]
    if inputs.confidence < threshold:
        return [f"the least certain field is {inputs.confidence:.2f} sure and {threshold:.2f} is needed"]
    return []


def _value_reasons(inputs: GateInputs, policy: Policy) -> list[str]:
    """Why the value of the order needs a person; empty within the limit."""
    if inputs.amount is None or not inputs.currency:
        return ["the value of the order is not known"]
    if inputs.amount <= 0:
        return ["the order is worth nothing; goods are not given away without a person"]
    reason = limit_reason(inputs.amount, inputs.currency, inputs.customer_tier, policy.approvals)
    return [reason] if reason else []


def _above_limit(inputs: GateInputs, policy: Policy) -> bool:
    if inputs.amount is None or not inputs.currency:
        return False
    return bool(limit_reason(inputs.amount, inputs.currency, inputs.customer_tier, policy.approvals))


def _needs_four_eyes(inputs: GateInputs, policy: Policy) -> bool:
    if inputs.amount is None or not inputs.currency:
        return False
    threshold = policy.approvals.four_eyes.get(inputs.currency)
    return threshold is not None and inputs.amount > threshold
