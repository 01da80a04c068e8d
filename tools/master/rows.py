"""Database rows as the domain's values; an unknown stays None, never a guess."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

from pydantic import TypeAdapter

from orderdesk.domain.base import Value
from orderdesk.domain.master import Customer, PastLine, Price, Product, ShipTo, Stock, SupplierItem
from orderdesk.domain.quantity import ItemUnits, factors_of

Row = dict[str, Any]
Signal = Literal["email", "domain", "edi", "number", "tax"]

_PAST_LINES = TypeAdapter(tuple[PastLine, ...])


class Alias(Value):
    """What a customer calls an article of ours: agreed (imported), or learned from a person's correction."""

    customer_ref: str
    sku: str
    learned: bool = False


class CustomerSignal(Value):
    """An account that a stated identifier points to."""

    signal: Signal
    customer_id: str


class NamedCustomer(Value):
    """An account whose name is like a stated one; `score` 1.0 = the same but for the legal form."""

    customer_id: str
    name: str
    score: float


def product(row: Row) -> Product:
    """An article. An unknown base unit is an empty string: nothing can be converted to it."""
    factors = {uom: Decimal(factor) for uom, factor in row["factors"].items()}
    base = row["base_uom"] or ""
    units = factors_of(row["pack_uom"], row["pack_size"], factors)
    plain = [name for name in Product.model_fields if name != "units"]
    return Product(
        units=ItemUnits(base=base, factors={uom: f for uom, f in units.items() if uom != base}),
        **_known(row, *plain),
    )


def customer(row: Row) -> Customer:
    """An account with the addresses of its contacts."""
    return Customer(**_known(row, *Customer.model_fields))


def ship_to(row: Row) -> ShipTo:
    """A delivery address."""
    return ShipTo(**_known(row, *ShipTo.model_fields))


def price(row: Row) -> Price:
    """A contract or list price; an empty currency means that the file names none."""
    return Price.model_validate({"currency": "", **_known(row, *Price.model_fields)})


def stock(row: Row) -> Stock:
    """A stock figure; an unknown outside reservation counts as none, since only ours are known then."""
    return Stock.model_validate({"reserved": Decimal(0), **_known(row, *Stock.model_fields)})


def supplier_item(row: Row) -> SupplierItem:
    """What a supplier sells an article for."""
    return SupplierItem(**_known(row, *SupplierItem.model_fields))


def past_lines(rows: Sequence[Row]) -> tuple[PastLine, ...]:
    """Lines of earlier orders, in the units they were ordered in; all at once, as an account has thousands of these."""
    return _PAST_LINES.validate_python(rows)


def _known(row: Row, *names: str) -> Row:
    """The columns that hold something; the model's own default stands for the others."""
    return {name: row[name] for name in names if row.get(name) is not None}
