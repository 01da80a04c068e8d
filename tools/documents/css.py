"""The little of CSS that tells whether text can be seen: display, visibility, size, colours, position."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Colour = tuple[int, int, int]

_NAMED: dict[str, Colour] = {
    "white": (255, 255, 255), "black": (0, 0, 0), "red": (255, 0, 0), "blue": (0, 0, 255), "gray": (128, 128, 128),
    "grey": (128, 128, 128), "silver": (192, 192, 192), "navy": (0, 0, 128), "green": (0, 128, 0),
    "yellow": (255, 255, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240), "ghostwhite": (248, 248, 255),
    "whitesmoke": (245, 245, 245), "transparent": (-1, -1, -1),
}  # fmt: skip
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,5000})\}")
_SIMPLE = re.compile(r"^(?:([a-z][a-z0-9]*)?(?:([.#])([\w-]+))?|\*)$", re.IGNORECASE)
# Text closer than this to its background in every channel cannot be read on a screen.
_NEAR = 12


@dataclass
class StyleSheet:
    """Declarations by simple selector (tag, .class, #id, tag.class); other selectors are not needed."""

    rules: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])

    def add(self, source: str) -> None:
        """Rules of one style element; at-rules (media queries, fonts) are left out."""
        source = re.sub(r"/\*.*?\*/|<!--|-->", "", source[:200_000], flags=re.DOTALL)
        for match in _RULE.finditer(_without_at_rules(source)):
            for selector in match[1].split(","):
                selector = selector.strip().lower()
                if _SIMPLE.match(selector):
                    self.rules.setdefault(selector, {}).update(declarations(match[2]))

    def of(self, tag: str, classes: list[str], ident: str) -> dict[str, str]:
        """What the sheet says about an element, weaker selectors first."""
        if not self.rules:
            return {}
        found: dict[str, str] = {}
        for selector in (tag, *(f".{c}" for c in classes), *(f"{tag}.{c}" for c in classes), f"#{ident}"):
            found.update(self.rules.get(selector.lower(), {}))
        return found


def declarations(style: str) -> dict[str, str]:
    """A style attribute as property -> value, lower case, without !important."""
    found: dict[str, str] = {}
    for part in style[:5000].split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip().lower()] = re.sub(r"\s*!\s*important", "", value.strip().lower())
    return found


def concealment(style: dict[str, str]) -> str:
    """How a style hides its element ('' for not): the words complete 'text that is ...'."""
    if style.get("display") == "none" or style.get("visibility") in {"hidden", "collapse"}:
        return "hidden from view"
    if _number(style.get("opacity", "1")) <= 0.05:
        return "fully transparent"
    size = style.get("font-size", "")
    if size and re.match(r"[\d.]", size) and _points(size) <= 1:
        return "too small to see"
    if style.get("position") in {"absolute", "fixed", "relative"} and any(
        _points(style.get(side, "0")) <= -300 for side in ("left", "top", "right", "bottom")
    ):
        return "placed off the page"
    if _points(style.get("text-indent", "0")) <= -300 or _points(style.get("margin-left", "0")) <= -900:
        return "placed off the page"
    clipped = style.get("overflow") == "hidden" and any(
        key in style and re.match(r"[\d.]", style[key]) and _points(style[key]) <= 1
        for key in ("max-height", "height", "max-width", "width")
    )
    return "hidden from view" if clipped or "rect(0" in style.get("clip", "").replace(" ", "") else ""


def colour(value: str) -> Colour | None:
    """An RGB colour; (-1, -1, -1) for transparent, None for anything unknown."""
    value = value.strip().lower()
    if value in _NAMED:
        return _NAMED[value]
    if match := re.match(r"#([0-9a-f]{6})\b", value):
        return int(match[1][:2], 16), int(match[1][2:4], 16), int(match[1][4:], 16)
    if match := re.match(r"#([0-9a-f])([0-9a-f])([0-9a-f])\b", value):
        return int(match[1] * 2, 16), int(match[2] * 2, 16), int(match[3] * 2, 16)
    if match := re.match(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]+))?", value):
        if match[4] and _number(match[4]) <= 0.05:
            return _NAMED["transparent"]
        return int(match[1]), int(match[2]), int(match[3])
    return None


def same_colour(one: Colour | None, other: Colour | None) -> bool:
    """Whether text of one colour on the other cannot be told apart from it."""
    if one is None or other is None:
        return False
    return one[0] < 0 or all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))


def _without_at_rules(source: str) -> str:
    out: list[str] = []
    at = 0
    while (start := source.find("@", at)) >= 0:
        out.append(source[at:start])
        i, depth = start, 0
        while i < len(source):
            if source[i] == "{":
                depth += 1
            elif source[i] == "}":
                depth -= 1
                if depth <= 0:
                    break
            elif source[i] == ";" and depth == 0:
                break
            i += 1
        at = i + 1
    return "".join(out) + source[at:]


def _points(value: str) -> float:
    match = re.match(r"(-?[\d.]{1,12})\s*(px|pt|em|rem|%|in|cm|mm|vw|vh)?", value.strip())
    if not match:
        return 0.0
    factor = {"em": 12, "rem": 12, "%": 0.12, "in": 72, "cm": 28, "mm": 2.8, "vw": 6, "vh": 6}.get(
        match[2] or "px", 1
    )
    return _number(match[1]) * factor


def _number(value: str) -> float:
    try:
        return float(value.rstrip("%")) / (100 if value.endswith("%") else 1)
    except ValueError:
        return 1.0
