"""Delivery addresses behind their labels: one line or several, side by side, four languages; never silence."""

from __future__ import annotations

import pytest
from messages import codes, read

from tools.documents.order_address import read_addresses


@pytest.mark.parametrize(
    ("text", "street", "postal", "city"),
    [
        ("PO 1\nShip To: East plant, 815 Canal Road, Fort Ann, NY 12827\nTerms: Net 30", "815 Canal Road", "12827", "Fort Ann"),
        ("Ship to:\nACME Ltd\n5 Mill Lane\nSpringfield, IL 62701\n\n5 x tape", "5 Mill Lane", "62701", "Springfield"),
        ("SHIP TO\nACME\n75 Shore Drive\nSparks NV 89431\nItem Qty", "75 Shore Drive", "89431", "Sparks"),
        ("Bill To:\tShip To:\nACME\tACME East\n1 A Street\t9 B Road\nX, OH 43612\tY, IN 46803\n", "9 B Road", "46803", "Y"),
        ("Deliver to: Mill Works 18, Telford TF7 4JS", "Mill Works 18", "TF7 4JS", "Telford"),
        ("Lieferadresse: Muster GmbH, Werk 2, Ringstraße 81, 71229 Leonberg", "Ringstraße 81", "71229", "Leonberg"),
        ("Lieferanschrift:\nMuster GmbH\nRingstr. 81\nD-71229 Leonberg\nLiefertermin: 20.03.2026", "Ringstr. 81", "71229", "Leonberg"),
        ("Dirección de entrega: Calle Mayor 12, 46988 Paterna (Valencia)", "Calle Mayor 12", "46988", "Paterna"),
        ("Adresse de livraison : ACME SAS, 18 rue Lumière, 69200 Vénissieux", "18 rue Lumière", "69200", "Vénissieux"),
        ("40 x AB-1. Ship to: 9 B Road, Y, IN 46803. Bill to: 1 A Street, X, OH 43612.", "9 B Road", "46803", "Y"),
    ],
)  # fmt: skip
def test_a_labelled_address(text: str, street: str, postal: str, city: str) -> None:
    ship_to, _, findings = read_addresses(text)
    assert ship_to is not None
    assert (ship_to.street, ship_to.postal_code, ship_to.city) == (street, postal, city)
    assert not findings


@pytest.mark.parametrize("text", ["Ship To: ______\n5 x AB-1", "Ship to:\n\nItem Qty Price\nAB-1 5 2.00\n"])
def test_a_label_without_an_address_is_a_question(text: str) -> None:
    ship_to, _, findings = read_addresses(text)
    assert ship_to is None
    assert [(f.code, f.severity) for f in findings] == [("ship_to_unreadable", "clarify")]


def test_two_delivery_addresses_are_a_question_and_an_invoice_address_is_none() -> None:
    two = "Ship to: 9 B Road, Y, IN 46803\nDeliver to: 1 A Street, X, OH 43612"
    assert [f.code for f in read_addresses(two)[2]] == ["contradicting_instructions"]
    ship_to, bill_to, findings = read_addresses("Invoice address: X GmbH, Weg 3, 12345 Berlin")
    assert (ship_to, findings) == (None, ())
    assert bill_to is not None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Please enter this order for our Fort Ann plant:\n5 ea AB-100", "Fort Ann plant"),
        ("5 ea AB-100 to our Reno depot please", "Reno depot"),
        ("bitte 5 Stück AB-100 nach Leonberg liefern", "Leonberg"),
        ("5 Stück AB-100, Lieferung an Werk 2", "Werk 2"),
        ("To: Fort Ann\n5 ea AB-100", "Fort Ann"),
    ],
)
def test_a_place_named_in_a_sentence(text: str, name: str) -> None:
    ship_to = read(text).ship_to
    assert ship_to is not None
    assert ship_to.name == name


def test_house_numbers_and_postal_codes_are_no_quantities() -> None:
    draft = read("Please send 5 ea AB-100. Ship to: 9 Mill Road, Y, IN 46803.")
    assert len(draft.lines) == 1
    assert "unread_text" not in codes(draft)
