"""Order tables as shops and systems export them: wide, sectioned, one order a sheet, units in the heading."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from orderdesk.domain.orders import DraftLine, OrderDraft
from tools.documents.order_headers import column_role
from tools.documents.read import read_message
from tools.documents.split import orders_in


def orders(text: str, name: str = "order.csv") -> list[OrderDraft]:
    return [found.draft for found in orders_in(read_message(text.encode(), name), today=date(2024, 3, 1))]


def book(**sheets: Sequence[Sequence[object]]) -> list[OrderDraft]:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    raw = io.BytesIO()
    workbook.save(raw)
    return [found.draft for found in orders_in(read_message(raw.getvalue(), "order.xlsx"))]


def number(draft: OrderDraft) -> str | None:
    return draft.po_number.value if draft.po_number else None


def price(line: DraftLine) -> Decimal | None:
    return line.unit_price.value if line.unit_price else None


def parts(draft: OrderDraft) -> list[str]:
    return [line.article.value.part for line in draft.lines]


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Net Price", "unit_price"),
        ("Item price", "unit_price"),
        ("Netto-EP", "unit_price"),
        ("Preis/Stk", "unit_price"),
        ("Net amount", "line_total"),
        ("Net value", "line_total"),
        ("Total net price", "line_total"),
        ("Order Unit", "uom"),
        ("Order Lines/Quantity", "quantity"),
        ("Lineitem sku", "part"),
        ("Line item no.", "line_number"),
        ("Order line total", "line_total"),
        ("Purchasing Document", "po_number"),
        ("Expected Receipt Date", "requested_date"),
        ("Qty Req'd", "quantity"),
        ("Quantidade", "quantity"),
        ("Preço unitário", "unit_price"),
        ("Antal", "quantity"),
        ("Ilość", "quantity"),
    ],
)
def test_what_a_column_holds(label: str, role: str) -> None:
    assert column_role(label) == role


def test_a_net_price_is_what_one_costs() -> None:
    (draft,) = orders("PO,Material,Order Quantity,Order Unit,Net Price,Price Unit\n45,A-1,1000,PC,9.00,100\n")
    (line,) = draft.lines
    assert (price(line), line.price_base, line.line_total) == (Decimal("9.00"), 100, None)


def test_a_wide_export_with_more_unknown_columns_than_known_ones() -> None:
    unknown = [f"Field {letter}" for letter in "ABCDEFGHIJ"]
    head = ",".join(["PO", "Model Number", "Title", "Quantity Requested", "Unit Cost", *unknown])
    (draft,) = orders(
        f"{head}\n5AB1,MOD-1,Toaster,24,18.95{',x' * 10}\n5AB1,MOD-2,Kettle,12,9.10{',x' * 10}\n"
    )
    assert number(draft) == "5AB1"
    assert parts(draft) == ["MOD-1", "MOD-2"]


def test_number_and_name_of_an_article_in_one_cell() -> None:
    (draft,) = orders("Order Reference,Product,Quantity\nP12,[F-77] Office chair,5\n,[F-88] Lamp,2\n")
    assert parts(draft) == ["F-77", "F-88"]
    assert draft.lines[0].article.value.description == "Office chair"


def test_a_number_that_every_line_repeats_is_the_orders_and_so_is_the_date() -> None:
    (draft,) = orders("Num,Date,Item,Qty,Rate\n3012,2024-03-04,NUT-8,5,0.04\n3012,2024-03-04,BLT-8,5,0.11\n")
    assert number(draft) == "3012"
    assert draft.po_date is not None
    assert draft.po_date.value == date(2024, 3, 4)
    assert parts(draft) == ["NUT-8", "BLT-8"]


def test_several_orders_in_a_file_do_not_contradict_each_other() -> None:
    drafts = orders("po_number,sku,qty\nPO-1,A-1,1\nPO-1,B-1,2\nPO-2,A-1,5\n")
    assert [(number(d), len(d.lines)) for d in drafts] == [("PO-1", 2), ("PO-2", 1)]
    assert [f.code for d in drafts for f in d.findings] == []


def test_a_total_is_no_line_even_where_it_names_the_sum_of_pieces() -> None:
    (draft,) = orders("Item,Qty,Price\nAB-1,2,10\nAB-2,3,5\nGrand Total,5,35\n")
    assert parts(draft) == ["AB-1", "AB-2"]


def test_unit_and_currency_that_stand_in_the_heading() -> None:
    (draft,) = orders("PO,Part No.,Qty (pcs),Unit Price (USD)\nP1,A-1,12,4.50\n")
    (line,) = draft.lines
    assert line.uom is not None
    assert (line.uom.value, line.uom_stated) == ("EA", "pcs")
    assert draft.currency is not None
    assert draft.currency.value == "USD"


def test_rows_that_name_a_group_of_articles_are_no_lines() -> None:
    (draft,) = book(
        S=[
            ["Purchase order 45001"],
            ["Code", "Name", "Qty", "Price"],
            ["Fasteners"],
            ["F-1", "Bolt", 100, 0.1],
            ["Tools"],
            ["T-1", "Hammer", 1, 15],
        ]
    )
    assert parts(draft) == ["F-1", "T-1"]
    assert draft.findings == ()


def test_price_above_unit_in_a_heading_of_two_rows_is_the_price() -> None:
    (draft,) = book(
        S=[
            ["PO: 7788"],
            ["Item", "", "Quantity", "", "Price"],
            ["No.", "Description", "Ordered", "UoM", "Unit"],
            ["A-1", "Pipe", 10, "M", 2.5],
            ["A-2", "Elbow", 4, "EA", 1.5],
        ]
    )
    assert [price(line) for line in draft.lines] == [Decimal("2.5"), Decimal("1.5")]


def test_sheets_with_order_numbers_of_their_own_are_orders_of_their_own() -> None:
    drafts = book(
        Notes=[["Please confirm both"]],
        First=[["PO Number", "100-A"], ["SKU", "Qty"], ["AA1", 1]],
        Second=[["PO Number", "101-A"], ["SKU", "Qty"], ["BB1", 2]],
    )
    assert [(number(d), parts(d)) for d in drafts] == [("100-A", ["AA1"]), ("101-A", ["BB1"])]
    assert [f.code for d in drafts for f in d.findings] == []


def test_sheets_of_one_order_stay_one_order() -> None:
    drafts = book(
        First=[["PO Number", "100-A"], ["SKU", "Qty"], ["AA1", 1]],
        Second=[["PO Number", "100-A"], ["SKU", "Qty"], ["BB1", 2]],
    )
    assert [(number(d), parts(d)) for d in drafts] == [("100-A", ["AA1", "BB1"])]


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Part No. / Description", "item"),
        ("Item Description", "description"),
        ("Product Name", "description"),
        ("Q.tà", "quantity"),
    ],
)
def test_a_column_of_number_and_words_is_not_one_of_words(label: str, role: str) -> None:
    assert column_role(label) == role


def test_number_and_words_under_one_name_are_told_apart() -> None:
    (draft,) = orders(
        "Qty,Part Number / Description,Price Each\n4,VLV-22 Ball valve,18.00\n2,VLV-30 Gate valve,21.00\n"
    )
    assert [(a.part, a.description) for a in (line.article.value for line in draft.lines)] == [
        ("VLV-22", "Ball valve"),
        ("VLV-30", "Gate valve"),
    ]


def test_the_currency_of_the_totals_is_the_orders() -> None:
    (draft,) = orders("PO;Artikel;Menge;Preis;Summe\nP1;A-1;2;3,00;6,00\n;;;Nettosumme EUR;6,00\n")
    assert draft.currency is not None
    assert draft.currency.value == "EUR"


@pytest.mark.parametrize(
    ("written", "unit"), [("C62", "EA"), ("KGM", "KG"), ("piece(s)", "EA"), ("CA", None), ("QQQ", None)]
)
def test_a_unit_code_counts_only_where_the_code_lists_agree(written: str, unit: str | None) -> None:
    (draft,) = orders(f"PO,SKU,Qty,UOM\nP1,A-1,2,{written}\n")
    (line,) = draft.lines
    assert (line.uom.value if line.uom else None) == unit
    assert line.uom_stated == written
