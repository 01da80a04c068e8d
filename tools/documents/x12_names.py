"""X12 code lists in words: transaction sets, purposes, price bases, product id qualifiers, dates."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

_TRANSACTIONS = {
    "180": "return authorization",
    "810": "invoice",
    "811": "consolidated invoice",
    "812": "credit or debit adjustment",
    "816": "organizational relationships",
    "820": "payment order",
    "824": "application advice",
    "830": "planning schedule",
    "832": "price catalog",
    "840": "request for quotation",
    "843": "response to a request for quotation",
    "846": "inventory advice",
    "852": "product activity data",
    "855": "order acknowledgment",
    "856": "ship notice",
    "857": "shipment and billing notice",
    "862": "shipping schedule",
    "864": "text message",
    "865": "order change acknowledgment",
    "867": "product transfer and resale report",
    "869": "order status inquiry",
    "870": "order status report",
    "876": "grocery order change",
    "880": "grocery invoice",
    "940": "warehouse shipping order",
    "943": "warehouse stock transfer",
    "945": "warehouse shipping advice",
    "997": "functional acknowledgment",
    "999": "implementation acknowledgment",
}

Owner = Literal["seller_part", "buyer_part", "manufacturer_part", "gtin", "part"]

# Element 235. Left out: qualifiers that name no article (commodity groups, colours, sizes, countries).
PRODUCT_IDS: dict[str, Owner] = {
    **dict.fromkeys(("VN", "VP", "VC", "VA", "SA"), "seller_part"),
    **dict.fromkeys(("BP", "IN", "SK", "CB", "PI", "BX"), "buyer_part"),
    **dict.fromkeys(("MG", "MF", "MN"), "manufacturer_part"),
    **dict.fromkeys(("UP", "UK", "EN", "UA", "UI", "EO", "UN"), "gtin"),
    **dict.fromkeys(("PN", "ZZ", "MP", "IT", "ST", "PU", "EA", "AK", "F8", "UB", "ND", "N4", "IB"), "part"),
}  # fmt: skip

# Element 639: how many units the price is for, and the unit it is for where the code names one.
PRICE_BASES: dict[str, tuple[Decimal | None, str]] = {
    **dict.fromkeys(("PE", "LE", "TE", "QE", "RE", "WE"), (None, "EA")),
    **dict.fromkeys(("PD", "LD", "TD", "RD", "WD"), (Decimal(12), "DZ")),
    **dict.fromkeys(("HP", "LC", "TC", "QH", "RC", "WC"), (Decimal(100), "HU")),
    **dict.fromkeys(("TP", "LM", "TM", "QS", "RM", "WM"), (Decimal(1000), "TH")),
    "PN": (Decimal(10), ""),
    "TT": (Decimal(10_000), ""),
    "HT": (Decimal(100_000), ""),
    "HF": (Decimal(100), "FT"),
    "TF": (Decimal(1000), "FT"),
    "PF": (None, "FT"),
    "PY": (None, "YD"),
    "PP": (None, "LB"),
    "PO": (None, "OZ"),
    "PK": (None, "KG"),
    "PG": (None, "G"),
    "PL": (None, "L"),
    "ML": (None, "ML"),
}

# Element 374, in the order in which one of them is taken as the date the customer wants the goods.
REQUESTED_DATES = ("002", "074", "106", "067", "063", "064", "010", "038", "037", "118")
DATE_NOTES = {
    "001": "Cancel after",
    "061": "Cancel if not delivered by",
    "063": "Do not deliver after",
    "064": "Do not deliver before",
    "037": "Do not ship before",
    "038": "Do not ship after",
    "010": "Ship on",
    "118": "Pick-up on",
}


def transaction_name(code: str) -> str:
    """What a transaction set is, in words; 'not one of the order family' where it is not in our list."""
    return _TRANSACTIONS.get(code, "not one of the order family")
