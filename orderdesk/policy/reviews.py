"""How long a review waits for a person; source of the numbers: default.toml, area [reviews]."""

from __future__ import annotations

from pydantic import Field

from orderdesk.domain.base import Value


class ReviewsPolicy(Value):
    """A review nobody answers is reminded, then escalated; it never approves itself."""

    due_after_hours: int = Field(gt=0)
    """Hours a review should take; its due time sorts the list."""

    remind_after_hours: int = Field(gt=0)
    """Hours after which a waiting review is reminded."""

    escalate_after_hours: int = Field(gt=0)
    """Hours after which a waiting review goes to a manager."""
