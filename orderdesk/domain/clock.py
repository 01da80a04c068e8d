"""The one clock: injected everywhere, settable in tests, always timezone-aware."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time as an aware datetime in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The current time in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved; for tests and replays."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("FixedClock needs an aware datetime")
        self._at = at

    def now(self) -> datetime:
        """The set time."""
        return self._at

    def advance(self, delta: timedelta) -> None:
        """Move the clock by delta."""
        self._at += delta


def business_date(as_of: date | None, message_date: datetime | None, clock: Clock) -> date:
    """The day a message counts for: --as-of, else the message's own date, else today."""
    if as_of is not None:
        return as_of
    return (message_date or clock.now()).date()
