"""Quantity mentions in a text: a number with a unit, 'x', a label, or a place that makes it a quantity."""
# ruff: noqa: E501 - patterns

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

from agents.reader.rules.masks import NUMBER, in_capitals
from agents.reader.rules.vocabulary import FEATURE, NUMBER_WORDS, ONE_BEFORE_UNIT, UNKNOWN_UNITS
from orderdesk.domain.units import unit_from_word
from tools.documents.written_numbers import Convention, is_ambiguous, parse_number, readings

# unit: '200 ea' - times: '10x' - label: 'qty 48' - measure: '50 m', '25 kg' - bare: '12 V-belts' (start only)
MentionKind = Literal["unit", "times", "label", "measure", "bare"]

_MEASURES = frozenset(("M", "FT", "YD", "KG", "LB", "L", "GA", "QT", "M2", "SF", "M3", "T", "G", "OZ", "ML"))
_SIZE_UNITS = frozenset(("MM", "CM", "IN"))
_NOT_IN_PROSE = frozenset(("HR", "DA"))
# words that are units in a column, but other words in a sentence
_HOMOGRAPHS = frozenset(
    [
        "in",
        "nos",
        "item",
        "items",
        "c",
        "t",
        "platte",
        "mille",
        "mil",
        "cien",
        "hundert",
        "tausend",
        "cent",
        "hundred",
        "thousand",
        "pie",
        "un",
        "und",
        "me",
    ]
)
_LABEL = re.compile(
    r"\b(?:qty|quantity|qnty|order qty|menge|anzahl|stückzahl|cantidad|cant|qté|qte|quantité|nombre)\.?[ \t]*[:=]?[ \t]*$",
    re.IGNORECASE,
)
_WORDS = "|".join(sorted((re.escape(w) for w in (*NUMBER_WORDS, *ONE_BEFORE_UNIT)), key=len, reverse=True))
_TOKEN = re.compile(
    rf"(?<![\w.,/-])(?:(?P<f>\d+ )?(?P<q>½|¼|¾|[13]/[24](?= (?:a |of a )?[^\W\d_]))|(?P<n>{NUMBER})|(?P<w>(?:{_WORDS})(?![\w])))",
    re.IGNORECASE,
)
# '10-15 boxes', '40 to 50 pcs': two figures, one wish
_UNTIL = re.compile(
    rf"(?:[ \t]?[-–—][ \t]?|[ \t]+(?:to|or|bis|oder|a|o|u|à|ou)[ \t]+)(?P<n>{NUMBER})(?![\w./-])(?=[ \t]*[^\W\d_])",
    re.IGNORECASE,
)
_HALF = re.compile(r"\b(?:half a|halbes|media|une demi-?)[ ]?$", re.IGNORECASE)


_QUARTERS = {
    "½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75"), "1/2": Decimal("0.5"), "1/4": Decimal("0.25"),
    "3/4": Decimal("0.75"), "3/2": Decimal("1.5"),
}  # fmt: skip


class Mention(NamedTuple):
    """A quantity: what it says and where; `start`..`end` is everything to cut from the description."""

    kind: MentionKind
    value: Decimal
    unit: str | None
    unit_stated: str
    number_start: int
    number_end: int
    unit_start: int
    unit_end: int
    start: int
    end: int
    ambiguous: tuple[Decimal, ...] = ()


# what makes a word of capitals the beginning of an article's code: 'PK-TAPE', 'ST-DUCT-L'
_CODE_TAIL = re.compile(r"(?:-[A-Z0-9]+)+(?![\w-])")
# written short for pieces, and nothing else: '10 PCS-GLOVES' is ten gloves
_ONLY_PIECES = frozenset(("PCS", "PZS", "STK", "STCK", "UDS"))
# Characters before a number that can name it: a label and the blanks after it.
_BEFORE = 80
_BEFORE_X = re.compile(r"(?<![\w])[xX×][ \t]*$")
_TAIL = re.compile(
    r"(?P<par>[ \t]*\([^()\d\x00]{2,20}\))?[ \t]*(?:(?P<x>[x×](?![\w])|[x×](?=[ \t]*[\x00(]))[ \t]*)?(?:\(?(?P<u>(?:sq\.? ?(?:ft|m)|[^\W\d_]+[²³23]?))\)?(?:\.(?![\w]))?)?",
    re.IGNORECASE,
)


def mentions_of(
    hidden: str, *, convention: Convention | None, language: str, unit_words: Mapping[str, str]
) -> tuple[Mention, ...]:
    """Every mention in a text whose masked places are NUL characters, left to right."""
    found: list[Mention] = []
    for match in _TOKEN.finditer(hidden):
        if found and match.start() < found[-1].end:
            continue
        mention = _mention(hidden, match, convention, language, unit_words)
        if mention:
            found.append(mention)
    return tuple(found)


def prose_unit(word: str, language: str, unit_words: Mapping[str, str]) -> str | None:
    """Our code for a unit word in a sentence; a customer's own words first."""
    own = unit_words.get(word.lower().strip("."))
    if own:
        return own
    plain = word.lower().strip(".")
    if plain in _HOMOGRAPHS and not (plain in ("un", "und") and language == "es"):
        return None
    code = unit_from_word(word)
    return None if code in _NOT_IN_PROSE else code


def _mention(
    hidden: str,
    match: re.Match[str],
    convention: Convention | None,
    language: str,
    unit_words: Mapping[str, str],
) -> Mention | None:
    start, end = match.span()
    value, ambiguous = _value(match, convention)
    if value is None:
        return None
    until = _UNTIL.match(hidden, end)
    if until:
        upper = parse_number(until["n"], convention)
        if upper is not None and upper > value:
            ambiguous, end = (value, upper), until.end()
    tail = _TAIL.match(hidden, end)
    word = tail.group("u") if tail else None
    if tail and word and _begins_code(hidden, *tail.span("u")):
        word = None
    times = bool(tail and tail.group("x"))
    unit = prose_unit(word, language, unit_words) if word else None
    unknown = bool(word and unit is None and word.lower() in UNKNOWN_UNITS)
    worded = match.group("w") is not None
    # Only what stands just before the number; the whole text before it would make long orders quadratic.
    near = max(0, start - _BEFORE)
    label = _LABEL.search(hidden, near, start)
    before_x = _BEFORE_X.search(hidden, near, start)
    if not times and FEATURE.match(hidden, end) and not label:
        return None
    if unit in _SIZE_UNITS:
        return None
    if (
        worded
        and match.group("w").lower() in ONE_BEFORE_UNIT
        and not unknown
        and (unit is None or unit in _MEASURES)
    ):
        return None
    if unit == "DZ" and _HALF.search(hidden, near, start):
        value = value / 2
    unit_start, unit_end, stop = -1, -1, end
    if (unit or unknown) and tail and word:
        unit_start, unit_end = tail.start("u"), tail.end("u")
        stop = tail.end()
    elif times and tail:
        stop = tail.end("x")
    kind: MentionKind
    first = start
    if label:
        kind, first = "label", label.start()
    elif times:
        kind = "times"
    elif unknown or (unit and unit not in _MEASURES):
        kind = "unit"
    elif unit:
        kind = "measure"
    elif before_x:
        kind, first = "times", before_x.start()
    else:
        kind = "bare"
    return Mention(
        kind,
        value,
        unit,
        word if (unit or unknown) and word else "",
        start,
        match.end(),
        unit_start,
        unit_end,
        first,
        stop,
        ambiguous,
    )


def _begins_code(hidden: str, start: int, end: int) -> bool:
    """Whether a word behind a number begins a code without figures ('3 PK-TAPE') and is no unit, whatever
    unit its letters spell; in a line all in capitals ('10 PCS-GLOVES') nothing tells the two apart."""
    return (
        hidden[start:end].isupper()
        and hidden[start:end] not in _ONLY_PIECES
        and _CODE_TAIL.match(hidden, end) is not None
        and not in_capitals(hidden, start)
    )


def _value(match: re.Match[str], convention: Convention | None) -> tuple[Decimal | None, tuple[Decimal, ...]]:
    if match.group("w") is not None:
        word = match.group("w").lower()
        return Decimal(NUMBER_WORDS.get(word, 1)), ()
    if match.group("q") is not None:
        part = _QUARTERS[match.group("q")]
        return part + Decimal(match.group("f") or 0), ()
    raw = match.group("n")
    value = parse_number(raw, convention)
    if value is None and is_ambiguous(raw):
        values = tuple(sorted(set(readings(raw).values()), reverse=True))
        return values[0], values
    return value, ()
