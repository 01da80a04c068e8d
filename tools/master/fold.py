"""How part numbers, ids and names are folded before they are compared, on both sides alike."""

from __future__ import annotations

import re
import unicodedata

_NOT_ALNUM = re.compile(r"[\W_]+")

# Words of a company's legal form: they tell nothing about which company is meant.
_LEGAL_WORDS = """
inc incorporated corp corporation co company llc llp lp ltd limited plc gmbh ag kg kgaa ohg ug mbh
ev se sa sas sarl sasu eurl sl slu sc sccl cv rl srl spa sro bv nv ab as oy aps the and und y et
"""
_LEGAL_FORMS = frozenset(_LEGAL_WORDS.split())
_GTIN_LENGTHS = (8, 12, 13, 14)


def plain_letters(text: str) -> str:
    """Lower case without accents ('Müller' -> 'muller', 'ß' -> 'ss')."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def fold_part(number: str) -> str:
    """A part number or id as compared: upper case, letters and digits only ('hf 44-71' -> 'HF4471')."""
    return _NOT_ALNUM.sub("", plain_letters(number)).upper()


def strip_zeros(folded: str) -> str:
    """A folded number without leading zeros; '0' stays, as nothing would be left."""
    return folded.lstrip("0") or folded


def fold_gtin(digits: str) -> str:
    """A GTIN-8, -12, -13 or -14 as 14 digits; empty where it is none by length."""
    folded = re.sub(r"[\s-]+", "", digits)
    return (
        folded.zfill(14) if folded.isascii() and folded.isdigit() and len(folded) in (8, 12, 13, 14) else ""
    )


def gtin_check_digit_holds(digits: str) -> bool:
    """Does the last digit of a GTIN fit the others? (GS1 General Specifications, 7.9)"""
    folded = fold_gtin(digits)
    if not folded:
        return False
    weighted = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(folded[:-1]))
    return (10 - weighted % 10) % 10 == int(folded[-1])


def fold_name(name: str) -> str:
    """A company's name without accents, punctuation and legal form ('Müller GmbH & Co. KG' -> 'muller')."""
    # 'S.A. de C.V.' and 'S.L.' lose their dots first, so that they are seen as legal forms
    text = re.sub(r"\b((?:\w\.){1,3}\w)\b\.?", lambda m: m.group(1).replace(".", ""), plain_letters(name))
    words = _NOT_ALNUM.sub(" ", text.replace(" de c.v", " cv").replace(" de cv", " cv")).split()
    return " ".join(w for w in words if w not in _LEGAL_FORMS) or " ".join(words)
