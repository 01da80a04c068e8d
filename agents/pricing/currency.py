"""The currency an order is priced in, and whether the customer states another one."""

from __future__ import annotations

import re

from agents.pricing.contract import PricingInput
from orderdesk.domain.findings import Finding, Severity

# What stands on an order instead of a code, and the codes it may mean.
_SIGNS = {
    "€": {"EUR"}, "EURO": {"EUR"}, "EUROS": {"EUR"}, "£": {"GBP"}, "¥": {"JPY", "CNY"},
    "$": {"USD", "CAD", "AUD", "NZD", "MXN", "SGD", "HKD"},
}  # fmt: skip


def order_currency(given: PricingInput) -> tuple[str | None, list[Finding]]:
    """The account's currency, else the stated one, else the one all articles share; None = unknown."""
    account = _code(given.customer.currency if given.customer else None)
    written = given.draft.currency.value.strip() if given.draft.currency else ""
    signs = _SIGNS.get(written.upper(), set[str]())
    meant = next(iter(signs)) if len(signs) == 1 else _code(written)
    stated = account if account in signs else meant
    if account and written and account != stated:
        return account, [_mismatch(account, stated or written)]
    if account:
        return account, []
    currency = stated or (None if written and not signs else _of_articles(given))
    if currency is None:
        return None, [
            _unknown(
                "approve",
                "The currency of the order is not known: neither the account, nor the order, nor the "
                "price list tells it. A person sets it.",
            )
        ]
    where = "the order states it" if stated else "its articles are priced in it"
    return currency, [
        _unknown(
            "info", f"The account's currency is not on file; the order is priced in {currency}, as {where}."
        )
    ]


def _code(text: str | None) -> str | None:
    """An ISO 4217 code; None for anything else, as a document may say '$' or 'Euro'."""
    code = (text or "").strip().upper()
    return code if re.fullmatch("[A-Z]{3}", code) else None


def _of_articles(given: PricingInput) -> str | None:
    skus = {match.sku for match in given.match.lines if match.sku}
    currencies = {_code(p.currency) for sku, p in given.products.items() if sku in skus and p.currency}
    return currencies.pop() if len(currencies) == 1 else None


def _mismatch(account: str, stated: str) -> Finding:
    return Finding(
        code="currency_mismatch",
        severity="clarify",
        path="currency",
        message=f"The order is stated in {stated}, but the account is kept in {account}. The customer has "
        f"to say whether the order stands in {account}.",
        question="currency_mismatch",
        facts={"stated": stated, "account": account},
        options=(account, stated),
    )


def _unknown(severity: Severity, message: str) -> Finding:
    code = "currency_unknown" if severity == "approve" else "data_unknown_currency"
    return Finding(code=code, severity=severity, path="currency", message=message)
