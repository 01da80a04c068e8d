"""Which cells of an XLSX sheet hold letters that cannot be seen, wholly or in part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import chain, pairwise
from typing import NamedTuple

from tools.documents.sheet_runs import Run, inline_runs
from tools.documents.sheet_styles import Look, Styles

_TAG = re.compile(
    rb"<(?:\w+:)?(row|c)(?=[\s/>])((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>",
)
_ATTRIBUTE = re.compile(rb"([\w:]{1,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_VALUE = re.compile(rb"\s*<(?:\w+:)?v(?:\s[^<>]*)?>\s*(\d{1,9})\s*<")
_PLACE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_DIGITS = re.compile(r"\d{1,7}")
_KINDS = ("n", "s", "str", "inlineStr", "b", "d")


class Part(NamedTuple):
    """What of a cell is shown and what is not; both None where the whole cell cannot be seen."""

    shown: str | None = None
    unseen: str | None = None


class Area(NamedTuple):
    """0-based first and last rows and columns that a table's style paints in a colour of its own."""

    top: int
    left: int
    bottom: int
    right: int


def unseen_cells(
    content: bytes, styles: Styles, shared: Mapping[int, tuple[Run, ...]], painted: Iterable[Area] = ()
) -> dict[tuple[int, int], Part]:
    """The cells of a sheet, by 0-based row and column, of which something cannot be seen.

    `shared` are the workbook's rich texts. White letters in a painted area may well be seen.
    """
    areas = tuple(painted)
    kept: dict[tuple[int, str, bool], bool] = {}

    def lost(style: int, kind: str, ground_known: bool) -> bool:
        key = style, kind, ground_known
        if key not in kept:
            look = styles.looks[style] if style < len(styles.looks) else Look()
            kept[key] = styles.unseen(look, kind, look.letters, ground_known=ground_known)
        return kept[key]

    inline = b"rPr" in content
    if (
        not inline
        and not shared
        and not any(lost(n, k, True) for n in range(len(styles.looks)) for k in _KINDS)
    ):
        return {}
    found: dict[tuple[int, int], Part] = {}
    row = column = -1
    content = _without_comments(content)
    for tag, after in pairwise(chain(_TAG.finditer(content), (None,))):
        if tag is None:
            break
        said = {name: double or single for name, double, single in _ATTRIBUTE.findall(tag[2])}
        place = said.get(b"r", b"").decode("ascii", "replace")
        if tag[1] == b"row":
            row, column = (int(place) - 1 if _DIGITS.fullmatch(place) else row + 1), -1
            continue
        # Cells and rows may leave out where they stand: then they follow the last one.
        if match := _PLACE.fullmatch(place):
            row, column = int(match[2]) - 1, column_number(match[1])
        else:
            column += 1
        number = said.get(b"s", b"0").decode("ascii", "replace").strip()
        style = int(number) if _DIGITS.fullmatch(number) else 0
        kind = said.get(b"t", b"n").decode("ascii", "replace")
        ground_known = not any(a.top <= row <= a.bottom and a.left <= column <= a.right for a in areas)
        runs: tuple[Run, ...] = ()
        if kind == "s" and shared and (value := _VALUE.match(content, tag.end())):
            runs = shared.get(int(value[1]), ())
        elif kind == "inlineStr" and inline:
            # Up to the next cell: a search that always ends soon, whatever is missing.
            runs = inline_runs(content[tag.end() : after.start() if after else len(content)])
        if runs:
            look = styles.looks[style] if style < len(styles.looks) else Look()
            part = _of_runs(runs, look, kind, styles, ground_known)
        else:
            part = Part() if lost(style, kind, ground_known) else None
        if part is not None:
            found[row, column] = part
    return found


def column_number(letters: str) -> int:
    """'A' is 0, 'AA' is 26."""
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1


def _without_comments(content: bytes) -> bytes:
    """Comments could hold cells that are none."""
    kept: list[bytes] = []
    at = 0
    while (start := content.find(b"<!--", at)) >= 0 and (end := content.find(b"-->", start)) >= 0:
        kept.append(content[at:start])
        at = end + 3
    return b"".join((*kept, content[at:])) if kept else content


def _of_runs(runs: tuple[Run, ...], look: Look, kind: str, styles: Styles, ground_known: bool) -> Part | None:
    shown: list[str] = []
    unseen: list[str] = []
    for run in runs:
        letters = look.letters if run.properties is None else styles.letters(run.properties)
        lost = styles.unseen(look, kind, letters, ground_known=ground_known)
        (unseen if lost else shown).append(run.text)
    if not "".join(unseen).strip():
        return None
    return Part("".join(shown), " ".join(unseen)) if "".join(shown).strip() else Part()
