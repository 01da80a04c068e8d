"""Structured orders to measure with: X12 850s of one known partner, each with its own number and quantities."""

from __future__ import annotations

import csv
import shutil
from decimal import Decimal
from pathlib import Path

from orderdesk.demo import company_folder

# The demo company's EDI partner, and articles of its contract that it bought before, at the contract's prices.
_CUSTOMER = "C1002"
_PARTNER = "REDWOODCNV"
_LINES = (
    ("BRG-20410", "0459-2041", Decimal("5.35")),
    ("BRG-20510", "0459-2051", Decimal("6.15")),
    ("BRG-21010", "0459-9205", Decimal("17.50")),
    ("SEA-30110", "0650-2547", Decimal("2.90")),
)
# Like lines within a few days would be a possible duplicate: every order has quantities of its own, all of them
# within what this customer usually takes.
_LEAST = (40, 30, 6, 30)
_SPREAD = (20, 20, 6, 20)
# So many orders at once are not what the credit limit and the stock of the demo were made for.
_PLENTY = "1000000000"


def x12_order(index: int) -> bytes:
    """The order with a 0-based index; equal for equal indexes, different in number and quantities otherwise."""
    number = f"RC-B{index:06}"
    segments = [
        "ST*850*0001",
        f"BEG*00*SA*{number}**20260302",
        "CUR*BY*USD",
        "DTM*002*20260316",
        "N1*BY*REDWOOD CONVEYOR SYSTEMS LLC*1*079555021",
        "N1*ST*REDWOOD CONVEYOR SYSTEMS*92*MAIN",
        "N3*4100 NE COLUMBIA BLVD",
        "N4*PORTLAND*OR*97211*US",
    ]
    total, count = Decimal(0), 0
    rest = index
    for position, (sku, theirs, price) in enumerate(_LINES):
        rest, step = divmod(rest, _SPREAD[position])
        quantity = _LEAST[position] + step
        segments.append(f"PO1*{position + 1}*{quantity}*EA*{price}**VP*{sku}*BP*{theirs}")
        total, count = total + quantity * price, count + quantity
    segments += [f"CTT*{len(_LINES)}*{count}", f"AMT*TT*{total}"]
    segments.append(f"SE*{len(segments) + 1}*0001")
    control = f"{index + 1:09}"
    envelope = [
        f"ISA*00*          *00*          *ZZ*{_PARTNER:<15}*ZZ*NORTHGATE      *260302*0530*U*00401*{control}*0*P*>",
        f"GS*PO*{_PARTNER}*NORTHGATE*20260302*0530*{index + 1}*X*004010",
        *segments,
        f"GE*1*{index + 1}",
        f"IEA*1*{control}",
    ]
    return "".join(segment + "~\n" for segment in envelope).encode("ascii")


def write_company(folder: Path) -> Path:
    """The demo company, copied to `folder`, with credit and stock enough for any number of these orders."""
    shutil.copytree(company_folder(), folder)
    _rewrite(folder / "customers.csv", "customer_id", {_CUSTOMER}, {"credit_limit": _PLENTY})
    _rewrite(folder / "stock.csv", "sku", {sku for sku, _, _ in _LINES}, {"on_hand": _PLENTY})
    return folder


def _rewrite(path: Path, key: str, rows: set[str], change: dict[str, str]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, table = list(reader.fieldnames or ()), list(reader)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows({**row, **change} if row[key] in rows else row for row in table)
