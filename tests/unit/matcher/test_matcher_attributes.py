"""What descriptions say for certain, in four languages and many spellings."""

from __future__ import annotations

import pytest

from agents.matcher.attributes import analyse
from agents.matcher.compare import compare
from agents.matcher.measures import plain_number


def stated(text: str, name: str) -> set[str]:
    return set(getattr(analyse(text).attributes, name))


def lengths(text: str) -> set[str]:
    measures = analyse(text).attributes.measures
    return {"x".join(plain_number(a.number) for a in m.amounts) for m in measures if m.kind == "length"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('1/2-13 x 2"', {"0.5x2"}),
        ("M8x40", {"8x40"}),
        ("M 8 x 40 mm", {"8x40"}),
        ("M8 x 1,25 x 40", {"8x40"}),
        ("4,0x40", {"4x40"}),
        ("20x120", {"20x120"}),
        ("48 mm × 50 m", {"48x50"}),
        ('1 1/4" x 3½ in', {"1.25x3.5"}),
        ("25x47x7 mm", {"7x25x47"}),
        ("5mm", {"5"}),
        ("M8", set()),
        ("M10x1.5", set()),
    ],
)
def test_dimensions_are_read_however_they_are_written(text: str, expected: set[str]) -> None:
    assert lengths(text) == expected


@pytest.mark.parametrize(
    ("text", "threads"),
    [
        ("1/2-13", {"1/2-13"}),
        ("1/2 - 13 UNC x 2", {"1/2-13"}),
        ("#10-32 x 1/2", {"#10-32"}),
        ("M8x40", {"m8"}),
        ("M8x1x40", {"m8x1"}),
        ("1/2-17", set()),  # no such thread
        ("1-10 mm", set()),
        ("1.44 m²", set()),
    ],
)
def test_threads_are_those_of_the_standards(text: str, threads: set[str]) -> None:
    assert stated(text, "threads") == threads


@pytest.mark.parametrize(
    ("text", "attribute", "expected"),
    [
        ("Grade 5 bolt", "grades", {"5"}),
        ("tornillo grado 8.", "grades", {"8"}),
        ("Schraube 8.8 verzinkt", "grades", {"8.8"}),
        ("bolt A4-80", "stainless_grades", {"a4"}),
        ("18-8 stainless", "stainless_grades", {"a2"}),
        ("tornillo acero inoxidable", "materials", {"stainless"}),
        ("Schraube Edelstahl", "materials", {"stainless"}),
        ("vis inox", "materials", {"stainless"}),
        ("tuerca latón", "materials", {"brass"}),
        ("Messingschraube", "materials", {"brass"}),
        ("bolt zinc plated", "finishes", {"zinc"}),
        ("Schraube gelb verzinkt", "finishes", {"yellow_zinc"}),
        ("Schraube feuerverzinkt", "finishes", {"hot_dip"}),
        ("gloves, size L", "sizes", {"l"}),
        ("Handschuhe Gr. 9", "sizes", {"9"}),
        ("guantes talla M", "sizes", {"m"}),
        ("gants taille XL", "sizes", {"xl"}),
        ("large blue gloves", "sizes", {"l"}),
        ("Women's Tights, S", "sizes", {"s"}),
        ("cable tie 5 m", "sizes", set[str]()),
        ("Schnittschutz Level C", "levels", {"c"}),
        ("6204-2RS", "bearings", {"6204"}),
        ("6204-2RS", "seals", {"2rs"}),
        ("Rillenkugellager 6204 2Z", "seals", {"zz"}),
        ("bearing 6204", "seals", set[str]()),
        ("box of 100", "packs", {"100"}),
        ("19-teilig", "pieces", {"19"}),
        ("azul", "colours", {"blue"}),
        ("DIN 933", "standards", {"din933"}),
    ],
)
def test_attributes(text: str, attribute: str, expected: set[str]) -> None:
    assert stated(text, attribute) == expected


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("screw Schraube Schrauben tornillos vis Sechskantschraube", "screw"),
        ("glove Handschuhe guantes gants Einmalhandschuh", "glove"),
        ("bearing Kugellager rodamientos roulement", "bearing"),
        ("tile Fliesen pavimento carrelage", "tile"),
        ("nut Mutter Muttern tuercas écrous", "nut"),
    ],
)
def test_kinds_are_the_same_in_four_languages(words: str, kind: str) -> None:
    for word in words.split():
        assert kind in stated(word, "kinds"), word


def test_the_head_of_a_compound_says_what_it_is() -> None:
    assert stated("Schraubendreher", "kinds") == {"screwdriver"}
    assert stated("Schraubenschlüssel 17 mm", "kinds") == {"wrench"}


@pytest.mark.parametrize(
    ("query", "article", "contradicts"),
    [
        ("M8x40", "Hex bolt M8x50", True),
        ("M8x40", "Hex bolt M8x40", False),
        ("M8", "Hex bolt M8x40", False),
        ("25x47", "Oil seal 25x47x7", False),
        ("20x120", "Tile 20x120 cm", False),
        ("200x1200 mm", "Tile 20x120 cm", False),
        ("20x120 mm", "Tile 20x120 cm", True),
        ("drill 230V", "Hammer drill 110 V", True),
        ("drill 230V", "Hammer drill 220-240 V", False),
        ("grade 5", "Cap screw grade 8", True),
        ("stainless bolt", "Bolt zinc plated", True),
        ("zinc bolt", "Bolt stainless A2", True),
        ("stainless bolt", "Bolt A2-70", False),
        ("A4 bolt", "Bolt A2-70", True),
        ("blue gloves", "Gloves black", True),
        ("gloves size L", "Gloves size M", True),
        ("6204-ZZ", "Bearing 6204-2RS", True),
        ("6204", "Bearing 6204-2RS", False),
        ("6205 bearing", "Bearing 6204-2RS", True),
        ("hex nut M8", "Hex bolt M8x40", True),
        ("500 ml cleaner", "Cleaner 0.5 l", False),
        ("500 ml cleaner", "Cleaner 750 ml", True),
        ("yellow zinc bolt", "Bolt zinc plated", False),  # not confirmed, but no contradiction either
        ("M8x1 nut", "Nut M8x1.25", True),
    ],
)
def test_what_contradicts(query: str, article: str, contradicts: bool) -> None:
    assert compare(analyse(query).attributes, analyse(article).attributes).contradicts is contradicts


def test_a_less_specific_article_is_not_confirmed() -> None:
    comparison = compare(
        analyse("yellow zinc bolt M8x40").attributes, analyse("bolt M8 zinc plated").attributes
    )
    assert set(comparison.unconfirmed) == {"dimension", "finish"}
