"""Layouts of printed purchase orders without ruled lines: names that touch, further pages, stacked records."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pypdfium2 as pdfium
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from orderdesk.domain.orders import OrderDraft
from tools.documents.read import read_message
from tools.documents.split import orders_in

_HEIGHT = A4[1]


class Page:
    """Draws texts at (x, distance from the top) in points."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.canvas.setFont("Helvetica", 9)

    def row(
        self, y: float, columns: Sequence[float], texts: Sequence[str], right: Sequence[int] = ()
    ) -> None:
        for i, (x, text) in enumerate(zip(columns, texts, strict=True)):
            (self.canvas.drawRightString if i in right else self.canvas.drawString)(x, _HEIGHT - y, text)

    def next(self) -> None:
        self.canvas.showPage()
        self.canvas.setFont("Helvetica", 9)


def order(draw: Callable[[Page], None]) -> OrderDraft:
    raw = io.BytesIO()
    canvas = Canvas(raw, pagesize=A4)
    draw(Page(canvas))
    canvas.save()
    (found,) = orders_in(read_message(raw.getvalue(), "order.pdf"), today=date(2024, 3, 1))
    return found.draft


def rows(draft: OrderDraft) -> list[tuple[str, Decimal | None, Decimal | None]]:
    return [
        (
            line.article.value.part,
            line.quantity.value if line.quantity else None,
            line.unit_price.value if line.unit_price else None,
        )
        for line in draft.lines
    ]


def test_column_names_that_nearly_touch_are_told_apart() -> None:
    columns = [50, 80, 150, 370, 400, 470, 540]

    def draw(page: Page) -> None:
        page.row(50, [350], ["Bestell-Nr.: 4500098765"])
        names = ["Pos.", "Artikelnummer", "Bezeichnung", "Menge", "ME", "Einzelpreis", "Gesamtpreis"]
        page.row(210, columns, names, right=(3, 5, 6))
        texts = ["10", "4711-08", "Schraube M8", "1.000", "Stk", "0,12", "120,00"]
        page.row(226, columns, texts, right=(3, 5, 6))
        page.row(240, [150], ["verzinkt"])
        page.row(254, columns, ["20", "9900-1", "Stange", "2", "Pkg", "45,00", "90,00"], right=(3, 5, 6))
        page.row(280, [400, 540], ["Nettosumme", "210,00"], right=(1,))

    draft = order(draw)
    assert rows(draft) == [("4711-08", 1000, Decimal("0.12")), ("9900-1", 2, Decimal("45.00"))]
    assert draft.lines[0].article.value.description == "Schraube M8 verzinkt"


def test_a_table_goes_on_over_the_page_without_its_heading() -> None:
    columns = [50, 130, 380, 440, 520]

    def draw(page: Page) -> None:
        page.row(50, [350], ["PO Number: PO-553"])
        page.row(100, columns, ["SKU", "DESCRIPTION", "QTY", "RATE", "AMOUNT"], right=(2, 3, 4))
        for n in range(1, 6):
            if n == 4:
                page.next()
            texts = [f"IN-00{n}", f"Stapler {n}", str(n), "10.00", f"{n}0.00"]
            page.row(120 + 16 * n, columns, texts, right=(2, 3, 4))
        page.row(230, [440, 520], ["TOTAL", "150.00"], right=(0, 1))

    assert rows(order(draw)) == [(f"IN-00{n}", n, Decimal("10.00")) for n in range(1, 6)]


def test_line_numbers_that_count_on_over_the_page_are_no_part_numbers() -> None:
    columns = [50, 90, 170, 400, 440, 520]

    def draw(page: Page) -> None:
        page.row(40, [400], ["PO Number: PO-88231"])
        for n in range(1, 6):
            if n in (1, 3):
                page.row(110, columns, ["#", "Part #", "Description", "Qty", "U/M", "Price"], right=(3, 5))
            page.row(110 + 14 * n, columns, [str(n), f"PRT-{n}", "Bolt", "5", "EA", "2.50"], right=(3, 5))
            if n == 2:
                page.next()

    assert rows(order(draw)) == [(f"PRT-{n}", 5, Decimal("2.50")) for n in range(1, 6)]


def test_values_below_a_row_of_labels() -> None:
    def draw(page: Page) -> None:
        page.row(100, [50, 150, 250, 350], ["PO NUMBER", "PO DATE", "REQUISITIONER", "SHIP VIA"])
        page.row(114, [50, 150, 250, 350], ["STK-90017", "18-Mar-2024", "P. Potts", "Ground"])
        columns = [50, 100, 180, 380]
        page.row(150, columns, ["QTY", "ITEM #", "DESCRIPTION", "UNIT PRICE"])
        page.row(166, columns, ["15", "ARC-1", "Core", "1,999.99"])

    draft = order(draw)
    assert draft.po_number is not None
    assert draft.po_number.value == "STK-90017"
    assert draft.po_date is not None
    assert draft.po_date.value == date(2024, 3, 18)


def test_records_of_two_lines_under_a_heading_of_two_lines() -> None:
    first, second = [50, 90, 200], [90, 200, 300, 450]

    def draw(page: Page) -> None:
        page.row(50, [350], ["PO Number: 4500012398"])
        page.row(160, first, ["Item", "Material", "Description"])
        page.row(172, second, ["Order qty.", "Unit", "Price per unit", "Net value"])
        for n, part in enumerate(("MAT-1", "MAT-2")):
            page.row(192 + 30 * n, first, [f"000{n + 1}0", part, "Glass vial"])
            page.row(204 + 30 * n, second, ["1,000", "piece(s)", "0.35", "350.00"])

    draft = order(draw)
    assert rows(draft) == [("MAT-1", 1000, Decimal("0.35")), ("MAT-2", 1000, Decimal("0.35"))]
    assert [line.uom.value for line in draft.lines if line.uom] == ["EA", "EA"]
    assert [line.line_number for line in draft.lines] == [10, 20]


def test_every_second_row_shaded_loses_no_row() -> None:
    columns, edges = [50, 120, 330, 400, 480], [45, 115, 325, 395, 475, 550]

    def draw(page: Page) -> None:
        page.row(50, [350], ["PO Number: PO-77"])
        for n in range(6):
            y = 100 + 24 * n
            if n in (0, 1, 3):
                page.canvas.setFillGray(0.9)
                for left, right in pairwise(edges):
                    page.canvas.rect(left, _HEIGHT - y - 8, right - left, 24, stroke=0, fill=1)
                page.canvas.setFillGray(0)
            names = ["SKU", "Description", "Qty", "Price", "Total"]
            page.row(y, columns, names if n == 0 else [f"NW-{n}", "Pen", str(n), "2.00", f"{2 * n}.00"])
        page.row(100 + 24 * 6, [400, 480], ["Subtotal", "30.00"])

    draft = order(draw)
    assert rows(draft) == [(f"NW-{n}", n, Decimal("2.00")) for n in range(1, 6)]
    assert draft.stated_net_total is not None
    assert draft.stated_net_total.value == 30


def test_a_shaded_heading_alone_gives_the_columns_and_a_broken_number_is_joined() -> None:
    columns, edges = [50, 90, 330, 400], [45, 85, 325, 395, 550]

    def draw(page: Page) -> None:
        page.row(50, [350], ["PO Number: PO-78"])
        page.canvas.setFillGray(0.9)
        for left, right in pairwise(edges):
            page.canvas.rect(left, _HEIGHT - 108, right - left, 24, stroke=0, fill=1)
        page.canvas.setFillGray(0)
        page.row(100, columns, ["SKU", "Description", "Qty", "Price"])
        page.row(120, [50, 90], ["NW-", "Blue pen, smooth"])
        page.row(126, [330, 400], ["10", "12.00"])
        page.row(132, [50, 90], ["001", "writing, box of 50"])
        page.row(156, columns, ["NW-2", "Stapler", "3", "7.50"])

    draft = order(draw)
    assert rows(draft) == [("NW-001", 10, Decimal("12.00")), ("NW-2", 3, Decimal("7.50"))]
    assert draft.lines[0].article.value.description == "Blue pen, smooth writing, box of 50"


def test_right_aligned_names_that_nearly_touch_are_told_apart() -> None:
    columns = [50, 130, 400, 408, 540]

    def draw(page: Page) -> None:
        page.row(50, [350], ["PO Number: PO-79"])
        page.row(100, columns, ["No.", "Description", "Quantity", "Unit", "Unit Cost"], right=(2, 4))
        page.row(116, columns, ["AB-1", "Desk", "5", "EA", "780.70"], right=(2, 4))
        page.row(132, columns, ["AB-2", "Chair", "10", "EA", "150.10"], right=(2, 4))

    assert rows(order(draw)) == [("AB-1", 5, Decimal("780.70")), ("AB-2", 10, Decimal("150.10"))]


def test_a_cell_of_several_lines_around_its_row_belongs_to_that_row() -> None:
    columns = [50, 120, 400, 480]

    def draw(page: Page) -> None:
        page.row(50, [350], ["PO Number: PO-80"])
        page.row(100, columns, ["Qty", "Item", "Price", "Total"])
        for n, name in enumerate(("Widget Pro", "Widget Lite")):
            page.row(124 + 50 * n, [120], [name])
            page.row(135 + 50 * n, columns, [str(n + 1), f"SKU: W-{n}", "49.00", "98.00"])
            page.row(146 + 50 * n, [120], ["red"])

    draft = order(draw)
    assert [line.article.value.description for line in draft.lines] == [
        "Widget Pro SKU: W-0 red",
        "Widget Lite SKU: W-1 red",
    ]


def test_an_embedded_order_is_found_whatever_its_file_is_called() -> None:
    xml = (
        '<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"><ID>PO-81</ID><OrderLine><LineItem>'
        '<ID>1</ID><Quantity unitCode="C62">4</Quantity><Item><Name>Bolt</Name></Item></LineItem></OrderLine></Order>'
    )
    for name in ("attachment", "data.bin", "invoice-data.XML"):
        raw = io.BytesIO()
        canvas = Canvas(raw, pagesize=A4)
        Page(canvas).row(50, [50], ["PO-81: 4 bolts"])
        canvas.save()
        document = pdfium.PdfDocument(raw.getvalue())
        document.new_attachment(name).set_data(xml.encode())
        out = io.BytesIO()
        document.save(out)
        (found,) = orders_in(read_message(out.getvalue(), "order.pdf"))
        assert found.draft.intent.method == "structured"
        assert [line.quantity.value for line in found.draft.lines if line.quantity] == [4]
