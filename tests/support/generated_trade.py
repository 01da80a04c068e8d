"""Who orders what from the demo company, read from its files: customers, their articles, what is agreed with them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from orderdesk.demo import company_folder
from tests.support.house import DEMO_DAY


class Article(NamedTuple):
    """An article as one customer buys it: in `uom`, mostly about `usual`, in steps of `step`, at `price`."""

    sku: str
    names: tuple[str, ...]  # our part number and the customer's own
    uom: str
    usual: Decimal
    step: Decimal
    price: Decimal
    in_base: bool  # `uom` is the article's base unit: a figure without a unit counts it

    @property
    def worth(self) -> Decimal:
        """Of the largest quantity that is generated."""
        return self.usual * Decimal("1.25") * self.price


class Trader(NamedTuple):
    """A customer that may order by itself."""

    customer_id: str
    name: str
    address: str
    signature: str
    language: str
    currency: str
    comma: bool
    po_pattern: str
    po_required: bool
    places: tuple[tuple[str, str], ...]  # (code, words in a mail)
    default_place: str
    days: tuple[Callable[[date], str], ...]
    articles: tuple[Article, ...]

    def po(self, number: int) -> str:
        """An order number in the customer's own style, never used before."""
        return self.po_pattern.format(number)


_MONTHS = {
    "en": ("January", "February", "March", "April", "May"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo"),
    "fr": ("janvier", "février", "mars", "avril", "mai"),
    "de": ("Januar", "Februar", "März", "April", "Mai"),
}


def _month(day: date, language: str) -> str:
    return _MONTHS[language][day.month - 1]


Days = tuple[Callable[[date], str], ...]

_US: Days = (
    lambda d: f"{_month(d, 'en')} {d.day}",
    lambda d: f"{d.month:02}/{d.day:02}/{d.year}",
    lambda d: f"{d.month}/{d.day}/{d.year % 100}",
    lambda d: f"{_month(d, 'en')} {d.day}, {d.year}",
)
_GB: Days = (lambda d: f"{d.day} {_month(d, 'en')} {d.year}", lambda d: f"{d.day} {_month(d, 'en')}")
_DE: Days = (lambda d: f"{d.day:02}.{d.month:02}.{d.year}", lambda d: f"{d.day}. {_month(d, 'de')} {d.year}")
_ES: Days = (lambda d: f"{d.day:02}/{d.month:02}/{d.year}", lambda d: f"{d.day} de {_month(d, 'es')}")
_FR: Days = (lambda d: f"{d.day:02}/{d.month:02}/{d.year}", lambda d: f"{d.day} {_month(d, 'fr')} {d.year}")

# customer, order number, days as written, places besides the usual one: what the files do not say
_STYLES: tuple[tuple[str, str, Days, tuple[tuple[str, str], ...]], ...] = (
    ("C1001", "HF-26-{:04}", _US, (("FTW", "Fort Wayne plant"), ("TOL", "Toledo plant"))),
    ("C1002", "RC-{:05}", _US, (("RENO", "Reno service depot"),)),
    ("C1003", "L{:04}", _US, ()),
    ("C1005", "PO-{:05}", _GB, ()),
    ("C1006", "45{:08}", _DE, (("WERK2", "Werk 2, Leonberg"), ("WERK1", "Werk 1, Böblingen"))),
    ("C1008", "P-2026-{:04}", _ES, ()),
    ("C1009", "CMD-26-{:04}", _FR, ()),
    ("C1010", "OC-{:05}", _ES, ()),
)


@cache
def traders() -> tuple[Trader, ...]:
    """Every customer whose orders may be booked without a person."""
    return tuple(_trader(c, po, days, places) for c, po, days, places in _STYLES)


@cache
def rows(name: str) -> list[dict[str, str]]:
    """A file of the demo company."""
    with (company_folder() / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def agreed_price(customer_id: str, sku: str, uom: str, quantity: Decimal, currency: str) -> Decimal | None:
    """The price per `uom` on the demo day by the files alone: contract, price list, list price; None = none."""
    for owner in (customer_id, ""):
        reached = [
            Decimal(r["unit_price"])
            for r in rows("prices")
            if (r["customer_id"], r["sku"], r["uom"], r["currency"]) == (owner, sku, uom, currency)
            and Decimal(r["min_qty"]) <= quantity
            and r["valid_from"] <= DEMO_DAY.isoformat() <= r["valid_to"]
        ]
        if reached:
            return min(reached)
    row = next(r for r in rows("products") if r["sku"] == sku)
    if row["currency"] != currency or row["base_uom"] != uom:
        return None
    return Decimal(row["list_price"]) / Decimal(row["price_base"])


def _articles(customer_id: str, currency: str) -> tuple[Article, ...]:
    products = {r["sku"]: r for r in rows("products")}
    bought: dict[str, list[dict[str, str]]] = {}
    for row in rows("order_history"):
        if row["customer_id"] == customer_id:
            bought.setdefault(row["sku"], []).append(row)
    found: list[Article] = []
    for sku, earlier in sorted(bought.items()):
        product = products[sku]
        if product["status"] != "active" or product["restricted"] == "true" or len(earlier) < 2:
            continue
        uom = earlier[0]["uom"]
        usual = sum((Decimal(r["quantity"]) for r in earlier), Decimal(0)) / len(earlier)
        pack = Decimal(product["pack_size"] or 1)
        price = agreed_price(customer_id, sku, uom, usual, currency)
        if price is None:
            continue
        own = [
            r["customer_ref"] for r in rows("aliases") if (r["customer_id"], r["sku"]) == (customer_id, sku)
        ]
        found.append(
            Article(
                sku=sku, names=(sku, *own), uom=uom, usual=usual, price=price,
                step=pack if uom == product["base_uom"] and pack == pack.to_integral_value() else Decimal(1),
                in_base=uom == product["base_uom"],
            )
        )  # fmt: skip
    return tuple(found)


def _trader(
    customer_id: str, po: str, days: tuple[Callable[[date], str], ...], places: tuple[tuple[str, str], ...]
) -> Trader:
    row = next(r for r in rows("customers") if r["customer_id"] == customer_id)
    contact = next(r for r in rows("contacts") if r["customer_id"] == customer_id)
    sites = [r for r in rows("ship_to") if r["customer_id"] == customer_id]
    usual = next(r for r in sites if r["is_default"] == "true")
    signature = (
        f"{contact['name']}\n{row['name']}\n{usual['street']}, {usual['city']} {usual['postal_code']}\n"
        f"{contact['phone']}\n{row['tax_id']}"
    )
    return Trader(
        customer_id=customer_id, name=contact["name"], address=contact["email"], signature=signature,
        language=row["language"], currency=row["currency"], comma=row["language"] in ("de", "fr"),
        po_pattern=po, po_required=row["po_required"] == "true", places=places, default_place=usual["code"],
        days=days, articles=_articles(customer_id, row["currency"]),
    )  # fmt: skip
