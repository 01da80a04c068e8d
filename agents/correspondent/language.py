"""The language a letter is written in, and its decimal mark."""

from __future__ import annotations

import re

from agents.correspondent.contract import CorrespondentInput

LANGUAGES: tuple[str, ...] = ("en", "de", "es", "fr")

_CODE = re.compile(r"[a-z]{2}")

# Spanish- and German-speaking countries that write 1.5 where Spain and Germany write 1,5 (CLDR).
_POINT = frozenset({"MX", "US", "GT", "HN", "NI", "PA", "PE", "PR", "SV", "DO", "CH", "LI"})


def letter_language(given: CorrespondentInput) -> str:
    """The message's language where we write it, else the account's, else the company's, else English."""
    stated = (given.draft.language, given.customer.language if given.customer else "", given.default_language)
    codes = (code.strip().lower()[:2] for code in stated)
    return next((code for code in codes if code in LANGUAGES), "en")


def language_without_letters(given: CorrespondentInput) -> str:
    """The customer's language where no letter of ours speaks it (ISO 639-1); '' where one does, or none is known.

    A message in a language of ours, or an account that is written to in one, has its letter.
    """
    stated = (given.draft.language, given.customer.language if given.customer else "")
    codes = [code for name in stated if _CODE.fullmatch(code := name.strip().lower()[:2])]
    return codes[0] if codes and not any(code in LANGUAGES for code in codes) else ""


def decimal_comma(language: str, country: str) -> bool:
    """Whether the reader takes a comma for the decimal mark: '1.125' is over a thousand to a German."""
    return language != "en" and country.upper() not in _POINT
