"""Whether goods bought for a shortage still leave the margin; what cannot be checked is said, not passed."""

from __future__ import annotations

from decimal import Decimal

from agents.supply.contract import SupplyInput
from orderdesk.domain.errors import UnitError
from orderdesk.domain.master import Product
from orderdesk.domain.orders import DraftLine
from orderdesk.domain.results import PurchaseProposal


def margin_problem(
    line_indexes: tuple[int, ...], proposal: PurchaseProposal, given: SupplyInput, least: Decimal
) -> str:
    """Why the purchase does not keep `least` (a fraction of the sales price), in words; empty = it does.

    The sales price is the lowest known one: our list price, or what the customer states. The worker that
    prices the order runs beside this one, so its result is not known here.
    """
    prices = _sales_prices(line_indexes, proposal, given)
    if not prices:
        return f"the margin cannot be checked, as no sales price in {proposal.currency} is known"
    price = min(prices)
    if price <= 0:
        return "the sales price is zero"
    margin = (price - proposal.unit_cost) / price
    if margin >= least:
        return ""
    return (
        f"a cost of {proposal.unit_cost} against a sales price of {price.normalize():f} {proposal.currency} "
        f"leaves a margin of {margin:.1%}, below {least:.1%}"
    )


def _sales_prices(
    line_indexes: tuple[int, ...], proposal: PurchaseProposal, given: SupplyInput
) -> list[Decimal]:
    """Known sales prices per base unit, in the purchase's currency."""
    product = given.products.get(proposal.sku)
    if product is None:
        return []
    prices: list[Decimal] = []
    if product.list_price is not None and product.currency == proposal.currency and product.price_base > 0:
        prices.append(product.list_price / product.price_base)
    if given.draft.currency and given.draft.currency.value == proposal.currency:
        stated = (_stated_price(given.draft.lines[index], product) for index in line_indexes)
        prices += [price for price in stated if price is not None]
    return prices


def _stated_price(line: DraftLine, product: Product) -> Decimal | None:
    """The customer's price per base unit; None where it is not stated or its unit is not the item's."""
    unit = line.price_uom or (line.uom.value if line.uom else product.units.base)
    if line.unit_price is None:
        return None
    try:
        factor = product.units.factor(unit)
    except UnitError:
        return None
    base = line.price_base if line.price_base is not None else Decimal(1)
    return line.unit_price.value / (base * factor) if base * factor > 0 else None
