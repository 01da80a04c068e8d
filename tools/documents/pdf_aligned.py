"""Tables of a PDF page without ruled lines: found by a heading and by how the lines under it are aligned."""

from __future__ import annotations

import re

from orderdesk.domain.documents import Cell, Table
from tools.documents.pdf_layout import Chunk, Line
from tools.documents.pdf_words import Word

# Left and right edges of the columns of a table without rules.
Columns = list[tuple[float, float]]

_NUMERIC = re.compile(r"^[^\w]*[\d.,' ]+\s*[%€$£]?$|^[€$£]\s*[\d.,]+$")
# How far two left edges may be apart (points) and still be one column, and how many lines are asked.
_EDGE = 2.5
_LOOK_BELOW = 12


def aligned_tables(
    lines: list[Line], locator: str, ruled: list[Table], before: Columns | None = None
) -> tuple[list[Table], Columns | None]:
    """Tables without rules: a heading of three or more words apart, and lines that stand under it.

    `before` are the columns of the table the page before ended with; rows that stand in them go on with it
    without a heading. Also returns the columns this page ends with.
    """
    taken = {cell.start for table in ruled for row in table.rows for cell in row if cell.start >= 0}
    tables: list[Table] = []
    last: Columns | None = None
    i = 0
    while i < len(lines):
        head = lines[i]
        if not _is_heading(head) or any(chunk.start in taken for chunk in head.chunks):
            i += 1
            continue
        stacked, end = _stacked(lines, i)
        if stacked:
            tables.append(Table(rows=tuple(stacked), locator=locator))
            i = end
            continue
        rows, end, columns = _under(lines, i)
        if len(rows) >= 2:
            tables.append(Table(rows=tuple(rows), locator=locator))
            i, last = end, columns
            continue
        pairs = _labelled(head, lines[i + 1]) if i + 1 < len(lines) else []
        if pairs:
            tables.append(Table(rows=tuple(pairs), locator=locator))
        i += 2 if pairs else 1
    if before and not tables and not ruled:
        rows = _going_on(lines, before)
        if rows:
            return [Table(rows=tuple(rows), locator=locator)], before
    return tables, last


def _stacked(lines: list[Line], first: int) -> tuple[list[tuple[Cell, ...]], int]:
    """Records of two lines under a heading of two lines, each with columns of its own, as one row each."""
    heads = lines[first : first + 2]
    if len(heads) < 2 or not all(_is_heading(head) for head in heads):
        return [], first
    end, rows = first + 2, list[tuple[Cell, ...]]()
    while end + 1 < len(lines):
        pair = [_at_edges(line, head) for line, head in zip(lines[end : end + 2], heads, strict=True)]
        if not pair[0] or not pair[1]:
            break
        rows.append(tuple(cell for cells in pair for cell in cells))
        end += 2
    if not rows:
        return [], first
    return [tuple(_joined([chunk]) for head in heads for chunk in head.chunks), *rows], end


def _at_edges(line: Line, head: Line) -> list[Cell]:
    """A line's texts under the names they share an edge with; empty where one shares none or two share one."""
    cells = [Cell(text="") for _ in head.chunks]
    for chunk in line.chunks:
        names = [
            i
            for i, name in enumerate(head.chunks)
            if min(abs(chunk.left - name.left), abs(chunk.right - name.right)) <= _EDGE
        ]
        if len(names) != 1 or cells[names[0]].text:
            return []
        cells[names[0]] = _joined([chunk])
    return cells if len(line.chunks) >= 2 else []


def _labelled(labels: Line, values: Line) -> list[tuple[Cell, ...]]:
    """A row of labels with the row of their values right below ('PO number  Date  Terms'), as pairs."""
    close = values.top - labels.bottom < 1.5 * max(labels.bottom - labels.top, 6)
    if not close or not any(re.search(r"\d", c.text) for c in values.chunks):
        return []
    pairs: list[tuple[Cell, ...]] = []
    for value in values.chunks:
        above = [c for c in labels.chunks if c.left < value.right and c.right > value.left]
        if len(above) != 1:
            return []
        pairs.append((_joined([above[0]]), _joined([value])))
    once = len({label.start for label, _ in pairs}) == len(pairs)
    return pairs if once and len(pairs) >= 2 else []


def _going_on(lines: list[Line], columns: Columns) -> list[tuple[Cell, ...]]:
    """The rows at the top of a page that stand in the columns of the page before."""
    for first, line in enumerate(lines):
        if _is_row(line, columns):
            return [_cells(row) for row in _rows(lines, first, columns)[0]]
    return []


def _is_row(line: Line, columns: Columns) -> bool:
    """Whether a line fills the columns as a row does: figures, most columns, and each text in one of them."""
    figures = sum(bool(_NUMERIC.match(c.text)) for c in line.chunks)
    filled = sum(bool(p) for p in _placed(line.chunks, columns))
    inside = all(any(c.left < right and c.right > left for left, right in columns) for c in line.chunks)
    return bool(figures) and inside and filled == len(line.chunks) >= max(3, len(columns) - 1)


def _is_heading(line: Line) -> bool:
    """Three columns or more that are named, not filled: words, hardly a figure."""
    texts = [chunk.text for chunk in line.chunks]
    return len(texts) >= 3 and sum(bool(re.search(r"\d", t)) for t in texts) == 0


def _under(lines: list[Line], first: int) -> tuple[list[tuple[Cell, ...]], int, Columns]:
    """The heading (on up to three lines) and the rows below it, the line after them, and the columns."""
    end = first + 1
    while end < min(first + 3, len(lines)) and _continues_heading(lines[end - 1], lines[end]):
        if len(lines[end].chunks) == 1 and _leans_down(lines, end):
            break
        end += 1
    widest = max(lines[first:end], key=lambda line: len(line.chunks))
    chunks = [part for line in lines[first:end] for c in line.chunks for part in _told_apart(c, lines[end:])]
    heads = [part for c in widest.chunks for part in _told_apart(c, lines[end:])]
    columns = [(chunk.left, chunk.right) for chunk in heads]
    rows, end = _rows(lines, end, columns)
    return [_cells(_placed(chunks, columns)), *map(_cells, rows)], end, _reach(columns, rows)


def _reach(columns: Columns, rows: list[list[list[Chunk]]]) -> Columns:
    """The columns as wide as what stands in them."""
    wide: Columns = []
    for i, (left, right) in enumerate(columns):
        inside = [chunk for row in rows for chunk in row[i]]
        wide.append((min([left, *(c.left for c in inside)]), max([right, *(c.right for c in inside)])))
    return wide


def _told_apart(head: Chunk, below: list[Line]) -> list[Chunk]:
    """Two column names that nearly touch ('Part number Description'), told apart by the rows under them."""
    # Totals have two columns; only lines of three or more are rows.
    near = [line for line in below[:_LOOK_BELOW] if len(line.chunks) >= 3]
    rows = [line for line in near if any(_NUMERIC.match(c.text) for c in line.chunks)]
    if len(rows) < 2 or len(head.words) < 2:
        return [head]
    for cut in range(1, len(head.words)):
        both = sum(_stand_under(head.words[:cut], head.words[cut:], line) for line in rows)
        if both * 2 > len(rows):
            at = head.offsets[cut]
            first = Chunk(head.words[:cut], head.start, at - 1, head.offsets[:cut])
            return [first, *_told_apart(Chunk(head.words[cut:], at, head.end, head.offsets[cut:]), below)]
    return [head]


def _stand_under(left: list[Word], right: list[Word], line: Line) -> bool:
    """Whether two texts of a line stand under two names: each shares its left or its right edge with one."""
    under = [
        [
            i
            for i, c in enumerate(line.chunks)
            if abs(c.left - name[0].left) <= _EDGE or abs(c.right - name[-1].right) <= _EDGE
        ]
        for name in (left, right)
    ]
    return bool(under[0]) and bool(under[1]) and len({*under[0], *under[1]}) >= 2


def _rows(lines: list[Line], end: int, columns: Columns) -> tuple[list[list[list[Chunk]]], int]:
    """The rows from a line on that stand in the columns, and the line after them."""
    rows: list[list[list[Chunk]]] = []
    ahead: list[list[Chunk]] = [[] for _ in columns]
    while end < len(lines):
        line, above = lines[end], lines[end - 1] if end else lines[end]
        height = max(line.bottom - line.top, 6)
        placed = _placed(line.chunks, columns)
        filled = sum(bool(p) for p in placed)
        figures = sum(bool(_NUMERIC.match(c.text)) for c in line.chunks)
        # Forms leave more room below the heading than between rows.
        if line.top - above.bottom > (4 if rows else 8) * height:
            break
        if figures and filled >= max(2, (len(columns) + 1) // 2):
            rows.append([before + here for before, here in zip(ahead, placed, strict=True)])
            ahead = [[] for _ in columns]
        elif filled <= 2 and not figures and _leans_down(lines, end):
            # A cell of several lines beside a figure at its middle: the first of them stands above the row.
            ahead = [before + here for before, here in zip(ahead, placed, strict=True)]
        elif rows and filled <= 2 and not figures and line.top - above.bottom < 1.2 * height:
            for column, chunks in enumerate(placed):  # a wrapped description: belongs to the row above
                rows[-1][column] += chunks
        else:
            break
        end += 1
    return rows, end


def _cells(row: list[list[Chunk]]) -> tuple[Cell, ...]:
    return tuple(_joined(chunks) for chunks in row)


def _leans_down(lines: list[Line], at: int) -> bool:
    """Whether a line stands nearer to the one below than to the one above, and the one below holds figures."""
    if not 0 < at < len(lines) - 1:
        return False
    line, below = lines[at], lines[at + 1]
    nearer = below.top - line.bottom + 1 < line.top - lines[at - 1].bottom
    close = below.top - line.bottom < max(line.bottom - line.top, 6)
    return nearer and close and any(_NUMERIC.match(chunk.text) for chunk in below.chunks)


def _continues_heading(above: Line, line: Line) -> bool:
    close = line.top - above.bottom < max(line.bottom - line.top, 6)
    return close and not any(re.search(r"\d", chunk.text) for chunk in line.chunks)


def _placed(chunks: list[Chunk], columns: Columns) -> list[list[Chunk]]:
    placed: list[list[Chunk]] = [[] for _ in columns]
    for chunk in chunks:
        placed[_nearest(chunk, columns)].append(chunk)
    return placed


def _nearest(chunk: Chunk, columns: Columns) -> int:
    """The column a chunk overlaps most, else the one whose edges are nearest to its own."""

    def distance(column: tuple[float, float]) -> float:
        overlap = min(chunk.right, column[1]) - max(chunk.left, column[0])
        edges = min(abs(chunk.left - column[0]), abs(chunk.right - column[1]))
        return edges - max(overlap, 0) * 2 if overlap > 0 else edges + -overlap

    return min(range(len(columns)), key=lambda i: distance(columns[i]))


def _joined(chunks: list[Chunk]) -> Cell:
    text = " ".join(chunk.text for chunk in chunks)
    return Cell(text=text, start=chunks[0].start, end=chunks[0].end) if len(chunks) == 1 else Cell(text=text)
