"""What the matcher is given: plain data, so it runs and is judged alone; out comes MatchResult."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pydantic import Field

from orderdesk.domain.base import Value
from orderdesk.domain.documents import Sender
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import ArticleRef, OrderDraft
from orderdesk.domain.results import Candidate


class MessageFacts(Value):
    """What is known about the message an order came in."""

    sender: Sender = Sender()
    findings: tuple[Finding, ...] = Field(default=(), description="what the reader found in the message")
    words: str = Field(
        default="",
        description="what the sender wrote, signature left out; for names of delivery places in it",
    )


class MatcherInput(Value):
    """A draft to be matched to our master data."""

    draft: OrderDraft
    message: MessageFacts = MessageFacts()
    corrections: dict[str, str] = Field(
        default_factory=dict,
        description="a reviewer's edits by path: customer_id, ship_to_code, lines[0].sku, .quantity, .uom",
    )


class UnclearLine(Value):
    """A line for which several articles of ours could be meant."""

    line_index: int
    article: ArticleRef
    candidates: tuple[Candidate, ...]
    sold_in: tuple[str, ...] = Field(
        default=(), description="per candidate its units: 'EA, BX of 100'; '' = not known"
    )
    ordered: str = Field(default="", description="quantity and unit as the customer wrote them")


class CandidateChooser(Protocol):
    """The model rung: picks among given candidates, for all unclear lines in one call."""

    async def choose(self, lines: Sequence[UnclearLine]) -> list[int | None]:
        """For each line the 0-based candidate, or None where it cannot tell. At most 8 candidates a line."""
        ...
