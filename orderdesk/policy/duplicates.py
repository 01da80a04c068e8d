"""What counts as the same order again; source of the numbers: default.toml, area [duplicates]."""

from __future__ import annotations

from pydantic import Field

from orderdesk.domain.base import Value


class DuplicatesPolicy(Value):
    """How far back like orders are looked for."""

    like_lines_days: int = Field(ge=0)
    """Days within which the same lines under another PO number are a possible duplicate."""
