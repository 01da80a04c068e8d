"""Order tables in plain text: columns by pipes, tabs, wide gaps, or single blanks under a header of names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from orderdesk.domain.documents import Cell, Table
from orderdesk.domain.units import unit_from_word
from tools.documents.order_headers import Role, column_role
from tools.documents.order_layout import PART_LIKE
from tools.documents.order_totals import total_kind
from tools.documents.written_numbers import readings

_GAP = re.compile(r"\t+| {2,}")
_RULE = re.compile(r"[\s|+=_*-]{3,}")
_NUMERIC: frozenset[Role] = frozenset(
    ("quantity", "unit_price", "line_total", "price_base", "discount", "tax", "line_number", "units")
)
_ARTICLE: frozenset[Role] = frozenset(
    ("seller_part", "buyer_part", "manufacturer_part", "part", "gtin", "item", "number", "description")
)


class _Line(NamedTuple):
    start: int
    text: str


def tables_in_text(text: str) -> tuple[Table, ...]:
    """The order tables of a text, each cell with its offsets; only those with a header that names a quantity
    and an article, so that prose is never taken for a table."""
    lines: list[_Line] = []
    position = 0
    for raw in text.splitlines(keepends=True):
        lines.append(_Line(position, raw.rstrip("\r\n")))
        position += len(raw)
    tables: list[Table] = []
    index = 0
    while index < len(lines):
        taken = _table_at(lines, index) or _tight_table_at(lines, index)
        if taken is None:
            index += 1
            continue
        table, index = taken
        tables.append(table)
    return tuple(tables)


def _cells(line: _Line) -> tuple[Cell, ...]:
    """The cells of a line by pipes, else by tabs and gaps of two blanks or more."""
    if "|" in line.text:
        body = line.text.strip()
        offset = line.start + line.text.index(body) if body else line.start
        if body.startswith("|"):
            body, offset = body[1:], offset + 1
        parts, place = re.split(r"\|", body.removesuffix("|")), offset
        cells: list[Cell] = []
        for part in parts:
            cells.append(_cell(part, place))
            place += len(part) + 1
        return tuple(cells)
    if ";" in line.text and line.text.count(";") >= 2:
        place, cells = line.start, []
        for part in line.text.split(";"):
            cells.append(_cell(part, place))
            place += len(part) + 1
        return tuple(cells)
    cells, place = [], 0
    for gap in [*_GAP.finditer(line.text), None]:
        end = gap.start() if gap else len(line.text)
        if line.text[place:end].strip() or (gap and "\t" in gap.group() and place):
            cells.append(_cell(line.text[place:end], line.start + place))
        place = gap.end() if gap else end
    return tuple(cells)


def _cell(part: str, place: int) -> Cell:
    stripped = part.strip()
    start = place + (part.index(stripped) if stripped else 0)
    return Cell(text=stripped, start=start, end=start + len(stripped))


def _is_header(roles: Sequence[Role | None]) -> bool:
    held = {r for r in roles if r}
    return (
        bool(held & {"quantity", "units"})
        and bool(held & _ARTICLE)
        and sum(1 for r in roles if r) * 2 >= len(roles)
    )


def _table_at(lines: Sequence[_Line], index: int) -> tuple[Table, int] | None:
    header = _cells(lines[index])
    if len(header) < 2 or not _is_header([column_role(c.text) for c in header]):
        return None
    rows: list[tuple[Cell, ...]] = [header]
    end, blanks = index + 1, 0
    while end < len(lines) and blanks < 2:
        line = lines[end]
        if not line.text.strip() or _RULE.fullmatch(line.text):
            blanks += 0 if line.text.strip() else 1
            end += 1
            continue
        cells = _cells(line)
        if len(cells) < 2:
            break
        blanks = 0
        rows.append(cells if len(cells) >= len(header) or "|" in line.text else _aligned(cells, header, line))
        end += 1
    if len(rows) < 2:
        return None
    return Table(rows=tuple(rows), locator=f"line {index + 1}"), end


def _aligned(cells: Sequence[Cell], header: Sequence[Cell], line: _Line) -> tuple[Cell, ...]:
    """Cells of a row with gaps, put under the header whose place is nearest."""
    first = header[0].start
    placed: list[Cell] = [Cell(text="") for _ in header]
    for cell in cells:
        left, right = cell.start - line.start, cell.end - line.start
        distances = [min(abs(left - (h.start - first)), abs(right - (h.end - first))) for h in header]
        target = distances.index(min(distances))
        if placed[target].text:
            target = next((i for i in range(target + 1, len(placed)) if not placed[i].text), target)
        placed[target] = cell
    return tuple(placed)


def _tight_table_at(lines: Sequence[_Line], index: int) -> tuple[Table, int] | None:
    """A table whose columns are parted by single blanks, as PDF text often is: the header's names give the
    order of columns, the figures at the end of each row give its fields."""
    labels = _tight_header(lines[index].text)
    if labels is None:
        return None
    # 'Part Description' is one column or two: two where the rows begin with part numbers
    split = [word for label in labels for word in (label.split() if _TWO_NAMES.fullmatch(label) else [label])]
    rows, end = _tight_rows(lines, index, split)
    if split != labels:
        if rows and all(PART_LIKE.fullmatch(r[split.index(_first_name(labels))].text) for r in rows):
            labels = split
        else:
            rows, end = _tight_rows(lines, index, labels)
    if not rows:
        return None
    start, header = lines[index].start, []
    place = 0
    for label in labels:
        place = lines[index].text.index(label, place)
        header.append(Cell(text=label, start=start + place, end=start + place + len(label)))
        place += len(label)
    return Table(rows=(tuple(header), *rows), locator=f"line {index + 1}"), end


_TWO_NAMES = re.compile(
    r"(?:item|part|product|article|artikel) (?:description|bezeichnung|name)", re.IGNORECASE
)


def _first_name(labels: Sequence[str]) -> str:
    return next(label for label in labels if _TWO_NAMES.fullmatch(label)).split()[0]


def _tight_rows(
    lines: Sequence[_Line], index: int, labels: Sequence[str]
) -> tuple[list[tuple[Cell, ...]], int]:
    """The rows under a tight header, and the index behind them; a few lines that fit no column may lie between."""
    roles: list[Role | None] = [column_role(label) for label in labels]
    rows: list[tuple[Cell, ...]] = []
    misses, end = 0, index + 1
    while end < len(lines) and misses < 4:
        line = lines[end]
        row = _tight_row(line, roles)
        if row is not None:
            rows.append(row)
            misses = 0
        elif line.text.strip():
            if total_kind(re.sub(r"[\d.,$€£ ]+$", "", line.text)):
                break
            misses += 1
        end += 1
    return rows, end


def _tight_header(text: str) -> list[str] | None:
    words = text.split()
    if not 3 <= len(words) <= 16 or any(re.search(r"\d", w) for w in words):
        return None
    labels: list[str] = []
    place = 0
    while place < len(words):
        for size in (4, 3, 2, 1):
            label = " ".join(words[place : place + size])
            if place + size <= len(words) and column_role(label) and label in text:
                labels.append(label)
                place += size
                break
        else:
            return None
    roles: list[Role | None] = [column_role(label) for label in labels]
    if len(set(roles)) < 3 or not _is_header(roles) or not {"unit_price", "line_total"} & set(roles):
        return None
    return labels


def _tight_row(line: _Line, roles: Sequence[Role | None]) -> tuple[Cell, ...] | None:
    """The row's cells, or None where its words do not fit the columns one by one."""
    tokens = [
        (m.group(), line.start + m.start())
        for m in re.finditer(r"(?:[$€£] )?\S+(?: [€$£](?!\S))?", line.text)
    ]
    left, right = 0, len(tokens)
    cells: dict[int, Cell] = {}
    first_text = next((i for i, r in enumerate(roles) if r in ("description",)), None)
    if first_text is None:
        first_text = next((i for i, r in enumerate(roles) if r == "item"), None)
    if first_text is None:
        return None
    for i in range(len(roles) - 1, first_text, -1):
        if right <= left or not _fits(roles[i], tokens[right - 1][0]):
            return None
        right -= 1
        cells[i] = _token_cell(tokens[right])
    for i in range(first_text):
        if left >= right or not _fits(roles[i], tokens[left][0]):
            return None
        cells[i] = _token_cell(tokens[left])
        left += 1
    if left >= right:
        return None
    start, (last, last_start) = tokens[left][1], tokens[right - 1]
    end = last_start + len(last)
    cells[first_text] = Cell(text=line.text[start - line.start : end - line.start], start=start, end=end)
    return tuple(cells[i] for i in range(len(roles)))


def _token_cell(token: tuple[str, int]) -> Cell:
    return Cell(text=token[0], start=token[1], end=token[1] + len(token[0]))


def _fits(role: Role | None, token: str) -> bool:
    if role in _NUMERIC:
        return bool(readings(token.rstrip("%")))
    if role == "uom":
        return unit_from_word(token) is not None
    if role in ("requested_date", "po_date", "date"):
        return bool(re.fullmatch(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}", token))
    return bool(re.search(r"\w", token))
