"""Signs of fraud one by one, what they add up to, and what the message itself gives away."""

from __future__ import annotations

from typing import Any

import pytest
from risk_builders import assessed, case, codes, customer, finding, past, policy

from agents.risk.domains import is_free_mail, looks_like, registrable
from agents.risk.phones import same_line
from agents.risk.worker import assess
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import PartyRef
from orderdesk.policy.loader import load_policy


@pytest.mark.parametrize(
    ("domain", "imitates"),
    [
        ("acmetools.example", False),
        ("mail.acmetools.example", False),
        ("acmetoois.example", True),
        ("acmetols.example", True),
        ("acemtools.example", True),
        ("acrnetools.example", True),
        ("acmet00ls.example", True),
        ("acmetools.test", True),
        ("acme-tools.example", True),
        ("acmetools-orders.example", True),
        ("аcmetools.example", True),
        ("аcmetools.example".encode("idna").decode(), True),
        ("zenith-pumps.example", False),
        ("acmepumps.example", False),
    ],
)
def test_domains_that_imitate_the_accounts(domain: str, imitates: bool) -> None:
    assert bool(looks_like(domain, ["acmetools.example"], 2)) is imitates


def test_a_short_name_is_imitated_by_one_edit_only() -> None:
    assert looks_like("abx.example", ["abc.example"], 2)
    assert not looks_like("axx.example", ["abc.example"], 2)


def test_edits_are_the_policys() -> None:
    assert looks_like("acmetals.example", ["acmetools.example"], 2)
    assert not looks_like("acmetals.example", ["acmetools.example"], 1)


@pytest.mark.parametrize(
    ("domain", "company"),
    [
        ("mail.acme.co.uk", "acme.co.uk"),
        ("a.b.acme.example", "acme.example"),
        ("acme.example", "acme.example"),
    ],
)
def test_the_part_a_company_registers(domain: str, company: str) -> None:
    assert registrable(domain) == company


def test_free_mail_is_known_in_every_country() -> None:
    assert is_free_mail("gmail.com")
    assert is_free_mail("yahoo.co.uk")
    assert is_free_mail("mail.gmx.net")
    assert not is_free_mail("acmetools.example")
    assert is_free_mail("acmemail.example", extra=["acmemail.example"])


@pytest.mark.parametrize(
    ("phone", "same"),
    [
        ("(419) 555-0111", True),
        ("+1 419 555 0110", True),
        ("419.555.9999", True),
        ("+1 419 556 0110", False),
        ("07031 5550167", False),
        ("123", None),
    ],
)
def test_phone_numbers_share_what_stands_before_the_extension(phone: str, same: bool | None) -> None:
    assert same_line(phone, ["+1 419 555 0110"]) is same
    assert same_line("07031 / 555 01-67", ["+49 (0)7031 5550166"]) is True


HOME = PartyRef(name="Acme Tools", street="Main Road 1", country="US")
ABROAD = PartyRef(name="Acme Tools", street="Harbour Road 1", country="NG")
FORWARDER = PartyRef(name="Global Freight Forwarders", street="Dock 4", country="US")

SIGNS: list[tuple[str, dict[str, Any]]] = [
    ("free_mail", {"sender": "acmetools.buyer@gmail.com"}),
    ("reply_to_differs", {"reply_to": "orders@elsewhere.example"}),
    ("phone_mismatch", {"phones": ("+1 212 444 0199",)}),
    ("ship_to_foreign", {"ship_to": ABROAD}),
    ("forwarder_address", {"ship_to": FORWARDER}),
    ("rush", {"texts": ("We need this URGENTLY, please",)}),
    ("rush", {"texts": ("Wir brauchen die Ware so schnell wie möglich",)}),
    (
        "large_order",
        {"net": "5000.01", "history": past("10", "100", price="10"), "account": customer(credit_limit=None)},
    ),
    ("large_order", {"net": "25000", "account": customer(credit_limit=None)}),
    ("new_buyer_on_credit", {"sender": "buyer@state-university.example", "payment_terms": "Net 30"}),
]

NO_SIGNS: list[dict[str, Any]] = [
    {},
    {"sender": "new.colleague@acmetools.example", "payment_terms": "Net 30"},
    {"sender": "NEW@mail.acmetools.example"},
    {"sender": ""},
    {"sender": "joe@gmail.com", "account": customer(email_domains=(), emails=("joe@gmail.com",))},
    {"sender": "jane@gmail.com", "account": customer(email_domains=(), emails=("joe@gmail.com",))},
    {"sender": "agent@gmail.com", "account": customer(contacts=("agent@gmail.com",))},
    {"reply_to": "other@acmetools.example"},
    {"phones": ("419 555 0188",)},
    {"phones": ("+1 212 444 0199", "419 555 0110")},
    {"phones": ("+1 212 444 0199",), "account": customer(phone="")},
    {"phones": ("+1 212 444 0199",), "phones_on_file": ("212-444-0100",)},
    {"ship_to": HOME},
    {"ship_to": ABROAD, "ship_to_code": "LAGOS"},
    {"ship_to": ABROAD, "account": customer(country="")},
    {"ship_to": FORWARDER, "ship_to_code": "DOCK"},
    {"texts": ("The brushes and crushers as usual, no hurry. Thrushes.",)},
    {"net": "5000.00", "history": past("10", "100", price="10"), "account": customer(credit_limit=None)},
    {"net": "24999.99", "account": customer(credit_limit=None)},
    {"sender": "buyer@state-university.example"},
]


@pytest.mark.parametrize(("name", "given"), SIGNS)
def test_one_sign_is_recorded_and_holds_nothing(name: str, given: dict[str, Any]) -> None:
    result = assessed(**given)
    assert result.signs == (name,)
    assert not codes(result) & {"fraud_signs", "lookalike_domain"}


@pytest.mark.parametrize("given", NO_SIGNS)
def test_what_is_no_sign(given: dict[str, Any]) -> None:
    assert assessed(**given).signs == ()


def test_one_sign_beside_a_new_address_holds() -> None:
    given = case(texts=("urgent!",), ship_to=HOME)
    new = Finding(code="ship_to_new", severity="clarify", message="The address is not on file.")
    unknown = given.model_copy(update={"match": given.match.model_copy(update={"findings": (new,)})})
    held = finding(assess(unknown, load_policy()), "ship_to_suspect")
    assert (held.severity, held.hold) == ("approve", True)
    assert "urgent" in held.message
    calm = unknown.model_copy(update={"texts": ()})
    assert "ship_to_suspect" not in codes(assess(calm, load_policy()))
    assert "ship_to_suspect" not in codes(assess(given, load_policy()))


def test_any_two_signs_hold_with_a_call_back_to_the_number_on_file() -> None:
    result = assessed(sender="acmetools.buyer@gmail.com", texts=("urgent!",))
    assert result.signs == ("free_mail", "rush")
    held = finding(result, "fraud_signs")
    assert (held.severity, held.hold, held.facts["call_back"]) == ("approve", True, "+1 419 555 0110")
    assert "gmail.com" in held.message
    assert "+1 419 555 0110" in held.message


def test_the_number_in_the_message_is_never_the_one_to_call() -> None:
    result = assessed(
        account=customer(phone=""),
        sender="x@gmail.com",
        texts=("urgent, call +1 212 444 0199",),
        phones=("+1 212 444 0199",),
    )
    held = finding(result, "fraud_signs")
    assert "212 444" not in held.message
    assert held.facts["call_back"] == ""


def test_a_look_alike_domain_alone_holds() -> None:
    result = assessed(sender="buying@acmetoois.example")
    assert result.signs == ("lookalike_domain",)
    assert finding(result, "lookalike_domain").hold
    assert "fraud_signs" not in codes(result)
    assert "lookalike_domain" in codes(assessed(reply_to="buying@acmetoois.example"))


def test_signs_of_a_sender_without_an_account_are_recorded_too() -> None:
    result = assessed(
        no_account=True,
        sender="dean@state-university.example",
        texts=("Kindly open a credit account for us, urgent",),
        ship_to=FORWARDER,
    )
    assert result.signs == ("forwarder_address", "rush", "new_buyer_on_credit")
    assert finding(result, "fraud_signs").hold


def test_how_many_signs_hold_is_the_policys() -> None:
    given: dict[str, Any] = {"sender": "acmetools.buyer@gmail.com", "texts": ("urgent",)}
    assert "fraud_signs" not in codes(assessed(**given, rules=policy(risk={"signs_to_hold": 3})))
    assert "fraud_signs" in codes(assessed(texts=("urgent",), rules=policy(risk={"signs_to_hold": 1})))


def test_own_words_and_domains_of_the_policy_count() -> None:
    rules = policy(
        risk={"extra_freemail_domains": ("citymail.example",), "extra_forwarder_words": ("hangar 7",)}
    )
    here = PartyRef(street="Hangar 7, Airport", country="US")
    assert assessed(sender="a@citymail.example", ship_to=here, rules=rules).signs == (
        "free_mail",
        "forwarder_address",
    )
    assert assessed(sender="a@citymail.example", ship_to=here).signs == ()


def message(code: str, severity: str = "approve", *, hold: bool = False) -> Finding:
    return Finding.model_validate(
        {"code": code, "severity": severity, "hold": hold, "message": f"{code} seen."}
    )


def test_what_the_message_gives_away_is_carried_as_a_hold() -> None:
    seen = (
        message("injection_suspected"),
        message("hidden_text", hold=True),
        message("macro_file", "clarify"),
        message("bank_details_changed"),
        message("unreadable_document", "clarify"),
    )
    result = assessed(message_findings=seen)
    assert {f.code for f in result.findings if f.hold} == {
        "injection_suspected",
        "hidden_text",
        "macro_file",
        "bank_details_changed",
    }
    assert all(f.severity == "approve" for f in result.findings if f.hold)


def test_a_mere_note_about_hidden_text_stays_a_note() -> None:
    assert codes(assessed(message_findings=(message("hidden_text", "info"),))) == set()
