"""Tables of a PDF page with ruled lines: their cells by the rules, filled with our own words."""

from __future__ import annotations

import io
import logging
import re
from itertools import pairwise

from orderdesk.domain.documents import Cell, Table
from tools.documents.pdf_layout import Line
from tools.documents.pdf_striped import Box, Grid, completed
from tools.documents.pdf_words import Word

_MAX_RULES = 20_000


def ruled_boxes(raw: bytes, pages: list[int]) -> dict[int, list[Grid]]:
    """Cell boxes (left, top, right, bottom in points) of ruled tables, by page index; only `pages` are looked at."""
    if not pages:
        return {}
    import pdfplumber  # slow to load, and not needed for a file without lines

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    found: dict[int, list[Grid]] = {}
    try:
        with pdfplumber.open(io.BytesIO(raw)) as document:
            for number in pages:
                page = document.pages[number]
                rules = len(page.rects) + len(page.lines) + len(page.curves)
                if not 2 <= rules <= _MAX_RULES:
                    continue
                left, top = page.bbox[0], page.bbox[1]
                for table in page.find_tables():
                    grid: Grid = [
                        [(c[0] - left, c[1] - top, c[2] - left, c[3] - top) if c else None for c in row.cells]
                        for row in table.rows
                    ]
                    found.setdefault(number, []).append(grid)
                page.close()
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception as error:
        # pdfminer raises many kinds on files that pdfium reads well: the text-aligned search remains.
        logging.getLogger(__name__).info("no ruled tables read: %s", type(error).__name__)
    return found


def ruled_tables(grids: list[Grid], lines: list[Line], locator: str) -> list[Table]:
    """Ruled tables filled with our own words, so that each cell knows its place in the text."""
    tables: list[Table] = []
    words = [
        (word, offset, chunk.start)
        for line in lines
        for chunk in line.chunks
        for word, offset in zip(chunk.words, chunk.offsets, strict=True)
    ]
    for grid in completed(grids, lines):
        if _is_coarse(grid, lines):
            continue
        rows = _by_heading([[(box, _filled(box, words)) for box in row if box] for row in grid])
        rows = [row for row in rows if any(cell.text for cell in row)]
        if len(rows) >= 2 and max(map(len, rows)) >= 2:
            tables.append(Table(rows=tuple(rows), locator=locator))
    return tables


def _is_coarse(grid: Grid, lines: list[Line]) -> bool:
    """Rules that only frame blocks: columns of text stand side by side inside single cells."""
    crowded = 0
    for row in grid:
        for left, top, right, bottom in filter(None, row):
            for line in lines:
                if top <= (line.top + line.bottom) / 2 <= bottom:
                    inside = [c for c in line.chunks if left - 1 <= c.left and c.right <= right + 1]
                    # a currency sign and its amount stand apart in one cell
                    crowded += sum(bool(re.search(r"\w", c.text)) for c in inside) >= 2
    return crowded >= 2


def _by_heading(rows: list[list[tuple[Box, Cell]]]) -> list[tuple[Cell, ...]]:
    """Rows under the cells of the first row that names columns: a heading may span several cells below it."""
    heading = next((row for row in rows if sum(bool(cell.text) for _, cell in row) >= 3), None)
    if heading is None:
        return [tuple(cell for _, cell in row) for row in rows]
    out: list[tuple[Cell, ...]] = []
    for row in rows:
        placed: list[list[Cell]] = [[] for _ in heading]
        for box, cell in row:
            middle = (box[0] + box[2]) / 2
            column = next((i for i, (h, _) in enumerate(heading) if h[0] - 1 <= middle <= h[2] + 1), None)
            if cell.text and column is not None:
                placed[column].append(cell)
        out.append(tuple(_one_cell(cells) for cells in placed))
    return out


def _one_cell(cells: list[Cell]) -> Cell:
    if len(cells) == 1:
        return cells[0]
    return Cell(text=" ".join(cell.text for cell in cells))


def _filled(box: Box, words: list[tuple[Word, int, int]]) -> Cell:
    """The words whose middle lies in a box; a place in the text only where they are one chunk of a line."""
    left, top, right, bottom = box
    inside = [
        (word, at, chunk)
        for word, at, chunk in words
        if left - 1 <= (word.left + word.right) / 2 <= right + 1
        and top - 1 <= (word.top + word.bottom) / 2 <= bottom + 1
    ]
    if not inside:
        return Cell(text="")
    text = inside[0][0].text
    for (above, _, _), (word, _, _) in pairwise(inside):
        # A part number broken at its hyphen goes on at the next line: 'NW-' and '001'.
        broken = above.text.endswith("-") and len(above.text) > 1 and word.top > above.bottom - 1
        text += word.text if broken else f" {word.text}"
    start, end = inside[0][1], inside[-1][1] + len(inside[-1][0].text)
    whole = len({chunk for _, _, chunk in inside}) == 1 and end - start == len(text)
    return Cell(text=text, start=start, end=end) if whole else Cell(text=text)
