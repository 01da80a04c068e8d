"""What a message has done: orders, effects, mails, reviews and learned data, read from the tables alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, LiteralString, NamedTuple

from orderdesk.bootstrap import House
from tests.support.house import process

# Each message stands alone: an earlier one must make no duplicate, no used-up credit, no missing stock, no answer
# on record and no open breaker.
_FORGET = (
    "truncate checkpoints, checkpoint_blobs, checkpoint_writes, message, cases, sales_order, reservation, purchase_proposal, effect, review, learned_alias,"
    " model_answer, model_call, case_spend, breaker cascade"
)


class BookedLine(NamedTuple):
    """A line as it was booked; the price is for one `uom`."""

    sku: str
    quantity: Decimal
    uom: str
    base_quantity: Decimal
    unit_price: Decimal


class Booked(NamedTuple):
    """An order as it was booked."""

    customer_id: str
    po_number: str
    requested_date: str
    ship_to_code: str
    currency: str
    payment_terms: str
    lines: tuple[BookedLine, ...]


class Consequences(NamedTuple):
    """Everything one message led to."""

    reports: tuple[dict[str, Any], ...] = ()
    orders: tuple[Booked, ...] = ()
    effects: frozenset[str] = frozenset()  # their kinds
    approvals: frozenset[str] = frozenset()  # what allowed them
    recipients: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()  # subject and text of each mail
    decided: int = 0  # decisions on reviews, and reviews that were closed
    learned: int = 0  # aliases

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Of its cases."""
        return tuple(report["outcome"] for report in self.reports)

    @property
    def codes(self) -> frozenset[str]:
        """Of all findings."""
        return frozenset(f["code"] for report in self.reports for f in report["findings"])


async def forget(house: House) -> None:
    """As if no message had ever come."""
    async with house.pool.connection() as connection:
        await connection.execute(_FORGET)


async def led_to(house: House, raw: bytes, name: str) -> Consequences:
    """Process a message to its first stop and look at what it has done."""
    reports = await process(house, raw, name)
    orders = [
        Booked(
            customer_id=order["customer_id"], po_number=order["po_number"],
            requested_date=order["requested_date"].isoformat() if order["requested_date"] else "",
            ship_to_code=order["ship_to_code"], currency=order["currency"],
            payment_terms=order["payment_terms"], lines=await _lines(house, order["order_number"]),
        )
        for order in await _rows(house, "select * from sales_order order by order_number")
    ]  # fmt: skip
    effects = await _rows(house, "select kind, approval, request from effect order by key")
    mails = [e["request"] for e in effects if e["kind"] == "send_mail"]
    decided = await _rows(
        house,
        "select review_id from review_decision union select review_id from review where closed_at is not null",
    )
    learned = await _rows(house, "select sku from learned_alias")
    return Consequences(
        reports=tuple(reports), orders=tuple(orders), effects=frozenset(e["kind"] for e in effects),
        approvals=frozenset(e["approval"] for e in effects), recipients=tuple(m["to"] for m in mails),
        letters=tuple(f"{m['subject']}\n{m['body']}" for m in mails), decided=len(decided), learned=len(learned),
    )  # fmt: skip


async def _lines(house: House, order_number: str) -> tuple[BookedLine, ...]:
    rows = await _rows(
        house, "select * from sales_order_line where order_number = %s order by line_number", order_number
    )
    return tuple(
        BookedLine(r["sku"], r["quantity"], r["uom"], r["base_quantity"], r["unit_price"] / r["price_base"])
        for r in rows
    )


async def _rows(house: House, query: LiteralString, *values: str) -> list[dict[str, Any]]:
    async with house.pool.connection() as connection:
        return list(await (await connection.execute(query, values)).fetchall())
