"""Part numbers whose letters spell a unit or a street, and quantities far from the start of their paragraph."""

from __future__ import annotations

import pytest
from messages import codes, lines, read

from agents.reader.rules.regions import regions_of

PREFIXES = ("ST", "PR", "PK", "EA", "M", "CT", "PL", "DR", "LN", "RD", "BX", "KG", "T", "WAY", "st", "ct")
# longer than the words before a number that are looked at for its label
ASIDE = "As agreed with your colleague on the phone this morning, and in her mail to our buyers, "


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Our PO: PO-77\n\n2 pieces of {0}-00418\n36 pairs of {0}-00734"),
        ("en", "Our PO: PO-77\n\n- 2 {0}-00418\n- 36 {0}-00734"),
        ("en", "Our PO: PO-77\n\n2 hammer drills {0}-00418\n36 cotton gloves {0}/00734"),
        ("en", "Please send 2 x {0}-00418 and 36 pairs of {0}-00734."),
        ("en", "Hello,\n\nOur PO: PO-77. Please send Item {0}-00418, qty 2 pieces and Item {0}-00734, qty 36 pairs."),
        ("de", "Unsere Bestellung: B-77\n\n2 Stück von {0}-00418\n36 Paar von {0}-00734"),
        ("de", "Bitte liefern Sie Artikel {0}-00418, Menge 2 Stück und Artikel {0}-00734, Menge 36 Paar."),
        ("es", "Nuestro pedido: P-77\n\n2 piezas de {0}-00418\n36 pares de {0}-00734"),
        ("es", "Por favor envíen: artículo {0}-00418, cantidad 2 piezas y artículo {0}-00734, cantidad 36 pares."),
        ("fr", "Notre commande : C-77\n\n2 pièces de {0}-00418\n36 paires de {0}-00734"),
        ("fr", "Veuillez nous envoyer : réf. {0}-00418, quantité 2 pièces et réf. {0}-00734, quantité 36 paires."),
    ],
)  # fmt: skip
def test_a_part_number_is_read_whole_whatever_its_letters_spell(
    language: str, text: str, prefix: str
) -> None:
    read_lines = lines(read(text.format(prefix)))
    assert [(q, name.replace("/", "-")) for q, name in read_lines] == [
        ("2", f"{prefix}-00418"),
        ("36", f"{prefix}-00734"),
    ], language


@pytest.mark.parametrize("name", ["ST-DUCT", "PR-GLOVE-L", "PK-TAPE", "EA-SEAL", "LOT-CARD", "DE-KIT-A"])
@pytest.mark.parametrize(
    "text", ["Please send 3 {}", "Bitte 3 {} liefern", "Necesitamos 3 {}.", "Il nous faut 3 {}"]
)
def test_a_code_without_figures_is_no_unit_and_an_article(text: str, name: str) -> None:
    (line,) = read(text.format(name)).lines
    assert line.quantity is not None
    assert line.quantity.value == 3
    assert line.uom is None
    assert line.article.value.part == name


@pytest.mark.parametrize(
    "text", ["Please send 3 pcs-gloves", "Please send 3 PCS-GLOVES", "PLEASE SEND 3 EA-GLOVES TODAY"]
)
def test_a_unit_tied_to_its_goods_stays_a_unit(text: str) -> None:
    (line,) = read(text).lines
    assert line.uom is not None
    assert line.uom.value == "EA"
    assert line.article.value.part == ""


@pytest.mark.parametrize("prefix", ["ST", "PR", "EA", "M", "CT"])
def test_letters_apart_from_their_number_are_never_joined_to_it(prefix: str) -> None:
    for text in ("Please send {} 00418, qty 2 pieces", "Please send 2 pieces of {} 00418"):
        for quantity, name in lines(read(text.format(prefix))):
            assert quantity == "2"
            assert name != f"{prefix}-00418"


def test_what_may_be_a_street_is_for_a_person() -> None:
    draft = read("Our PO: PO-77\n\n2 pieces of ST 00418")
    assert draft.lines == ()
    assert "unread_text" in codes(draft)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("please send Item AB-00418, qty 2 pieces and Item AB-00734, qty 36 pairs.", [("2", "AB-00418"), ("36", "AB-00734")]),
        ("please send ABC-100 x 5, ABC-200 x 12 and ABC-300 x 7.", [("5", "ABC-100"), ("12", "ABC-200"), ("7", "ABC-300")]),
        ("please send CW-77120 quantity: 4, then CW-77130 quantity: 9.", [("4", "CW-77120"), ("9", "CW-77130")]),
        ("bitte Artikel AB-00418, Menge 2 Stück und Artikel AB-00734, Anzahl: 36 Paar.", [("2", "AB-00418"), ("36", "AB-00734")]),
        ("por favor AB-00418, cantidad 2 piezas y AB-00734, cant. 36 pares.", [("2", "AB-00418"), ("36", "AB-00734")]),
        ("merci d'envoyer AB-00418, qté 2 pièces et AB-00734, quantité 36 paires.", [("2", "AB-00418"), ("36", "AB-00734")]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("times", [0, 1, 3])
def test_a_label_is_found_where_it_stands_however_late(
    text: str, expected: list[tuple[str, str]], times: int
) -> None:
    draft = read(ASIDE * times + text)
    assert lines(draft) == expected
    assert not [line for line in draft.lines if "qty" in line.article.value.description.lower()]


@pytest.mark.parametrize(
    "line",
    [
        "12 Main St", "12 Main St.", "221 N Oak Ave, Suite 5", "12 Elm St-Rear", "7 West Lake Rd., Unit B", "18 rue Lumière",
        "40 Old Mill Way", "5 Kings Court", "12 bd Voltaire",
    ],
)  # fmt: skip
def test_a_street_stays_an_address(line: str) -> None:
    text = f"Please order 4 boxes of tape.\n{line}\n"
    assert [(r.kind, text[r.start : r.end].strip()) for r in regions_of(text)] == [("address", line)]
    assert lines(read(text)) == [("4", "tape")]
