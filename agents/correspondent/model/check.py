"""Whether a worded letter still says what its template says, as far as that can be seen without its language."""

from __future__ import annotations

import re
import unicodedata

from agents.correspondent.model.contract import LetterToWord, WordedQuestion

# A translation is seldom half as long again; Chinese or Japanese take a third.
_LONGEST, _SHORTEST = 2, 4
_CHOICE = re.compile(r"^ +[a-h]\) .+$", re.MULTILINE)
_QUOTED = re.compile(r"“([^”]*)”|„([^“]*)“|« ?([^»]*?) ?»")
_TOKEN = re.compile(r"\[OD-[^\]]*\]")
_LINK = re.compile(r"\S*(?:://|@|www\.|mailto:)\S*|[\w-]+\.[^\W\d_]{2,}", re.IGNORECASE)
_EDGES = " .,;:!?()[]{}\"'“”„«»‘’‹›…—–"
# Nothing of a letter is markup, and braces are filled in when a letter is sent.
_FORBIDDEN = frozenset("<>{}\\`")


def objection(letter: LetterToWord, worded: WordedQuestion) -> str:
    """Why the worded letter cannot be used; '' where every figure, number and choice is the template's."""
    for name, ours, theirs in (
        ("subject", letter.subject, worded.subject),
        ("body", letter.body, worded.body),
    ):
        if problem := _objection(ours, theirs):
            return f"the {name} {problem}"
    if "\n" in worded.subject:
        return "the subject has more than one line"
    missing = [token for token in _TOKEN.findall(letter.subject) if token not in worded.subject]
    return f"the subject lacks {missing[0]}" if missing else ""


def _objection(ours: str, theirs: str) -> str:
    if len(theirs) > len(ours) * _LONGEST or len(theirs) * _SHORTEST < len(ours):
        return "is much longer or shorter than the template"
    if figures(ours) != figures(theirs):
        return "does not have the figures and numbers of the template, in their order"
    if _CHOICE.findall(ours) != _CHOICE.findall(theirs):
        return "does not have the choices of the template as they are"
    if lost := next((q for q in _quoted(ours) if q not in theirs), ""):
        return f"lacks what was quoted: {lost}"
    if new := sorted(_links(theirs) - _links(ours)):
        return f"holds a link or an address that the template does not have: {new[0]}"
    if any(c in _FORBIDDEN and c not in ours for c in theirs):
        return "holds marks that no letter has"
    return ""


def figures(text: str) -> list[str]:
    """Every word with a digit in it, of any script, in order: amounts, dates, article and order numbers."""
    words = (word.strip(_EDGES) for word in text.split())
    return [word for word in words if any(unicodedata.category(c).startswith("N") for c in word)]


def _quoted(text: str) -> list[str]:
    return [quote for groups in _QUOTED.findall(text) for quote in groups if quote]


def _links(text: str) -> set[str]:
    return {link.strip(_EDGES).casefold() for link in _LINK.findall(text)}
