"""Separated text (CSV, TSV, any separator) to a table whose cells have their place in a readable text."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from orderdesk.domain.documents import Table
from orderdesk.domain.findings import Finding
from tools.documents.defects import reader_limit_exceeded
from tools.documents.grid import render
from tools.documents.hidden_text import without_invisible
from tools.documents.limits import ReaderLimits
from tools.documents.parsed import Parsed
from tools.documents.text import clean

# In order of trust where several fit equally: a comma is also a decimal mark.
_SEPARATORS = ("\t", ";", "|", ",")
_SAMPLE_LINES = 60


def read_csv(source: str, document_id: str, limits: ReaderLimits, *, certain: bool = True) -> Parsed | None:
    """The table of a separated text; None where no separator fits and the file is not `certain` to be one.

    Lines before the header (titles, addresses) stay in the text and in the table as short rows.
    """
    source, findings = without_invisible(clean(source), document_id)
    stated = re.match(r"sep=(.)\n", source, re.IGNORECASE)
    if stated:
        source = source[stated.end() :]
    separator = stated[1] if stated else find_separator(source, strict=not certain)
    if not separator:
        if not certain:
            return None
        separator = ","
    rows: list[list[str]] = []
    cells = 0
    cut = False
    try:
        for row in csv.reader(io.StringIO(source), delimiter=separator, skipinitialspace=True):
            cells += len(row)
            cut = cells > limits.max_cells
            if cut:
                break
            rows.append([cell.strip() for cell in row[: limits.max_columns]])
    except csv.Error:  # an unclosed quote swallows the file: read it again without quoting
        rows = [
            line.split(separator)[: limits.max_columns] for line in source.split("\n")[: limits.max_cells]
        ]
    text, table_rows = render(rows)
    tables = (Table(rows=table_rows, locator="rows"),) if any(len(row) > 1 for row in table_rows) else ()
    more: tuple[Finding, ...] = (
        (reader_limit_exceeded("", f"it has more than {limits.max_cells} cells"),) if cut else ()
    )
    return Parsed(format="csv", text=text, tables=tables, findings=(*findings, *more))


def find_separator(source: str, *, strict: bool = False) -> str:
    """The separator that splits most lines into the same number of fields; '' for none.

    `strict` (a .txt file, which may be prose): three fields or more on nearly all lines, and no comma.
    """
    lines = [line for line in source.split("\n")[:_SAMPLE_LINES] if line.strip()]
    best, best_score = "", 0.0
    for separator in _SEPARATORS:
        if strict and separator == ",":
            continue
        widths = _widths(lines, separator)
        common = [w for w in widths if w > 1]
        if not common:
            continue
        width, count = max(Counter(common).items(), key=lambda item: (item[1], item[0]))
        share = count / len(lines)
        if strict and (width < 3 or share < 0.8 or count < 2):
            continue
        # Preamble lines lower the share; a title row above a table must not make it fail.
        score = share * (1 + min(width, 10) / 50)
        if score > best_score + 1e-9:
            best, best_score = separator, score
    return best


def _widths(lines: list[str], separator: str) -> list[int]:
    try:
        return [len(row) for row in csv.reader(lines, delimiter=separator) if row]
    except csv.Error:
        return [line.count(separator) + 1 for line in lines]
