"""What the gate looks at: one value with everything that is known of a case before anything is done."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from orderdesk.domain.base import DecimalString, Probability, Value
from orderdesk.domain.findings import Finding
from orderdesk.domain.master import Autonomy
from orderdesk.domain.orders import Intent
from orderdesk.domain.results import EffectKind

# The effect without which a workflow has done nothing. An intent that is not listed has no workflow yet and
# goes to a person.
REQUIRED_EFFECT: dict[Intent, EffectKind] = {"new_order": "book_order"}


class GateInputs(Value):
    """What is known of a case when everything has been proposed and nothing done.

    Every field may be missing, and a missing one never opens the gate.
    """

    intent: Intent | None = None
    not_an_order: bool = Field(
        default=False, description="the message asks nothing of the desk: a newsletter, an invoice, a bounce"
    )
    duplicate_of: str | None = Field(default=None, description="the existing order number this repeats")
    findings: tuple[Finding, ...] = Field(default=(), description="of the message and of every worker")
    confidence: Probability | None = Field(default=None, description="the least of any field of the case")
    customer_id: str | None = None
    customer_tier: Literal["standard", "key"] = "standard"
    customer_autonomy: Autonomy | None = Field(
        default=None, description="the account's own setting, if it has one"
    )
    amount: DecimalString | None = Field(default=None, description="net value of what would be booked")
    currency: str | None = None
    effects: tuple[EffectKind, ...] = Field(default=(), description="what perform would do")
    missing: tuple[str, ...] = Field(default=(), description="what stands in the way of booking, in words")
    question_address: str = Field(default="", description="the address on file a question would go to")
    question_rounds: int = Field(default=0, ge=0, description="times this case has already asked")
    free_worded_reply: bool = Field(
        default=False, description="the mail is not made from a template alone; a person reads it first"
    )
    payload_hash: str = Field(default="", description="hash of exactly what perform would do")

    @property
    def has_workflow(self) -> bool:
        """Whether the desk can carry out what is asked at all."""
        return self.intent in REQUIRED_EFFECT

    @property
    def complete(self) -> bool:
        """Whether everything a booking needs has been proposed."""
        return (
            self.intent is not None
            and REQUIRED_EFFECT.get(self.intent) in self.effects
            and bool(self.payload_hash and self.customer_id)
            and not self.missing
        )
