"""A company with many customers of one kind: orders of one customer wait for each other's credit, those of many do not."""

from __future__ import annotations

import csv
from pathlib import Path

from evals.bench.orders import write_company, x12_order

# The customer whose orders `x12_order` makes, and what names it in a file.
_MODEL = "C1002"
_PARTNER, _DUNS, _NAME = "REDWOODCNV", "079555021", "REDWOOD CONVEYOR SYSTEMS"
CUSTOMERS = 50
_OWN_TABLES = ("customers", "ship_to", "prices", "order_history", "aliases")


def write_customers(folder: Path) -> Path:
    """The company of `orderdesk bench` in `folder`, with so many customers more that are like its EDI partner."""
    write_company(folder)
    for name in _OWN_TABLES:
        path = folder / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            columns, table = list(reader.fieldnames or ()), list(reader)
        model = [row for row in table if row["customer_id"] == _MODEL]
        table += [_copied(row, number) for number in range(CUSTOMERS) for row in model]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(table)
    return folder


def order_of(index: int, *, one_customer: bool = False) -> bytes:
    """The order with a 0-based index: of one customer after the other, or all of the same one."""
    raw = x12_order(index)
    if one_customer:
        return raw
    partner, duns, name = _names(index % CUSTOMERS)
    for ours, theirs in ((_PARTNER, partner), (_DUNS, duns), (_NAME, name)):
        assert ours.encode() in raw
        raw = raw.replace(ours.encode(), theirs.encode())
    return raw


def _names(number: int) -> tuple[str, str, str]:
    """Identifier, DUNS number and name; the first two as long as the model's, which has fields of fixed width."""
    return f"BENCH{number:05}", f"98{number:07}", f"BENCHMARK {number:03} WORKS"


def _copied(row: dict[str, str], number: int) -> dict[str, str]:
    partner, duns, name = _names(number)
    change = {
        "customer_id": f"B{number:04}",
        "name": name.title() if "edi_ids" in row else row.get("name", ""),
        "email_domains": f"bench{number:04}.example",
        "emails": f"buying@bench{number:04}.example",
        "edi_ids": f"{partner};{duns}",
        "tax_id": f"US-90-{number:07}",
        "phone": f"+1 503 555 {number:04}",
        "order_number": f"B{number:04}-{row.get('order_number', '')}",
    }
    return {**row, **{key: value for key, value in change.items() if key in row}}
