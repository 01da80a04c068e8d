"""Gives free stock and the next receipt to an order's lines; the same piece is never given twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orderdesk.domain.master import Stock
from orderdesk.domain.results import LineMatch

ZERO = Decimal(0)


@dataclass(frozen=True)
class Allocation:
    """What one line gets, in base units. `available` None = stock not known; then nothing is reserved."""

    line_index: int
    sku: str
    quantity: Decimal
    available: Decimal | None
    reserve: Decimal
    from_receipt: Decimal = ZERO
    receipt_date: date | None = None

    @property
    def backorder(self) -> Decimal:
        """What comes later; zero where the stock is not known, as nothing is known to be short."""
        return ZERO if self.available is None else self.quantity - self.reserve

    @property
    def uncovered(self) -> Decimal:
        """What neither stock nor the next receipt covers."""
        return self.backorder - self.from_receipt


@dataclass
class _Pool:
    """What is left of one article while the lines are served."""

    free: Decimal
    incoming: Decimal
    receipt_date: date | None


def allocate(
    lines: tuple[LineMatch, ...], stock: Mapping[str, Stock], business_date: date
) -> dict[int, Allocation]:
    """Serve the lines in order; lines without an article or a quantity above zero get no entry."""
    pools = {sku: _pool(entry, business_date) for sku, entry in stock.items()}
    result: dict[int, Allocation] = {}
    for line in lines:
        if line.sku is None or line.base_quantity is None or line.base_quantity <= 0:
            continue
        result[line.line_index] = _serve(line.line_index, line.sku, line.base_quantity, pools.get(line.sku))
    return result


def free_stock(entry: Stock) -> Decimal:
    """Base units free to promise; zero where more is reserved than there is."""
    return max(ZERO, entry.on_hand - entry.reserved - entry.own_reserved)


def _pool(entry: Stock, business_date: date) -> _Pool:
    # Stock below its reservations: what comes in first fills that hole, and is not there to promise.
    hole = max(ZERO, entry.reserved + entry.own_reserved - entry.on_hand)
    day = entry.next_receipt_date
    # A receipt that should have come already has not: its date promises nothing.
    if day is None or day < business_date or entry.next_receipt_qty is None:
        return _Pool(free_stock(entry), ZERO, None)
    return _Pool(free_stock(entry), max(ZERO, entry.next_receipt_qty - hole), day)


def _serve(index: int, sku: str, quantity: Decimal, pool: _Pool | None) -> Allocation:
    if pool is None:
        return Allocation(index, sku, quantity, None, ZERO)
    available = pool.free
    reserve = min(quantity, pool.free)
    incoming = min(quantity - reserve, pool.incoming)
    pool.free -= reserve
    pool.incoming -= incoming
    day = pool.receipt_date if incoming else None
    return Allocation(index, sku, quantity, available, reserve, incoming, day)
