"""Proposes what to buy for shortages: approved suppliers, minimum order, amount and margin limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from agents.supply.contract import SupplyInput
from agents.supply.days import OrderDays
from agents.supply.margin import margin_problem
from orderdesk.domain.base import plain
from orderdesk.domain.findings import Finding
from orderdesk.domain.master import SupplierItem
from orderdesk.domain.money import line_net
from orderdesk.domain.results import PurchaseProposal
from orderdesk.policy.delivery import DeliveryPolicy


@dataclass(frozen=True)
class Shortage:
    """Base units of one article that neither stock nor the next receipt covers, and when they are wanted."""

    sku: str
    quantity: Decimal
    line_indexes: tuple[int, ...]
    wanted: date | None


@dataclass
class Purchases:
    """Proposals, the day their goods leave us (by sku, where the lead time is known), and findings."""

    proposals: list[PurchaseProposal] = field(default_factory=list[PurchaseProposal])
    ready: dict[str, date] = field(default_factory=dict[str, date])
    findings: list[Finding] = field(default_factory=list[Finding])


def propose_purchases(
    shortages: tuple[Shortage, ...], given: SupplyInput, days: OrderDays, policy: DeliveryPolicy
) -> Purchases:
    """One purchase per short article, or a finding why there is none.

    All of an order's purchases in one currency together are held against that currency's limit.
    """
    result = Purchases()
    chosen: list[tuple[Shortage, SupplierItem, PurchaseProposal]] = []
    for shortage in shortages:
        item = _best_supplier(shortage, given.supplier_items, days)
        proposal = _proposal(shortage, item)
        if item is None or proposal is None:
            result.findings.append(_no_supplier(shortage, given))
            continue
        chosen.append((shortage, item, proposal))
        if item.lead_time_days is not None:
            result.ready[shortage.sku] = days.after_purchase(item.lead_time_days)
    totals = _totals([proposal for _, _, proposal in chosen])
    for shortage, item, proposal in chosen:
        result.proposals.append(proposal)
        result.findings.append(_judged(shortage, item, proposal, totals, given, policy))
    return result


def _best_supplier(
    shortage: Shortage, items: tuple[SupplierItem, ...], days: OrderDays
) -> SupplierItem | None:
    """In time before late, then the least money, then the shortest lead time; the id settles a tie."""
    usable = [i for i in items if i.sku == shortage.sku and _proposal(shortage, i) is not None]

    def rank(item: SupplierItem) -> tuple[bool, Decimal, int, str]:
        lead = item.lead_time_days
        late = lead is None or (
            shortage.wanted is not None and days.after_purchase(lead) > days.working(shortage.wanted)
        )
        cost = (item.unit_cost or Decimal(0)) * _to_buy(shortage, item)
        return (late, cost, lead if lead is not None else 10**6, item.supplier_id)

    return min(usable, key=rank, default=None)


def _to_buy(shortage: Shortage, item: SupplierItem) -> Decimal:
    return max(shortage.quantity, item.min_order_qty or Decimal(0))


def _proposal(shortage: Shortage, item: SupplierItem | None) -> PurchaseProposal | None:
    """The purchase at this supplier; None where its cost, currency or supplier is not known."""
    if item is None or not item.supplier_id or not item.currency:
        return None
    if item.unit_cost is None or item.unit_cost <= 0:
        return None
    return PurchaseProposal(
        supplier_id=item.supplier_id,
        sku=shortage.sku,
        quantity=_to_buy(shortage, item),
        unit_cost=item.unit_cost,
        currency=item.currency,
    )


def amount_of(proposal: PurchaseProposal) -> Decimal:
    """What a purchase costs, rounded to its currency."""
    return line_net(proposal.quantity, proposal.unit_cost, proposal.currency).amount


def _totals(proposals: list[PurchaseProposal]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for proposal in proposals:
        totals[proposal.currency] = totals.get(proposal.currency, Decimal(0)) + amount_of(proposal)
    return totals


def _judged(
    shortage: Shortage,
    item: SupplierItem,
    proposal: PurchaseProposal,
    totals: Mapping[str, Decimal],
    given: SupplyInput,
    policy: DeliveryPolicy,
) -> Finding:
    """Inside every limit: noted. Outside one: a person decides, and the sentence says why."""
    currency, total = proposal.currency, totals[proposal.currency]
    problems: list[str] = []
    limit = policy.purchase_limit.get(currency)
    if limit is None:
        problems.append(f"no purchase limit is set for {currency}")
    elif total > limit:
        problems.append(
            f"this order's purchases come to {total} {currency}, above the limit of {limit} {currency}"
        )
    if len(totals) > 1:
        problems.append(f"the purchases are in several currencies ({', '.join(sorted(totals))})")
    problem = margin_problem(shortage.line_indexes, proposal, given, policy.min_purchase_margin)
    if problem:
        problems.append(problem)
    what = (
        f"buying {plain(proposal.quantity)} of {proposal.sku} from {item.supplier_name or item.supplier_id} "
        f"for {amount_of(proposal)} {currency} covers the shortage of {plain(shortage.quantity)}"
    )
    facts = {
        "sku": proposal.sku,
        "supplier_id": proposal.supplier_id,
        "quantity": plain(proposal.quantity),
        "shortage": plain(shortage.quantity),
        "amount": str(amount_of(proposal)),
        "total": str(total),
        "currency": currency,
    }
    path = f"lines[{shortage.line_indexes[0]}].quantity"
    if problems:
        message = f"{what[0].upper()}{what[1:]}, but a person must decide: {'; '.join(problems)}."
        return Finding(
            code="purchase_above_limit", severity="approve", path=path, message=message, facts=facts
        )
    return Finding(
        code="purchase_proposed",
        severity="info",
        path=path,
        message=f"{what[0].upper()}{what[1:]}.",
        facts=facts,
    )


def _no_supplier(shortage: Shortage, given: SupplyInput) -> Finding:
    known = any(item.sku == shortage.sku for item in given.supplier_items)
    why = "its suppliers have no cost or currency on file" if known else "no supplier is on file for it"
    return Finding(
        code="data_unknown_supplier",
        severity="info",
        path=f"lines[{shortage.line_indexes[0]}].quantity",
        message=f"{plain(shortage.quantity)} of {shortage.sku} are short and no purchase is proposed: {why}.",
        facts={"sku": shortage.sku, "shortage": plain(shortage.quantity)},
    )
