"""Which rows, columns and cells of an XLSX sheet nobody sees, as its own XML says."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from html import unescape
from types import MappingProxyType
from typing import NamedTuple

from orderdesk.domain.errors import ReadError
from tools.documents.limits import ReaderLimits
from tools.documents.sheet_cells import Area, Part, column_number, unseen_cells
from tools.documents.sheet_runs import Run, shared_runs
from tools.documents.sheet_styles import Styles, read_styles
from tools.documents.zipped import member

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]{0,2000}>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]{0,4000}>")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]{0,1000}>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]{0,1000}>")
_ATTRIBUTE = re.compile(rb"([\w:]{1,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,20})?")
_TABLE = re.compile(rb"<(?:\w+:)?table\s[^>]{0,4000}>")
_TABLE_STYLE = re.compile(rb"<(?:\w+:)?tableStyleInfo\s[^>]{0,1000}>")
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")
# Excel's own table styles whose headings stand on the white sheet.
_BARE_STYLE = re.compile(r"TableStyleLight(?:[1-7]|1[5-9]|2[01])")
_MOST_TABLES = 50
_MOST_COLUMNS = 16_384
_LEAST_HEIGHT = 1.5  # points; as in PDFs
_LEAST_WIDTH = 0.3  # characters


class Hidden(NamedTuple):
    """0-based rows and columns of one sheet, and cells whose letters cannot be seen."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    cells: Mapping[tuple[int, int], Part] = MappingProxyType({})


def hidden_parts(raw: bytes, limits: ReaderLimits) -> dict[str, Hidden]:
    """Hidden rows, columns and cells by the sheet's name; nothing where the file is no XLSX or does not say.

    The container has been checked before. Raises ReadError where the styles are damaged or unsafe XML.
    """
    with zipfile.ZipFile(io.BytesIO(raw)) as box:
        parts = _Parts(box, limits.max_unpacked_bytes)
        try:
            book = parts.read("xl/workbook.xml")
            relations = parts.relations("xl/workbook.xml")
        except ReadError:
            return {}
        styles = parts.only(relations, "styles")
        shared = parts.only(relations, "sharedStrings")
        known = read_styles(styles, parts.only(relations, "theme")) if styles else None
        runs = shared_runs(shared) if shared and known else {}
        targets = {a.get("Id", ""): a.get("path", "") for a in relations}
        found: dict[str, Hidden] = {}
        for sheet in map(_attributes, _SHEET.findall(book)):
            relation = next((value for name, value in sheet.items() if name.endswith(":id")), "")
            if (path := targets.get(relation, "")) in parts.names:
                found[sheet.get("name", "")] = _of_sheet(parts, path, known, runs)
        return found


class _Parts:
    """The members of a workbook by what points at them."""

    def __init__(self, box: zipfile.ZipFile, limit: int) -> None:
        self.box = box
        self.limit = limit
        self.names = frozenset(box.namelist())

    def read(self, path: str) -> bytes:
        return member(self.box, path, self.limit)

    def relations(self, of: str) -> list[dict[str, str]]:
        """What a part points at, with the `path` of each."""
        folder, name = posixpath.split(of)
        found = list(map(_attributes, _RELATION.findall(self.read(f"{folder}/_rels/{name}.rels"))))
        for relation in found:
            target = posixpath.join("/", folder, relation.get("Target", ""))
            relation["path"] = posixpath.normpath(target).lstrip("/")
        return found

    def only(self, relations: list[dict[str, str]], kind: str) -> bytes | None:
        """The part of a kind that the workbook has one of; None where it has none."""
        pointed = [r["path"] for r in relations if r.get("Type", "").endswith(f"/{kind}")]
        # Some readers look only here, whatever the relations say.
        usual = "xl/theme/theme1.xml" if kind == "theme" else f"xl/{kind}.xml"
        path = next((path for path in (*pointed, usual) if path in self.names), None)
        return None if path is None else self.read(path)

    def painted(self, sheet: str) -> list[Area]:
        """Headings of tables whose style paints them, and all of a table in a dark style."""
        folder, name = posixpath.split(sheet)
        if f"{folder}/_rels/{name}.rels" not in self.names:
            return []
        pointed = [r["path"] for r in self.relations(sheet) if r.get("Type", "").endswith("/table")]
        tables = [self.read(path) for path in pointed[:_MOST_TABLES] if path in self.names]
        return [area for table in tables if (area := _painted(table))]


def _of_sheet(
    parts: _Parts, path: str, styles: Styles | None, shared: Mapping[int, tuple[Run, ...]]
) -> Hidden:
    content = parts.read(path)
    rows: set[int] = set()
    columns: set[int] = set()
    for row in _ROW.findall(content):
        # most rows say nothing of the kind, and there may be a hundred thousand
        if (b"hidden" in row or b"ht=" in row) and (said := _attributes(row)).get("r", "").isdigit():
            rows.update({int(said["r"]) - 1} if _is_hidden(said) else ())
    for column in map(_attributes, _COLUMN.findall(content)):
        first, last = column.get("min", ""), column.get("max", "")
        if _is_hidden(column) and first.isdigit() and last.isdigit():
            columns.update(range(int(first) - 1, min(int(last), _MOST_COLUMNS)))
    cells = unseen_cells(content, styles, shared, parts.painted(path)) if styles else {}
    return Hidden(frozenset(rows), frozenset(columns), cells)


def _painted(table: bytes) -> Area | None:
    head, style = _TABLE.search(table), _TABLE_STYLE.search(table)
    name = _attributes(style[0]).get("name", "") if style else ""
    said = _attributes(head[0]) if head else {}
    place = _RANGE.fullmatch(said.get("ref", ""))
    if place is None or not name or _BARE_STYLE.fullmatch(name):
        return None
    top, bottom = int(place[2]) - 1, int(place[4]) - 1
    if not name.startswith("TableStyleDark"):
        if said.get("headerRowCount", "1") == "0":
            return None
        bottom = top
    return Area(top, column_number(place[1]), bottom, column_number(place[3]))


def _is_hidden(attributes: dict[str, str]) -> bool:
    """Said to be, or too flat or too narrow for a letter."""
    for size, least in (("ht", _LEAST_HEIGHT), ("width", _LEAST_WIDTH)):
        if (number := attributes.get(size, "")) and _NUMBER.fullmatch(number) and float(number) < least:
            return True
    return attributes.get("hidden", "").lower() in ("1", "true", "on")


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        name.decode("ascii", "replace"): unescape((double or single).decode("utf-8", "replace"))
        for name, double, single in _ATTRIBUTE.findall(tag)
    }
