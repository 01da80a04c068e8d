"""Mail domains: whose they are, free mail, and look-alikes of an account's own."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from agents.risk.word_lists import word_list

# Characters and pairs that pass for another at a glance; Cyrillic and Greek letters that look Latin.
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ii", "u"))
_TWINS = str.maketrans(
    "0135аеорсухіјѕһԁԛԝνοαερτικυ|",
    "oiesaeopcyxijshdqwvoaeptikul",
)
_ONE_LIKE_L = str.maketrans("1i|", "lll")
# Second-level names under which companies register: example.co.uk is a domain of its own.
_SECOND_LEVEL = frozenset(("co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "gob", "go"))
# A shorter name is part of too many others to say anything.
_NAME_LENGTH = 5


def registrable(domain: str) -> str:
    """The part a company registers: 'mail.acme.co.uk' -> 'acme.co.uk'."""
    labels = [label for label in domain.lower().strip(". ").split(".") if label]
    keep = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 2
    return ".".join(labels[-keep:])


def domain_of(address: str) -> str:
    """The registrable domain of a mail address; empty where there is none."""
    return registrable(address.rpartition("@")[2]) if "@" in address else ""


def is_free_mail(domain: str, extra: Iterable[str] = ()) -> bool:
    """Whether anyone can have an address there."""
    domain = registrable(domain)
    name = domain.partition(".")[0]
    listed = {*word_list("freemail"), *(entry.lower() for entry in extra)}
    return domain in listed or name in listed


def looks_like(domain: str, own: Iterable[str], distance: int) -> str | None:
    """The account's domain that this one imitates; None where it is one of them, or imitates none.

    Imitates = reads the same (homoglyphs), is up to `distance` edits away (one for short names), has the same
    name under another ending, or carries the name in its own ('acme-orders.com').
    """
    domain = registrable(_decoded(domain))
    owned = {registrable(_decoded(entry)) for entry in own if entry}
    if not domain or domain in owned:
        return None
    return next((entry for entry in sorted(owned) if _imitates(domain, entry, distance)), None)


def _imitates(domain: str, entry: str, distance: int) -> bool:
    name, owned = domain.partition(".")[0], entry.partition(".")[0]
    if _skeleton(domain) == _skeleton(entry) or name == owned:
        return True
    if len(owned) >= _NAME_LENGTH and owned in name:
        return True
    allowed = distance if len(owned) > _NAME_LENGTH else 1
    return OSA.distance(name, owned, score_cutoff=allowed) <= allowed and len(owned) >= 3


def _skeleton(domain: str) -> str:
    """What the eye reads: twins folded into one letter, accents dropped, hyphens left out."""
    text = unicodedata.normalize("NFKD", domain.lower())
    text = "".join(c for c in text if not unicodedata.combining(c)).translate(_TWINS)
    for pair, letter in _PAIRS:
        text = text.replace(pair, letter)
    return text.translate(_ONE_LIKE_L).replace("-", "")


def _decoded(domain: str) -> str:
    """An internationalised name as it is shown; left as it is where it does not decode."""
    try:
        return domain.encode("ascii").decode("idna") if "xn--" in domain else domain
    except UnicodeError:
        return domain
