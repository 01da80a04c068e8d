"""Notes an article that could stand in for a short one; only where the customer has agreed to substitutes."""

from __future__ import annotations

from agents.supply.contract import SupplyInput
from agents.supply.stock import Allocation, free_stock
from orderdesk.domain.base import plain
from orderdesk.domain.findings import Finding


def substitute_findings(allocations: dict[int, Allocation], given: SupplyInput) -> list[Finding]:
    """An info per short line whose own successor is free in the full quantity; nothing is swapped here."""
    if given.customer is None or given.customer.substitution_consent is not True:
        return []
    findings = [_substitute(allocation, given) for allocation in allocations.values()]
    return [finding for finding in findings if finding is not None]


def _substitute(allocation: Allocation, given: SupplyInput) -> Finding | None:
    product = given.products.get(allocation.sku)
    if allocation.backorder <= 0 or product is None or not product.superseded_by:
        return None
    successor = given.products.get(product.superseded_by)
    stock = given.stock.get(product.superseded_by)
    if successor is None or stock is None or successor.status != "active" or successor.restricted:
        return None
    free = free_stock(stock)
    # Base units of two articles compare only where they are the same unit.
    if successor.units.base != product.units.base or free < allocation.quantity:
        return None
    return Finding(
        code="substitute_available",
        severity="info",
        path=f"lines[{allocation.line_index}].quantity",
        message=(
            f"{plain(allocation.backorder)} {product.units.base} of {product.sku} are short; its successor "
            f"{successor.sku} has {plain(free)} free and this customer accepts substitutes. It is not "
            "swapped by itself."
        ),
        facts={"sku": product.sku, "substitute": successor.sku, "free": plain(free)},
    )
