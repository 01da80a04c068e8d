"""The supply worker's rules: stock to lines, purchases for what is short, a promise per line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from agents.supply.contract import SupplyInput
from agents.supply.date_findings import date_findings
from agents.supply.days import order_days
from agents.supply.promise import Promise, promise, ready_day
from agents.supply.purchase import Shortage, propose_purchases
from agents.supply.requested import Wanted, wanted_dates
from agents.supply.stock import Allocation, allocate
from agents.supply.stock_findings import stock_findings, unknown_findings
from agents.supply.substitutes import substitute_findings
from orderdesk.domain.base import plain
from orderdesk.domain.errors import CaseIncident
from orderdesk.domain.findings import Finding
from orderdesk.domain.results import LineSupply, SupplyResult
from orderdesk.policy.delivery import DeliveryPolicy


def plan_supply(given: SupplyInput, policy: DeliveryPolicy) -> SupplyResult:
    """What is reserved, what comes later, what has to be bought and which day is promised, line by line.

    Quantities are in base units. Raises CaseIncident where the match names lines the draft does not have.
    Source: the sections 'Dates' and 'Stock and supply' of the rules; numbers from `policy`.
    """
    _check_lines(given)
    days = order_days(given.business_date, given.received_at, given.holidays, policy)
    wanted = wanted_dates(given.draft)
    allocations = allocate(given.match.lines, given.stock, given.business_date)
    bought = propose_purchases(_shortages(allocations, wanted), given, days, policy)
    promises: dict[int, Promise] = {}
    for index, allocation in allocations.items():
        lead = _lead_time(allocation, given)
        ready = ready_day(allocation, lead, bought.ready.get(allocation.sku), days)
        promises[index] = promise(
            wanted[index],
            allocation,
            ready,
            partial=partial_deliveries(given),
            today=given.business_date,
            days=days,
        )
    no_lead = [
        a
        for a in allocations.values()
        if (a.available is None or a.uncovered > 0)
        and _lead_time(a, given) is None
        and a.sku not in bought.ready
    ]
    no_stock = [a for a in allocations.values() if a.available is None]
    findings = [
        *date_findings(wanted, promises, given, days, policy),
        *_schedule_sums(given),
        *stock_findings(allocations, promises, wanted, given),
        *bought.findings,
        *substitute_findings(allocations, given),
        *unknown_findings(no_stock, no_lead, promises, given, str(days.standard)),
    ]
    lines = _lines(given, allocations, promises, wanted)
    return SupplyResult(
        lines=lines,
        purchases=tuple(bought.proposals),
        delivery_date=_delivery_date(lines),
        findings=tuple(findings),
    )


def partial_deliveries(given: SupplyInput) -> bool:
    """Whether this order may be split: the order's own word first, then the account's; unknown is no."""
    if given.draft.ship_complete is True:
        return False
    on_file = given.customer.partial_allowed if given.customer else None
    return on_file is True or (on_file is None and given.draft.ship_complete is False)


def _check_lines(given: SupplyInput) -> None:
    indexes = [line.line_index for line in given.match.lines]
    if len(set(indexes)) != len(indexes) or any(not 0 <= i < len(given.draft.lines) for i in indexes):
        raise CaseIncident(
            f"the match names lines {indexes} but the draft has {len(given.draft.lines)}; "
            "read the message again"
        )


def _lead_time(allocation: Allocation, given: SupplyInput) -> int | None:
    product = given.products.get(allocation.sku)
    return product.lead_time_days if product else None


def _shortages(allocations: Mapping[int, Allocation], wanted: tuple[Wanted, ...]) -> tuple[Shortage, ...]:
    """What is uncovered, added up per article: two lines of one article are one purchase."""
    short: dict[str, list[Allocation]] = {}
    for allocation in allocations.values():
        if allocation.uncovered > 0:
            short.setdefault(allocation.sku, []).append(allocation)
    return tuple(
        Shortage(
            sku=sku,
            quantity=sum((a.uncovered for a in group), Decimal(0)),
            line_indexes=tuple(a.line_index for a in group),
            wanted=min((w.day for a in group if (w := wanted[a.line_index]).day), default=None),
        )
        for sku, group in short.items()
    )


def _lines(
    given: SupplyInput,
    allocations: Mapping[int, Allocation],
    promises: Mapping[int, Promise],
    wanted: tuple[Wanted, ...],
) -> tuple[LineSupply, ...]:
    """One entry per matched line. An order that may not be split is held to its last date."""
    last = max((p.promised for p in promises.values() if p.promised), default=None)
    short = any(a.backorder > 0 for a in allocations.values())
    held = given.draft.ship_complete is True or (short and not partial_deliveries(given))
    return tuple(
        _line(
            match.line_index,
            allocations,
            promises,
            last if held and wanted[match.line_index].from_header else None,
        )
        for match in given.match.lines
    )


def _line(
    index: int, allocations: Mapping[int, Allocation], promises: Mapping[int, Promise], held_to: date | None
) -> LineSupply:
    allocation = allocations.get(index)
    if allocation is None:
        return LineSupply(line_index=index, reserve=Decimal(0), backorder=Decimal(0))
    promised = promises[index].promised
    return LineSupply(
        line_index=index,
        available=allocation.available,
        reserve=allocation.reserve,
        backorder=allocation.backorder,
        promised_date=max(promised, held_to) if promised and held_to else promised,
    )


def _delivery_date(lines: tuple[LineSupply, ...]) -> date | None:
    """The last promised date; None as long as one line has none."""
    dates = [line.promised_date for line in lines]
    return max((d for d in dates if d), default=None) if all(dates) else None


def _schedule_sums(given: SupplyInput) -> list[Finding]:
    """Deliveries that do not add up to the line's quantity: nobody but the customer knows which is meant."""
    findings: list[Finding] = []
    for index, line in enumerate(given.draft.lines):
        total = sum((part.quantity for part in line.schedule), Decimal(0))
        if not line.schedule or line.quantity is None or total == line.quantity.value:
            continue
        findings.append(
            Finding(
                code="schedule_quantity_mismatch",
                severity="clarify",
                path=f"lines[{index}].schedule",
                message=(
                    f"Line {line.line_number}: the deliveries add up to {plain(total)}, the line's quantity "
                    f"is {plain(line.quantity.value)}."
                ),
                question="schedule_quantity_mismatch",
                facts={"scheduled": plain(total), "quantity": plain(line.quantity.value)},
                options=(plain(line.quantity.value), plain(total)),
            )
        )
    return findings
