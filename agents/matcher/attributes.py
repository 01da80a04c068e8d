"""What a description says for certain: sizes, grade, material, finish, voltage, colour, pack count and the like."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from agents.matcher.lexicon import Lexicon, Meaning, lexicon
from agents.matcher.measures import Measure, measure
from agents.matcher.normalise import normalise

_LETTER_SIZES = "xxs xs s m l xl xxl xxxl 2xl 3xl 4xl 5xl"
_LETTERS = "|".join(sorted(_LETTER_SIZES.split(), key=len, reverse=True))
_SAME_SIZE = {"2xl": "xxl", "3xl": "xxxl"}
_SIZE_WORD = r"(?:sizes?|talla|taille|grosse|gr|tamano|t)\b\.?:?\s?"
_SIZE_LETTER = re.compile(rf"(?<![a-z0-9]){_SIZE_WORD}({_LETTERS})(?![a-z0-9])")
_BARE_LETTER = re.compile(rf"(?<![a-z0-9'.])(?<!\d )({_LETTERS})(?![a-z0-9'])")
# 'Tights, S': a letter that stands alone between commas is a size whatever the thing is.
_LISTED_LETTER = re.compile(rf",\s?({_LETTERS})(?=\s*(?:[,.;]|$))")
_SIZE_NUMBER = re.compile(
    r"(?<![a-z0-9])(?:sizes?|talla|taille|grosse|gr)\b\.?:?\s?(\d{1,2}(?:\.5)?)(?![a-z0-9/]|\.\d)"
)
_SIZE_NAMES = {
    "small": "s",
    "medium": "m",
    "large": "l",
    "x-large": "xl",
    "extra large": "xl",
    "xlarge": "xl",
}
_SIZE_NAME = re.compile(r"(?<![a-z0-9])(extra large|x-large|xlarge|small|medium|large)(?![a-z0-9])")

_GRADE = re.compile(
    r"(?<![a-z0-9])(?:grade|grado|gr|class|classe|clase|klasse|festigkeitsklasse|guteklasse)\b\.?:?\s?"
    r"(b7|2h|\d{1,2}(?:\.\d)?)(?![a-z0-9/]|\.\d)"
)
# Property classes of ISO 898-1; bare numbers of these forms next to a fastener are nothing else.
_PROPERTY_CLASS = re.compile(
    r"(?<![a-z0-9./x*])(4\.6|4\.8|5\.6|5\.8|6\.8|8\.8|9\.8|10\.9|12\.9)(?!\s?(?:mm|cm|m|\"|x|kg|l)\b)(?![0-9/]|\.\d)"
)
_STAINLESS = re.compile(
    r"(?<![a-z0-9/-])(?:(a2|a4)(?:[- ]?(50|70|80))?|(18[-/]8)|(?:aisi |ss |type )?(304|316)l?)(?![a-z0-9/]|\.\d)"
)
_LEVEL = re.compile(r"(?<![a-z0-9])(?:level|niveau|nivel|stufe)\b\s?([a-f]|\d)(?![a-z0-9])")
_DIN = re.compile(r"(?<![a-z])din\s?-?\s?(\d{1,5})(?!\d)")
_BEARING = re.compile(
    r"(?<![a-z0-9])((?:6\d|16|[1-57]\d|n[uj])\d{2,3})"
    r"(?:[\s/-]?(2rs\w?|2rsr|rs|ddu|llu|2z\w?|zz|z))?((?:[\s/-]?c[2-5])?)(?![a-z0-9])"
)
_CLOSURE = {"2rs": "2rs", "ddu": "2rs", "llu": "2rs", "rs": "rs", "2z": "zz", "zz": "zz", "z": "z"}
_LONE_CLOSURE = re.compile(r"(?<![a-z0-9])(2rs1?|2rsr|ddu|llu|zz|2z)(?![a-z0-9])")
_CONTAINERS = (
    "box|pack|pk|bag|case|carton|packung|schachtel|karton|beutel|caja|paquete|bolsa|boite|paquet|sachet|lot"
)
_PACK = re.compile(
    rf"(?<![a-z0-9])(?:(?:{_CONTAINERS})(?:e?s|en)?\s(?:of|mit|zu|a|de|con|x)\s?(\d+)|(\d+)er[- ]?(?:{_CONTAINERS}|ve)|"
    rf"(\d+)\s?(?:/|per |pro |por |par )(?:{_CONTAINERS}))(?![a-z0-9])"
)
_PIECES = re.compile(r"(?<![a-z0-9.])(\d+)[- ]?(?:pieces?|pcs?|piece|teilig|tlg|piezas?|pz)(?![a-z0-9])")
_TOKEN = re.compile(r"[a-z0-9#]+(?:[./-][a-z0-9]+)*")


@dataclass
class Attributes:
    """Everything a text says that must not differ; an empty set says nothing."""

    kinds: set[str] = field(default_factory=set[str])
    measures: set[Measure] = field(default_factory=set[Measure])
    threads: set[str] = field(default_factory=set[str])
    grades: set[str] = field(default_factory=set[str])
    materials: set[str] = field(default_factory=set[str])
    stainless_grades: set[str] = field(default_factory=set[str])
    finishes: set[str] = field(default_factory=set[str])
    colours: set[str] = field(default_factory=set[str])
    sizes: set[str] = field(default_factory=set[str])
    levels: set[str] = field(default_factory=set[str])
    standards: set[str] = field(default_factory=set[str])
    bearings: set[str] = field(default_factory=set[str])
    seals: set[str] = field(default_factory=set[str])
    packs: set[str] = field(default_factory=set[str])
    pieces: set[str] = field(default_factory=set[str])
    genders: set[str] = field(default_factory=set[str])


@dataclass(frozen=True)
class Analysis:
    """A text taken apart: what it says for certain, and the tokens it is searched by (in reading order)."""

    attributes: Attributes
    tokens: tuple[str, ...]


def analyse(text: str) -> Analysis:
    """Take a description, in any of the four languages, apart."""
    return _Reader(lexicon()).read(normalise(text))


class _Reader:
    """Takes one thing after the other out of the text, so that no number is read twice."""

    def __init__(self, words: Lexicon) -> None:
        self._lexicon = words
        self._found = Attributes()
        self._tokens: list[str] = []

    def read(self, text: str) -> Analysis:
        """The most telling patterns first; what is left are plain words."""
        text = self._phrases(text)
        kinds_before = self._kinds_of(text)
        text = self._sizes(text, wearable=bool((kinds_before | self._found.kinds) & self._lexicon.wearable))
        text = self._grades(text)
        text = self._packs(text)
        text = self._bearings(text, is_bearing="bearing" in kinds_before | self._found.kinds)
        measured = measure(text)
        self._found.measures |= measured.measures
        self._found.threads |= measured.threads
        self._tokens += measured.tokens
        self._words(measured.rest)
        self._imply()
        return Analysis(self._found, tuple(dict.fromkeys(self._tokens)))

    def _phrases(self, text: str) -> str:
        for match, meanings in list(self._lexicon.phrases(text)):
            for meaning in meanings:
                self._mean(meaning)
            # blanked, not cut, so that the other matches keep their places
            text = text[: match.start()] + " " * len(match.group(0)) + text[match.end() :]
        return text

    def _kinds_of(self, text: str) -> set[str]:
        return {
            meaning.name
            for word in _TOKEN.findall(text)
            for meaning in (self._lexicon.word(word) or self._lexicon.compound(word)[0])
            if meaning.group == "kinds"
        }

    def _sizes(self, text: str, *, wearable: bool) -> str:
        text = _SIZE_LETTER.sub(lambda m: self._size(m.group(1)), text)
        text = _LISTED_LETTER.sub(lambda m: self._size(m.group(1)), text)
        if wearable:
            text = _SIZE_NUMBER.sub(lambda m: self._size(m.group(1)), text)
            text = _SIZE_NAME.sub(lambda m: self._size(_SIZE_NAMES[m.group(1)]), text)
            return _BARE_LETTER.sub(lambda m: self._size(m.group(1)), text)
        return text

    def _size(self, size: str) -> str:
        size = _SAME_SIZE.get(size, size)
        self._found.sizes.add(size)
        self._tokens.append(f"size:{size}")
        return " "

    def _grades(self, text: str) -> str:
        text = _DIN.sub(lambda m: self._take(self._found.standards, f"din{m.group(1)}"), text)
        text = _STAINLESS.sub(self._stainless, text)
        text = _LEVEL.sub(lambda m: self._take(self._found.levels, m.group(1), "level:"), text)
        text = _GRADE.sub(lambda m: self._take(self._found.grades, m.group(1), "grade:"), text)
        return _PROPERTY_CLASS.sub(lambda m: self._take(self._found.grades, m.group(1), "grade:"), text)

    def _stainless(self, match: re.Match[str]) -> str:
        steel, strength, old_name, aisi = match.groups()
        grade = steel or ("a2" if old_name or aisi == "304" else "a4")
        if (
            aisi
            and "stainless" not in self._found.materials
            and not match.group(0).startswith(("aisi", "ss"))
        ):
            return match.group(0)  # 304 and 316 are steels only where the text speaks of stainless steel
        self._found.stainless_grades.add(grade)
        self._found.materials.add("stainless")
        self._tokens += ["=stainless", f"steel:{grade}"]
        if strength:
            self._take(self._found.grades, strength, "grade:")
        return " "

    def _packs(self, text: str) -> str:
        text = _PACK.sub(
            lambda m: self._take(self._found.packs, next(filter(None, m.groups())), "pack:"), text
        )
        return _PIECES.sub(lambda m: self._take(self._found.pieces, m.group(1), "pieces:"), text)

    def _bearings(self, text: str, *, is_bearing: bool) -> str:
        def number(match: re.Match[str]) -> str:
            base, closure, clearance = match.groups()
            if not (is_bearing or closure):
                return match.group(0)
            self._take(self._found.bearings, base, "bearing:")
            if closure:
                self._closure(closure)
            if clearance:
                self._tokens.append(clearance.strip(" -/"))
            return " "

        text = _BEARING.sub(number, text)
        return _LONE_CLOSURE.sub(lambda m: self._closure(m.group(1)), text)

    def _closure(self, suffix: str) -> str:
        known = next(seal for start, seal in _CLOSURE.items() if suffix.startswith(start))
        self._found.seals.add(known)
        self._tokens.append(f"={known}")
        return " "

    def _words(self, text: str) -> None:
        for word in _TOKEN.findall(text):
            self._word(word)

    def _word(self, word: str) -> None:
        if word in self._lexicon.stop:
            return
        if meanings := self._lexicon.word(word):
            for meaning in meanings:
                self._mean(meaning)
            return
        if word.isalpha():
            head, rest = self._lexicon.compound(word)
            for meaning in head:
                self._mean(meaning)
            if head:
                self._describe(rest)
                return
        elif "-" in word or "/" in word:
            parts = re.split(r"[-/]", word)
            if not any(c.isdigit() for c in word):
                for part in parts:
                    self._word(part)
                return
        self._tokens.append(_stem(word))

    def _describe(self, word: str) -> None:
        """The front of a compound: what it means describes the thing, but is not the thing."""
        known = self._lexicon.word(word) or self._lexicon.word(word.removesuffix("s"))
        for meaning in known:
            if meaning.group == "kinds":
                self._tokens.append(meaning.token)
            else:
                self._mean(meaning)
        if not known and len(word) > 2:
            self._tokens.append(_stem(word))

    def _mean(self, meaning: Meaning) -> None:
        self._tokens.append(meaning.token)
        if meaning.group != "words":
            getattr(self._found, meaning.group).add(meaning.name)

    def _take(self, into: set[str], value: str, prefix: str = "") -> str:
        into.add(value)
        self._tokens.append(prefix + value)
        return " "

    def _imply(self) -> None:
        """What is zinc plated is plain steel, unless the text names another material."""
        found = self._found
        if {"yellow_zinc", "hot_dip"} & found.finishes:
            self._tokens.append("=zinc")
        if found.finishes & {"zinc", "yellow_zinc", "hot_dip", "black_oxide"} and not found.materials:
            found.materials.add("steel")


def _stem(word: str) -> str:
    """Without the plural's s, so that 'cups' finds 'cup'; words with digits stay as they are."""
    return (
        word[:-1]
        if word.isalpha() and len(word) > 3 and word.endswith("s") and not word.endswith("ss")
        else word
    )
