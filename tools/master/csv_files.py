"""Reads the CSV files of a master-data folder into checked rows; the first wrong cell stops everything."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from orderdesk.domain.errors import MasterDataError
from orderdesk.domain.units import UNIT_CODES
from tools.master.columns import FILES, Column, FileSpec
from tools.master.fold import fold_gtin, gtin_check_digit_holds
from tools.master.values import BadCell, CellValue, parse_cell

NOTHING_KEPT = "Nothing was imported."
_FIELD_LIMIT = 1_000_000  # characters in one cell: a longer one is an unclosed quote, not a description


@dataclass
class Rows:
    """The checked rows of one file: values in the order of `columns`, each with the line it stands on."""

    spec: FileSpec
    columns: tuple[Column, ...]
    lines: list[int] = field(default_factory=list[int])
    values: list[list[CellValue]] = field(default_factory=list[list[CellValue]])
    warnings: list[str] = field(default_factory=list[str])


def read_folder(folder: Path) -> tuple[list[Rows], list[str]]:
    """Every known file of a folder in load order, and warnings about files that are none of ours.

    Raises MasterDataError naming file, line, column and what was expected.
    """
    if not folder.is_dir():
        raise MasterDataError(
            f"{folder} is not a folder; name the one that holds products.csv and the others"
        )
    known = [spec.file for spec in FILES]
    found = {path.name.lower(): path for path in sorted(folder.iterdir()) if path.suffix.lower() == ".csv"}
    specs = [spec for spec in FILES if spec.file in found]
    if not specs:
        raise MasterDataError(
            f"{folder} holds none of the known files; expected at least one of {', '.join(known)}"
        )
    warnings = [
        f"{name}: not a file of the import, skipped; did you mean {_nearest(name, known)}?"
        for name in found
        if name not in known
    ]
    return [read_file(found[spec.file], spec) for spec in specs], warnings


def read_file(path: Path, spec: FileSpec) -> Rows:
    """The checked rows of one file. Raises MasterDataError at the first cell that is wrong."""
    records = _records(path, spec.file)
    header = next(records, None)
    if header is None:
        raise MasterDataError(f"{spec.file} is empty; expected a header line and rows. {NOTHING_KEPT}")
    stated = _columns_of(header[1], spec)
    # A key column that the file does not have is an empty one: its rows still need their whole key.
    absent = tuple(c for c in spec.columns if c.key and c not in stated)
    rows = Rows(spec, stated + absent)
    seen: dict[tuple[object, ...], int] = {}
    key_at = [i for i, column in enumerate(rows.columns) if column.key]
    for line, cells in records:
        if len(cells) != len(stated):
            raise MasterDataError(
                f"{spec.file} line {line}: {len(cells)} columns; expected {len(stated)} as in the header "
                f"(a comma inside a value needs quotes around it). {NOTHING_KEPT}"
            )
        cells = [*cells, *("" for _ in absent)]
        values = [_cell(spec, line, column, text) for column, text in zip(rows.columns, cells, strict=True)]
        key = tuple(values[i] for i in key_at)
        if key in seen:
            _repeated(rows, seen[key], values, line)
            continue
        seen[key] = len(rows.values)
        _check_ranges(rows, values, line)
        rows.lines.append(line)
        rows.values.append(values)
    _warn(rows)
    return rows


def _records(path: Path, name: str) -> Iterator[tuple[int, list[str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise MasterDataError(
            f"{name} line {line}: not UTF-8; save the file as 'CSV UTF-8'. {NOTHING_KEPT}"
        ) from None
    except OSError as error:
        raise MasterDataError(
            f"{name} cannot be read ({error.strerror}); check the file's permissions"
        ) from error
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise MasterDataError(
            f"{name} line {line}: not readable as CSV ({error}); expected values separated by commas, "
            f"quotes closed and doubled inside quotes. {NOTHING_KEPT}"
        ) from None


def _columns_of(header: Sequence[str], spec: FileSpec) -> tuple[Column, ...]:
    names = [name.strip().lower() for name in header]
    known = [column.name for column in spec.columns]
    for name in names:
        if name in known:
            continue
        if len(names) == 1 and (";" in name or "\t" in name):
            raise MasterDataError(f"{spec.file}: columns must be separated by commas. {NOTHING_KEPT}")
        raise MasterDataError(
            f"{spec.file} line 1, column {name or '(no name)'}: not a column of this file; did you mean "
            f"{_nearest(name, known)}? Known: {', '.join(known)}. {NOTHING_KEPT}"
        )
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise MasterDataError(f"{spec.file} line 1, column {twice}: it stands twice. {NOTHING_KEPT}")
    for column in spec.columns:
        if column.required and column.name not in names:
            raise MasterDataError(
                f"{spec.file} line 1, column {column.name}: missing; the header must have it. {NOTHING_KEPT}"
            )
    return tuple(spec.column(name) for name in names)


def _cell(spec: FileSpec, line: int, column: Column, text: str) -> CellValue:
    try:
        return parse_cell(column, text)
    except BadCell as error:
        shown = f"'{text.strip()[:60]}': " if text.strip() else ""
        raise MasterDataError(
            f"{spec.file} line {line}, column {column.name}: {shown}{error}. {NOTHING_KEPT}"
        ) from None


def _repeated(rows: Rows, first: int, values: list[CellValue], line: int) -> None:
    """A key that stands twice: equal rows are one, history adds up, anything else is a contradiction."""
    names = [column.name for column in rows.columns]
    at = names.index(rows.spec.add_up) if rows.spec.add_up in names else -1
    before = rows.values[first]
    if at >= 0 and "uom" in names and before[names.index("uom")] == values[names.index("uom")]:
        one, two = before[at], values[at]
        assert isinstance(one, Decimal)
        assert isinstance(two, Decimal)
        before[at] = one + two
    elif before != values:
        key = ", ".join(f"{n} {v}" for n, v in zip(names, values, strict=True) if n in rows.spec.key and v)
        raise MasterDataError(
            f"{rows.spec.file} line {line}, column {rows.spec.key[0]}: {key} stands with other values on "
            f"line {rows.lines[first]} already; expected one row for each. {NOTHING_KEPT}"
        )


def _check_ranges(rows: Rows, values: list[CellValue], line: int) -> None:
    named = dict(zip((column.name for column in rows.columns), values, strict=True))
    for start, end in rows.spec.ranges:
        first, last = named.get(start), named.get(end)
        if first is not None and last is not None and str(first) > str(last):
            raise MasterDataError(
                f"{rows.spec.file} line {line}, column {end}: {last} is before {start} {first}; "
                f"expected a later date. {NOTHING_KEPT}"
            )


def _warn(rows: Rows) -> None:
    """What is odd but no reason to refuse a file: a person may want to look at it."""
    names = [column.name for column in rows.columns]
    for i, column in enumerate(rows.columns):
        if column.type == "unit":
            odd = sorted({str(v[i]) for v in rows.values if v[i] and v[i] not in UNIT_CODES})
            if odd:
                rows.warnings.append(
                    f"{rows.spec.file}, column {column.name}: units of your own, matched only as written: "
                    + ", ".join(odd[:10])
                )
        if column.name == "gtin":
            _warn_gtins(rows, i)
    if rows.spec.table == "ship_to" and "is_default" in names:
        flag, owner = names.index("is_default"), names.index("customer_id")
        defaults = [str(v[owner]) for v in rows.values if v[flag]]
        several = (
            sorted({c for c in defaults if defaults.count(c) > 1})
            if len(set(defaults)) < len(defaults)
            else []
        )
        for customer in several[:10]:
            rows.warnings.append(
                f"ship_to.csv: {customer} has several default addresses; none will be assumed"
            )


def _warn_gtins(rows: Rows, at: int) -> None:
    for line, values in zip(rows.lines, rows.values, strict=True):
        gtin = values[at]
        if not gtin or gtin_check_digit_holds(str(gtin)):
            continue
        why = "its check digit is wrong" if fold_gtin(str(gtin)) else "it has not 8, 12, 13 or 14 digits"
        rows.warnings.append(f"{rows.spec.file} line {line}, column gtin: {gtin} kept, but {why}")
        if len(rows.warnings) >= 20:
            return


def _nearest(name: str, known: Sequence[str]) -> str:
    best = process.extractOne(name, known, scorer=JaroWinkler.similarity)
    return best[0] if best else known[0]
