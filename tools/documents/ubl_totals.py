"""The totals of a UBL order: the net total it states, and whether its own sums fit."""

from __future__ import annotations

from decimal import Decimal

from orderdesk.domain.evidence import Stated
from tools.documents.stated import Notebook, exact
from tools.documents.xml_safe import Node


def net_total(total: Node | None, notes: Notebook) -> Stated[Decimal] | None:
    """The total without tax: lines and header charges. OIOUBL uses TaxExclusiveAmount for the tax itself."""
    if total is None:
        return None
    parts = {name: exact(total.text(name)) for name in ("LineExtensionAmount", "TaxExclusiveAmount")}
    lines, without_tax = parts["LineExtensionAmount"], parts["TaxExclusiveAmount"]
    charged = (exact(total.text("ChargeTotalAmount")) or Decimal(0)) - (
        exact(total.text("AllowanceTotalAmount")) or Decimal(0)
    )
    if lines is not None and without_tax is not None and without_tax != lines + charged:
        with_tax = exact(total.text("TaxInclusiveAmount"))
        if with_tax is not None and with_tax == lines + charged + without_tax:
            return _shown(total, lines, charged, notes)
    if without_tax is not None:
        return notes.number(total.place("TaxExclusiveAmount"), "stated_net_total", "total without tax")
    if lines is not None:
        return _shown(total, lines, charged, notes)
    place = total.place("LineExtensionAmount") or total.place("PayableAmount")
    return notes.number(place, "stated_net_total", "order total")


def _shown(total: Node, lines: Decimal, charged: Decimal, notes: Notebook) -> Stated[Decimal]:
    return notes.stated(lines + charged, total.place("LineExtensionAmount"))


def check_totals(root: Node, total: Node | None, notes: Notebook) -> None:
    """The total's own sums must fit (BII2-T01 R012 to R017); line sums are compared by pricing."""
    if total is None:
        return
    for name in ("LineExtensionAmount", "PayableAmount"):
        stated = exact(total.text(name))
        if stated is not None and stated < 0:
            _mismatch(notes, name, stated, "zero or more")
    entries = list(root.all("AllowanceCharge"))
    for name, sign in (("ChargeTotalAmount", ("true", "1")), ("AllowanceTotalAmount", ("false", "0"))):
        stated = exact(total.text(name))
        amounts = [exact(e.text("Amount")) for e in entries if e.text("ChargeIndicator").lower() in sign]
        real = sum((a for a in amounts if a is not None), Decimal(0))
        if stated is not None and stated != real:
            _mismatch(notes, name, stated, real)
    _check_lines_and_payable(root, total, notes)


def _check_lines_and_payable(root: Node, total: Node, notes: Notebook) -> None:
    lines = exact(total.text("LineExtensionAmount"))
    stated = [n.value for n in root.all("OrderLine", "LineItem", "LineExtensionAmount")]
    values = [v for v in map(exact, stated) if v is not None]
    if lines is not None and values and sum(values) != lines:
        _mismatch(notes, "LineExtensionAmount", lines, Decimal(sum(values)))
    payable = exact(total.text("PayableAmount"))
    if lines is None or payable is None:
        return

    def part(name: str) -> Decimal:
        return exact(total.text(name)) or Decimal(0)

    net = lines + part("ChargeTotalAmount") - part("AllowanceTotalAmount")
    rounding = part("PayableRoundingAmount") - part("PrepaidAmount")
    tax = exact(root.text("TaxTotal", "TaxAmount")) or Decimal(0)
    # Some profiles state the payable amount with tax, some without.
    if payable not in (net + rounding, net + tax + rounding, part("TaxInclusiveAmount") + rounding):
        _mismatch(notes, "PayableAmount", payable, net + tax + rounding)


def _mismatch(notes: Notebook, name: str, says: Decimal, real: Decimal | str) -> None:
    shown = format(real, "f") if isinstance(real, Decimal) else real
    notes.note(
        "document_totals_wrong",
        "clarify",
        f"AnticipatedMonetaryTotal: {name} says {says:f} real {shown}.",
        path="stated_net_total",
        question="document_totals_wrong",
        element=name,
        says=format(says, "f"),
        real=shown,
    )
