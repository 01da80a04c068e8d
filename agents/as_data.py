"""Foreign text as it stands in a prompt: JSON in which nothing can end the block, look like a mark, or hide."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence

# Marks of the blocks in the prompt files are written <like_this>; no data has an angle bracket of its own.
_NO_MARKS = {ord("<"): "\\u003c", ord(">"): "\\u003e"}

Plain = str | int | None | Sequence["Plain"] | Mapping[str, "Plain"]


def as_data(value: Plain) -> str:
    """The value as JSON. Text in it stays readable, and cannot close the block it stands in."""
    return json.dumps(value, ensure_ascii=False).translate(_NO_MARKS)


def one_line(text: str, limit: int) -> str:
    """The visible characters of a text on one line, at most `limit` of them."""
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Zs") else c for c in text)
    visible = "".join(c for c in spaced if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
    line = " ".join(visible.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
