"""What a request to a model holds: the documents it shows, by number, and where words stand in them."""

from __future__ import annotations

import re
from typing import Any

_LINE = re.compile(r"^(\d{1,3})\| ?(.*)$")


def form_of(body: dict[str, Any]) -> str:
    """The name of the form that is to be filled in: 'OrderReading', 'ArticleChoices' ..."""
    return str(body["response_format"]["json_schema"]["name"])


def system_of(body: dict[str, Any]) -> str:
    """The fixed part of the prompt."""
    return "\n".join(str(m["content"]) for m in body["messages"] if m["role"] == "system")


def user_of(body: dict[str, Any]) -> str:
    """The part of the prompt that holds the data."""
    return "\n".join(str(m["content"]) for m in body["messages"] if m["role"] == "user")


def documents_of(body: dict[str, Any]) -> dict[int, str]:
    """The texts of the shown documents by their numbers, without our marks."""
    lines: dict[int, list[str]] = {}
    for line in user_of(body).split("\n"):
        if found := _LINE.match(line):
            lines.setdefault(int(found[1]), []).append(found[2])
    return {number: "\n".join(text) for number, text in lines.items()}


def document_with(documents: dict[int, str], words: str) -> int | None:
    """The document that holds the words, white space folded; the subject (0) last."""
    folded = " ".join(words.split())
    for number in sorted(documents, key=lambda n: (n == 0, n)):
        if folded and folded in " ".join(documents[number].split()):
            return number
    return None
