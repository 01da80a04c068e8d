"""The part of a text that rules may read in bounded time: what no person writes is blanked, offsets stay true."""

from __future__ import annotations

import re

# No order line is longer; patterns take time with the square of a line's length, so hostile ones must not pass.
_LONGEST_LINE = 2_000
_LONGEST_GAP = 200
_GAP = re.compile(rf"[^\S\n]{{{_LONGEST_GAP},}}")


def readable(text: str, limit: int | None = None) -> str:
    """The text up to the line that passes `limit` characters, its over-long lines as line feeds."""
    kept: list[str] = []
    position = 0
    for line in text.splitlines(keepends=True):
        position += len(line)
        if limit is not None and position > limit:
            break  # a megabyte of line feeds would take as long to look through as what stood there
        hostile = len(line) > _LONGEST_LINE or _GAP.search(line) is not None
        kept.append("\n" * len(line) if hostile else line)
    return "".join(kept)
