"""An order as the customer stated it (draft), before anything of ours is matched to it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from orderdesk.domain.base import DecimalString, Value
from orderdesk.domain.evidence import Stated
from orderdesk.domain.findings import Finding

Intent = Literal["new_order", "change_order", "cancel_order", "order_status", "quote_request", "other"]


class PartyRef(Value):
    """A party as stated: whatever identifiers and address parts the document gives."""

    name: str = ""
    ids: tuple[str, ...] = Field(default=(), description="GLN, DUNS, EDI or account ids, as written")
    customer_number: str = Field(
        default="", description="the buyer's account number at our side, where stated"
    )
    tax_id: str = ""
    email: str = ""
    phone: str = ""
    contact: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = Field(default="", description="ISO 3166 alpha-2 where stated so, else as written")
    code: str = Field(default="", description="our or the customer's location code, where stated")


class ArticleRef(Value):
    """How a line names an article."""

    seller_part: str = Field(default="", description="our part number, as the customer wrote it")
    buyer_part: str = Field(default="", description="the customer's own part number")
    manufacturer_part: str = ""
    gtin: str = Field(default="", description="GTIN-8/12/13/14 digits")
    part: str = Field(
        default="", description="a part number whose owner is not stated (free text, UPC columns)"
    )
    description: str = ""


class ScheduledDelivery(Value):
    """A part of a line's quantity wanted on a day of its own."""

    quantity: DecimalString
    requested_date: date | None = None


class DraftLine(Value):
    """One order line as stated. Quantities are in the stated unit; `uom` is our code for it or None."""

    line_number: int = Field(description="as in the document, or 1-based")
    line_id: str = Field(default="", description="the line's number exactly as the document writes it")
    article: Stated[ArticleRef]
    quantity: Stated[DecimalString] | None = None
    uom: Stated[str] | None = Field(default=None, description="normalised to our unit code")
    uom_stated: str = Field(default="", description="the unit as written")
    unit_price: Stated[DecimalString] | None = None
    price_base: DecimalString | None = Field(default=None, description="the price is for this many units")
    price_uom: str = ""
    line_total: Stated[DecimalString] | None = None
    charges: DecimalString | None = Field(
        default=None, description="sum of line charges minus allowances, as stated"
    )
    requested_date: Stated[date] | None = None
    schedule: tuple[ScheduledDelivery, ...] = ()
    ship_to: PartyRef | None = None
    note: str = ""
    alternatives: tuple[str, ...] = Field(default=(), description="other readings of this line, for a person")
    backed_by: Literal["", "person"] = Field(default="", description="'person' where a reviewer set the line")


class OrderDraft(Value):
    """What one order says, field by field with evidence; our master data plays no part here."""

    intent: Stated[Intent]
    po_number: Stated[str] | None = None
    po_date: Stated[date] | None = None
    requested_date: Stated[date] | None = None
    currency: Stated[str] | None = None
    buyer: PartyRef = PartyRef()
    ship_to: PartyRef | None = None
    bill_to: PartyRef | None = None
    supplier: PartyRef | None = None
    payment_terms: str = ""
    freight_terms: str = ""
    contract: str = Field(default="", description="a contract or quote number the order refers to")
    is_revision: bool = Field(default=False, description="the document says it changes an earlier order")
    ship_complete: bool | None = Field(default=None, description="the customer forbids partial deliveries")
    lines: tuple[DraftLine, ...] = ()
    stated_net_total: Stated[DecimalString] | None = None
    charges_total: DecimalString | None = Field(
        default=None,
        description="header charges minus allowances (freight, discount) that stand in the stated total",
    )
    stated_tax_total: DecimalString | None = None
    note: str = ""
    language: str = Field("en", description="ISO 639-1, of the free text or the format's own")
    findings: tuple[Finding, ...] = ()
    source_document_id: str = ""
    reply_format: Literal["email", "x12", "edifact", "ubl", "cxml", "opentrans"] = "email"
