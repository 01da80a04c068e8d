"""One matched line: our price, its net value, and how the stated price compares."""

from __future__ import annotations

from decimal import Decimal

from agents.pricing.compare import Comparison, compare
from agents.pricing.contract import PricingInput
from agents.pricing.our_price import OurPrice, Wanted, expired_price, our_price
from agents.pricing.stated_price import price_unit, stated_price
from agents.pricing.wording import line_name
from orderdesk.domain.errors import UnitError
from orderdesk.domain.findings import Finding
from orderdesk.domain.master import Product
from orderdesk.domain.money import line_net
from orderdesk.domain.orders import DraftLine
from orderdesk.domain.results import LineMatch, LinePrice
from orderdesk.policy.prices import PricesPolicy


def price_line(
    match: LineMatch, given: PricingInput, currency: str, *, comparable: bool, policy: PricesPolicy
) -> tuple[LinePrice, list[Finding]]:
    """The line at our price. An unmatched line has no price and no finding here: that is the matcher's.

    `comparable` is false where the order is stated in another currency than `currency`.
    """
    line = given.draft.lines[match.line_index]
    product = given.products.get(match.sku) if match.sku else None
    wanted = _wanted(match, given, currency)
    if match.sku is None or wanted is None:
        return _no_price(match), []
    ours = our_price(product, given.prices, wanted) if product else None
    if product is None or ours is None:
        return _no_price(match), [_unknown(line, match, currency)]
    findings = _about_ours(line, match, ours, given, currency)
    if comparable:
        findings += _compared(line, match, product, ours, wanted, given, policy)
    net = line_net(wanted.quantity, ours.unit_price, currency, price_base=ours.price_base)
    price = LinePrice(
        line_index=match.line_index,
        unit_price=ours.unit_price,
        price_base=ours.price_base,
        net=net.amount,
        source=ours.source,
    )
    return price, findings


def net_at_our_price(match: LineMatch, given: PricingInput, currency: str) -> Decimal | None:
    """The line's net value at our price; None where it is not matched or we have no price."""
    product = given.products.get(match.sku) if match.sku else None
    wanted = _wanted(match, given, currency)
    ours = our_price(product, given.prices, wanted) if product and wanted else None
    if ours is None or wanted is None:
        return None
    return line_net(wanted.quantity, ours.unit_price, currency, price_base=ours.price_base).amount


def _wanted(match: LineMatch, given: PricingInput, currency: str) -> Wanted | None:
    if match.quantity is None or match.quantity <= 0 or match.uom is None:
        return None
    customer_id = given.customer.customer_id if given.customer else ""
    return Wanted(
        customer_id=customer_id,
        currency=currency,
        quantity=match.quantity,
        uom=match.uom,
        on=given.business_date,
    )


def _no_price(match: LineMatch) -> LinePrice:
    return LinePrice(line_index=match.line_index, price_base=Decimal(1))


def _compared(
    line: DraftLine,
    match: LineMatch,
    product: Product,
    ours: OurPrice,
    wanted: Wanted,
    given: PricingInput,
    policy: PricesPolicy,
) -> list[Finding]:
    try:
        stated = stated_price(line, match, product, ours)
    except UnitError:
        return [_not_comparable(line, match)]
    if stated is None:
        return _promised_elsewhere(line, match, ours, given)
    expired = expired_price(product, given.prices, wanted)
    currency = wanted.currency
    return compare(Comparison(line, match, product, currency, ours, stated, expired), policy)


def _about_ours(
    line: DraftLine, match: LineMatch, ours: OurPrice, given: PricingInput, currency: str
) -> list[Finding]:
    if ours.unit_price > 0:
        return []
    # A contract row of the customer's own is the promise, unless the customer means to pay; a zero in a price
    # list is more likely a gap.
    promised = ours.contract and not (line.unit_price and line.unit_price.value > 0)
    why = (
        "The contract promises the goods free of charge."
        if promised
        else "Goods leave free of charge only if a person says so."
    )
    return [
        Finding(
            code="price_zero",
            severity="info" if promised else "approve",
            path=f"lines[{match.line_index}].unit_price",
            message=f"{line_name(line, match.sku)}: our own price is zero ({ours.source}). {why}",
            facts={
                "line_number": str(line.line_number),
                "sku": match.sku or "",
                "our_price": "0.00",
                "currency": currency,
            },
        )
    ]


def _unknown(line: DraftLine, match: LineMatch, currency: str) -> Finding:
    return Finding(
        code="price_unknown",
        severity="approve",
        path=f"lines[{match.line_index}].unit_price",
        message=f"{line_name(line, match.sku)}: no price in {currency} for {match.uom} is on file, "
        "neither a contract nor a list price. A person sets the price.",
        facts={
            "line_number": str(line.line_number),
            "sku": match.sku or "",
            "currency": currency,
            "uom": match.uom or "",
        },
    )


def _not_comparable(line: DraftLine, match: LineMatch) -> Finding:
    unit = price_unit(line, line.uom.value if line.uom else "")
    return Finding(
        code="price_not_comparable",
        severity="approve",
        path=f"lines[{match.line_index}].unit_price",
        message=f"{line_name(line, match.sku)}: the stated price is per {unit or 'an unknown unit'}, "
        "which this article has no factor for, so it cannot be compared with ours. A person compares "
        "them.",
        facts={"line_number": str(line.line_number), "sku": match.sku or "", "uom": unit},
    )


def _promised_elsewhere(
    line: DraftLine, match: LineMatch, ours: OurPrice, given: PricingInput
) -> list[Finding]:
    """A line without a price under a contract or quote we do not know: ours may not be the promised price."""
    if not given.draft.contract or ours.contract:
        return []
    return [
        Finding(
            code="contract_unknown",
            severity="approve",
            path=f"lines[{match.line_index}].unit_price",
            message=f"{line_name(line, match.sku)}: the order refers to contract or quote "
            f"{given.draft.contract} and states no price, and no contract price of this customer is on "
            f"file. Ours is the {ours.source}; a person decides which price counts.",
            facts={
                "line_number": str(line.line_number),
                "sku": match.sku or "",
                "contract": given.draft.contract,
            },
        )
    ]
