"""What the risk worker is given: plain data, so it runs and is judged alone; out comes RiskResult."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from orderdesk.domain.base import DecimalString, Value
from orderdesk.domain.findings import Finding
from orderdesk.domain.master import CreditUse, Customer, PastLine, Product
from orderdesk.domain.money import Money
from orderdesk.domain.orders import OrderDraft
from orderdesk.domain.results import MatchResult


class OrderedLine(Value):
    """A line of an existing order."""

    sku: str
    base_quantity: DecimalString = Field(description="in the article's base unit")


class ExistingOrder(Value):
    """An order of this customer that we have booked."""

    order_number: str
    po_number: str = ""
    order_date: date
    ship_to_code: str = ""
    lines: tuple[OrderedLine, ...] = ()


class SeenAttachment(Value):
    """An attachment of this message that came with an earlier message too."""

    name: str
    received_on: date
    order_number: str = Field(default="", description="the order booked from it, if one was")


class SenderFacts(Value):
    """Who sent the message, as far as its envelope and signature tell."""

    address: str = Field(default="", description="empty for a file or an EDI partner")
    reply_to: str = ""
    phones: tuple[str, ...] = Field(default=(), description="as written in the signature or the order")


class RiskInput(Value):
    """A matched order, its account and its message. None or empty = not known."""

    draft: OrderDraft
    match: MatchResult
    products: dict[str, Product] = Field(default_factory=dict, description="by sku: the matched articles")
    customer: Customer | None = None
    phones_on_file: tuple[str, ...] = Field(default=(), description="of the account's contacts")
    credit_use: CreditUse | None = None
    estimated_net: Money | None = Field(
        default=None, description="at least what the order is worth (pricing's estimate_net)"
    )
    history: tuple[PastLine, ...] = Field(default=(), description="this customer's, ours and imported")
    existing_orders: tuple[ExistingOrder, ...] = Field(
        default=(), description="ours: same PO number, or booked within the days of the policy"
    )
    seen_attachments: tuple[SeenAttachment, ...] = ()
    sender: SenderFacts = SenderFacts()
    message_findings: tuple[Finding, ...] = Field(default=(), description="of the message and its documents")
    texts: tuple[str, ...] = Field(
        default=(), description="what the customer wrote: body and free-text parts"
    )
    business_date: date
