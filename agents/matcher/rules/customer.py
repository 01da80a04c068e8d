"""Which account an order is from: by checkable identifiers, never by a name alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from agents.matcher.contract import MessageFacts
from agents.matcher.findings import finding
from orderdesk.domain.findings import Finding
from orderdesk.domain.master import Customer
from orderdesk.domain.orders import OrderDraft
from orderdesk.policy.matching import MatchingPolicy
from tools.master.fold import fold_name
from tools.master.repository import MasterData
from tools.master.rows import CustomerSignal, NamedCustomer, Signal

# A sender's domain names the company, the address a person of it: one signal of two. It is short of certain
# by the share of mail that is written by somebody who may not order; the risk rules look at who it is.
_BY_DOMAIN = 0.95
# A person has to decide anyway; the number only sorts the reviews.
_BY_NAME = 0.5


@dataclass(frozen=True)
class CustomerMatch:
    """The account, how it was found, and what speaks against going on."""

    customer_id: str | None = None
    method: str = ""
    confidence: float = 0.0
    candidates: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = field(default=())


async def find_customer(
    draft: OrderDraft,
    message: MessageFacts,
    master: MasterData,
    policy: MatchingPolicy,
    corrections: Mapping[str, str],
) -> CustomerMatch:
    """The account of an order. A reviewer's edit wins; then identifiers; a name only makes a proposal."""
    if edited := corrections.get("customer_id"):
        return await _edited(edited, master)
    sender, buyer = message.sender, draft.buyer
    ids = buyer.ids or (draft.bill_to.ids if draft.bill_to else ())
    signals = await master.customer_signals(
        # A bare file has no sender; the buyer's address inside it is then the only one there is.
        email=sender.address or buyer.email,
        domain=sender.domain or buyer.email.rpartition("@")[2],
        ids=ids,
        # A column headed "Customer" holds a name or an account number: what has digits may be the latter.
        number=buyer.customer_number or (buyer.name if any(c.isdigit() for c in buyer.name) else ""),
        tax_id=buyer.tax_id,
    )
    customers = {c.customer_id: c for c in await master.customers(s.customer_id for s in signals)}
    named: Sequence[NamedCustomer] = ()
    if buyer.name and (not signals or not _names_one(buyer.name, customers.values())):
        named = await master.customers_by_name(buyer.name)
    match = decide(signals, customers, named, draft, message, policy)
    return _with_block(match, customers)


def decide(
    signals: Sequence[CustomerSignal],
    customers: Mapping[str, Customer],
    named: Sequence[NamedCustomer],
    draft: OrderDraft,
    message: MessageFacts,
    policy: MatchingPolicy,
) -> CustomerMatch:
    """What the identifiers say. `named`: accounts with a name like the buyer's, looked up where it matters."""
    by_email = _pointed(signals, "email")
    by_domain = _pointed(signals, "domain")
    by_document = _pointed(signals, "edi", "number", "tax")
    has_sender = bool(message.sender.address)
    if by_document:
        return _by_document(
            by_document, by_email, by_domain, customers, draft, message, has_sender=has_sender
        )
    for found, method, confidence in ((by_email, "email", 1.0), (by_domain, "email_domain", _BY_DOMAIN)):
        if found:
            if other := _other_company(draft.buyer.name, found, named, policy):
                return _foreign(sorted({other.customer_id, *found}), other.customer_id, message, other.name)
            return _one_of(found, customers, draft, method, confidence, message.sender.address)
    return _by_name(draft, named, policy)


def _by_document(
    by_document: set[str],
    by_email: set[str],
    by_domain: set[str],
    customers: Mapping[str, Customer],
    draft: OrderDraft,
    message: MessageFacts,
    *,
    has_sender: bool,
) -> CustomerMatch:
    """The order names its account; the sender, where there is one, must belong to it."""
    known_sender = by_email or by_domain
    both = by_document & known_sender
    if both:
        return _one_of(both, customers, draft, "account_id", 1.0, message.sender.address)
    if not has_sender:
        return _one_of(by_document, customers, draft, "account_id", 1.0)
    match = _one_of(by_document, customers, draft, "account_id", 1.0)
    if match.customer_id is None:
        return match
    customer = customers[match.customer_id]
    if not known_sender and not (customer.email_domains or customer.emails or customer.contacts):
        # No address on file to compare with; an account id is an identifier all the same, but it is said.
        return replace(match, findings=(*match.findings, _sender_unchecked(message, customer)))
    return _foreign(sorted(by_document | known_sender), match.customer_id, message, customer.name)


def _sender_unchecked(message: MessageFacts, customer: Customer) -> Finding:
    return finding(
        "data_unknown_sender",
        "info",
        "customer_id",
        f"No e-mail address of {customer.name} ({customer.customer_id}) is on file, so it could not be checked whether "
        f"{message.sender.address} belongs to it.",
        facts={"sender": message.sender.address, "customer_id": customer.customer_id},
    )


def _one_of(
    found: set[str],
    customers: Mapping[str, Customer],
    draft: OrderDraft,
    method: str,
    confidence: float,
    sender: str = "",
) -> CustomerMatch:
    """One account, or the one whose name is stated, or a question.

    `sender`: the address that belongs to every account found, so that the question may go there.
    """
    ids = sorted(found)
    if len(ids) > 1 and draft.buyer.name:
        same = [i for i in ids if _names_one(draft.buyer.name, [customers[i]])]
        ids = same if len(same) == 1 else ids
    if len(ids) == 1:
        return CustomerMatch(ids[0], method, confidence, tuple(ids))
    return CustomerMatch(
        candidates=tuple(ids),
        findings=(
            finding(
                "ambiguous_customer",
                "clarify",
                "customer_id",
                f"The sender fits {len(ids)} accounts ({', '.join(ids)}); which one is the order for?",
                facts=_reachable(sender, [customers[i] for i in ids]),
                options=[f"{i} — {customers[i].name}" for i in ids],
            ),
        ),
    )


def _reachable(sender: str, accounts: Sequence[Customer]) -> dict[str, str]:
    """How the sender is on file for every one of these accounts; empty where one of them does not know it."""
    address, domain = sender.strip().lower(), sender.rpartition("@")[2].strip().lower()
    if not address:
        return {}
    if all(address in {a.lower() for a in (*c.emails, *c.contacts)} for c in accounts):
        return {"sender": sender, "known_by": "address"}
    if all(domain in {d.strip().lower().lstrip("@") for d in c.email_domains} for c in accounts):
        return {"sender": sender, "known_by": "domain"}
    return {}


def _foreign(candidates: Sequence[str], customer_id: str, message: MessageFacts, name: str) -> CustomerMatch:
    sender = message.sender.address
    return CustomerMatch(
        customer_id,
        "account_id",
        _BY_NAME,
        tuple(candidates),
        (
            finding(
                "sender_domain_mismatch",
                "approve",
                "customer_id",
                f"The order is in the name of {name} ({customer_id}), but {sender} is not an address of that "
                "account; call the number on file before anything is booked.",
                hold=True,
                facts={"sender": sender, "customer_id": customer_id},
            ),
        ),
    )


def _by_name(draft: OrderDraft, named: Sequence[NamedCustomer], policy: MatchingPolicy) -> CustomerMatch:
    like = [n for n in named if n.score >= policy.name_match_least]
    if not like:
        return CustomerMatch(
            candidates=tuple(n.customer_id for n in named),
            findings=(
                finding(
                    "unknown_customer",
                    "approve",
                    "customer_id",
                    "Neither the sender nor any number in the order belongs to an account; open an account or "
                    "name the right one.",
                    facts={"name": draft.buyer.name},
                    options=[f"{n.customer_id} — {n.name}" for n in named],
                ),
            ),
        )
    alone = len(like) == 1 or like[0].score > like[1].score
    return CustomerMatch(
        like[0].customer_id if alone else None,
        "name",
        _BY_NAME * like[0].score,
        tuple(n.customer_id for n in like),
        (
            finding(
                "customer_by_name_only",
                "approve",
                "customer_id",
                f"Only the name '{draft.buyer.name}' points to {like[0].name} ({like[0].customer_id}); the sender "
                "is not on file. Check who it is before anything is booked.",
                facts={"name": draft.buyer.name, "customer_id": like[0].customer_id},
                options=[f"{n.customer_id} — {n.name}" for n in like],
            ),
        ),
    )


def _other_company(
    name: str, found: set[str], named: Sequence[NamedCustomer], policy: MatchingPolicy
) -> NamedCustomer | None:
    """An account that the order names as the buyer although the sender belongs to others."""
    if not named or named[0].customer_id in found or named[0].score < policy.name_match_least:
        return None
    return None if any(n.customer_id in found for n in named) else named[0]


def _names_one(name: str, customers: Iterable[Customer]) -> bool:
    """Is the stated name one of these accounts' names, legal form and accents aside?"""
    stated = fold_name(name)
    return any(fold_name(c.name) == stated for c in customers)


def _pointed(signals: Sequence[CustomerSignal], *kinds: Signal) -> set[str]:
    return {s.customer_id for s in signals if s.signal in kinds}


async def _edited(customer_id: str, master: MasterData) -> CustomerMatch:
    customer = await master.customer(customer_id)
    if customer is None:
        message = (
            f"The corrected customer '{customer_id}' does not exist; choose one from the list of accounts."
        )
        return CustomerMatch(findings=(finding("correction_invalid", "approve", "customer_id", message),))
    return _with_block(
        CustomerMatch(customer_id, "person", 1.0, (customer_id,)), {customer.customer_id: customer}
    )


def _with_block(match: CustomerMatch, customers: Mapping[str, Customer]) -> CustomerMatch:
    customer = customers.get(match.customer_id or "")
    if customer is None or customer.status != "blocked":
        return match
    blocked = finding(
        "customer_blocked",
        "approve",
        "customer_id",
        f"The account {customer.name} ({customer.customer_id}) is blocked; nothing is booked before it is released.",
        hold=True,
        facts={"customer_id": customer.customer_id},
    )
    return CustomerMatch(
        match.customer_id, match.method, match.confidence, match.candidates, (*match.findings, blocked)
    )
