"""The stated unit price against ours: within tolerance, too high, too low, from an old contract."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from agents.pricing.our_price import OurPrice
from agents.pricing.stated_price import StatedPrice
from agents.pricing.wording import line_name, price_text
from orderdesk.domain.findings import Finding, Severity
from orderdesk.domain.master import Product
from orderdesk.domain.orders import DraftLine
from orderdesk.domain.results import LineMatch
from orderdesk.policy.prices import PricesPolicy


class Comparison(NamedTuple):
    """One line with both prices for one booked unit, and what its findings are written with."""

    line: DraftLine
    match: LineMatch
    product: Product
    currency: str
    ours: OurPrice
    stated: StatedPrice
    expired: tuple[OurPrice, date] | None


def compare(given: Comparison, policy: PricesPolicy) -> list[Finding]:
    """What differs between the stated price and ours; nothing where they are equal.

    Within tolerance means both: per unit and over the line (SAP's EDI1 and EDI2). The line is always
    booked at our price, so a lower stated price beyond tolerance never passes by itself.
    """
    stated, ours = given.stated.each, given.ours.each
    if stated == 0 and ours == 0:
        return []  # a zero price of ours is a finding of its own: promised by contract or not
    if stated <= 0:
        return [_stated_zero(given)]
    if stated == ours or ours <= 0:
        return []  # a zero price of ours is a finding of its own
    if _within(given, ours, policy):
        return [_within_tolerance(given)]
    if given.expired and _within(given, given.expired[0].each, policy):
        return [_contract_expired(given, *given.expired)]
    if stated > ours:
        implausible = stated >= ours * Fraction(policy.implausible_times)
        return [_implausible(given) if implausible else _too_high(given)]
    return _too_low(given, policy)


def _within(given: Comparison, price: Fraction, policy: PricesPolicy) -> bool:
    difference = abs(given.stated.each - price)
    over_line = difference * Fraction(given.match.quantity or 0)
    return difference <= Fraction(policy.unit_tolerance) and over_line <= Fraction(policy.line_tolerance)


def _too_low(given: Comparison, policy: PricesPolicy) -> list[Finding]:
    margin = _margin(given)
    if margin is not None and margin < Fraction(policy.margin_floor):
        return [
            _finding(
                given,
                "price_below_margin",
                "approve",
                f"{_states(given)}, below our {_ours(given)}. It leaves a margin of {float(margin):.1%}, "
                f"less than the floor of {policy.margin_floor:.1%}, so a person decides.",
                {"margin": f"{float(margin):.1%}", "margin_floor": f"{policy.margin_floor:.1%}"},
            )
        ]
    findings = [
        _finding(
            given,
            "price_too_low",
            "clarify",
            f"{_states(given)}, but our price is {_ours(given)}. The customer has to say whether the "
            "order stands at our price.",
        )
    ]
    if margin is None:
        findings.append(
            _finding(
                given,
                "data_unknown_cost",
                "info",
                f"{line_name(given.line, given.match.sku)}: the margin at the stated price cannot be "
                f"checked, as no unit cost in {given.currency} is on file.",
            )
        )
    return findings


def _margin(given: Comparison) -> Fraction | None:
    """Share of the stated price left over unit cost; None where the cost is not known in this currency."""
    product = given.product
    if product.unit_cost is None or product.currency not in (None, given.currency):
        return None
    if given.match.base_quantity is None or not given.match.quantity:
        return None
    base_units = Fraction(given.match.base_quantity) / Fraction(given.match.quantity)
    cost = Fraction(product.unit_cost) * base_units
    return (given.stated.each - cost) / given.stated.each


def _within_tolerance(given: Comparison) -> Finding:
    return _finding(
        given,
        "price_within_tolerance",
        "info",
        f"{_states(given)}; our price is {_ours(given)}. The difference is within tolerance; the line is "
        "booked at our price.",
    )


def _too_high(given: Comparison) -> Finding:
    return _finding(
        given,
        "price_too_high",
        "info",
        f"{_states(given)}, more than our {_ours(given)}. The line is booked at our lower price, with "
        "notice.",
    )


def _implausible(given: Comparison) -> Finding:
    times = float(given.stated.each / given.ours.each)
    return _finding(
        given,
        "price_implausible",
        "approve",
        f"{_states(given)}, {times:.1f} times our {_ours(given)}. Article or unit may have been read "
        "wrongly; a person compares them.",
        {"times": f"{times:.1f}"},
    )


def _contract_expired(given: Comparison, expired: OurPrice, last_day: date) -> Finding:
    return _finding(
        given,
        "contract_expired",
        "approve",
        f"{_states(given)}, which is the contract price that ended on {last_day.isoformat()}; our price "
        f"is now {_ours(given)}. A person decides whether the old price still counts.",
        {"expired_on": last_day.isoformat(), "expired_price": price_text(expired.each)},
    )


def _stated_zero(given: Comparison) -> Finding:
    return _finding(
        given,
        "price_zero",
        "approve",
        f"{_states(given)}; our price is {_ours(given)}. Goods leave free of charge only if a person says "
        "so.",
    )


def _states(given: Comparison) -> str:
    name = line_name(given.line, given.match.sku)
    stated = f"{name}: the customer states {price_text(given.stated.each)} {given.currency}"
    base = f" (read as per {given.ours.price_base.normalize():f})" if given.stated.assumed_base else ""
    return f"{stated} per {given.match.uom}{base}"


def _ours(given: Comparison) -> str:
    return f"{price_text(given.ours.each)} ({given.ours.source})"


def _finding(
    given: Comparison, code: str, severity: Severity, message: str, more: dict[str, str] | None = None
) -> Finding:
    facts = {
        "line_number": str(given.line.line_number),
        "sku": given.match.sku or "",
        "stated_price": price_text(given.stated.each),
        "our_price": price_text(given.ours.each),
        "currency": given.currency,
        "uom": given.match.uom or "",
        **(more or {}),
    }
    return Finding(
        code=code,
        severity=severity,
        path=f"lines[{given.match.line_index}].unit_price",
        message=message,
        question=code if severity == "clarify" else "",
        facts=facts,
    )
