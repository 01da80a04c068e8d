"""Makes foreign text safe to stand in a letter: one line, nothing invisible, quoted, of limited length."""

from __future__ import annotations

import re
import unicodedata

QUOTE_LIMIT = 60

# Straight double quotes are inch marks in this trade and stay readable as such; the others become a plain '.
_QUOTES = str.maketrans({'"': "″", **dict.fromkeys("“”„‟«»‹›‘’‚", "'")})
_MARKS = {"en": ("“", "”"), "de": ("„", "“"), "es": ("«", "»"), "fr": ("« ", " »")}
_PLAIN_NUMBER = re.compile(r"^-?\d+\.\d+$")


def clean(text: str, limit: int | None = None) -> str:
    """One line of visible text.

    Line breaks and controls become blanks, invisible and direction-changing characters go, and braces become
    brackets: `{order_number}` is filled in later, and only where a template says so.
    """
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Zs") else c for c in text)
    visible = "".join(c for c in spaced if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
    line = " ".join(visible.translate({ord("{"): "(", ord("}"): ")"}).split())
    if limit is not None and len(line) > limit:
        return line[: limit - 1].rstrip() + "…"
    return line


def quoted(text: str, language: str, limit: int = QUOTE_LIMIT) -> str:
    """Text of the customer in the language's quotation marks, which it cannot close."""
    opening, closing = _MARKS.get(language, _MARKS["en"])
    return f"{opening}{clean(text, limit).translate(_QUOTES)}{closing}"


def number_text(text: str, *, comma: bool) -> str:
    """A plain decimal with the reader's decimal mark; anything else unchanged."""
    return text.replace(".", ",") if comma and _PLAIN_NUMBER.match(text) else text


def folded(text: str) -> str:
    """Letters and digits only, lower case: whether two references or terms are the same."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())
