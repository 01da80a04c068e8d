"""Where an order goes: addresses however they are written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from matcher_builders import address, draft, line, matching_policy, party

from agents.matcher.rules.ship_to import ShipToMatch, find_ship_to
from orderdesk.domain.orders import OrderDraft

TOLEDO = address(
    "TOL",
    name="Harlan, Toledo plant",
    street="2200 Matzinger Road",
    city="Toledo",
    region="OH",
    postal_code="43612",
    is_default=True,
)
FORT = address(
    "FTW", name="Harlan, Fort Wayne plant", street="815 Bueter Road", city="Fort Wayne", postal_code="46803"
)
WERK1 = address(
    "WERK1", name="Müller, Werk 1", street="Otto-Lilienthal-Straße 22", city="Böblingen", postal_code="71034"
)
ON_FILE = (TOLEDO, FORT, WERK1)


def run(
    order: OrderDraft, *, value: str | None = "100", on_file: Any = ON_FILE, edit: str | None = None
) -> ShipToMatch:
    edits = {"ship_to_code": edit} if edit else {}
    worth = Decimal(value) if value else None
    return find_ship_to(order, on_file, worth, "USD", matching_policy(), edits)


def to(**stated: Any) -> OrderDraft:
    return draft(line(), ship_to=party(**stated))


def codes(match: ShipToMatch) -> list[tuple[str, str]]:
    return [(f.code, f.severity) for f in match.findings]


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ({"code": "ftw"}, "FTW"),
        ({"ids": ("TOL",)}, "TOL"),
        ({"street": "2200 Matzinger Rd.", "city": "Toledo", "postal_code": "43612"}, "TOL"),
        ({"street": "2200 Matzinger Road", "postal_code": "43612-1234"}, "TOL"),
        ({"street": "Otto-Lilienthal-Str. 22", "postal_code": "71034", "city": "Boeblingen"}, "WERK1"),
        ({"street": "815 Bueter Road", "city": "FORT WAYNE"}, "FTW"),
        ({"name": "Fort Wayne plant"}, "FTW"),
        ({"name": "our Toledo plant"}, "TOL"),
        ({"name": "Werk 1 in Böblingen"}, "WERK1"),
        ({"city": "Toledo"}, "TOL"),
        ({"name": "same place as always"}, "TOL"),
        ({"name": "the usual address"}, "TOL"),
    ],
)
def test_addresses_on_file(stated: dict[str, Any], code: str) -> None:
    match = run(to(**stated))
    assert match.code == code
    assert not match.findings


@pytest.mark.parametrize(
    "stated",
    [
        {"street": "2300 Matzinger Road", "postal_code": "43612"},  # another house
        {"street": "2200 Matzinger Road", "postal_code": "43613"},
        {"code": "TOL", "street": "1 Elsewhere St", "postal_code": "99999"},
        {"name": "Storage Depot", "street": "77 Harbor Way", "city": "Newark"},
    ],
)
def test_a_new_address_is_a_matter_of_stakes(stated: dict[str, Any]) -> None:
    assert codes(run(to(**stated), value="500")) == [("ship_to_new", "clarify")]
    assert codes(run(to(**stated), value="500.01")) == [("ship_to_new", "approve")]
    assert codes(run(to(**stated), value=None)) == [("ship_to_new", "approve")]


def test_none_stated() -> None:
    assert run(draft(line())).code == "TOL"
    assert run(draft(line()), on_file=(FORT,)).code == "FTW"
    assert codes(run(draft(line()), on_file=(FORT, WERK1))) == [("ship_to_unclear", "clarify")]
    assert codes(run(draft(line()), on_file=())) == [("data_unknown_ship_to", "info")]


def test_a_place_that_we_do_not_know() -> None:
    assert codes(run(to(name="the Denver branch"))) == [("ship_to_unclear", "clarify")]


def test_lines_that_go_elsewhere() -> None:
    elsewhere = line().model_copy(update={"ship_to": party(code="FTW")})
    assert codes(run(draft(line(), elsewhere))) == [("ship_to_per_line", "approve")]
    same = line().model_copy(update={"ship_to": party(code="TOL")})
    assert codes(run(draft(line(), same))) == []


def test_a_reviewers_address_wins() -> None:
    assert run(to(street="77 Harbor Way", city="Newark"), edit="FTW").code == "FTW"
    assert codes(run(draft(line()), edit="NOPE")) == [("correction_invalid", "approve")]


@pytest.mark.parametrize(
    "words",
    [
        "these go to Fort Wayne this time",
        "PO 12 Fort Wayne",
        "Attn: Marcus, WAYNE",
        "Anlieferung bitte Werk 1",
    ],
)
def test_another_place_named_anywhere_is_asked_not_the_usual_one(words: str) -> None:
    match = find_ship_to(draft(line()), ON_FILE, Decimal(10), "USD", matching_policy(), {}, words=words)
    assert (match.code, codes(match)) == (None, [("ship_to_unclear", "clarify")])


@pytest.mark.parametrize("words", ["", "for Toledo", "please send 1 box to our plant", "Werk 7, line 1"])
def test_words_that_name_no_other_place_leave_the_usual_one(words: str) -> None:
    match = find_ship_to(draft(line()), ON_FILE, Decimal(10), "USD", matching_policy(), {}, words=words)
    assert match.code == "TOL"
