"""What the model may say about a message: a closed form, every part with the words it rests on."""

from __future__ import annotations

from pydantic import Field

from orderdesk.domain.orders import Intent
from tools.models.contract import Closed


class Quoted(Closed):
    """A value and the words it was read from."""

    value: str = Field(description="dates as YYYY-MM-DD, currencies as ISO 4217, all else as written")
    quote: str = Field(description="the words of the document, copied exactly")
    document: int = Field(description="number of the document the words stand in")


class ReadLine(Closed):
    """One order line and the words it was read from."""

    quote: str = Field(description="the words of this line, copied exactly")
    document: int = Field(description="number of the document the words stand in")
    part_number: str | None = Field(description="part number as written, null where none is stated")
    description: str | None = Field(
        description="the article in the customer's words, null where only numbered"
    )
    quantity: str | None = Field(
        description="digits with a decimal point, no thousands marks; null if unclear"
    )
    unit: str | None = Field(description="unit as written; null where none is stated")
    unit_price: str | None = Field(description="digits with a decimal point; null where none is stated")
    requested_date: str | None = Field(description="YYYY-MM-DD; null where none is stated for this line")


class OrderReading(Closed):
    """The answer of the reader's model: what the message asks for, its header, its lines."""

    intent: Intent = Field(description="what the newest message asks for")
    intent_quote: str = Field(
        description="the words that show it, copied exactly; '' where no single place does"
    )
    po_number: Quoted | None = Field(description="the customer's order number")
    po_date: Quoted | None
    requested_date: Quoted | None = Field(description="wanted delivery date of the whole order")
    currency: Quoted | None
    ship_to: Quoted | None = Field(description="the delivery place or address, as written")
    lines: list[ReadLine] = Field(description="every article that is ordered, once, in the order written")
