"""Which rows and columns of an XLSX sheet nobody sees, as its own XML says."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from html import unescape
from typing import NamedTuple

from orderdesk.domain.errors import ReadError
from tools.documents.limits import ReaderLimits
from tools.documents.zipped import member

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]{0,2000}>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]{0,4000}>")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]{0,1000}>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]{0,1000}>")
_ATTRIBUTE = re.compile(rb"([\w:]{1,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,20})?")
_MOST_COLUMNS = 16_384
_LEAST_HEIGHT = 1.5  # points; as in PDFs
_LEAST_WIDTH = 0.3  # characters


class Hidden(NamedTuple):
    """0-based rows and columns of one sheet."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


def hidden_parts(raw: bytes, limits: ReaderLimits) -> dict[str, Hidden]:
    """Hidden rows and columns by the sheet's name; nothing where the file is no XLSX or does not say.

    The container has been checked before.
    """
    with zipfile.ZipFile(io.BytesIO(raw)) as box:
        names = set(box.namelist())
        try:
            book = member(box, "xl/workbook.xml", limits.max_unpacked_bytes)
            relations = member(box, "xl/_rels/workbook.xml.rels", limits.max_unpacked_bytes)
        except ReadError:
            return {}
        targets = {
            a.get("Id", ""): a.get("Target", "") for a in map(_attributes, _RELATION.findall(relations))
        }
        found: dict[str, Hidden] = {}
        for sheet in map(_attributes, _SHEET.findall(book)):
            relation = next((value for name, value in sheet.items() if name.endswith(":id")), "")
            path = posixpath.normpath(posixpath.join("/xl", targets.get(relation, ""))).lstrip("/")
            if path in names:
                found[sheet.get("name", "")] = _of_sheet(member(box, path, limits.max_unpacked_bytes))
        return found


def _of_sheet(content: bytes) -> Hidden:
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
    return Hidden(frozenset(rows), frozenset(columns))


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
