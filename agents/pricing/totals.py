"""The customer's own arithmetic: line totals against quantity x price, the order total against its lines."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from agents.pricing.contract import PricingInput
from agents.pricing.stated_price import price_unit
from agents.pricing.wording import line_name, price_text
from orderdesk.domain.base import plain
from orderdesk.domain.errors import UnitError
from orderdesk.domain.findings import Finding
from orderdesk.domain.money import round_money
from orderdesk.domain.orders import DraftLine
from orderdesk.domain.results import LinePrice
from orderdesk.policy.prices import PricesPolicy


def check_line_totals(given: PricingInput, currency: str, policy: PricesPolicy) -> list[Finding]:
    """Lines whose stated total is not quantity x price / base +- charges, beyond the rounding slack."""
    findings: list[Finding] = []
    for index, line in enumerate(given.draft.lines):
        computed = _computed(index, line, given)
        if line.line_total is None or computed is None:
            continue
        difference = Fraction(line.line_total.value) - computed
        if abs(difference) > Fraction(policy.total_slack):
            findings.append(_line_mismatch(index, line, currency, computed))
    return findings


def check_order_total(
    given: PricingInput, prices: tuple[LinePrice, ...], currency: str, policy: PricesPolicy
) -> list[Finding]:
    """A stated order total that is not exactly the sum of the stated lines and charges.

    A total that is explained by the stated tax is a gross one and no mismatch. Where no line states a
    value, the total is compared with ours, within the line tolerance for each line.
    """
    total = given.draft.stated_net_total
    if total is None or not given.draft.lines:
        return []
    charges = given.draft.charges_total or Decimal(0)
    values = [stated_value(index, line, given, currency) for index, line in enumerate(given.draft.lines)]
    known = [value for value in values if value is not None]
    if len(known) == len(values):
        expected, slack, against = sum(known, charges), Decimal(0), "its lines add up to"
    elif not known and all(price.net is not None for price in prices) and len(prices) == len(values):
        expected = sum((price.net for price in prices if price.net is not None), charges)
        slack, against = policy.line_tolerance * len(prices), "at our prices it comes to"
    else:
        return [_cannot_add_up(len(values) - len(known), len(values))]
    tax = given.draft.stated_tax_total or Decimal(0)
    if any(abs(total.value - reading) <= slack for reading in (expected, expected + tax)):
        return []
    return [_total_mismatch(total.value, expected, against, currency, policy)]


def stated_value(index: int, line: DraftLine, given: PricingInput, currency: str) -> Decimal | None:
    """What the customer states the line is worth, charges included; None where it says too little."""
    if line.line_total is not None:
        return line.line_total.value
    computed = _computed(index, line, given)
    if computed is None:
        return None
    return round_money(Decimal(computed.numerator) / Decimal(computed.denominator), currency)


def _computed(index: int, line: DraftLine, given: PricingInput) -> Fraction | None:
    """Quantity x price / base +- charges of one line, exactly; None where a part of it is not stated."""
    if line.quantity is None or line.unit_price is None:
        return None
    per = Fraction(_price_base(index, line, given))
    quantity = Fraction(line.quantity.value)
    unit = line.uom.value if line.uom else ""
    priced_in = price_unit(line, unit)
    if priced_in != unit:
        match = next((m for m in given.match.lines if m.line_index == index), None)
        product = given.products.get(match.sku) if match and match.sku else None
        if product is None:
            return None
        try:
            quantity *= Fraction(product.units.factor(unit)) / Fraction(product.units.factor(priced_in))
        except (UnitError, ZeroDivisionError):
            return None  # the comparison with our price says so already
    return quantity * Fraction(line.unit_price.value) / per + Fraction(line.charges or 0)


def _price_base(index: int, line: DraftLine, given: PricingInput) -> Decimal:
    """The stated base; where none is stated, 1 or the article's own, as the other figures say."""
    if line.price_base is not None and line.price_base > 0:
        return line.price_base
    match = next((m for m in given.match.lines if m.line_index == index), None)
    product = given.products.get(match.sku) if match and match.sku else None
    if product is None or product.price_base <= 1 or line.quantity is None or line.unit_price is None:
        return Decimal(1)
    quantity, price, bases = line.quantity.value, line.unit_price.value, (Decimal(1), product.price_base)
    if line.line_total is not None:
        goods = line.line_total.value - (line.charges or 0)
        return min(bases, key=lambda base: abs(goods - quantity * price / base))
    if product.list_price is not None:
        each = product.list_price / product.price_base
        return min(bases, key=lambda base: abs(each - price / base))
    return Decimal(1)


def _line_mismatch(index: int, line: DraftLine, currency: str, computed: Fraction) -> Finding:
    stated = price_text(line.line_total.value) if line.line_total else ""
    return Finding(
        code="line_total_mismatch",
        severity="clarify",
        path=f"lines[{index}].line_total",
        message=f"{line_name(line, None)}: the stated total is {stated} {currency}, but quantity and "
        f"price as stated come to {price_text(computed)}. The customer has to say which figure is right.",
        question="line_total_mismatch",
        facts={
            "line_number": str(line.line_number),
            "stated_total": stated,
            "computed_total": price_text(computed),
            "quantity": plain(line.quantity.value) if line.quantity else "",
            "stated_price": price_text(line.unit_price.value) if line.unit_price else "",
            "currency": currency,
        },
    )


def _total_mismatch(
    total: Decimal, expected: Decimal, against: str, currency: str, policy: PricesPolicy
) -> Finding:
    difference = abs(total - expected)
    material = difference > policy.materiality
    who = (
        f"More than {policy.materiality} {currency} is a person's decision."
        if material
        else "The customer has to say which figure is right."
    )
    return Finding(
        code="order_total_mismatch",
        severity="approve" if material else "clarify",
        path="stated_net_total",
        message=f"The stated order total is {price_text(total)} {currency}, but {against} "
        f"{price_text(expected)}, a difference of {price_text(difference)}. {who}",
        question="" if material else "order_total_mismatch",
        facts={
            "stated_total": price_text(total),
            "computed_total": price_text(expected),
            "difference": price_text(difference),
            "currency": currency,
        },
    )


def _cannot_add_up(unknown: int, lines: int) -> Finding:
    return Finding(
        code="data_unknown_order_total",
        severity="info",
        path="stated_net_total",
        message=f"The stated order total cannot be checked: {unknown} of {lines} lines state no value.",
    )
