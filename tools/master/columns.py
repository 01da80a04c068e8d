"""The files of the import, column by column: type, natural key, what must be there, what it refers to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

ColumnType = Literal[
    "text",  # as written, trimmed
    "lower",  # an address: trimmed, lower case
    "lower_list",
    "list",
    "number",  # any decimal
    "positive",  # > 0
    "not_negative",  # >= 0
    "days",  # whole number >= 0
    "date",
    "flag",
    "currency",  # ISO 4217
    "country",  # ISO 3166 alpha-2
    "language",  # ISO 639-1
    "unit",  # our unit code; other ways to write a unit are normalised
    "choice",
]


@dataclass(frozen=True)
class Column:
    """One column. `key`: part of the natural key. `required`: a row without it means nothing."""

    name: str
    type: ColumnType = "text"
    key: bool = False
    required: bool = False
    choices: tuple[str, ...] = ()
    filled: str | Decimal | None = None  # what an empty cell becomes where NULL is not allowed


@dataclass(frozen=True)
class Reference:
    """A column whose value must exist in another table, of this import or already loaded."""

    column: str
    table: str
    target: str
    only_warn: bool = False


@dataclass(frozen=True)
class FileSpec:
    """One CSV file and the table it fills."""

    file: str
    table: str
    columns: tuple[Column, ...]
    references: tuple[Reference, ...] = ()
    ranges: tuple[tuple[str, str], ...] = ()  # (from, to): from must not be after to
    add_up: str = ""  # the column that is summed where one key stands twice in the file

    @property
    def key(self) -> tuple[str, ...]:
        """The natural key's columns."""
        return tuple(c.name for c in self.columns if c.key)

    def column(self, name: str) -> Column:
        """A column by its name."""
        return next(c for c in self.columns if c.name == name)


_OF_PRODUCT = Reference("sku", "product", "sku")
_OF_CUSTOMER = Reference("customer_id", "customer", "customer_id")


def _key(name: str, type: ColumnType = "text") -> Column:
    return Column(name, type, key=True, required=True)


# In the order they are loaded: what others refer to comes first.
FILES: tuple[FileSpec, ...] = (
    FileSpec(
        "products.csv",
        "product",
        (
            _key("sku"),
            Column("description", filled=""),
            Column("long_description", filled=""),
            Column("category", filled=""),
            Column("base_uom", "unit"),
            Column("pack_uom", "unit"),
            Column("pack_size", "positive"),
            Column("min_order_qty", "not_negative"),
            Column("list_price", "not_negative"),
            Column("price_base", "positive"),
            Column("unit_cost", "not_negative"),
            Column("currency", "currency"),
            Column("lead_time_days", "days"),
            Column("gtin"),
            Column("status", "choice", choices=("active", "discontinued", "superseded")),
            Column("superseded_by"),
            Column("restricted", "flag"),
        ),
        # A company may export a successor later than its predecessor; the rule then asks.
        references=(Reference("superseded_by", "product", "sku", only_warn=True),),
    ),
    FileSpec(
        "uoms.csv",
        "product_uom",
        (_key("sku"), _key("uom", "unit"), Column("factor", "positive", required=True)),
        references=(_OF_PRODUCT,),
    ),
    FileSpec(
        "customers.csv",
        "customer",
        (
            _key("customer_id"),
            Column("name", filled=""),
            Column("email_domains", "lower_list"),
            Column("emails", "lower_list"),
            Column("edi_ids", "list"),
            Column("tax_id"),
            Column("phone"),
            Column("currency", "currency"),
            Column("payment_terms"),
            Column("freight_terms"),
            Column("credit_limit", "not_negative"),
            Column("open_balance", "number"),
            Column("overdue_balance", "number"),
            Column("as_of", "date"),
            Column("tier", "choice", choices=("standard", "key")),
            Column("status", "choice", choices=("active", "blocked")),
            Column("language", "language"),
            Column("country", "country"),
            Column("po_required", "flag"),
            Column("partial_allowed", "flag"),
            Column("substitution_consent", "flag"),
            Column("autonomy", "choice", choices=("shadow", "assist", "auto")),
        ),
    ),
    FileSpec(
        "contacts.csv",
        "contact",
        (_key("customer_id"), Column("name"), _key("email", "lower"), Column("phone")),
        references=(_OF_CUSTOMER,),
    ),
    FileSpec(
        "ship_to.csv",
        "ship_to",
        (
            _key("customer_id"),
            _key("code"),
            Column("name"),
            Column("street"),
            Column("city"),
            Column("region"),
            Column("postal_code"),
            Column("country", "country"),
            Column("is_default", "flag"),
        ),
        references=(_OF_CUSTOMER,),
    ),
    FileSpec(
        "aliases.csv",
        "alias",
        (_key("customer_id"), _key("customer_ref"), Column("sku", required=True)),
        references=(_OF_CUSTOMER, _OF_PRODUCT),
    ),
    FileSpec(
        "prices.csv",
        "price",
        (
            Column("customer_id", key=True),  # empty: everyone
            _key("sku"),
            Column("uom", "unit", key=True),  # empty: the article's base unit
            Column("unit_price", "not_negative", required=True),
            Column("currency", "currency"),
            Column("min_qty", "not_negative", key=True, filled=Decimal(0)),
            Column("valid_from", "date", key=True),
            Column("valid_to", "date"),
        ),
        references=(_OF_CUSTOMER, _OF_PRODUCT),
        ranges=(("valid_from", "valid_to"),),
    ),
    FileSpec(
        "stock.csv",
        "stock",
        (
            _key("sku"),
            Column("on_hand", "number", required=True),  # below zero where more was sold than counted
            Column("reserved", "not_negative"),
            Column("as_of", "date"),
            Column("next_receipt_date", "date"),
            Column("next_receipt_qty", "not_negative"),
        ),
        references=(_OF_PRODUCT,),
    ),
    FileSpec("suppliers.csv", "supplier", (_key("supplier_id"), Column("name"), Column("email", "lower"))),
    FileSpec(
        "supplier_items.csv",
        "supplier_item",
        (
            _key("supplier_id"),
            _key("sku"),
            Column("unit_cost", "not_negative"),
            Column("currency", "currency"),
            Column("min_order_qty", "not_negative"),
            Column("lead_time_days", "days"),
        ),
        references=(Reference("supplier_id", "supplier", "supplier_id"), _OF_PRODUCT),
    ),
    FileSpec(
        "order_history.csv",
        "order_history",
        (
            _key("customer_id"),
            _key("order_number"),
            Column("po_number"),
            Column("order_date", "date"),
            _key("sku"),
            Column("quantity", "number", required=True),  # below zero: a return
            Column("uom", "unit"),
            Column("unit_price", "number"),
        ),
        references=(_OF_CUSTOMER, Reference("sku", "product", "sku", only_warn=True)),
        add_up="quantity",
    ),
    FileSpec("holidays.csv", "holiday", (_key("country", "country"), _key("date", "date"), Column("name"))),
)

# ISO 4217 codes in use (SIX list one, 2024), without funds and metals.
_CURRENCIES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT
LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR
NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD
XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CURRENCIES.split())
