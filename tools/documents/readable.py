"""The part of a text that rules may read in bounded time: what no person writes is blanked, offsets stay true."""

from __future__ import annotations

import re

# No order line is longer; patterns take time with the square of a line's length, so hostile ones must not pass.
_LONGEST_LINE = 2_000
_LONGEST_GAP = 200
_GAP = re.compile(rf"[^\S\n]{{{_LONGEST_GAP},}}")


def readable(text: str, limit: int | None = None) -> str:
    """The text with over-long lines (and all beyond `limit` characters) as line feeds, same length."""
    kept: list[str] = []
    position = 0
    for line in text.splitlines(keepends=True):
        position += len(line)
        hostile = len(line) > _LONGEST_LINE or _GAP.search(line) is not None
        beyond = limit is not None and position > limit
        kept.append("\n" * len(line) if hostile or beyond else line)
    return "".join(kept)
