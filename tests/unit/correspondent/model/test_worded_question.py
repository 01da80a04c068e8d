"""A worded question: it says the template's figures, numbers and choices, or the template stays."""

from __future__ import annotations

import pytest

from agents.correspondent.contract import CorrespondentInput
from agents.correspondent.language import language_without_letters
from agents.correspondent.model.check import figures, objection
from agents.correspondent.model.contract import CONTRACT, LetterToWord, WordedQuestion
from agents.correspondent.model.word import free_worded
from orderdesk.domain.evidence import Stated
from orderdesk.domain.master import Customer
from orderdesk.domain.orders import OrderDraft
from orderdesk.domain.results import Reply

SUBJECT = "Re: Ordine - PO 4500017 [OD-1a2b3c4d]"
BODY = """Dear Pompe Rossi,

thank you for your order “4500017”. Before we can book it, we need your answer to the following:

1. Line 2 (“vite esagonale M8”): Several of our articles fit. Which do you mean?
   a) FST-10120 — Hex cap screw 1/2-13 x 2, zinc
   b) FST-10310 — Hex cap screw 1/2-13 x 2, stainless

2. Line 3: Your price is EUR 3.08, ours EUR 4.10. May we deliver at our price?

Nothing has been booked yet. Please reply to this e-mail and keep its subject.

Kind regards
Northgate
"""
ITALIAN = """Gentili Signori, Pompe Rossi,

grazie per il vostro ordine “4500017”. Prima di registrarlo abbiamo bisogno della vostra risposta:

1. Riga 2 (“vite esagonale M8”): diversi nostri articoli corrispondono. Quale intendete?
   a) FST-10120 — Hex cap screw 1/2-13 x 2, zinc
   b) FST-10310 — Hex cap screw 1/2-13 x 2, stainless

2. Riga 3: il vostro prezzo è EUR 3.08, il nostro EUR 4.10. Possiamo consegnare al nostro prezzo?

Non è stato ancora registrato nulla. Rispondete a questa e-mail mantenendo l'oggetto.

Cordiali saluti
Northgate"""
LETTER = LetterToWord(subject=SUBJECT, body=BODY, language="it")


def worded(body: str = ITALIAN, subject: str = SUBJECT) -> WordedQuestion:
    return WordedQuestion(subject=subject, body=body)


def test_a_faithful_wording_is_taken() -> None:
    assert objection(LETTER, worded()) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("EUR 4.10", "EUR 4.01"),
        ("EUR 4.10", "EUR 4,10"),
        ("EUR 3.08, il nostro EUR 4.10", "EUR 4.10, il nostro EUR 3.08"),
        ("il nostro EUR 4.10", "il nostro è più alto"),
        ("Cordiali saluti", "Consegniamo entro 24 ore.\nCordiali saluti"),
        ("Cordiali saluti", "Consegniamo entro ２４ ore.\nCordiali saluti"),
        ("Cordiali saluti", "Sconto del ½.\nCordiali saluti"),
        ("FST-10310", "FST-10311"),
        ("stainless\n", "acciaio inossidabile\n"),
        ("   a) FST", "   FST"),
        ("“4500017”", "“4500018”"),
        ("vite esagonale M8", "bullone M8"),
        ("Cordiali saluti", "Si veda https://evil.example/pay\nCordiali saluti"),
        ("Cordiali saluti", "Si veda evil.example\nCordiali saluti"),
        ("Cordiali saluti", "Scrivete a boss@evil.example\nCordiali saluti"),
        ("Cordiali saluti", "Scrivete a <b>noi</b>\nCordiali saluti"),
        ("Cordiali saluti", "Il numero è {order_number}\nCordiali saluti"),
        ("Cordiali saluti", "parole " * 200),
    ],
)
def test_a_wording_that_says_something_else_is_not(old: str, new: str) -> None:
    assert old in ITALIAN
    assert objection(LETTER, worded(ITALIAN.replace(old, new)))


@pytest.mark.parametrize("body", ["", "Buongiorno", "1. 2. 4500017"])
def test_a_letter_that_leaves_things_out_is_not_taken(body: str) -> None:
    assert objection(LETTER, worded(body))


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Ordine - PO 4500017",
        "Re: Ordine - PO 4500017 [OD-1a2b3c4e]",
        "Re: Ordine 5 - PO 4500017 [OD-1a2b3c4d]",
        "Re: Ordine - PO 4500017 [OD-1a2b3c4d]\nBcc: a",
        "",
    ],
)
def test_the_subject_keeps_its_numbers_and_its_code(subject: str) -> None:
    assert objection(LETTER, worded(subject=subject))


def test_a_code_without_a_digit_is_kept_as_well() -> None:
    letter = LetterToWord(subject="Re: Ordine [OD-abcdefab]", body=BODY, language="it")
    assert objection(letter, worded(subject="Re: Ordine [OD-abcdefab]")) == ""
    assert objection(letter, worded(subject="Re: Ordine [OD-abcdefaa]"))


def test_figures_of_every_script_are_seen() -> None:
    assert figures("(48), 3.08! ٤٨ x² „M8“ nessuno") == ["48", "3.08", "٤٨", "x²", "M8"]


@pytest.mark.parametrize(
    ("message", "account", "wanted"),
    [
        ("it", "", "it"), ("it-IT", "", "it"), ("it", "nl", "it"), ("", "nl", "nl"),
        ("it", "de", ""), ("en", "it", ""), ("de", "", ""), ("", "", ""), ("??", "", ""), ("ignore", "", "ig"),
    ],
)  # fmt: skip
def test_only_a_language_without_letters_is_worded(message: str, account: str, wanted: str) -> None:
    draft = OrderDraft(intent=Stated(value="new_order"), language=message)
    customer = Customer(customer_id="C1", name="C1", language=account)
    given = CorrespondentInput(kind="question", case_id="c", draft=draft, customer=customer)
    assert language_without_letters(given) == wanted


def test_the_contract_stands_and_its_letters_are_told_apart() -> None:
    prompt = CONTRACT.load()
    assert prompt.parameters == ("language", "letter")
    assert free_worded(Reply(template=f"model/{prompt.stamp}"))
    assert not free_worded(Reply(template="en/question"))
