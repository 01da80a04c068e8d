"""What a clerk and the customer are told about stock, backorders and what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agents.supply.contract import SupplyInput
from agents.supply.promise import Promise
from agents.supply.requested import Wanted
from agents.supply.stock import Allocation
from agents.supply.words import line_list, line_word
from orderdesk.domain.base import plain
from orderdesk.domain.findings import Finding


def stock_findings(
    allocations: Mapping[int, Allocation],
    promises: Mapping[int, Promise],
    wanted: Sequence[Wanted],
    given: SupplyInput,
) -> list[Finding]:
    """Per short line what becomes of it."""
    findings: list[Finding] = []
    for index, allocation in allocations.items():
        verdict = promises[index].verdict
        if verdict == "incomplete":
            findings.append(_incomplete(allocation, promises[index], wanted[index], given))
        elif allocation.backorder > 0 and verdict in ("met", "split"):
            findings.append(_backordered(allocation, promises[index], given))
    return findings


def unknown_findings(
    no_stock: Sequence[Allocation],
    no_lead_time: Sequence[Allocation],
    promises: Mapping[int, Promise],
    given: SupplyInput,
    standard: str,
) -> list[Finding]:
    """One finding per kind of unknown data, however many lines it touches; `standard` = the assumed date."""
    findings: list[Finding] = []
    if no_stock:
        findings.append(
            Finding(
                code="data_unknown_stock",
                severity="info",
                path=_path(no_stock),
                message=(
                    f"The stock for {line_list(no_stock, given)} is not known; nothing is reserved "
                    "and nothing is promised earlier than the lead time."
                ),
                facts={"lines": line_list(no_stock, given)},
            )
        )
    if no_lead_time:
        open_dates = [a for a in no_lead_time if promises[a.line_index].promised is None]
        ending = (
            f"the date wanted for {line_list(open_dates, given)} is not promised"
            if open_dates
            else "no earlier date is promised"
        )
        findings.append(
            Finding(
                code="data_unknown_lead_time",
                severity="info",
                path=_path(no_lead_time),
                message=(
                    f"The lead time for {line_list(no_lead_time, given)} is not known; the standard one "
                    f"(until {standard}) is assumed and {ending}."
                ),
                facts={"lines": line_list(no_lead_time, given), "assumed": standard},
            )
        )
    if not given.holidays:  # two years without one holiday are two years that nobody has loaded
        findings.append(
            Finding(
                code="data_unknown_holidays",
                severity="info",
                message="No holidays are loaded for the ship-to country; only weekends are kept free.",
            )
        )
    return findings


def _path(entries: Sequence[Allocation]) -> str:
    return f"lines[{entries[0].line_index}].quantity" if len(entries) == 1 else ""


def _unit(allocation: Allocation, given: SupplyInput) -> str:
    product = given.products.get(allocation.sku)
    return product.units.base if product else ""


def _facts(allocation: Allocation, promised: Promise, given: SupplyInput) -> dict[str, str]:
    return {
        "sku": allocation.sku,
        "quantity": plain(allocation.quantity),
        "available": plain(allocation.reserve),
        "short": plain(allocation.backorder),
        "unit": _unit(allocation, given),
        "complete_date": str(promised.ready.day),
    }


def _incomplete(allocation: Allocation, promised: Promise, wanted: Wanted, given: SupplyInput) -> Finding:
    facts = _facts(allocation, promised, given)
    customer = given.customer
    refused = given.draft.ship_complete is True or (
        customer is not None and customer.partial_allowed is False
    )
    why = (
        "part deliveries are not allowed"
        if refused
        else "it is not known whether part deliveries are allowed"
    )
    if wanted.day is not None:
        facts["requested"] = str(wanted.day)
    return Finding(
        code="ship_complete_short",
        severity="clarify",
        path=f"lines[{allocation.line_index}].quantity",
        message=(
            f"{line_word(allocation, given)}: {facts['available']} of {facts['quantity']} {facts['unit']} of "
            f"{allocation.sku} are in stock and {why}; everything is there on {facts['complete_date']}."
        ),
        question="ship_complete_short",
        facts=facts,
        options=(
            f"one delivery on {facts['complete_date']}",
            f"what is in stock now, the rest on {facts['complete_date']}",
        ),
    )


def _backordered(allocation: Allocation, promised: Promise, given: SupplyInput) -> Finding:
    facts = _facts(allocation, promised, given)
    return Finding(
        code="backordered",
        severity="info",
        path=f"lines[{allocation.line_index}].quantity",
        message=(
            f"{line_word(allocation, given)}: {facts['available']} of {facts['quantity']} {facts['unit']} of "
            f"{allocation.sku} are in stock; {facts['short']} follow as a backorder, there on "
            f"{facts['complete_date']}."
        ),
        facts=facts,
    )
