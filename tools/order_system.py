"""The built-in order system: orders, lines, reservations and purchases, written with their ledger rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from checkpoints.pools import Connection
from checkpoints.queries import load_queries
from orderdesk.domain.base import DecimalString, Value
from orderdesk.domain.ids import derived_id
from orderdesk.domain.results import BookOrder
from tools.ledger import Warrant, record_effect

SQL = load_queries("tools", "order_system.sql")


class OrderLineOnFile(Value):
    """A line of an order already booked."""

    sku: str
    quantity: DecimalString
    uom: str
    base_quantity: DecimalString


class OrderOnFile(Value):
    """An order already booked."""

    order_number: str
    po_number: str
    case_id: str
    order_date: date
    ship_to_code: str
    net_total: DecimalString
    currency: str
    lines: tuple[OrderLineOnFile, ...]


async def book_order(connection: Connection, warrant: Warrant, order: BookOrder, *, now: datetime) -> str:
    """Book an order with lines, reservations, purchases and their ledger rows; returns its number.

    In the caller's transaction, under the lock on the case: a case that has booked gives its order again.
    Raises psycopg's UniqueViolation where the customer's order number is already booked by another case.
    """
    where = {"case_id": warrant.case_id}
    existing = await (await connection.execute(SQL.order_of_case, where)).fetchone()
    if existing is not None:
        return str(existing["order_number"])
    told = {**where, "mail_id": derived_id("mail", warrant.case_id, "confirmation")}
    row = await (await connection.execute(SQL.next_order_number, told)).fetchone()
    assert row is not None
    number = str(row["order_number"])
    request = order.model_dump(mode="json")
    await record_effect(
        connection, warrant, "book_order", "order", request, now=now, response={"order_number": number}
    )
    header = order.model_dump(exclude={"lines", "purchases"})
    await connection.execute(SQL.insert_order, {**header, **where, "order_number": number, "now": now})
    lines = [line.model_dump() | {"order_number": number} for line in order.lines]
    async with connection.cursor() as cursor:
        await cursor.executemany(SQL.insert_line, lines)
        reserved = [
            {
                "order_number": number,
                "line_number": line.line_number,
                "sku": line.sku,
                "base_quantity": line.reserve,
            }
            for line in order.lines
            if line.reserve > 0
        ]
        if reserved:
            await cursor.executemany(SQL.insert_reservation, reserved)
        if order.purchases:
            bought = [p.model_dump() | {"order_number": number} for p in order.purchases]
            await cursor.executemany(SQL.insert_purchase, bought)
    if reserved:
        stock = {"lines": [{**r, "base_quantity": str(r["base_quantity"])} for r in reserved]}
        await record_effect(
            connection, warrant, "reserve", "stock", stock, now=now, response={"lines": len(reserved)}
        )
    for purchase in order.purchases:
        target = f"{purchase.supplier_id}:{purchase.sku}"
        request = purchase.model_dump(mode="json")
        await record_effect(
            connection, warrant, "purchase", target, request, now=now, response={"proposed": True}
        )
    return number


async def short_of_stock(connection: Connection, order: BookOrder) -> bool:
    """Whether what the order reserves has been promised to others since it was planned.

    Locks the stock rows until the caller's transaction ends. An article without a stock row is never reserved.
    """
    wanted: dict[str, Decimal] = {}
    for line in order.lines:
        if line.reserve > 0:
            wanted[line.sku] = wanted.get(line.sku, Decimal(0)) + line.reserve
    if not wanted:
        return False
    skus = {"skus": sorted(wanted)}
    free = {r["sku"]: r["free"] for r in await (await connection.execute(SQL.lock_stock, skus)).fetchall()}
    held = {
        r["sku"]: r["quantity"] for r in await (await connection.execute(SQL.own_reserved, skus)).fetchall()
    }
    return any(
        free.get(sku, Decimal(0)) - held.get(sku, Decimal(0)) < needed for sku, needed in wanted.items()
    )


async def overtaken_on_account(
    connection: Connection, case_id: str, order: BookOrder, weighed: Decimal, since: date
) -> bool:
    """Whether orders of the account booked since its open ones were worth `weighed` may change the verdict on this one:
    they leave too little credit for it, or one of them is like it. `since`: how far back orders may be alike.

    Locks the account until the transaction ends. Any other order counts for nothing: on a busy account there is
    always one, and who weighs anew after each never comes to an end.
    """
    where = {"customer_id": order.customer_id}
    account = await (await connection.execute(SQL.lock_account, where)).fetchone()
    row = await (await connection.execute(SQL.own_exposure, where)).fetchone()
    exposure = Decimal(row["amount"]) if row else Decimal(0)
    if exposure == weighed:
        return False
    limit = account["credit_limit"] if account else None
    if account and limit is not None and account["open_balance"] + exposure + order.net_total > limit:
        return True
    alike = await orders_like(
        connection, case_id=case_id, customer_id=order.customer_id, po_number=order.po_number, since=since,
        lines=[(line.sku, line.base_quantity) for line in order.lines],
    )  # fmt: skip
    return bool(alike)


async def orders_like(
    connection: Connection,
    *,
    case_id: str,
    customer_id: str,
    po_number: str,
    since: date,
    lines: Sequence[tuple[str, Decimal]],
) -> list[OrderOnFile]:
    """A customer's live orders of other cases that one may repeat: under the same number of the customer's, or booked
    since a day and either under a number that only looks different, or with all of these articles and base quantities.
    """
    letters_and_digits = re.sub(r"[^0-9A-Z]", "", po_number.upper())
    where = {
        "case_id": case_id, "customer_id": customer_id, "po_number": po_number, "since": since,
        "like_number": letters_and_digits.lstrip("0") or None,
        "skus": [sku for sku, _ in lines], "quantities": [quantity for _, quantity in lines],
    }  # fmt: skip
    cursor = await connection.execute(SQL.orders_like, where)
    return [_on_file(row) for row in await cursor.fetchall()]


def _on_file(row: dict[str, Any]) -> OrderOnFile:
    return OrderOnFile.model_validate({**row, "net_total": Decimal(row["net_total"])})
