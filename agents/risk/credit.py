"""Credit: exposure against the limit, what is overdue, and accounts that pay in advance."""

from __future__ import annotations

from decimal import Decimal

from agents.risk.contract import RiskInput
from agents.risk.word_lists import fold
from orderdesk.domain.base import plain
from orderdesk.domain.findings import Finding
from orderdesk.domain.master import Customer
from orderdesk.domain.money import Money
from orderdesk.policy.credit import CreditPolicy


def check_credit(given: RiskInput, policy: CreditPolicy) -> list[Finding]:
    """Whether the account may take this order on credit; unknown figures are said, not passed over.

    Exposure = the imported open balance + what we booked since + this order. At the limit is within it.
    """
    account = given.customer
    if account is None:
        return []  # without an account a person decides anyway
    if fold(account.payment_terms) in {fold(term) for term in policy.prepaid_terms}:
        return [*_overdue(account, policy), _prepaid(account)]
    return [*_overdue(account, policy), *_limit(account, given), *_stale(account, given, policy)]


def _limit(account: Customer, given: RiskInput) -> list[Finding]:
    if account.credit_limit is None:
        return [_unknown(account, "no credit limit is on file")]
    if given.estimated_net is None:
        return [_unknown(account, "the value of the order is not known yet")]
    order = given.estimated_net
    if account.currency and account.currency != order.currency:
        return [_unknown(account, f"the order is in {order.currency}, the limit in {account.currency}")]
    own = given.credit_use.own_exposure if given.credit_use else Decimal(0)
    open_balance = account.open_balance or Decimal(0)
    exposure = open_balance + own + order.amount
    if exposure > account.credit_limit:
        return [_exceeded(account, order, own, exposure)]
    if account.open_balance is None or given.credit_use is None:
        missing = "open balance" if account.open_balance is None else "exposure from our own orders"
        return [_unknown(account, f"its {missing} is not known")]
    return []


def _exceeded(account: Customer, order: Money, own: Decimal, exposure: Decimal) -> Finding:
    assert account.credit_limit is not None
    currency = order.currency
    figures = {
        "order": _money(order.amount),
        "open_balance": _money(account.open_balance),
        "own_exposure": _money(own),
        "exposure": _money(exposure),
        "credit_limit": _money(account.credit_limit),
        "over": _money(exposure - account.credit_limit),
        "currency": currency,
    }
    return Finding(
        code="credit_limit_exceeded",
        severity="approve",
        hold=True,
        path="customer",
        message=f"This order of {figures['order']} {currency} on top of an open balance of "
        f"{figures['open_balance']} and {figures['own_exposure']} of orders booked since brings "
        f"{account.name} to {figures['exposure']}, {figures['over']} above the credit limit of "
        f"{figures['credit_limit']}.",
        facts=figures,
    )


def _overdue(account: Customer, policy: CreditPolicy) -> list[Finding]:
    if account.overdue_balance is None:
        return [_unknown(account, "it is not known whether anything is overdue")]
    if account.overdue_balance <= policy.overdue_grace:
        return []
    overdue = f"{_money(account.overdue_balance)} {account.currency or ''}".strip()
    return [
        Finding(
            code="overdue_balance",
            severity="approve",
            hold=True,
            path="customer",
            message=f"{account.name} owes {overdue} past its due date; up to "
            f"{plain(policy.overdue_grace)} an order goes on. A person decides whether to deliver.",
            facts={
                "overdue": _money(account.overdue_balance),
                "grace": plain(policy.overdue_grace),
                "currency": account.currency or "",
            },
        )
    ]


def _prepaid(account: Customer) -> Finding:
    return Finding(
        code="prepayment_due",
        severity="approve",
        path="customer",
        message=f"{account.name} pays in advance ({account.payment_terms}). A person releases the order "
        "once the payment is in.",
        facts={"payment_terms": account.payment_terms},
    )


def _stale(account: Customer, given: RiskInput, policy: CreditPolicy) -> list[Finding]:
    if account.as_of is None or account.credit_limit is None:
        return []
    age = (given.business_date - account.as_of).days
    if age <= policy.stale_after_days:
        return []
    return [
        Finding(
            code="credit_figures_old",
            severity="info",
            path="customer",
            message=f"The credit figures of {account.name} are of {account.as_of.isoformat()}, {age} days "
            "before this order; import newer ones.",
            facts={"as_of": account.as_of.isoformat(), "days": str(age)},
        )
    ]


def _unknown(account: Customer, why: str) -> Finding:
    return Finding(
        code="data_unknown_credit",
        severity="info",
        path="customer",
        message=f"The credit of {account.name} could not be checked in full: {why}.",
    )


def _money(amount: Decimal | None) -> str:
    return "unknown" if amount is None else f"{amount:,.2f}"
