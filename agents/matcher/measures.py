"""Sizes and other measured values in normalised text: threads, dimensions, volts, litres and the like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

# Unit words -> (what is measured, factor to that kind's base: mm, g, ml, V, W, A, Ah, bar, dB, m²).
_UNITS: dict[str, tuple[str, Fraction]] = {
    **dict.fromkeys(("mm", "millimeter", "millimetre"), ("length", Fraction(1))),
    **dict.fromkeys(("cm", "zentimeter", "centimeter"), ("length", Fraction(10))),
    **dict.fromkeys(("m", "mtr", "meter", "metre", "metro", "metros", "metres"), ("length", Fraction(1000))),
    **dict.fromkeys(
        ('"', "in", "in.", "inch", "inches", "zoll", "pulgada", "pulgadas", "pouce", "pouces"),
        ("length", Fraction(254, 10)),
    ),
    **dict.fromkeys(("ft", "foot", "feet", "'"), ("length", Fraction(3048, 10))),
    **dict.fromkeys(("um", "micron", "microns"), ("length", Fraction(1, 1000))),
    **dict.fromkeys(("kg", "kgs", "kilo", "kilos"), ("mass", Fraction(1000))),
    **dict.fromkeys(("g", "gr", "gram", "gramm"), ("mass", Fraction(1))),
    **dict.fromkeys(("lb", "lbs"), ("mass", Fraction(45359237, 100000))),
    **dict.fromkeys(("oz",), ("mass", Fraction(28349523, 1000000))),
    **dict.fromkeys(("l", "ltr", "liter", "litre", "liters", "litres", "litro", "litros"), ("volume", Fraction(1000))),
    **dict.fromkeys(("cl",), ("volume", Fraction(10))),
    **dict.fromkeys(("ml",), ("volume", Fraction(1))),
    **dict.fromkeys(("gal", "gallon", "gallons"), ("volume", Fraction(3785411784, 1000000))),
    **dict.fromkeys(("v", "volt", "volts", "voltios", "vac", "vdc", "v~"), ("voltage", Fraction(1))),
    **dict.fromkeys(("w", "watt", "watts"), ("power", Fraction(1))),
    **dict.fromkeys(("kw",), ("power", Fraction(1000))),
    **dict.fromkeys(("hp", "ps"), ("power", Fraction(746))),
    **dict.fromkeys(("amp", "amps", "ampere"), ("current", Fraction(1))),
    **dict.fromkeys(("ah",), ("charge", Fraction(1))),
    **dict.fromkeys(("mah",), ("charge", Fraction(1, 1000))),
    **dict.fromkeys(("bar",), ("pressure", Fraction(1))),
    **dict.fromkeys(("psi",), ("pressure", Fraction(6894757, 100000000))),
    **dict.fromkeys(("db",), ("sound", Fraction(1))),
    **dict.fromkeys(("hz",), ("frequency", Fraction(1))),
    **dict.fromkeys(("shore",), ("hardness", Fraction(1))),
    **dict.fromkeys(("m2", "sqm", "qm"), ("area", Fraction(1))),
}  # fmt: skip

NUMBER = r"(?:\d+(?:-| )\d+/\d+|\d+/\d+|\d+(?:\.\d+)?|(?<![\d.])\.\d+)"
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_END = r"(?![a-z0-9])"
_BEFORE = r"(?<![a-z0-9./-])"
# Inside '48mm x 50m' a unit may stand right before the x.
_UNIT_END = r"(?![a-wyz0-9])"
_GROUP = re.compile(
    rf"{_BEFORE}{NUMBER}\s?(?:(?:{_UNIT}){_UNIT_END})?"
    rf"(?:\s?[x*]\s?{NUMBER}\s?(?:(?:{_UNIT}){_UNIT_END})?)+(?![0-9/])"
)
_PART = re.compile(rf"({NUMBER})\s?(?:({_UNIT}){_UNIT_END})?")
_SINGLE = re.compile(rf"{_BEFORE}({NUMBER})\s?-?({_UNIT}){_END}")
_RANGE = re.compile(rf"{_BEFORE}(\d+(?:\.\d+)?)\s?-\s?(\d+(?:\.\d+)?)\s?({_UNIT}){_END}")
_METRIC = re.compile(
    r"(?<![a-z0-9])m\s?(\d{1,3}(?:\.\d+)?)"
    r"(?:\s?[x*]\s?(\d+(?:\.\d+)?))?(?:\s?[x*]\s?(\d+(?:\.\d+)?))?(?:\s?mm)?(?![a-z0-9/])"
)
# ISO 261 pitches of coarse and fine threads; a second number that is none of these is a length.
_PITCH_LIST = "0.35 0.4 0.45 0.5 0.6 0.7 0.75 0.8 1 1.25 1.5 1.75 2 2.5 3 3.5 4"
_PITCHES = frozenset(map(Fraction, _PITCH_LIST.split()))
# Unified threads (ASME B1.1): diameter -> threads per inch of UNC, UNF and the 8-pitch series.
_UNIFIED = {
    "#2": (56, 64), "#4": (40, 48), "#5": (40, 44), "#6": (32, 40), "#8": (32, 36), "#10": (24, 32), "#12": (24, 28),
    "1/4": (20, 28), "5/16": (18, 24), "3/8": (16, 24), "7/16": (14, 20), "1/2": (13, 20), "9/16": (12, 18),
    "5/8": (11, 18), "3/4": (10, 16), "7/8": (9, 14), "1": (8, 12, 14), "1-1/8": (7, 12), "1-1/4": (7, 12),
    "1-1/2": (6, 12),
}  # fmt: skip
_INCH_WORD = r"(?:\"|in\b|inch(?:es)?|zoll|pulgadas?|pouces?)"
_INCH_THREAD = re.compile(
    rf"{_BEFORE}(#?\s?\d+(?:-\d+/\d+)?(?:/\d+)?)(?:\"|in)?\s?-\s?(\d{{1,2}})(?:\s?(?:unc|unf|un))?"
    rf"(?:\s?[x*]\s?({NUMBER})\s?{_INCH_WORD}?)?(?![0-9/])"
)


@dataclass(frozen=True)
class Amount:
    """One measured number: as written, and in the base of its kind where a unit is known."""

    number: Fraction
    base: Fraction | None = None

    def same(self, other: Amount) -> bool:
        """Equal by size; by the bare number where one of them was written without a unit."""
        if self.base is not None and other.base is not None:
            return self.base == other.base
        return self.number == other.number


@dataclass(frozen=True)
class Measure:
    """What was measured and its numbers: one for '500 ml', three for '20x47x14'."""

    kind: str
    amounts: tuple[Amount, ...]

    def covers(self, other: Measure) -> bool:
        """Does every number of `other` stand in this one?"""
        left = list(self.amounts)
        for wanted in other.amounts:
            found = next((i for i, amount in enumerate(left) if amount.same(wanted)), None)
            if found is None:
                return False
            del left[found]
        return True


@dataclass(frozen=True)
class Measured:
    """The measures of a text, its threads, the tokens they are searched by, and the text without them."""

    measures: frozenset[Measure]
    threads: frozenset[str]
    tokens: tuple[str, ...]
    rest: str


def measure(text: str) -> Measured:
    """Take the measures out of a normalised text."""
    found = _Found()
    for pattern, take in (
        (_METRIC, found.metric),
        (_INCH_THREAD, found.inch_thread),
        (_RANGE, found.range),
        (_GROUP, found.group),
        (_SINGLE, found.single),
    ):
        text = pattern.sub(take, text)
    return Measured(frozenset(found.measures), frozenset(found.threads), tuple(found.tokens), text)


def plain_number(value: Fraction) -> str:
    """A number as a search token: '4', '2.5', '1/3'."""
    if value.denominator == 1:
        return str(value.numerator)
    decimal = f"{float(value):.4f}".rstrip("0")
    return decimal if Fraction(decimal) == value else f"{value.numerator}/{value.denominator}"


class _Found:
    """Collects what the patterns take; each method returns what stays in the text."""

    def __init__(self) -> None:
        self.measures: list[Measure] = []
        self.threads: list[str] = []
        self.tokens: list[str] = []

    def metric(self, match: re.Match[str]) -> str:
        """M8, M8x40, M8x1.25x40; 'm 8' only where a length follows, as a lone m may be metres or a size."""
        nominal, second, third = (Fraction(n) if n else None for n in match.groups())
        assert nominal is not None
        if second is None and " " in match.group(0).strip():
            return match.group(0)
        if second is None and nominal in (2, 3) and re.search(r"\d\s?$", match.string[: match.start()]):
            return match.group(0)  # '1.44 m2' is an area
        length = third if third is not None else second
        if third is None and second is not None and second in _PITCHES and second * 2 <= nominal:
            length = None
        pitch = second if second is not None and length is not second else None
        self.threads.append(
            f"m{plain_number(nominal)}" + (f"x{plain_number(pitch)}" if pitch is not None else "")
        )
        self.tokens.append(f"m{plain_number(nominal)}")
        if length is not None:
            self._add("length", [(nominal, "mm"), (length, "mm")])
        return " "

    def inch_thread(self, match: re.Match[str]) -> str:
        """1/2-13, 1/4-20 x 1-1/2", #10-32 x 1/2; only diameters and pitches of the standard."""
        diameter, pitch, length = match.group(1).replace(" ", ""), int(match.group(2)), match.group(3)
        if pitch not in _UNIFIED.get(diameter, ()):
            return match.group(0)
        if "/" not in diameter and "#" not in diameter and length is None:
            return match.group(0)  # '1-8' alone is a range as likely as a thread
        self.threads.append(f"{diameter}-{pitch}")
        self.tokens.append(f"{diameter}-{pitch}")
        if length is not None and "#" not in diameter:
            self._add("length", [(_fraction(diameter), '"'), (_fraction(length), '"')])
        elif length is not None:
            self._add("length", [(_fraction(length), '"')])
        return " "

    def range(self, match: re.Match[str]) -> str:
        """1-10 mm, 220-240 V: both ends."""
        low, high, unit = Fraction(match.group(1)), Fraction(match.group(2)), match.group(3)
        kind = _UNITS[unit][0]
        self._add(kind if kind == "length" else f"{kind}", [(low, unit), (high, unit)])
        return " "

    def group(self, match: re.Match[str]) -> str:
        """20x120 cm, 25x47x7, 48 mm x 50 m: a unit counts for the numbers before it that have none."""
        parts = [(_fraction(n), unit or "") for n, unit in _PART.findall(match.group(0))]
        last = parts[-1][1]
        if last and _UNITS[last][0] != "length":
            self._add(_UNITS[last][0], parts[-1:])  # '2 x 4.0 Ah': a count of something measured
            return " "
        unit = ""
        for i in range(len(parts) - 1, -1, -1):
            unit = parts[i][1] or unit
            parts[i] = (parts[i][0], unit)
        self._add("length", parts)
        return " "

    def single(self, match: re.Match[str]) -> str:
        """13 mm, 500 ml, 230 V, 2\"."""
        unit = match.group(2)
        self._add(_UNITS[unit][0], [(_fraction(match.group(1)), unit)])
        return " "

    def _add(self, kind: str, parts: list[tuple[Fraction, str]]) -> None:
        amounts = tuple(Amount(n, n * _UNITS[unit][1] if unit else None) for n, unit in parts)
        self.measures.append(Measure(kind, tuple(sorted(amounts, key=lambda a: a.number))))
        numbers = [plain_number(a.number) for a in self.measures[-1].amounts]
        # By bare numbers: '20x120' and '20x120 cm' must find each other.
        if len(numbers) > 1:
            self.tokens.append("~" + "x".join(numbers))
        self.tokens.extend(numbers if kind == "length" else [f"{numbers[0]}{kind}"])


def _fraction(text: str) -> Fraction:
    text = text.strip()
    whole, _, part = text.replace(" ", "-").partition("-")
    if part:
        return Fraction(whole) + Fraction(part)
    return Fraction("0" + text if text.startswith(".") else text)
