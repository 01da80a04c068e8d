"""Free text as the matcher compares it: one way to write fractions, decimals, multiplication and inches."""

from __future__ import annotations

import re

from tools.master.fold import plain_letters

_VULGAR = re.compile(r"(\d)\s?([¼½¾⅐-⅞])")
_SIGNS = str.maketrans(
    {"×": "x", "✕": "x", "″": '"', "”": '"', "“": '"', "„": '"', "’": "'", "‘": "'", "′": "'", "–": "-", "—": "-",
     "−": "-", "⁄": "/", "\u00a0": " ", "\u202f": " ", "ø": " ", "Ø": " ", "®": " ", "™": " ", "µ": "u", "μ": "u"}
)  # fmt: skip
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3}),(000)(?![\d,.])")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
_ELISION = re.compile(r"\b([dl])'(?=[a-z])")
_TWO_PRIMES = re.compile(r"(?<=\d)\s?''")
_BLANKS = re.compile(r"\s+")


def normalise(text: str) -> str:
    """Lower case without accents; 1½ -> 1-1/2; 4,0 -> 4.0; × -> x; '' after a number -> \"."""
    text = _VULGAR.sub(r"\1-\2", text.translate(_SIGNS))
    text = plain_letters(text).translate(_SIGNS)
    text = _THOUSANDS.sub(r"\1\2", text)
    text = _DECIMAL_COMMA.sub(".", text)
    text = _TWO_PRIMES.sub('"', text)
    text = _ELISION.sub(r"\1 ", text)
    return _BLANKS.sub(" ", text).strip()
