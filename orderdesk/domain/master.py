"""Master data as the rules see it: articles, customers, prices, stock; None = unknown, never a default."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from orderdesk.domain.base import DecimalString, Value
from orderdesk.domain.quantity import ItemUnits

Autonomy = Literal["shadow", "assist", "auto"]


class Product(Value):
    """An article we sell."""

    sku: str
    description: str
    long_description: str = ""
    category: str = ""
    units: ItemUnits
    pack_uom: str | None = None
    pack_size: DecimalString | None = None
    min_order_qty: DecimalString | None = None
    list_price: DecimalString | None = None
    price_base: DecimalString = Field(
        default="1", description="list_price is for this many base units", validate_default=True
    )  # type: ignore[assignment]
    unit_cost: DecimalString | None = None
    currency: str | None = None
    lead_time_days: int | None = None
    gtin: str = ""
    status: Literal["active", "discontinued", "superseded"] = "active"
    superseded_by: str = ""
    restricted: bool = False


class Customer(Value):
    """An account we sell to. Figures carry the time the outside system gave them (as_of)."""

    customer_id: str
    name: str
    email_domains: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    edi_ids: tuple[str, ...] = ()
    tax_id: str = ""
    phone: str = ""
    currency: str | None = None
    payment_terms: str = ""
    freight_terms: str = ""
    credit_limit: DecimalString | None = None
    open_balance: DecimalString | None = None
    overdue_balance: DecimalString | None = None
    as_of: date | None = None
    tier: Literal["standard", "key"] = "standard"
    status: Literal["active", "blocked"] = "active"
    language: str = ""
    country: str = ""
    po_required: bool | None = None
    partial_allowed: bool | None = None
    substitution_consent: bool | None = None
    autonomy: Autonomy | None = None
    contacts: tuple[str, ...] = Field(default=(), description="e-mail addresses of known contacts")
    contact_phones: tuple[str, ...] = Field(default=(), description="phone numbers of known contacts")


class ShipTo(Value):
    """A delivery address on file."""

    customer_id: str
    code: str
    name: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    is_default: bool = False


class Price(Value):
    """A price of a contract (customer_id set) or a price list (customer_id empty)."""

    customer_id: str = ""
    sku: str
    uom: str
    unit_price: DecimalString
    currency: str
    min_qty: DecimalString
    valid_from: date | None = None
    valid_to: date | None = None


class Stock(Value):
    """What is on the shelf. `reserved` is the outside system's; `own_reserved` is what we booked since."""

    sku: str
    on_hand: DecimalString
    reserved: DecimalString
    own_reserved: DecimalString
    as_of: date | None = None
    next_receipt_date: date | None = None
    next_receipt_qty: DecimalString | None = None


class SupplierItem(Value):
    """What a supplier sells us an article for."""

    supplier_id: str
    supplier_name: str = ""
    sku: str
    unit_cost: DecimalString | None = None
    currency: str | None = None
    min_order_qty: DecimalString | None = None
    lead_time_days: int | None = None


class PastLine(Value):
    """One line of an earlier order of this customer, ours or imported; quantity in base units where known."""

    order_number: str
    po_number: str = ""
    order_date: date | None = None
    sku: str
    quantity: DecimalString
    uom: str
    unit_price: DecimalString | None = None


class CreditUse(Value):
    """How much of its credit an account uses, by our books, on top of the imported open balance."""

    customer_id: str
    own_exposure: DecimalString
