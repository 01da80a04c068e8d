"""Tables of which only some rows are drawn: a shaded heading, every second row; the rows between are found by text."""

from __future__ import annotations

import re

from tools.documents.pdf_layout import Line
from tools.documents.pdf_words import Word

Box = tuple[float, float, float, float]
Grid = list[list[Box | None]]
_Columns = list[tuple[float, float]]

_FIGURE = re.compile(r"\d")
_EDGE = 1.5  # points by which the same column may differ from stripe to stripe
_LEAST_COLUMNS = 3


def completed(grids: list[Grid], lines: list[Line]) -> list[Grid]:
    """The drawn tables with the rows that are not drawn: between stripes of the same columns, and below them."""
    groups: list[list[Grid]] = []
    rest: list[Grid] = []
    for grid in sorted(grids, key=_top):
        columns = _columns(grid)
        if len(columns) < _LEAST_COLUMNS:
            rest.append(grid)
            continue
        home = next((group for group in groups if _same(_columns(group[0]), columns)), None)
        if home is None:
            groups.append([grid])
        else:
            home.append(grid)
    return sorted([*(_joined(group, lines) for group in groups), *rest], key=_top)


def _joined(group: list[Grid], lines: list[Line]) -> Grid:
    columns = _columns(group[0])
    rows: Grid = list(group[0])
    bottom = _bottom(group[0])
    for grid in group[1:]:
        rows += _rows_between(lines, columns, bottom, _top(grid))
        rows += grid
        bottom = _bottom(grid)
    return rows + _rows_below(lines, columns, bottom)


def _rows_between(lines: list[Line], columns: _Columns, top: float, bottom: float) -> Grid:
    inside = [line for line in lines if top <= _middle(line) <= bottom]
    return [_row(block, columns) for block in _blocks(inside, columns) if _is_row(block, columns)]


def _rows_below(lines: list[Line], columns: _Columns, bottom: float) -> Grid:
    """The rows right below the last drawn one, up to the first text that is not one."""
    below = [line for line in lines if _middle(line) > bottom]
    rows: Grid = []
    for block in _blocks(below, columns):
        height = max(block[0].bottom - block[0].top, 6)
        if block[0].top - bottom > 3 * height or not _is_row(block, columns):
            break
        rows.append(_row(block, columns))
        bottom = block[-1].bottom
    return rows


def _blocks(lines: list[Line], columns: _Columns) -> list[list[Line]]:
    """Lines that stand close together: the lines of one row, whose cells wrap at different heights.

    Where several of them are rows by themselves, the table is set tight and each of them is one.
    """
    blocks: list[list[Line]] = []
    for line in sorted(lines, key=_middle):
        last = blocks[-1] if blocks else []
        near = bool(last) and line.top - last[-1].bottom < 0.6 * max(line.bottom - line.top, 6)
        whole = _is_row([line], columns) and any(_is_row([above], columns) for above in last)
        if near and not whole:
            last.append(line)
        else:
            blocks.append([line])
    return blocks


def _is_row(block: list[Line], columns: _Columns) -> bool:
    """Whether a block fills most columns, with a figure in it, and nothing beside the table."""
    words = _words(block)
    left, right = columns[0][0] - _EDGE, columns[-1][1] + _EDGE
    if any(word.left < left or word.right > right for word in words):
        return False
    filled = sum(any(_in(word, column) for word in words) for column in columns)
    return filled >= max(_LEAST_COLUMNS, (len(columns) + 1) // 2) and any(
        _FIGURE.search(w.text) for w in words
    )


def _row(block: list[Line], columns: _Columns) -> list[Box | None]:
    top, bottom = min(line.top for line in block), max(line.bottom for line in block)
    return [(left, top, right, bottom) for left, right in columns]


def _words(block: list[Line]) -> list[Word]:
    return [word for line in block for chunk in line.chunks for word in chunk.words]


def _in(word: Word, column: tuple[float, float]) -> bool:
    return column[0] - 1 <= (word.left + word.right) / 2 <= column[1] + 1


def _columns(grid: Grid) -> _Columns:
    """Left and right edges of the columns, from the row with the most cells."""
    rows = [[box for box in row if box] for row in grid]
    return [(box[0], box[2]) for box in max(rows, key=len, default=[])]


def _same(left: _Columns, right: _Columns) -> bool:
    return len(left) == len(right) and all(
        abs(a[0] - b[0]) <= _EDGE and abs(a[1] - b[1]) <= _EDGE for a, b in zip(left, right, strict=True)
    )


def _top(grid: Grid) -> float:
    return min((box[1] for row in grid for box in row if box), default=0.0)


def _bottom(grid: Grid) -> float:
    return max((box[3] for row in grid for box in row if box), default=0.0)


def _middle(line: Line) -> float:
    return (line.top + line.bottom) / 2
