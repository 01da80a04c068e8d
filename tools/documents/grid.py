"""Rows of cells to a readable tab-separated text, each cell with its place in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from orderdesk.domain.documents import Cell


def render(rows: Iterable[Sequence[str]], offset: int = 0) -> tuple[str, tuple[tuple[Cell, ...], ...]]:
    """Text and cells; empty rows and empty columns at the right end are left out.

    A line break or tab inside a cell becomes a space, so that `text[cell.start:cell.end] == cell.text`.
    `offset` is where the text will stand in a longer one.
    """
    lines: list[str] = []
    table: list[tuple[Cell, ...]] = []
    at = offset
    for row in rows:
        values = [value.replace("\n", " ").replace("\t", " ") for value in row]
        while values and not values[-1]:
            values.pop()
        if not values:
            continue
        cells: list[Cell] = []
        for value in values:
            cells.append(Cell(text=value, start=at, end=at + len(value)))
            at += len(value) + 1
        lines.append("\t".join(values))
        table.append(tuple(cells))
    return "\n".join(lines), tuple(table)
