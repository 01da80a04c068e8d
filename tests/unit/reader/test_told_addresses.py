"""Addresses in the middle of a sentence: missed, they would send the goods to the usual place."""

from __future__ import annotations

import pytest

from agents.reader.rules.sites import told_address


@pytest.mark.parametrize(
    ("text", "street", "postal_code"),
    [
        ("Deliver to 7 Harbor Street, Peoria, IL 61602 by March 13, 2026.", "7 Harbor Street", "61602"),
        (
            "Please ship this to our new warehouse at 12 Oak Avenue, Springfield, IL 62701.",
            "12 Oak Avenue",
            "62701",
        ),
        ("Bitte liefern Sie an Hafenstraße 7, 20457 Hamburg:", "Hafenstraße 7", "20457"),
        ("Por favor, entregar en Calle Mayor 5, 28013 Madrid antes del viernes", "Calle Mayor 5", "28013"),
        ("Merci de livrer au 12 rue de la Paix, 75002 Paris :", "12 rue de la Paix", "75002"),
    ],
)
def test_an_address_in_a_sentence_is_read(text: str, street: str, postal_code: str) -> None:
    party = told_address(text)
    assert party is not None
    assert (party.street, party.postal_code) == (street, postal_code)


def test_a_street_without_a_postal_code_is_not_passed_over() -> None:
    party = told_address("Please deliver to 7 Harbor Street this time, the old place is closed.")
    assert party is not None
    assert party.street == "7 Harbor Street"


@pytest.mark.parametrize(
    "text",
    [
        "Please send the invoice to 7 Harbor Street, Peoria, IL 61602.",
        "Deliver by March 13, 2026 please.",
        "Send 40 ea of 1/2-13 x 2 in boxes to us.",
        "Please ship to the usual address.",
    ],
)
def test_what_is_no_delivery_address_is_left_alone(text: str) -> None:
    assert told_address(text) is None
