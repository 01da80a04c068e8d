"""Quantities far from what this customer ever took of an article."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from agents.risk.contract import RiskInput
from agents.risk.duplicates import base_quantity
from orderdesk.domain.base import plain
from orderdesk.domain.findings import Finding
from orderdesk.policy.risk import RiskPolicy


def check_quantities(given: RiskInput, policy: RiskPolicy) -> list[Finding]:
    """Lines above several times the largest earlier quantity, or above mean + sigma; one note where no history is.

    Quantities are per order and in base units. The largest earlier quantity counts from the first order on (with
    three orders or more, three sigma is always the lower limit); a deviation needs `history_min_orders`.
    """
    history = _per_order(given)
    findings: list[Finding] = []
    without: list[str] = []
    for sku, quantity in _ordered(given).items():
        past = history.get(sku, [])
        if limit := _exceeded(quantity, past, policy):
            findings.append(_unusual(sku, quantity, past, limit, given))
        elif len(past) < policy.history_min_orders:
            without.append(sku)
    if without:
        findings.append(_no_history(without, policy))
    return findings


def _ordered(given: RiskInput) -> dict[str, Decimal]:
    """What this order takes of each article, over all its lines."""
    totals: defaultdict[str, Decimal] = defaultdict(Decimal)
    for match in given.match.lines:
        if match.sku is not None and match.base_quantity is not None:
            totals[match.sku] += match.base_quantity
    return totals


def _per_order(given: RiskInput) -> dict[str, list[Decimal]]:
    totals: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in given.history:
        totals[line.sku, line.order_number] += base_quantity(line, given)
    per_article: defaultdict[str, list[Decimal]] = defaultdict(list)
    for (sku, _), quantity in totals.items():
        per_article[sku].append(quantity)
    return per_article


def _exceeded(quantity: Decimal, past: list[Decimal], policy: RiskPolicy) -> str:
    """Which limit the quantity is above, in words; empty where it is within both."""
    if past and quantity > max(past) * policy.quantity_times_usual:
        return f"more than {plain(policy.quantity_times_usual)} times the largest so far"
    if len(past) < policy.history_min_orders:
        return ""
    mean = sum(past, Decimal(0)) / len(past)
    deviation = (sum(((q - mean) ** 2 for q in past), Decimal(0)) / (len(past) - 1)).sqrt()
    beyond_sigma = quantity > mean + policy.quantity_sigma * deviation
    if beyond_sigma and quantity > mean * policy.sigma_from_times:
        return f"more than {plain(policy.quantity_sigma)} standard deviations above the usual"
    return ""


def _unusual(sku: str, quantity: Decimal, past: list[Decimal], limit: str, given: RiskInput) -> Finding:
    match = next(match for match in given.match.lines if match.sku == sku)
    line = given.draft.lines[match.line_index]
    return Finding(
        code="quantity_unusual",
        severity="approve",
        path=f"lines[{match.line_index}].quantity",
        message=f"The order takes {plain(quantity)} {match.base_uom or ''} of {sku} (line "
        f"{line.line_number}); in {len(past)} earlier orders this customer took {plain(min(past))} to "
        f"{plain(max(past))}. That is {limit}.",
        facts={
            "line_number": str(line.line_number),
            "sku": sku,
            "quantity": plain(quantity),
            "largest": plain(max(past)),
            "orders": str(len(past)),
        },
    )


def _no_history(skus: list[str], policy: RiskPolicy) -> Finding:
    named = ", ".join(dict.fromkeys(skus))
    return Finding(
        code="data_unknown_history",
        severity="info",
        path="lines",
        message="Quantities could not be compared in full with this customer's history, as it has fewer than "
        f"{policy.history_min_orders} orders of: {named}.",
    )
