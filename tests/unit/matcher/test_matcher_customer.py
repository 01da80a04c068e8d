"""Which account an order is from, from what the identifiers say."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from matcher_builders import customer, draft, matching_policy, party

from agents.matcher.contract import MessageFacts
from agents.matcher.rules.customer import CustomerMatch, decide
from orderdesk.domain.documents import Sender
from tools.master.rows import CustomerSignal, NamedCustomer

ACCOUNTS = {
    "C1": customer("C1", "Harlan Fabrication Inc.", email_domains=("harlan.example",)),
    "C2": customer("C2", "Redwood LLC", email_domains=("redwood.example",)),
    "C3": customer("C3", "Harlan Services Inc.", email_domains=("harlan.example",)),
    "C4": customer("C4", "No Address Ltd"),
}


def run(
    *signals: str,
    sender: str = "dana@harlan.example",
    buyer: str = "",
    named: Sequence[tuple[str, float]] = (),
    least: float = 0.9,
) -> CustomerMatch:
    """`signals` as 'email:C1'."""
    found = [
        CustomerSignal.model_validate(dict(zip(("signal", "customer_id"), s.split(":"), strict=True)))
        for s in signals
    ]
    like = [NamedCustomer(customer_id=c, name=ACCOUNTS[c].name, score=score) for c, score in named]
    message = MessageFacts(sender=Sender(address=sender))
    return decide(
        found,
        ACCOUNTS,
        like,
        draft(buyer=party(name=buyer)),
        message,
        matching_policy(name_match_least=least),
    )


def codes(match: CustomerMatch) -> list[tuple[str, str, bool]]:
    return [(f.code, f.severity, f.hold) for f in match.findings]


@pytest.mark.parametrize(
    ("signals", "sender", "method"),
    [
        (["email:C1"], "dana@harlan.example", "email"),
        (["domain:C2"], "new@redwood.example", "email_domain"),
        (["edi:C1"], "", "account_id"),
        (["number:C1"], "", "account_id"),
        (["tax:C1", "domain:C1"], "x@harlan.example", "account_id"),
    ],
)
def test_a_known_identifier_of_one_account_is_enough(signals: list[str], sender: str, method: str) -> None:
    match = run(*signals, sender=sender)
    assert match.customer_id == signals[0][-2:]
    assert match.method == method
    assert not match.findings


def test_a_sender_that_nothing_on_file_can_be_compared_with_is_said() -> None:
    match = run("edi:C4", sender="someone@anywhere.example")
    assert (match.customer_id, match.method) == ("C4", "account_id")
    assert codes(match) == [("data_unknown_sender", "info", False)]
    assert not run("edi:C4", sender="").findings


def test_several_accounts_are_a_question() -> None:
    match = run("domain:C1", "domain:C3")
    assert match.customer_id is None
    assert codes(match) == [("ambiguous_customer", "clarify", False)]
    assert len(match.findings[0].options) == 2


@pytest.mark.parametrize(
    ("signals", "sender", "known_by"),
    [
        (("domain:C1", "domain:C3"), "dana@harlan.example", "domain"),
        (("email:C1", "email:C3"), "dana@shared.example", None),
        (("edi:C1", "edi:C2"), "dana@harlan.example", None),
        (("edi:C1", "edi:C2"), "", None),
    ],
)
def test_the_question_may_go_to_a_sender_that_every_account_knows(
    signals: tuple[str, ...], sender: str, known_by: str | None
) -> None:
    facts = run(*signals, sender=sender).findings[0].facts
    assert facts.get("known_by") == known_by
    assert facts.get("sender") == (sender if known_by else None)


def test_several_accounts_and_the_name_of_one() -> None:
    assert run("domain:C1", "domain:C3", buyer="HARLAN SERVICES, INC").customer_id == "C3"


def test_sender_and_account_id_settle_it_together() -> None:
    assert run("domain:C1", "domain:C3", "number:C3").customer_id == "C3"


@pytest.mark.parametrize("signals", [["number:C2"], ["number:C2", "email:C1"], ["edi:C2", "domain:C1"]])
def test_a_sender_from_elsewhere_is_held(signals: list[str]) -> None:
    match = run(*signals)
    assert codes(match) == [("sender_domain_mismatch", "approve", True)]


def test_a_known_sender_in_another_companys_name_is_held() -> None:
    match = run("email:C1", buyer="Redwood", named=[("C2", 1.0)])
    assert codes(match) == [("sender_domain_mismatch", "approve", True)]
    assert not run("email:C1", buyer="Harlan Fab", named=[("C1", 0.95), ("C2", 0.9)]).findings
    assert not run("email:C1", buyer="Some Trading Name", named=[("C2", 0.8)]).findings


def test_a_name_only_is_a_persons_decision() -> None:
    match = run(buyer="Redwood", named=[("C2", 0.9)], sender="x@gmail.example")
    assert (match.customer_id, codes(match)) == ("C2", [("customer_by_name_only", "approve", False)])
    below = run(buyer="Redwoods", named=[("C2", 0.89)], sender="x@gmail.example")
    assert (below.customer_id, codes(below)) == (None, [("unknown_customer", "approve", False)])


def test_two_accounts_of_one_name_are_not_chosen_between() -> None:
    match = run(buyer="Harlan", named=[("C1", 0.95), ("C3", 0.95)], sender="x@gmail.example")
    assert match.customer_id is None
    assert codes(match) == [("customer_by_name_only", "approve", False)]


def test_nothing_known() -> None:
    assert codes(run()) == [("unknown_customer", "approve", False)]
