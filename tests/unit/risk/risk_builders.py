"""Builds small cases for the risk rules' tests: one account, one article in pieces and boxes of 10."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from agents.risk.contract import ExistingOrder, OrderedLine, RiskInput, SenderFacts
from agents.risk.worker import assess
from orderdesk.domain.evidence import Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.master import CreditUse, Customer, PastLine, Product
from orderdesk.domain.orders import ArticleRef, DraftLine, OrderDraft, PartyRef
from orderdesk.domain.quantity import ItemUnits
from orderdesk.domain.results import LineMatch, MatchResult, RiskResult
from orderdesk.policy.loader import load_policy
from orderdesk.policy.model import Policy

TODAY = date(2026, 3, 2)


def policy(**sections: dict[str, Any]) -> Policy:
    """The default policy with some numbers changed, validated again."""
    data = load_policy().model_dump()
    for name, changes in sections.items():
        data[name] = {**data[name], **changes}
    return Policy.model_validate(data)


def customer(**changes: Any) -> Customer:
    values: dict[str, Any] = {
        "customer_id": "C-1",
        "name": "Acme Tools",
        "email_domains": ("acmetools.example",),
        "emails": ("buying@acmetools.example",),
        "phone": "+1 419 555 0110",
        "currency": "EUR",
        "payment_terms": "Net 30",
        "credit_limit": "10000",
        "open_balance": "0",
        "overdue_balance": "0",
        "country": "US",
        "po_required": True,
        **changes,
    }
    return Customer.model_validate(values)


def existing(
    number: str, *lines: tuple[str, str], po: str = "PO-1", days_ago: int = 1, **more: Any
) -> ExistingOrder:
    return ExistingOrder(
        order_number=number,
        po_number=po,
        order_date=TODAY - timedelta(days=days_ago),
        lines=tuple(OrderedLine(sku=sku, base_quantity=Decimal(quantity)) for sku, quantity in lines),
        **more,
    )


def past(
    *quantities: str, sku: str = "A-1", uom: str = "EA", price: str | None = None
) -> tuple[PastLine, ...]:
    """One earlier order for each quantity, months ago."""
    return tuple(
        PastLine(
            order_number=f"OLD-{n}",
            po_number=f"OLD-PO-{n}",
            order_date=TODAY - timedelta(days=100 + n),
            sku=sku,
            quantity=Decimal(quantity),
            uom=uom,
            unit_price=Decimal(price) if price else None,
        )
        for n, quantity in enumerate(quantities)
    )


def case(
    *lines: tuple[str | None, str],
    po: str | None = "PO-1",
    account: Customer | None = None,
    no_account: bool = False,
    sender: str = "buying@acmetools.example",
    reply_to: str = "",
    phones: tuple[str, ...] = (),
    ship_to: PartyRef | None = None,
    ship_to_code: str | None = None,
    revision: bool = False,
    payment_terms: str = "",
    net: str | None = "100",
    own_exposure: str | None = "0",
    **given: Any,
) -> RiskInput:
    ordered = lines or (("A-1", "10"),)
    skus = {sku for sku, _ in ordered if sku}
    own = None if no_account else (account or customer())
    values: dict[str, Any] = {
        "draft": OrderDraft(
            intent=Stated(value="new_order"),
            po_number=Stated(value=po) if po else None,
            is_revision=revision,
            payment_terms=payment_terms,
            ship_to=ship_to,
            lines=tuple(
                DraftLine(
                    line_number=n,
                    article=Stated(value=ArticleRef()),
                    quantity=Stated(value=Decimal(quantity)),
                )
                for n, (_, quantity) in enumerate(ordered, 1)
            ),
        ),
        "match": MatchResult(
            customer_id=own.customer_id if own else None,
            ship_to_code=ship_to_code,
            lines=tuple(
                LineMatch(
                    line_index=n,
                    sku=sku,
                    quantity=Decimal(quantity),
                    uom="EA",
                    base_quantity=Decimal(quantity),
                    base_uom="EA",
                )
                for n, (sku, quantity) in enumerate(ordered)
            ),
        ),
        "products": {
            sku: Product(sku=sku, description=sku, units=ItemUnits(base="EA", factors={"BX": Decimal(10)}))
            for sku in skus
        },
        "customer": own,
        "credit_use": CreditUse(customer_id="C-1", own_exposure=Decimal(own_exposure))
        if own_exposure
        else None,
        "estimated_net": {"amount": net, "currency": "EUR"} if net else None,
        "sender": SenderFacts(address=sender, reply_to=reply_to, phones=phones),
        "business_date": TODAY,
        **given,
    }
    return RiskInput.model_validate(values)


def assessed(*lines: tuple[str | None, str], rules: Policy | None = None, **given: Any) -> RiskResult:
    return assess(case(*lines, **given), rules or load_policy())


def codes(result: RiskResult) -> set[str]:
    """Codes of the findings; the note about a missing history, which most small cases have, left out."""
    return {finding.code for finding in result.findings} - {"data_unknown_history"}


def finding(result: RiskResult, code: str) -> Finding:
    found = [finding for finding in result.findings if finding.code == code]
    assert len(found) == 1, f"expected one {code}, found {[f.code for f in result.findings]}"
    return found[0]
