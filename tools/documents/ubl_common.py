"""What the header and the lines of a UBL order have in common: charges, delivery periods, missing elements."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from orderdesk.domain.evidence import Stated
from orderdesk.domain.findings import Severity
from tools.documents.stated import Notebook, iso_day
from tools.documents.xml_safe import Node


def requested_day(delivery: Node | None, notes: Notebook, path: str) -> tuple[Stated[date] | None, str]:
    """The first day of the requested delivery period, and the period in words where it is longer than a day."""
    if delivery is None:
        return None, ""
    start = delivery.place("RequestedDeliveryPeriod", "StartDate")
    end = delivery.place("RequestedDeliveryPeriod", "EndDate")
    single = delivery.place("RequestedDeliveryDate") or delivery.place("LatestDeliveryDate")
    wanted = notes.day(start or end or single, path, "requested delivery date", iso_day)
    window = (
        f"Deliver between {start.text} and {end.text}" if start and end and start.text != end.text else ""
    )
    return wanted, window


def charges(node: Node, notes: Notebook, path: str) -> Decimal | None:
    """The sum of charges minus allowances directly below an element; None where none is stated."""
    total: Decimal | None = None
    for index, entry in enumerate(node.all("AllowanceCharge")):
        amount = notes.amount(entry.place("Amount"), path, "allowance or charge")
        if not entry.text("AllowanceChargeReason") and not entry.text("AllowanceChargeReasonCode"):
            missing(notes, f"AllowanceCharge[{index + 1}]/AllowanceChargeReason", "info", path, "its reason")
        if amount is not None:
            sign = 1 if entry.text("ChargeIndicator").lower() in ("true", "1") else -1
            total = (total or Decimal(0)) + sign * amount
    return total


def missing(notes: Notebook, element: str, severity: Severity, path: str, what: str) -> None:
    """Note a mandatory element that is not there."""
    notes.note(
        "mandatory_element_missing",
        severity,
        f"The mandatory element {element} is missing: the document does not say {what}.",
        path=path,
        question="mandatory_element_missing" if severity == "clarify" else "",
        element=element,
        meaning=what,
    )
