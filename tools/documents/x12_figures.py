"""Figures of an X12 order's heading and summary: implied decimals, payment terms, control totals."""

from __future__ import annotations

from decimal import Decimal

from tools.documents.edi_segments import Segment
from tools.documents.stated import Notebook, exact
from tools.documents.x12_line import X12Line


def check_counts(segment: Segment, lines: list[X12Line], notes: Notebook) -> None:
    """Compare CTT (lines, hash total) or G76 (quantity) with what the order holds."""
    quantities = [exact(line.head.get(line.quantity_at)) or Decimal(0) for line in lines]
    said = exact(segment.get(1))
    if segment.tag == "G76":
        if said is not None and said != sum(quantities):
            notes.count("G76", said, Decimal(sum(quantities)), "sum of the quantities ordered")
        return
    if said is None or said != len(lines):
        notes.count("CTT", said if said is not None else "nothing", len(lines), "order lines")
    hashed = exact(segment.get(2))
    if (
        all(line.head.get(line.quantity_at) for line in lines)
        and hashed is not None
        and hashed != sum(quantities)
    ):
        notes.count("CTT hash total", hashed, Decimal(sum(quantities)), "sum of the quantities")


def cents(text: str) -> Decimal | None:
    """An N2 element: two decimals are implied ('1500' = 15.00); with a point it is taken as written."""
    value = exact(text)
    return value if value is None or "." in text else value.scaleb(-2)


def terms(itd: Segment) -> str:
    """Payment terms in words: the free text, else discount and net days."""
    if itd.get(12):
        return itd.get(12)
    discount = f"{itd.get(3)}% {itd.get(5)} days" if itd.get(3) and itd.get(5) else ""
    net = f"net {itd.get(7)}" if itd.get(7) else ""
    return ", ".join(part for part in (discount, net) if part)
