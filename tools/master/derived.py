"""Columns the importer computes from a file's columns, and the database type of each column type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import LiteralString

from tools.master.columns import ColumnType
from tools.master.fold import fold_gtin, fold_part, strip_zeros
from tools.master.values import CellValue

STORED_TYPES: dict[ColumnType, LiteralString] = {
    "text": "text",
    "lower": "text",
    "lower_list": "text[]",
    "list": "text[]",
    "number": "numeric",
    "positive": "numeric",
    "not_negative": "numeric",
    "days": "integer",
    "date": "date",
    "flag": "boolean",
    "currency": "text",
    "country": "text",
    "language": "text",
    "unit": "text",
    "choice": "text",
}


@dataclass(frozen=True)
class Derived:
    """A folded copy of a column, which look-ups compare with what customers write."""

    name: str
    source: str
    type: LiteralString
    derive: Callable[[CellValue], CellValue]


def _folded(value: CellValue) -> CellValue:
    return fold_part(value) or None if isinstance(value, str) else None


def _folded_key(value: CellValue) -> CellValue:
    """A key of punctuation only folds to nothing; it then stays as it is, so that it can still be found."""
    return fold_part(str(value)) or str(value)


def _stripped_key(value: CellValue) -> CellValue:
    return strip_zeros(str(_folded_key(value)))


def _folded_list(value: CellValue) -> CellValue:
    return [folded for item in value if (folded := fold_part(item))] if isinstance(value, list) else []


def _gtin(value: CellValue) -> CellValue:
    return fold_gtin(value) or None if isinstance(value, str) else None


DERIVED: dict[str, tuple[Derived, ...]] = {
    "product": (
        Derived("sku_folded", "sku", "text", _folded_key),
        Derived("sku_stripped", "sku", "text", _stripped_key),
        Derived("gtin_folded", "gtin", "text", _gtin),
    ),
    "customer": (
        Derived("customer_id_folded", "customer_id", "text", _folded_key),
        Derived("edi_ids_folded", "edi_ids", "text[]", _folded_list),
        Derived("tax_id_folded", "tax_id", "text", _folded),
    ),
}
