"""How urgent a new case is, and its place in the queue: urgency counts as time waited, so that nothing starves."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from orderdesk.policy.queue import QueuePolicy

# What one point is worth, in seconds of waiting.
POINT_S = 300
# Places are counted from here, in seconds; they fit the queue's 32 bits until 2094.
_FROM = datetime(2026, 1, 1, tzinfo=UTC)


def case_priority(
    tier: str | None,
    requested: date | None,
    business_date: date,
    stated_value: Decimal | None,
    policy: QueuePolicy,
) -> int:
    """Points of a new case, 0 or more. None stands for a customer not known yet, a date or value not stated."""
    points = policy.key_customer_points if tier == "key" else 0
    if requested is not None:
        days = (requested - business_date).days
        points += policy.soon_points if days <= policy.soon_days else policy.week_points if days <= 7 else 0
    if stated_value is not None and 0 < policy.large_order <= stated_value:
        points += policy.large_order_points
    return points


def place_in_queue(points: int, arrived: datetime) -> int:
    """Where a case stands in the queue, higher first: a fixed number, as every case that waits ages alike.

    A case of p points is served before one of q points that came at most (p - q) * POINT_S seconds earlier, and
    behind any that came before that. So what waits is overtaken only by what comes within `QueuePolicy.most` * POINT_S
    seconds after it, however much that is: its wait is bounded by the work that stands before it then.
    """
    return points * POINT_S - round((arrived - _FROM).total_seconds())
