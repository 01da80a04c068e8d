"""Who is written to, which letter, in which language."""

from __future__ import annotations

from typing import Any

import pytest
from letters import CUSTOMER, LANGUAGES, clarify, confirmation, letter, order

from orderdesk.domain.documents import Sender
from orderdesk.domain.findings import Finding

ASK = (clarify("po_number_missing", "po_number"),)
REFUSE = (Finding(code="control_count_wrong", severity="reject", message="INTERNAL"),)


@pytest.mark.parametrize(
    ("sender", "to"),
    [
        ("buying@acme.example", "buying@acme.example"),
        ("Buying@ACME.example", "buying@acme.example"),
        ("ann@partner.example", "ann@partner.example"),
        ("new.person@acme.example", "buying@acme.example"),  # the company is known, the person is not
        ("bob@partner.example", ""),  # one contact's domain is not the account's
        ("new.person@acme.example.evil.example", ""),
        ("eve@acme-example.example", ""),
        ("someone@gmail.com", ""),  # anyone can have one, though the account lists the domain
        ("a@acme.example,eve@evil.example", ""),
        ("a@acme.example\nBcc: eve@evil.example", ""),
        ("eve@evil.example, x@acme.example", ""),
        ("", "buying@acme.example"),
    ],
)
def test_only_an_address_on_file_is_written_to(sender: str, to: str) -> None:
    reply = letter("question", findings=ASK, sender=Sender(address=sender))
    assert reply.to == to
    assert bool(reply.findings) is (to == "")
    assert reply.body


def test_an_address_that_is_not_on_file_goes_to_a_person() -> None:
    reply = letter("question", findings=ASK, sender=Sender(address="eve@evil.example"))
    assert (reply.findings[0].code, reply.findings[0].severity) == ("recipient_not_on_file", "approve")


def test_an_unknown_customer_is_not_written_to() -> None:
    assert letter("question", findings=ASK, customer=None).to == ""


@pytest.mark.parametrize(
    ("sender", "known_by", "to"),
    [
        ("ann@acme.example", "domain", "ann@acme.example"),
        ("ann@gmail.com", "address", "ann@gmail.com"),
        ("ann@gmail.com", "domain", ""),  # anyone can have one, though both accounts list the domain
        ("eve@evil.example", "", ""),
    ],
)
def test_a_sender_that_all_possible_accounts_know_may_be_asked(sender: str, known_by: str, to: str) -> None:
    facts = {"sender": sender, "known_by": known_by} if known_by else {}
    which = Finding(
        code="ambiguous_customer",
        severity="clarify",
        message="Which?",
        question="ambiguous_customer",
        facts=facts,
    )
    asked = letter("question", findings=(which,), customer=None, sender=Sender(address=sender))
    assert asked.to == to
    other = letter("question", findings=(which,), customer=None, sender=Sender(address="x@other.example"))
    assert other.to == ""


@pytest.mark.parametrize(("kind", "severity"), [("confirmation", "info"), ("question", "approve")])
def test_a_file_of_an_account_without_an_address(kind: str, severity: str) -> None:
    customer = CUSTOMER.model_copy(update={"emails": (), "contacts": ()})
    more: dict[str, Any] = {"customer": customer, "sender": Sender()}
    reply = confirmation(**more) if kind == "confirmation" else letter("question", findings=ASK, **more)
    assert reply.to == ""
    assert (reply.findings[0].code, reply.findings[0].severity) == ("no_reply_address", severity)


@pytest.mark.parametrize(
    ("hint", "more", "kind"),
    [
        ("confirmation", {}, "none"),
        ("confirmation", {"findings": ASK}, "question"),
        ("question", {"findings": ASK}, "question"),
        ("question", {}, "none"),
        ("refusal", {"findings": REFUSE}, "refusal"),
        ("refusal", {"findings": ASK}, "none"),
        ("duplicate", {"duplicate_of": "SO-000007"}, "duplicate"),
        ("duplicate", {}, "none"),
        ("none", {"findings": ASK}, "none"),
    ],
)
def test_a_letter_is_only_written_where_it_has_something_to_say(
    hint: str, more: dict[str, Any], kind: str
) -> None:
    reply = letter(hint, **more)
    assert reply.kind == kind
    assert bool(reply.body) is (kind != "none")


@pytest.mark.parametrize(
    ("stated", "account", "default", "written"),
    [
        ("de", "en", "en", "de"),
        ("DE-at", "en", "en", "de"),
        ("it", "es", "en", "es"),
        ("it", "", "fr", "fr"),
        ("it", "pl", "cs", "en"),
    ],
)
def test_the_language_is_the_message_s_then_the_account_s(
    stated: str, account: str, default: str, written: str
) -> None:
    customer = CUSTOMER.model_copy(update={"language": account})
    reply = letter(
        "question", order(language=stated), findings=ASK, customer=customer, default_language=default
    )
    assert reply.language == written
    assert reply.template == f"{written}/question"


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_and_duplicates_say_why_and_which(language: str) -> None:
    refusal = letter("refusal", order(language=language), findings=REFUSE)
    assert sum(row.startswith("- ") for row in refusal.body.split("\n")) == 1
    assert "INTERNAL" not in refusal.body
    unknown = letter(
        "refusal",
        order(language=language),
        findings=(
            Finding(code="brand_new", severity="reject", path="lines[0].quantity", message="INTERNAL"),
        ),
    )
    assert sum(row.startswith("- ") for row in unknown.body.split("\n")) == 1
    assert "INTERNAL" not in unknown.body
    duplicate = letter("duplicate", order(language=language), duplicate_of="SO-000007")
    assert "SO-000007" in duplicate.body
    assert "{order_number}" not in duplicate.body
