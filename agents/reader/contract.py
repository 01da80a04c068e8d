"""The reader's contract: what goes in, what comes out, and the seam every rung (rules, model) fits."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from pydantic import Field

from orderdesk.domain.base import Value
from orderdesk.domain.documents import ReadMessage
from orderdesk.domain.orders import OrderDraft


class ReaderContext(Value):
    """What is known before reading; pure data. Empty = unknown."""

    business_date: date = Field(description="'today' for dates in words where the message has no date")
    language: str = Field(default="", description="ISO 639-1 of the customer, where the sender is known")
    country: str = Field(default="", description="ISO 3166 alpha-2 of the customer, settles 03/04")
    unit_words: dict[str, str] = Field(
        default_factory=dict, description="the customer's own unit words -> our unit code"
    )


class ReaderInput(Value):
    """One order of one message."""

    message: ReadMessage
    position: int = Field(default=0, ge=0, description="which order of the message, 0-based (see split.py)")
    context: ReaderContext


class DraftReader(Protocol):
    """A rung that reads free text. It may fail (raise an OrderDeskError); the ladder then goes one down."""

    async def read(self, message: ReadMessage, context: ReaderContext, *, position: int = 0) -> OrderDraft:
        """The draft of the order at a position; every quoted evidence must stand in its document."""
        ...
