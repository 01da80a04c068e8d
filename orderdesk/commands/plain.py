"""Plain output: lines and JSON on standard output, safe from what a stranger wrote."""

from __future__ import annotations

import json
import sys
import unicodedata

import click


def safe(value: object) -> str:
    """Text as a terminal may show it: no escape sequences, no line breaks, nothing that turns its direction.

    Names, numbers and quotes come from messages, and whoever wrote those may mean harm.
    """
    text = "" if value is None else str(value)
    plain = "".join(c if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp") else " " for c in text)
    return plain if text.isprintable() else " ".join(plain.split())


def say(text: str) -> None:
    """A line on standard output that may hold what a stranger wrote."""
    click.echo(safe(text))


def say_json(value: object) -> None:
    """One JSON value on a line of its own, in whatever encoding standard output has."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    click.echo(json.dumps(value, default=str, ensure_ascii=not unicode))
