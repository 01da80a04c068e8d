"""Whether a stated phone number belongs to the same line as one on file."""

from __future__ import annotations

import re
from collections.abc import Iterable

# The last digits are the extension: a company's desks share what stands before them.
_EXTENSION_DIGITS = 4
# Fewer digits than this are no number one could compare.
_LEAST_DIGITS = 7


def same_line(phone: str, on_file: Iterable[str]) -> bool | None:
    """True where the number shares its line with one on file; None where there is nothing to compare."""
    stem = _stem(phone)
    stems = [known for known in map(_stem, on_file) if known]
    if not stem or not stems:
        return None
    return any(stem.endswith(known) or known.endswith(stem) for known in stems)


def _stem(phone: str) -> str:
    """The digits before the extension, without trunk zeros and international prefix; empty if too short."""
    digits = re.sub(r"\D", "", re.sub(r"\(0\)", "", phone)).lstrip("0")
    return digits[:-_EXTENSION_DIGITS] if len(digits) >= _LEAST_DIGITS else ""
