"""Which cell styles of an XLSX workbook leave nothing to be seen: colours, sizes, number formats."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from orderdesk.domain.errors import ReadError
from tools.documents.sheet_colours import BLACK, WHITE, Ink, Palette, format_ink, ink, palette, same_ink
from tools.documents.sheet_formats import Section, Shown, shown
from tools.documents.xml_safe import Node, read_xml, xml_text

_LEAST_SIZE = 1.0  # points; at most this is no letter, as in HTML
_SIZE = re.compile(r"\d{1,4}(?:\.\d{0,20})?")
_DIGITS = re.compile(r"\d{1,6}")


class Letters(NamedTuple):
    """A font as far as it can hide: None for what it does not say."""

    colour: Ink = None
    size: float | None = None


class Look(NamedTuple):
    """One cell style. Letters are unseen only where they are like every colour of the ground."""

    letters: Letters = Letters()
    grounds: tuple[Ink, ...] = (WHITE,)
    filled: bool = False
    shown: Shown = Shown()


class Styles(NamedTuple):
    """The cell styles by number and what is needed to judge the runs of a rich text."""

    looks: tuple[Look, ...]
    colours: Palette

    def letters(self, properties: Mapping[str, dict[str, str]]) -> Letters:
        """The font that elements (name to attributes) describe."""
        size = properties.get("sz", {}).get("val", "")
        colour = properties.get("color")
        return Letters(
            ink(colour, self.colours) if colour is not None else None,
            float(size) if _SIZE.fullmatch(size) else None,
        )

    def unseen(self, look: Look, kind: str, letters: Letters, *, ground_known: bool = True) -> bool:
        """Whether a cell's value of a kind (its `t`) cannot be seen when written in these letters."""
        if letters.size is not None and letters.size <= _LEAST_SIZE:
            return True
        if kind in ("s", "str", "inlineStr"):
            sections = look.shown.texts
        elif kind == "b":
            sections = (*look.shown.numbers, *look.shown.texts)
        else:
            sections = look.shown.numbers
        grounds = look.grounds if ground_known or look.filled else ()
        return all(s.blank or self._lost(s, letters, grounds) for s in sections)

    def _lost(self, section: Section, letters: Letters, grounds: tuple[Ink, ...]) -> bool:
        named = [found for b in section.brackets if (found := format_ink(b, self.colours)) is not None]
        colour = named[0] if named else letters.colour
        return bool(grounds) and all(same_ink(colour, ground) for ground in grounds)


def read_styles(styles: bytes, theme: bytes | None) -> Styles:
    """The cell styles. Raises ReadError where the XML is broken, declares entities or is far too large."""
    root = _tree(styles)
    colours = palette(root, _tree(theme) if theme else None)
    empty = Styles((), colours)
    fonts = [
        empty.letters({child.name: child.attributes for child in font.children})
        for font in root.all("fonts", "font")
    ]
    fills = [_grounds(fill, colours) for fill in root.all("fills", "fill")]
    formats = {
        node.attributes.get("numFmtId", ""): shown(node.attributes.get("formatCode", ""))
        for node in root.all("numFmts", "numFmt")
    }
    looks: list[Look] = []
    for xf in root.all("cellXfs", "xf"):
        font, fill = _index(xf, "fontId"), _index(xf, "fillId")
        grounds = fills[fill] if fill < len(fills) else None
        looks.append(
            Look(
                fonts[font] if font < len(fonts) else Letters(),
                grounds or (WHITE,),
                grounds is not None,
                formats.get(xf.attributes.get("numFmtId", ""), Shown()),
            )
        )
    return Styles(tuple(looks), colours)


def _tree(content: bytes) -> Node:
    try:
        return read_xml(xml_text(content))
    except ReadError as error:
        raise ReadError("its styles are damaged or made to attack", code=error.code) from error


def _grounds(fill: Node, colours: Palette) -> tuple[Ink, ...] | None:
    """The colours behind a cell's letters; None for no fill, which is the white sheet."""
    stops = tuple(_ink(stop.first("color"), colours) for stop in fill.all("gradientFill", "stop"))
    if stops:
        return stops
    pattern = fill.first("patternFill")
    kind = pattern.attributes.get("patternType", "none") if pattern else "none"
    if pattern is None or kind == "none":
        return None
    front, back = _ink(pattern.first("fgColor"), colours), _ink(pattern.first("bgColor"), colours)
    if kind != "solid":
        return front, back
    # Nothing said is painted black; what looks like a second colour (bgColor) is not used at all.
    return (front if pattern.first("fgColor") else BLACK,)


def _ink(node: Node | None, colours: Palette) -> Ink:
    # 64 as a ground is "automatic", which programs paint differently.
    return None if node is None or node.attributes.get("indexed") == "64" else ink(node.attributes, colours)


def _index(xf: Node, name: str) -> int:
    number = xf.attributes.get(name, "0")
    return int(number) if _DIGITS.fullmatch(number) else 0
