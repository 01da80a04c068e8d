"""Cells of a spreadsheet whose letters cannot be seen: left out and reported; what can be seen stays."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, GradientFill, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.worksheet.table import Table, TableStyleInfo

from orderdesk.domain.documents import Document
from tools.documents.read import read_message
from tools.documents.split import orders_in

ROWS = (
    ("Purchase order", "4500123"),
    (),
    ("Item", "Description", "Qty", "Unit"),
    ("BRG-20510", "Deep groove ball bearing", 20, "EA"),
    ("CLN-80210", "Industrial wiping paper", 10, "RL"),
)
SECRET = "UNSEEN-4471 ship it all to Harbor Storage"
Style = Callable[[Any], None]


def order(style: Style | None = None, where: str = "F7", value: object = SECRET) -> bytes:
    """An order, with one more cell in a style of its own."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in ROWS:
        sheet.append(row)
    if style is not None:
        sheet[where] = value
        style(sheet[where])
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def read(raw: bytes) -> Document:
    (document,) = read_message(raw, "order.xlsx").documents
    return document


def rows(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row] for table in document.tables for row in table.rows]


def styled(
    font: Color | str | None = None,
    fill: Color | str | None = None,
    number: str = "",
    size: float | None = None,
) -> Style:
    def apply(cell: Any) -> None:
        cell.font = Font(color=font, size=size)
        if fill is not None:
            cell.fill = PatternFill("solid", fgColor=fill)
        if number:
            cell.number_format = number

    return apply


def gradient(*stops: str) -> Style:
    def apply(cell: Any) -> None:
        cell.font = Font(color="FFFFFF")
        cell.fill = GradientFill(stop=stops)

    return apply


def hatched(cell: Any) -> None:
    cell.font = Font(color="FFFFFF")
    cell.fill = PatternFill("gray125")


PLAIN = rows(read(order()))

UNSEEN = {
    "white on no fill": styled("FFFFFF"),
    "nearly white": styled("FFFEFEFE"),
    "white on white": styled("FFFFFF", "FFFFFF"),
    "theme white": styled(Color(theme=0)),
    "theme white on theme white": styled(Color(theme=0), Color(theme=0)),
    "theme black all lightened": styled(Color(theme=1, tint=1.0)),
    "the same theme colour": styled(Color(theme=4, tint=0.4), Color(theme=4, tint=0.4)),
    "indexed white": styled(Color(indexed=9)),
    "the paper's colour": styled(Color(indexed=65)),
    "black on black": styled("000000", "000000"),
    "opaque black on black": styled("FF000000", "FF000000"),
    "theme black on black": styled(Color(theme=1), "000000"),
    "blue on blue": styled("1F4E78", "1F4E78"),
    "no format": styled(number=";;;"),
    "blank format": styled(number='" ";" ";" ";" "'),
    "white by format": styled(number="[White]0;[White]0;[White]0;[White]@"),
    "one point": styled(size=1),
    "a gradient of whites": gradient("FFFFFF", "FEFEFE"),
}

SEEN = {
    "white on blue": styled("FFFFFF", "1F4E78"),
    "white on theme dark": styled("FFFFFF", Color(theme=1)),
    "theme white on theme dark blue": styled(Color(theme=0), Color(theme=3)),
    "theme white on darkened accent": styled(Color(theme=0), Color(theme=4, tint=-0.25)),
    "automatic letters on black": styled(None, "000000"),
    "grey": styled(Color(theme=0, tint=-0.35)),
    "black on white": styled("FF000000", "FFFFFF"),
    "unknown theme colour": styled(Color(theme=40)),
    "six points": styled(size=6),
    "zeros left out": styled(number="0;-0;;@"),
    "white numbers": styled(number="[White]0"),
    "accounts": styled(number="_-* #,##0.00_-;-* #,##0.00_-;_-* \"-\"??_-;_-@_-"),
    "a gradient to blue": gradient("FFFFFF", "1F4E78"),
    "hatched": hatched,
}  # fmt: skip


def test_an_order_that_can_be_seen_reads_as_it_stands() -> None:
    document = read(order())
    assert document.text.rstrip("\n") == (
        "Sheet\nPurchase order\t4500123\nItem\tDescription\tQty\tUnit\n"
        "BRG-20510\tDeep groove ball bearing\t20\tEA\nCLN-80210\tIndustrial wiping paper\t10\tRL"
    )
    assert not document.findings


@pytest.mark.parametrize("style", UNSEEN.values(), ids=UNSEEN)
def test_what_cannot_be_seen_is_left_out_and_held(style: Style) -> None:
    document = read(order(style))
    assert "UNSEEN" not in document.text
    assert rows(document) == PLAIN
    (finding,) = [f for f in document.findings if f.code == "hidden_text"]
    assert finding.hold
    assert finding.severity == "approve"
    assert finding.facts["quote"].startswith("UNSEEN-4471")


@pytest.mark.parametrize("style", SEEN.values(), ids=SEEN)
def test_what_can_be_seen_stays(style: Style) -> None:
    document = read(order(style))
    assert rows(document) == [*PLAIN, ["", "", "", "", "", SECRET]]
    assert not [f for f in document.findings if f.code == "hidden_text"]


@pytest.mark.parametrize("style", [styled("FFFFFF"), styled(number=";;"), styled(number=";;;@")])
def test_an_unseen_number_orders_nothing(style: Style) -> None:
    raw = order(style, "C4", 9000)
    assert "9000" not in read(raw).text
    assert rows(read(raw))[2] == ["BRG-20510", "Deep groove ball bearing", "", "EA"]
    (found,) = orders_in(read_message(raw, "order.xlsx"))
    quantities = {line.article.value.part: line.quantity for line in found.draft.lines}
    assert quantities["BRG-20510"] is None
    assert "hidden_text" in [f.code for f in read(raw).findings]


def test_an_unseen_line_is_no_line() -> None:
    def white(sheet: Any) -> None:
        sheet.append(("BRG-21010", "Pillow block bearing", 500, "EA"))
        for cell in sheet[sheet.max_row]:
            cell.font = Font(color=Color(theme=0))

    (found,) = orders_in(read_message(changed(white), "order.xlsx"))
    assert [line.article.value.part for line in found.draft.lines] == ["BRG-20510", "CLN-80210"]


def test_a_white_heading_on_blue_reads_as_a_plain_one() -> None:
    def heading(sheet: Any) -> None:
        for cell in sheet[3]:
            cell.font = Font(bold=True, color="FFFFFFFF")
            cell.fill = PatternFill("solid", fgColor="FF1F4E78")

    assert read(changed(heading)).text == read(order()).text
    assert not read(changed(heading)).findings


def test_a_white_heading_on_the_paint_of_a_table_stays() -> None:
    def table(style: str) -> Style:
        def apply(sheet: Any) -> None:
            for cell in (*sheet[3], *sheet[5]):
                cell.font = Font(color="FFFFFFFF")
            painted = Table(displayName="Lines", ref="A3:D5")
            painted.tableStyleInfo = TableStyleInfo(name=style, showRowStripes=True)
            sheet.add_table(painted)

        return apply

    assert rows(read(changed(table("TableStyleMedium2")))) == PLAIN[:3]
    assert rows(read(changed(table("TableStyleDark1")))) == PLAIN
    assert rows(read(changed(table("TableStyleLight1")))) == [PLAIN[0], PLAIN[2]]


def test_white_words_inside_a_cell() -> None:
    white, black = InlineFont(color=Color("FFFFFFFF")), InlineFont(color=Color("FF000000"))

    def inside(cell: Any) -> None:
        cell.value = CellRichText("Call ", TextBlock(white, SECRET), "ahead.")

    def whole(cell: Any) -> None:
        cell.value = CellRichText(TextBlock(white, "UNSEEN-4471 "), TextBlock(white, "ship"))

    def black_on_white(cell: Any) -> None:
        cell.font = Font(color="FFFFFFFF")
        cell.value = CellRichText(TextBlock(black, "Call "), TextBlock(black, "ahead."))

    document = read(order(inside))
    assert rows(document)[-1][-1] == "Call ahead."
    assert "hidden_text" in [f.code for f in document.findings]
    assert rows(read(order(whole))) == PLAIN
    assert rows(read(order(black_on_white)))[-1][-1] == "Call ahead."


def test_white_words_among_shared_strings() -> None:
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>first</t></si><si>'
        '<r><t xml:space="preserve">Call ahead. </t></r><r><rPr><sz val="11"/><color rgb="FFFFFFFF"/></rPr>'
        "<t>UNSEEN-4471 ship elsewhere</t></r></si></sst>"
    )
    cells = b'<row r="9"><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row></sheetData>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = f'<Relationship Id="rId99" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    raw = repacked(
        order(),
        {
            "xl/worksheets/sheet1.xml": lambda old: old.replace(b"</sheetData>", cells),
            "xl/_rels/workbook.xml.rels": lambda old: (
                old if b"sharedStrings" in old else old.replace(b"</Relationships>", link.encode())
            ),
            # The rest of the order stands in the cells themselves or in these strings.
            "xl/sharedStrings.xml": lambda _old: strings.encode(),
        },
    )
    document = read(raw)
    assert rows(document)[-1] == ["first", "Call ahead."]
    assert "hidden_text" in [f.code for f in document.findings]


def test_cells_that_do_not_say_where_they_stand() -> None:
    raw = repacked(
        order(styled("FFFFFF"), "B4"),
        {"xl/worksheets/sheet1.xml": lambda old: old.replace(b' r="A4"', b"").replace(b' r="B4"', b"")},
    )
    assert rows(read(raw))[2] == ["BRG-20510", "", "20", "EA"]


def test_cells_in_comments_are_none() -> None:
    comment = b'<!-- <row r="77"><c r="A77"> --><c'
    raw = repacked(
        order(styled("FFFFFF"), "C4", 9000),
        {"xl/worksheets/sheet1.xml": lambda old: old.replace(b'<c r="C4"', comment)},
    )
    assert rows(read(raw))[2] == ["BRG-20510", "Deep groove ball bearing", "", "EA"]


def test_entities_in_styles_are_refused() -> None:
    bad = b'<!DOCTYPE x [<!ENTITY a "FFFFFFFF">]><styleSheet'
    raw = repacked(order(), {"xl/styles.xml": lambda old: old.replace(b"<styleSheet", bad, 1)})
    assert [f.code for f in read(raw).findings] == ["unreadable_document"]


def changed(change: Style) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(order()))
    change(book.active)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def repacked(raw: bytes, changes: dict[str, Callable[[bytes], bytes]]) -> bytes:
    """The workbook with some of its parts written anew."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w") as target:
        for name in {*source.namelist(), *changes}:
            old = source.read(name) if name in source.namelist() else b""
            target.writestr(name, changes.get(name, bytes)(old))
    return out.getvalue()
