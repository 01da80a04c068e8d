"""The second reading of public order files, on small files of our own; and a corpus made of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.bench.orders import write_company, x12_order
from evals.corpus import corpus_dataset
from evals.samples import folder_dataset
from evals.truth import edifact, pdf, sheets, x12, xml_orders
from orderdesk.demo import expected_outcomes, inbox_folder
from orderdesk.domain.errors import ConfigurationError

# Sample messages whose own truth was written by hand, and the reading for their format.
READINGS = {
    "05-mueller-zwei-auftraege.edi": edifact.cases_of,
    "06-becker-opentrans.xml": xml_orders.cases_of,
    "08-redwood-850.x12": x12.cases_of,
    "10-harlan-cxml.xml": xml_orders.cases_of,
    "15-ironbridge-ubl.xml": xml_orders.cases_of,
}


@pytest.mark.parametrize("name", READINGS)
def test_the_second_reading_agrees_with_what_a_person_wrote_down(name: str) -> None:
    found = READINGS[name]((inbox_folder() / name).read_bytes())
    expected = expected_outcomes()[name]
    assert found is not None
    assert [case["po_number"] for case in found] == [case["po_number"] for case in expected]
    for case, wanted in zip(found, expected, strict=True):
        numbers = [(float(line["quantity"]), float(line["unit_price"])) for line in case["lines"]]
        assert numbers == [(float(line["quantity"]), float(line["unit_price"])) for line in wanted["lines"]]


def test_what_is_no_order_states_none_and_what_cannot_be_read_says_so() -> None:
    invoice = x12_order(0).replace(b"ST*850", b"ST*810")
    assert x12.cases_of(invoice) == []
    assert xml_orders.cases_of(b"<Invoice><ID>1</ID></Invoice>") == []
    for reading in (x12.cases_of, edifact.cases_of, xml_orders.cases_of, pdf.cases_of, sheets.cases_of):
        assert reading(b"\xff\xfe nothing of the kind") is None


def test_separators_without_una_and_released_characters() -> None:
    raw = b"UNB=UNOA\"1'UNH=1=ORDERS\"D\"96A'BGM=220=A?'1=9'LIN=1'QTY=21\"5'PRI=AAA\"2.50'UNT=6=1'"
    assert edifact.cases_of(raw) == [{"po_number": "A'1", "lines": [{"quantity": "5", "unit_price": "2.50"}]}]


def test_an_entity_bomb_is_not_expanded() -> None:
    bomb = b'<!DOCTYPE Order [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Order><ID>&b;</ID></Order>'
    assert xml_orders.cases_of(bomb) is None


def test_a_table_needs_its_columns_and_one_order_number() -> None:
    table = b"PO_NUMBER,QUANTITY,PRICE\n77,5,1.50\n77,2,\n"
    assert sheets.cases_of(table) == [
        {"po_number": "77", "lines": [{"quantity": "5", "unit_price": "1.50"}, {"quantity": "2"}]}
    ]
    assert sheets.cases_of(table + b"78,1,1\n") is None
    assert sheets.cases_of(b"NAME,AGE\nx,5\n") is None


def test_a_corpus_expects_the_defects_of_its_manifest_and_no_booking(tmp_path: Path) -> None:
    (tmp_path / "x12").mkdir()
    for number in (1, 2):
        (tmp_path / "x12" / f"{number}.txt").write_bytes(x12_order(number))
    (tmp_path / "x12" / "none.json").write_text("{}")
    (tmp_path / "MANIFEST.tsv").write_text(
        "file\tdoc_type\tchecks\nx12/1.txt\t850\tCTT ok; SE says 18 real 34\nx12/2.txt\t850\tSE ok\n"
        "x12/none.json\tjson\t\nemail/a.eml\teml\t\n"
    )
    one, two, none = corpus_dataset(tmp_path).samples
    assert one.cases is not None
    assert two.cases is not None
    assert one.cases[0]["finding_codes"] == ["control_count_wrong"]
    assert "finding_codes" not in two.cases[0]
    assert none.cases is None
    assert not any(sample.bookable for sample in (one, two, none))


def test_a_folder_that_is_no_dataset_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"MANIFEST\.tsv"):
        corpus_dataset(tmp_path)
    with pytest.raises(ConfigurationError, match="company is missing"):
        folder_dataset(tmp_path, None)
    (tmp_path / "inbox").mkdir()
    write_company(tmp_path / "company")
    (tmp_path / "expected.json").write_text('{"a.eml": []}')
    with pytest.raises(ConfigurationError, match=r"names a\.eml"):
        folder_dataset(tmp_path, None)


def test_no_two_orders_of_the_benchmark_are_alike() -> None:
    orders = [x12.cases_of(x12_order(index)) for index in range(1000)]
    cases = [found[0] for found in orders if found]
    assert len({case["po_number"] for case in cases}) == 1000
    assert len({str(case["lines"]) for case in cases}) == 1000
