"""How sure the desk must be to go on by itself; source of the numbers: default.toml, area [confidence]."""

from __future__ import annotations

from orderdesk.domain.base import Probability, Value


class ConfidencePolicy(Value):
    """Thresholds on the confidence of a case."""

    auto_threshold: Probability
    """The least confidence of any field with which a case goes on without a person."""
