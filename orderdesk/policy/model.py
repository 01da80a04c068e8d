"""The policy as one frozen value: a section per room, and the same again per customer."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from orderdesk.domain.base import Value
from orderdesk.domain.ids import payload_hash
from orderdesk.policy.approvals import ApprovalsPolicy
from orderdesk.policy.autonomy import AutonomyPolicy
from orderdesk.policy.booking import BookingPolicy
from orderdesk.policy.confidence import ConfidencePolicy
from orderdesk.policy.credit import CreditPolicy
from orderdesk.policy.delivery import DeliveryPolicy
from orderdesk.policy.duplicates import DuplicatesPolicy
from orderdesk.policy.matching import MatchingPolicy
from orderdesk.policy.prices import PricesPolicy
from orderdesk.policy.queue import QueuePolicy
from orderdesk.policy.replies import RepliesPolicy
from orderdesk.policy.retention import RetentionPolicy
from orderdesk.policy.reviews import ReviewsPolicy
from orderdesk.policy.risk import RiskPolicy


class Policy(Value):
    """Every number that decides whether an order goes on by itself.

    Built by `loader.load_policy` only, so that no number stands in code. The sections carry no defaults of
    their own: default.toml is the one place they come from.
    """

    matching: MatchingPolicy
    delivery: DeliveryPolicy
    prices: PricesPolicy
    credit: CreditPolicy
    duplicates: DuplicatesPolicy
    risk: RiskPolicy
    approvals: ApprovalsPolicy
    autonomy: AutonomyPolicy
    replies: RepliesPolicy
    reviews: ReviewsPolicy
    confidence: ConfidencePolicy
    booking: BookingPolicy
    retention: RetentionPolicy
    queue: QueuePolicy
    customers: Mapping[str, Policy] = Field(default_factory=dict, repr=False)
    """Whole policies of the customers that have settings of their own, by customer id."""

    def for_customer(self, customer_id: str | None) -> Policy:
        """The policy that counts for a customer; this one where it has no settings of its own."""
        return self.customers.get(customer_id, self) if customer_id else self

    def fingerprint(self) -> str:
        """Hash of every number in force, for the decision log: which policy decided this."""
        return payload_hash(self.model_dump(mode="json"))
