"""Spreadsheets (XLSX, XLS, ODS) to tables of exact strings, all sheets, within bounds."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from orderdesk.domain.base import plain
from orderdesk.domain.documents import Table
from orderdesk.domain.errors import ReaderLimitExceeded, ReadError
from orderdesk.domain.findings import Finding
from tools.documents.defects import reader_limit_exceeded
from tools.documents.grid import render
from tools.documents.hidden_text import hidden_text, without_invisible
from tools.documents.injection import injection_findings
from tools.documents.limits import ReaderLimits
from tools.documents.parsed import Parsed
from tools.documents.sheet_hidden import Hidden, hidden_parts
from tools.documents.text import clean
from tools.documents.zipped import member, open_checked

_CELL_REF = re.compile(rb'<c\b[^>]{0,200}?\br="([A-Z]{1,4})([0-9]{1,8})"')
# calamine builds the full rectangle of a sheet; a lone cell at XFD1048576 would be 17 thousand million.
_MAX_RECTANGLE = 3_000_000


def read_sheets(raw: bytes, name: str, document_id: str, limits: ReaderLimits) -> Parsed:
    """Every visible sheet as a table; the text is a tab-separated rendering under the sheets' names.

    Raises ReadError (encrypted, damaged) and ReaderLimitExceeded (bomb, too wide).
    """
    hidden: dict[str, Hidden] = {}
    if raw.startswith(b"PK"):
        _check_container(raw, limits)
        hidden = hidden_parts(raw, limits)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    except PasswordError as error:
        raise ReadError("it is protected by a password", code="document_encrypted") from error
    except (CalamineError, ValueError, OSError) as error:
        raise ReadError("it is not a readable spreadsheet") from error
    text = ""
    tables: list[Table] = []
    findings: list[Finding] = []
    left = limits.max_cells
    for sheet in book.sheets_metadata:
        rows, unseen, left = _rows(book, sheet.name, limits, left, hidden.get(sheet.name, Hidden()))
        if sheet.visible != SheetVisibleEnum.Visible:
            words = _words([*rows, *unseen.rows, *unseen.columns, *unseen.cells])
            found = hidden_text(document_id, f"in a hidden sheet ({sheet.name[:40]})", words, text)
            # Hidden sheets hold drop-down lists in honest order forms: noted, and not read.
            findings += _noted(found, words)
            continue
        title = f"{sheet.name}\n"
        offset = len(text) + len(title)
        body, cells = render(rows, offset)
        if cells:
            text += f"{title}{body}\n"
            tables.append(Table(rows=cells, locator=f"sheet {sheet.name}"))
        for how, lost in (("in hidden rows", unseen.rows), ("in letters that cannot be seen", unseen.cells)):
            if found := hidden_text(document_id, how, _words(lost), text):
                findings.append(found)
        # Hidden columns hold keys and formulas of honest forms: noted, and not read.
        words = _words(unseen.columns)
        findings += _noted(hidden_text(document_id, "in hidden columns", words, text), words)
        if left <= 0:
            findings.append(reader_limit_exceeded(name, f"it has more than {limits.max_cells} cells"))
            break
    return Parsed(format="xlsx", text=text, tables=tuple(tables), findings=tuple(findings))


def cell_text(value: object) -> str:
    """A cell as a person sees it: '48', '3.08', '2024-05-01', 'TRUE'; text exactly as it is."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        # A spreadsheet keeps 15 significant digits; the rest of a binary fraction is noise.
        return plain(Decimal(format(value, ".15g"))) if value - value == 0 else ""
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if value.time() == time(0)
            else value.isoformat(sep=" ", timespec="minutes")
        )
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return clean(str(value)).strip()


class _Unseen(NamedTuple):
    """Cells that nobody sees, row by row."""

    rows: list[list[str]]
    columns: list[list[str]]
    cells: list[list[str]]


def _rows(
    book: CalamineWorkbook, name: str, limits: ReaderLimits, left: int, hidden: Hidden
) -> tuple[list[list[str]], _Unseen, int]:
    """The rows of a sheet as they are shown, what is not shown, and the cells that may still be read."""
    try:
        sheet = book.get_sheet_by_name(name)
        values = sheet.iter_rows()
        first_column = sheet.start[1] if sheet.start else 0
    except (CalamineError, ValueError) as error:
        raise ReadError(f"the sheet {name[:40]!r} is damaged") from error
    rows: list[list[str]] = []
    unseen = _Unseen([], [], [])
    for number, row in enumerate(values):
        cells = [without_invisible(cell_text(value), "")[0] for value in row[: limits.max_columns]]
        left -= len(_trimmed(cells))
        if number in hidden.rows:
            unseen.rows.append(cells)
            cells = []
        elif hidden.cells:
            cells = _seen(cells, number, first_column, hidden, unseen)
        if cells and hidden.columns:
            unseen.columns.append([c for n, c in enumerate(cells, first_column) if n in hidden.columns])
            cells = [c for n, c in enumerate(cells, first_column) if n not in hidden.columns]
        if shown := _trimmed(cells):
            rows.append(shown)
        if left <= 0:
            break
    return rows, unseen, left


def _seen(cells: list[str], row: int, first_column: int, hidden: Hidden, unseen: _Unseen) -> list[str]:
    """The cells of a row without what cannot be seen of them; hidden columns are seen to by themselves."""
    shown = list(cells)
    lost: list[str] = []
    for n, cell in enumerate(cells):
        column = first_column + n
        part = hidden.cells.get((row, column)) if cell and column not in hidden.columns else None
        if part is not None:
            shown[n] = "" if part.shown is None else without_invisible(cell_text(part.shown), "")[0]
            lost.append(cell if part.unseen is None else part.unseen)
    if lost:
        unseen.cells.append(lost)
    return shown


def _trimmed(cells: list[str]) -> list[str]:
    """A row without the empty cells at its end."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _words(rows: list[list[str]]) -> str:
    return " ".join(cell for row in rows[:50] for cell in row if cell)


def _noted(found: Finding | None, words: str) -> list[Finding]:
    """A note, unless the words are aimed at the assistant."""
    if found is None or injection_findings(words, ""):
        return [found] if found else []
    return [found.model_copy(update={"severity": "info", "hold": False})]


def _check_container(raw: bytes, limits: ReaderLimits) -> None:
    with open_checked(raw, limits) as box:
        for info in box.infolist():
            if re.match(r"xl/worksheets/[^/]+\.xml$", info.filename, re.IGNORECASE):
                content = member(box, info.filename, limits.max_unpacked_bytes)
                width = height = 0
                for letters, number in _CELL_REF.findall(content):
                    column = 0
                    for letter in letters:
                        column = column * 26 + letter - 64
                    width, height = max(width, column), max(height, int(number))
                if width * height > _MAX_RECTANGLE:
                    raise ReaderLimitExceeded("its cells are spread over an impossibly large sheet")
