"""What was booked or read, held against what a generated mail orders."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from tests.faults.injection_effects import Consequences
from tests.faults.wrong_model_errors import ModelError
from tests.support.generated_mails import GeneratedMail
from tests.support.generated_trade import agreed_price, rows


def differences(mail: GeneratedMail, done: Consequences) -> list[str]:
    """Everything in which the orders booked for a mail differ from what it orders; empty where nothing is booked."""
    if not done.orders:
        return []
    if len(done.orders) > 1:
        return [f"{len(done.orders)} orders for one mail"]
    order = next(iter(done.orders))
    account = next(r for r in rows("customers") if r["customer_id"] == mail.customer_id)
    header = {
        "customer": (order.customer_id, mail.customer_id),
        "order number": (order.po_number, mail.po.value if mail.po else ""),
        "ship-to": (order.ship_to_code, mail.ship_to_code),
        "date": (order.requested_date, mail.day.value if mail.day else ""),
        "currency": (order.currency, account["currency"]),
        "payment terms": (order.payment_terms, account["payment_terms"]),
        "number of lines": (str(len(order.lines)), str(len(mail.lines))),
    }
    found = [
        f"{name}: {is_!r}, ordered {should!r}" for name, (is_, should) in header.items() if is_ != should
    ]
    for number, (line, wanted) in enumerate(zip(order.lines, mail.lines, strict=False), 1):
        price = agreed_price(mail.customer_id, wanted.sku, wanted.uom, wanted.quantity, account["currency"])
        for name, is_, should in (
            ("article", line.sku, wanted.sku),
            ("quantity", line.quantity, wanted.quantity),
            ("unit", line.uom, wanted.uom),
            ("base quantity", line.base_quantity, wanted.quantity * _factor(wanted.sku, wanted.uom)),
            ("price", line.unit_price, price),
        ):
            if is_ != should:
                found.append(f"line {number}, {name}: {is_}, ordered {should}")
    return found


def stands(error: ModelError, mail: GeneratedMail, done: Consequences) -> bool:
    """Whether the place of an error holds another value than the mail says, in the order as it was read."""
    report = done.reports[0]
    lines: list[dict[str, Any]] = report["lines"]
    if error.path == "intent":
        return report["intent"] != "new_order"
    if error.path == "po_number":
        return (report["po_number"] or "") != (mail.po.value if mail.po else "")
    if error.path == "requested_date":
        return (report["requested_date"] or "") != (mail.day.value if mail.day else "")
    if error.path == "ship_to":
        return report["ship_to_code"] != mail.ship_to_code
    if error.path == "lines" or error.path.endswith("]") or len(lines) != len(mail.lines):
        return len(lines) != len(mail.lines)
    found = re.fullmatch(r"lines\[(\d+)\]\.(\w+)", error.path)
    assert found, error
    line, wanted = lines[int(found[1])], mail.lines[int(found[1])]
    return {
        "quantity": line["quantity"] is None or Decimal(line["quantity"]) != wanted.quantity,
        "article": line["sku"] != wanted.sku,
        "uom": line["uom"] not in (None, wanted.uom),
        "unit_price": (line["unit_price"] or "") != wanted.price,
    }[found[2]]


def _factor(sku: str, uom: str) -> Decimal:
    product = next(r for r in rows("products") if r["sku"] == sku)
    if product["base_uom"] == uom:
        return Decimal(1)
    return next(Decimal(r["factor"]) for r in rows("uoms") if (r["sku"], r["uom"]) == (sku, uom))
