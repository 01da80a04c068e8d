"""Order tables: any column order, four languages, both number conventions, nothing that is no line."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from messages import lines, table, table_drafts

from orderdesk.domain.base import plain
from tools.documents.order_headers import column_role
from tools.documents.order_tables import drafts_from_tables
from tools.documents.text_tables import tables_in_text


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Your item no.", "seller_part"),
        ("Our no.", "buyer_part"),
        ("Customer part no.", "buyer_part"),
        ("Vendor Part #", "seller_part"),
        ("Ihre Artikelnr.", "seller_part"),
        ("Unsere Artikel-Nr.", "buyer_part"),
        ("Lieferanten-Artikelnummer", "seller_part"),
        ("Su referencia", "seller_part"),
        ("Nuestra referencia", "buyer_part"),
        ("Votre référence", "seller_part"),
        ("Notre réf.", "buyer_part"),
        ("MPN", "manufacturer_part"),
        ("EAN-Code", "gtin"),
        ("Menge", "quantity"),
        ("Cant.", "quantity"),
        ("Qté", "quantity"),
        ("Aantal", "quantity"),
        ("Quantità", "quantity"),
        ("ME", "uom"),
        ("U/M", "uom"),
        ("Unit", "uom"),
        ("Einzelpreis", "unit_price"),
        ("P.U. HT", "unit_price"),
        ("Precio unitario", "unit_price"),
        ("Gesamtpreis", "line_total"),
        ("Importe", "line_total"),
        ("Montant HT", "line_total"),
        ("Preiseinheit", "price_base"),
        ("PO_NUMBER", "po_number"),
        ("Nº pedido", "po_number"),
        ("Liefertermin", "requested_date"),
        ("Fecha de entrega", "requested_date"),
        ("Lfd. Nr.", "line_number"),
        ("Colour", "ignore"),
        ("lorem ipsum", None),
    ],
)
def test_what_a_column_holds(label: str, role: str | None) -> None:
    assert column_role(label) == role


def test_a_german_order_with_title_totals_and_key_values() -> None:
    (draft,) = table_drafts(
        "Bestellung||||||\nBestellnummer:|4711-A|||||\nDatum|12.03.2026|||||\n||||||\n"
        "Pos.|Ihre Artikelnr.|Bezeichnung|Menge|ME|Einzelpreis|Gesamtpreis\n"
        "1|AB-100|Kugellager 6204-2RS|1.000|Stk|3,85|3.850,00\n2|AB-200|Keilriemen SPZ 1250|12|Stk|12,50|150,00\n"
        "|||||Zwischensumme|4.000,00\n|||||MwSt. 19%|760,00\n|||||Gesamtsumme|4.760,00"
    )
    assert lines(draft) == [("1000", "AB-100"), ("12", "AB-200")]
    assert draft.po_number is not None
    assert draft.po_number.value == "4711-A"
    assert draft.po_date is not None
    assert draft.po_date.value.isoformat() == "2026-03-12"
    assert draft.stated_net_total is not None
    assert draft.stated_net_total.value == Decimal("4000.00")
    assert draft.stated_tax_total == Decimal("760.00")


def test_columns_in_any_order_and_a_header_in_a_later_row() -> None:
    (draft,) = table_drafts(
        "ACME Ltd|||\nplease deliver|||\nPrice|UoM|Qty|Article No.\n3.85|box|12|X-1\n2.00|ea|7|X-2"
    )
    assert lines(draft) == [("12", "X-1"), ("7", "X-2")]
    assert [line.uom.value for line in draft.lines if line.uom] == ["BX", "EA"]


def test_a_header_over_two_rows() -> None:
    (draft,) = table_drafts(
        "Part|Order|Unit|Line\nnumber|qty|price|total\nX-1|12|3.85|46.20\nX-2|2|1.00|2.00"
    )
    assert lines(draft) == [("12", "X-1"), ("2", "X-2")]
    assert draft.lines[0].unit_price is not None
    assert draft.lines[0].line_total is not None


def test_several_order_numbers_are_several_orders() -> None:
    first, second = table_drafts("PO Number|SKU|Qty\nA-1|X-1|5\nA-1|X-2|6\nB-2|X-1|7")
    assert (first.po_number and first.po_number.value, lines(first)) == ("A-1", [("5", "X-1"), ("6", "X-2")])
    assert (second.po_number and second.po_number.value, lines(second)) == ("B-2", [("7", "X-1")])


def test_a_german_order_number_column_that_differs_by_line_is_the_article() -> None:
    (draft,) = table_drafts("Bestell-Nr.|Bezeichnung|Menge\n4711|Mutter|5\n4712|Schraube|6")
    assert lines(draft) == [("5", "4711"), ("6", "4712")]
    assert draft.po_number is None


def test_item_numbers_that_count_up_are_line_numbers() -> None:
    (draft,) = table_drafts("Item|Part|Qty\n10|X-1|5\n20|X-2|6")
    assert [line.line_id for line in draft.lines] == ["10", "20"]
    assert lines(draft) == [("5", "X-1"), ("6", "X-2")]


@pytest.mark.parametrize(("price", "quantity"), [("3.85", "1234"), ("3,85", "1.234"), ("1,00", "1.234")])
def test_an_ambiguous_quantity_is_settled_by_its_neighbours(price: str, quantity: str) -> None:
    (draft,) = table_drafts(f"Part|Qty|Price\nX-1|1,234|2\nX-2|5|{price}")
    assert lines(draft)[0][0] == quantity
    assert draft.findings == ()


def test_an_ambiguous_quantity_is_settled_by_its_line_total() -> None:
    (draft,) = table_drafts("Part|Qty|Price|Total\nX-1|1,234|2|2468")
    assert lines(draft) == [("1234", "X-1")]
    assert draft.findings == ()


def test_an_ambiguous_quantity_that_nothing_settles_is_a_question() -> None:
    (draft,) = table_drafts("Part|Qty|Price\nX-1|1,234|2\nX-2|5|1")
    (finding,) = draft.findings
    assert (finding.code, finding.severity, finding.path) == (
        "number_ambiguous",
        "clarify",
        "lines[0].quantity",
    )
    assert set(finding.options) == {"1234", "1.234"}


def test_a_wrong_line_total_stays_in_the_draft_for_pricing() -> None:
    (draft,) = table_drafts("Part|Qty|Price|Total\nX-1|10|2.00|99.00")
    line = draft.lines[0]
    assert line.line_total is not None
    assert line.quantity is not None
    assert plain(line.line_total.value) == "99"
    assert line.quantity.confidence < 1.0


def test_an_order_form_keeps_only_what_was_ordered() -> None:
    made, text = table("SKU|Description|Qty\nX-1|Bolt|\nX-2|Nut|4\nX-3|Washer|\nX-4|Screw|")
    (draft,), findings = drafts_from_tables([made], text=text, document_id="t", format="csv")
    assert lines(draft) == [("4", "X-2")]
    assert [(f.code, f.severity, f.facts["rows"]) for f in findings] == [
        ("rows_without_quantity", "info", "3")
    ]


def test_one_missing_quantity_is_asked_for_not_dropped() -> None:
    (draft,) = table_drafts("SKU|Description|Qty\nX-1|Bolt|3\nX-2|Nut|4\nX-3|Washer|")
    assert lines(draft) == [("3", "X-1"), ("4", "X-2"), (None, "X-3")]
    assert [(f.code, f.severity, f.path) for f in draft.findings] == [
        ("line_unclear", "clarify", "lines[2].quantity")
    ]


def test_without_a_header_only_unmistakable_columns_are_read() -> None:
    (draft,) = table_drafts("ABC-1|5\nABD-2|10")
    assert lines(draft) == [("5", "ABC-1"), ("10", "ABD-2")]
    assert all(line.quantity and line.quantity.confidence < 1.0 for line in draft.lines)
    assert table_drafts("5|10\n6|11") == ()
    assert table_drafts("Miller|42\nSmith|17") == ()


@pytest.mark.parametrize(
    "rows", ["Name|Phone\nJoe|12345", "Date|Event\n1|x", "SKU|Price\nX-1|3.00\nX-2|4.00"]
)
def test_tables_that_order_nothing(rows: str) -> None:
    assert table_drafts(rows) == ()


def test_every_field_points_to_its_cell() -> None:
    made, text = table("PO|SKU|Qty|UoM|Price|Delivery date\n77|X-1|5|ea|3.85|2026-04-01")
    (draft,), _ = drafts_from_tables([made], text=text, document_id="t", format="csv")
    line = draft.lines[0]
    for stated, quote in (
        (draft.po_number, "77"), (line.article, "X-1"), (line.quantity, "5"), (line.uom, "ea"),
        (line.unit_price, "3.85"), (line.requested_date, "2026-04-01"),
    ):  # fmt: skip
        assert stated is not None
        assert stated.evidence is not None
        assert text[stated.evidence.start : stated.evidence.end] == stated.evidence.quote == quote
        assert stated.confidence == 1.0


@given(
    st.permutations(["Part", "Qty", "UoM", "Price", "Description"]),
    st.lists(st.tuples(st.integers(1, 9999), st.integers(1, 99999)), min_size=1, max_size=6),
)
def test_the_order_of_columns_does_not_matter(columns: list[str], figures: list[tuple[int, int]]) -> None:
    rows = ["|".join(columns)]
    for number, (quantity, cents) in enumerate(figures):
        values = {
            "Part": f"AB-{number:03}", "Qty": str(quantity), "UoM": "ea", "Price": f"{cents / 100:.2f}",
            "Description": "Hex bolt zinc",
        }  # fmt: skip
        rows.append("|".join(values[c] for c in columns))
    (draft,) = table_drafts("\n".join(rows))
    assert lines(draft) == [(str(q), f"AB-{n:03}") for n, (q, _) in enumerate(figures)]
    assert [line.unit_price.value for line in draft.lines if line.unit_price] == [
        Decimal(cents) / 100 for _, cents in figures
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Part     Description     Qty   Price\nAB-1     Hex bolt        100   0.12\nAB-2     Washer          50    0.02\n",
        "| Part | Description | Qty | Price |\n|---|---|---|---|\n| AB-1 | Hex bolt | 100 | 0.12 |\n| AB-2 | Washer | 50 | 0.02 |\n",
        "Part\tDescription\tQty\tPrice\nAB-1\tHex bolt\t100\t0.12\nAB-2\tWasher\t50\t0.02\n",
        "Part Description Qty Price\nAB-1 Hex bolt 100 0.12\nAB-2 Washer 50 0.02\n",
    ],
)  # fmt: skip
def test_tables_in_plain_text(text: str) -> None:
    tables = tables_in_text(text)
    (draft,), _ = drafts_from_tables(tables, text=text, document_id="t", format="email")
    assert lines(draft) == [("100", "AB-1"), ("50", "AB-2")]
    for made in tables:
        for cell in (c for row in made.rows for c in row if c.text):
            assert text[cell.start : cell.end] == cell.text


def test_prose_is_no_table() -> None:
    assert tables_in_text("Please send part AB-1, quantity 5, price 3.00.\nThanks | Joe\n") == ()
