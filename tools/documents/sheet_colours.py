"""The colours of an XLSX workbook: its theme, its palette, tints; what they do not tell stays unknown."""

from __future__ import annotations

import colorsys
import re
from typing import NamedTuple

from tools.documents.css import Colour, same_colour
from tools.documents.xml_safe import Node

# A colour, the way an unknown one is written (two cells may still share it), or None for automatic: Excel
# paints automatic letters black, LibreOffice in whatever stands out, so they count as seen.
Ink = Colour | str | None

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)
# The order of a theme's colours in its file is not that of their numbers: 0 is the paper, 1 the letters.
_THEME = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
_BASIC = ("black", "white", "red", "green", "blue", "yellow", "magenta", "cyan")
_BASIC_COLOURS: tuple[Colour, ...] = (
    BLACK, WHITE, (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (255, 0, 255), (0, 255, 255),
)  # fmt: skip
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})?([0-9a-fA-F]{6})")
_NUMBER = re.compile(r"\d{1,3}")
_TINT = re.compile(r"-?(?:\d{1,2}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE]-?\d{1,3})?")
_FORMAT_COLOUR = re.compile(r"colou?r\s*(\d{1,2})")


class Palette(NamedTuple):
    """Colours by number, as far as they are known."""

    theme: dict[int, Colour]
    indexed: dict[int, Colour]


def palette(styles: Node, theme: Node | None) -> Palette:
    """The workbook's colours: of its theme (else the usual paper and letters) and its own palette."""
    by_name = {
        child.name: found
        for scheme in (theme.all("themeElements", "clrScheme") if theme else ())
        for child in scheme.children
        for colour in child.children[:1]
        if (found := _rgb(colour.attributes.get("lastClr") or colour.attributes.get("val", "")))
    }
    by_number = {n: by_name[name] for n, name in enumerate(_THEME) if name in by_name}
    own = [_rgb(node.attributes.get("rgb", "")) for node in styles.all("colors", "indexedColors", "rgbColor")]
    indexed = {n: _BASIC_COLOURS[n % 8] for n in range(16)}
    indexed |= {n: found for n, found in enumerate(own[:64]) if found}
    return Palette({0: WHITE, 1: BLACK, **by_number}, {**indexed, 64: BLACK, 65: WHITE})


def ink(written: dict[str, str], colours: Palette) -> Ink:
    """The colour that the attributes of a colour element name."""
    if written.get("auto", "").lower() in ("1", "true", "on"):
        return None
    base: Colour | None = None
    if _NUMBER.fullmatch(number := written.get("theme", "")):
        base = colours.theme.get(int(number))
    elif "rgb" in written:
        base = _rgb(written["rgb"])
    elif _NUMBER.fullmatch(number := written.get("indexed", "")):
        base = colours.indexed.get(int(number))
    if base is None:
        return " ".join(f"{name}={written[name]}" for name in sorted(written)) or None
    return _tinted(base, written.get("tint", ""))


def format_ink(name: str, colours: Palette) -> Ink:
    """The colour that a number format names in brackets: 'White', 'Color 2'; None for anything else."""
    name = name.strip().lower()
    if name in _BASIC:
        return _BASIC_COLOURS[_BASIC.index(name)]
    if match := _FORMAT_COLOUR.fullmatch(name):
        return colours.indexed.get(int(match[1]) + 7, name)
    return None


def same_ink(one: Ink, other: Ink) -> bool:
    """Whether letters of one colour on the other cannot be told apart from it; unknown ones can."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return same_colour(one, other)
    return isinstance(one, str) and one == other


def _rgb(written: str) -> Colour | None:
    """The first byte of four is an alpha that spreadsheet programs do not heed."""
    match = _HEX.fullmatch(written)
    return (int(match[1][:2], 16), int(match[1][2:4], 16), int(match[1][4:], 16)) if match else None


def _tinted(colour: Colour, tint: str) -> Colour:
    """ECMA-376, 18.8.19: a negative tint darkens and a positive one lightens, in luminance."""
    if not _TINT.fullmatch(tint):
        return colour
    by = max(-1.0, min(1.0, float(tint)))
    hue, light, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in colour))
    light = light * (1 + by) if by < 0 else light * (1 - by) + by
    red, green, blue = colorsys.hls_to_rgb(hue, light, saturation)
    return round(red * 255), round(green * 255), round(blue * 255)
