"""Signs of fraud (FBI notes on business e-mail compromise and purchase-order fraud) and what they add up to."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from agents.risk.contract import RiskInput
from agents.risk.domains import domain_of, is_free_mail, looks_like, registrable
from agents.risk.phones import same_line
from agents.risk.word_lists import first_word, word_list
from orderdesk.domain.findings import Finding
from orderdesk.policy.risk import RiskPolicy


class Sign(NamedTuple):
    """One sign: its stable name, and what was seen, as part of a sentence."""

    name: str
    seen: str


def check_fraud(given: RiskInput, policy: RiskPolicy) -> tuple[tuple[str, ...], list[Finding]]:
    """Every sign found, and the holds: enough signs together, a look-alike domain alone, any beside a new address."""
    signs = [
        sign
        for sign in (
            _lookalike(given, policy),
            _free_mail(given, policy),
            _reply_elsewhere(given),
            _phone(given),
            _foreign_ship_to(given),
            _forwarder(given, policy),
            _rush(given),
            _large(given, policy),
            _new_buyer_on_credit(given),
        )
        if sign
    ]
    findings: list[Finding] = []
    lookalike = next((sign for sign in signs if sign.name == "lookalike_domain"), None)
    if lookalike:
        findings.append(_hold("lookalike_domain", f"{_capital(lookalike.seen)}.", given, signs))
    seen = "; ".join(sign.seen for sign in signs)
    if len(signs) >= policy.signs_to_hold:
        findings.append(_hold("fraud_signs", f"{len(signs)} signs of fraud: {seen}.", given, signs))
    elif signs and any(finding.code == "ship_to_new" for finding in given.match.findings):
        what = f"The delivery address is new, and there is a sign of fraud: {seen}."
        findings.append(_hold("ship_to_suspect", what, given, signs))
    return tuple(sign.name for sign in signs), findings


def _own_domains(given: RiskInput, policy: RiskPolicy | None = None) -> set[str]:
    """The account's domains: those on file, and those of its addresses that are not free mail."""
    account = given.customer
    if account is None:
        return set()
    extra = policy.extra_freemail_domains if policy else ()
    of_addresses = {domain_of(address) for address in (*account.emails, *account.contacts)} - {""}
    return {registrable(domain) for domain in account.email_domains} | {
        domain for domain in of_addresses if not is_free_mail(domain, extra)
    }


def _known_sender(given: RiskInput) -> bool:
    """Whether this very address is on file, or the message came over a channel that has no sender."""
    account, address = given.customer, given.sender.address.lower()
    if not address:
        return True
    return account is not None and address in {a.lower() for a in (*account.emails, *account.contacts)}


def _lookalike(given: RiskInput, policy: RiskPolicy) -> Sign | None:
    own = _own_domains(given, policy)
    for address in (given.sender.address, given.sender.reply_to):
        domain = domain_of(address)
        imitated = looks_like(domain, own, policy.lookalike_distance) if domain else None
        if imitated and not (address == given.sender.address and _known_sender(given)):
            return Sign("lookalike_domain", f"the sender's domain {domain} imitates the account's {imitated}")
    return None


def _free_mail(given: RiskInput, policy: RiskPolicy) -> Sign | None:
    domain = domain_of(given.sender.address)
    if _known_sender(given) or not is_free_mail(domain, policy.extra_freemail_domains):
        return None
    if not _own_domains(given, policy):
        return None
    return Sign("free_mail", f"the sender writes from the free-mail domain {domain}")


def _reply_elsewhere(given: RiskInput) -> Sign | None:
    reply_to, sender = domain_of(given.sender.reply_to), domain_of(given.sender.address)
    if not reply_to or not sender or reply_to == sender or reply_to in _own_domains(given):
        return None
    return Sign("reply_to_differs", f"answers would go to {reply_to} instead of {sender}")


def _phone(given: RiskInput) -> Sign | None:
    account = given.customer
    on_file = [*([account.phone] if account and account.phone else []), *given.phones_on_file]
    stated = [phone for phone in (*given.sender.phones, given.draft.buyer.phone) if phone]
    compared = [(phone, same_line(phone, on_file)) for phone in stated]
    if any(same for _, same in compared):
        return None
    other = next((phone for phone, same in compared if same is False), None)
    return Sign("phone_mismatch", f"the phone number {other} is not the one on file") if other else None


def _foreign_ship_to(given: RiskInput) -> Sign | None:
    account, ship_to = given.customer, given.draft.ship_to
    if account is None or ship_to is None or given.match.ship_to_code:
        return None
    home, there = account.country.strip().upper(), ship_to.country.strip().upper()
    if len(home) != 2 or len(there) != 2 or home == there:
        return None  # a country that is unknown or not written as a code says nothing
    return Sign("ship_to_foreign", f"the new delivery address is in {there}, the account in {home}")


def _forwarder(given: RiskInput, policy: RiskPolicy) -> Sign | None:
    ship_to = given.draft.ship_to
    if ship_to is None or given.match.ship_to_code:
        return None
    words = (*word_list("forwarder_words"), *policy.extra_forwarder_words)
    found = first_word(f"{ship_to.name}\n{ship_to.contact}\n{ship_to.street}", words)
    return Sign("forwarder_address", f"the new delivery address reads “{found}”") if found else None


def _rush(given: RiskInput) -> Sign | None:
    found = first_word("\n".join((*given.texts, given.draft.note)), word_list("rush_words"))
    return Sign("rush", f"the message presses (“{found}”)") if found else None


def _large(given: RiskInput, policy: RiskPolicy) -> Sign | None:
    order = given.estimated_net
    if order is None:
        return None
    value = f"{order.amount:,.2f} {order.currency}"
    largest = _largest_order(given)
    if largest > 0:
        if order.amount <= largest * policy.large_times_usual:
            return None
        return Sign(
            "large_order", f"the value of {value} is far above the largest order so far, {largest:,.2f}"
        )
    threshold = policy.large_order.get(order.currency)
    if threshold is None or order.amount < threshold:
        return None
    return Sign("large_order", f"the value of {value} is large for an account without known orders")


def _largest_order(given: RiskInput) -> Decimal:
    """The largest value of an earlier order, from the lines whose price is known; zero where none is."""
    values: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in given.history:
        if line.unit_price is not None:
            values[line.order_number] += line.quantity * line.unit_price
    return max(values.values(), default=Decimal(0))


def _new_buyer_on_credit(given: RiskInput) -> Sign | None:
    """A sender nobody knows, from outside the account's domain, who wants goods before paying."""
    if _known_sender(given) or domain_of(given.sender.address) in _own_domains(given):
        return None
    asked = "\n".join((given.draft.payment_terms, given.draft.note, *given.texts))
    found = first_word(asked, word_list("credit_words"))
    return Sign("new_buyer_on_credit", f"an unknown sender orders on credit (“{found}”)") if found else None


def _hold(code: str, what: str, given: RiskInput, signs: list[Sign]) -> Finding:
    account = given.customer
    number = account.phone if account and account.phone else ""
    where = (
        f"the number on file, {number}" if number else "a number from your own files, not from the message"
    )
    return Finding(
        code=code,
        severity="approve",
        hold=True,
        path="customer",
        message=f"{what} Before anything is released, call the customer back at {where}.",
        facts={"signs": ", ".join(sign.name for sign in signs), "call_back": number},
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
