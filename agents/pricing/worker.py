"""The pricing worker: prices every line at our price and says what the customer states differently. Pure."""

from __future__ import annotations

from decimal import Decimal

from agents.pricing.contract import PricingInput
from agents.pricing.currency import order_currency
from agents.pricing.line import net_at_our_price, price_line
from agents.pricing.order_value import above_limit, below_minimum
from agents.pricing.terms import check_terms
from agents.pricing.totals import check_line_totals, check_order_total, stated_value
from orderdesk.domain.findings import Finding
from orderdesk.domain.money import Money, total
from orderdesk.domain.results import LinePrice, PricingResult
from orderdesk.policy.model import Policy


def price_order(given: PricingInput, policy: Policy) -> PricingResult:
    """Our price for each matched line, the exact net total, and every difference from what is stated.

    `policy` is the customer's own (`policy.for_customer`). `net_total` is None unless every line has a price:
    part of a total is no total.
    """
    currency, findings = order_currency(given)
    if currency is None:
        prices = tuple(_unpriced(match.line_index) for match in given.match.lines)
        return PricingResult(lines=prices, findings=(*findings, *check_terms(given)))
    comparable = not any(finding.code == "currency_mismatch" for finding in findings)
    priced = [
        price_line(match, given, currency, comparable=comparable, policy=policy.prices)
        for match in given.match.lines
    ]
    prices = tuple(price for price, _ in priced)
    findings += [finding for _, of_line in priced for finding in of_line]
    findings += check_line_totals(given, currency, policy.prices)
    if comparable:
        findings += check_order_total(given, prices, currency, policy.prices)
    findings += check_terms(given)
    net_total = _net_total(given, prices, currency)
    if net_total is not None:
        findings += _about_value(net_total, currency, given, policy)
    return PricingResult(currency=currency, lines=prices, net_total=net_total, findings=tuple(findings))


def estimate_net(given: PricingInput) -> Money | None:
    """At least what the order is worth, for the risk worker, which runs beside pricing.

    Lines count at our price, else as stated; a line with neither counts nothing. None where none has.
    """
    currency, _ = order_currency(given)
    if currency is None:
        return None
    values: list[Decimal] = []
    matches = {match.line_index: match for match in given.match.lines}
    for index, line in enumerate(given.draft.lines):
        match = matches.get(index)
        ours = net_at_our_price(match, given, currency) if match else None
        value = ours if ours is not None else stated_value(index, line, given, currency)
        if value is not None:
            values.append(value)
    return Money(amount=sum(values, Decimal(0)), currency=currency) if values else None


def _unpriced(line_index: int) -> LinePrice:
    return LinePrice(line_index=line_index, price_base=Decimal(1))


def _net_total(given: PricingInput, prices: tuple[LinePrice, ...], currency: str) -> Decimal | None:
    """The exact sum; None where a line of the draft has no price."""
    nets = [Money(amount=price.net, currency=currency) for price in prices if price.net is not None]
    if not nets or len(nets) != len(given.draft.lines):
        return None
    return total(nets, currency).amount


def _about_value(net_total: Decimal, currency: str, given: PricingInput, policy: Policy) -> list[Finding]:
    tier = given.customer.tier if given.customer else "standard"
    return [
        *below_minimum(net_total, currency, policy.booking),
        *above_limit(net_total, currency, tier, policy.approvals),
    ]
