"""The reader's contract: what goes in, what comes out of each rung, and what the model rung may decide."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from agents.reader.model.answer import OrderReading
from orderdesk.domain.base import Value
from orderdesk.domain.documents import ReadMessage
from tools.models.agent_contract import AgentContract


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


CONTRACT = AgentContract(
    name="reader",
    takes=ReaderInput,
    answer=OrderReading,
    prompt=("agents.reader.model", "read_order.md"),
    rules="agents.reader.rules.reading_by_rules",
    may=(
        "confirm what the rules read, which raises its confidence",
        "contradict what the rules read, which lowers its confidence and gives the order to a person",
        "name lines where the rules read none, for a person to confirm",
    ),
    may_not=(
        "replace or remove a value, a line or a finding of the rules",
        "put a value into an order that the rules read, or a value that does not stand in the message",
        "read structured formats and tables of spreadsheets",
        "choose a customer, an article of ours, a price, a recipient, an effect or an approval",
    ),
)
