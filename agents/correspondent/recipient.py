"""Who may be written to: only an address on file, or one at the account's own domain."""

from __future__ import annotations

import re

from agents.correspondent.contract import CorrespondentInput
from orderdesk.domain.findings import Finding
from orderdesk.domain.results import ReplyKind

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`|~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")

# Anyone can have an address there, so the domain proves nothing even where an account lists it.
_FREEMAIL = frozenset(
    (
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com"),
        *("icloud.com", "me.com", "aol.com", "gmx.de", "gmx.net", "gmx.com", "web.de", "t-online.de"),
        *("freenet.de", "mail.com", "proton.me", "protonmail.com", "orange.fr", "free.fr", "laposte.net"),
        *("wanadoo.fr", "yahoo.fr", "yahoo.es", "hotmail.es", "hotmail.fr"),
    )
)


def recipient(given: CorrespondentInput) -> str:
    """The address the answer goes to; empty where nobody may be written to.

    An answer goes back to its sender or to nobody: a Reply-To header plays no part. A message without a
    sender (a file, an interchange) is answered to the account's first address on file. Where it is open which
    of several accounts is meant, the sender may be asked if it is on file for every one of them.
    """
    customer = given.customer
    if customer is None:
        return _known_to_all(given)
    on_file = [a for a in (*customer.emails, *customer.contacts) if _sendable(a)]
    sender = given.sender.address.strip()
    if not sender:
        return on_file[0] if on_file else ""
    known = {address.casefold(): address for address in on_file}
    if sender.casefold() in known:
        return known[sender.casefold()]
    domain = sender.rpartition("@")[2].lower()
    domains = {d.strip().lower().lstrip("@") for d in customer.email_domains}
    if not _sendable(sender) or domain not in domains or _anyones(domain, given):
        return ""
    # The company is known, the person is not: the answer goes to the company's address on file. Where none is
    # on file, the domain is, and mail to it reaches nobody else.
    return on_file[0] if on_file else sender


def _known_to_all(given: CorrespondentInput) -> str:
    """The sender, where the matcher found it on file for each of the accounts that could be meant."""
    sender = given.sender.address.strip()
    facts = next((f.facts for f in given.findings if f.code == "ambiguous_customer"), {})
    if not sender or not _sendable(sender) or facts.get("sender", "").strip() != sender:
        return ""
    by_address = facts.get("known_by") == "address"
    return sender if by_address or not _anyones(sender.rpartition("@")[2].lower(), given) else ""


def _sendable(address: str) -> bool:
    """A plain address, without an encoded word, which may decode to anything."""
    return bool(_ADDRESS.fullmatch(address)) and "=?" not in address


def _anyones(domain: str, given: CorrespondentInput) -> bool:
    return domain in _FREEMAIL or domain in given.freemail_domains


def recipient_findings(given: CorrespondentInput, kind: ReplyKind, to: str) -> tuple[Finding, ...]:
    """Why nobody can be written to.

    Not blocking for the confirmation of an order that came as a file: nobody is waiting at an address for it.
    """
    if to or kind == "none":
        return ()
    if given.sender.address:
        whose = f"for {given.customer.customer_id}" if given.customer else "for any known customer"
        return (
            Finding(
                code="recipient_not_on_file",
                severity="approve",
                message=(
                    f"The answer cannot go to {given.sender.address!r}: that address is not on file "
                    f"{whose}; a person has to choose who is answered."
                ),
                facts={"address": given.sender.address},
            ),
        )
    harmless = kind == "confirmation"
    return (
        Finding(
            code="no_reply_address",
            severity="info" if harmless else "approve",
            message=(
                "The message has no sender and the account has no e-mail address on file; "
                + ("no confirmation is sent by e-mail." if harmless else "a person has to answer it.")
            ),
        ),
    )
