"""The description of a prose line and the part number in it."""
# ruff: noqa: E501 - word lists

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from agents.reader.rules.masks import OUTSIDE, PART, Mask, in_capitals, is_part
from agents.reader.rules.vocabulary import FILLER, FILLER_END, REQUEST
from orderdesk.domain.orders import ArticleRef

_EXPLICIT = re.compile(
    r"\b(?:item|article|art|artikel|artículo|articulo|part|p/n|sku|ref|réf|référence|referencia|referenz|cat|catalog|model|modell|product code|code|código|"
    r"bestell-?nr|artikel-?nr|art\.?-?nr|teile-?nr|material)\.?[ \t]*(?:no\.?|nr\.?|number|nummer|num|n[º°]|#|code)?[ \t]*[:#]?[ \t]*(?P<v>(?=[A-Za-z0-9./_-]*\d)[A-Za-z0-9](?:[A-Za-z0-9./_-]*[A-Za-z0-9])?)",
    re.IGNORECASE,
)
_OWNED = (
    ("seller_part", re.compile(r"\b(?:your|ihre?|su|vuestr[oa]|votre) (?:item|article|art|artikel|part|ref|réf|referencia|référence|sku|code|no|nr|number|nummer)[\w.-]*[ :#]*(?:no\.?|nr\.?|number)?[ :#]*$", re.IGNORECASE)),
    ("buyer_part", re.compile(r"\b(?:our|unsere?|nuestr[oa]|notre) (?:item|article|art|artikel|part|ref|réf|referencia|référence|sku|code|no|nr|number|nummer)[\w.-]*[ :#]*(?:no\.?|nr\.?|number)?[ :#]*$", re.IGNORECASE)),
)  # fmt: skip
_SITE = re.compile(
    r"[ ,]+(?:(?:to be )?(?:delivered|shipped|deliver|ship|delivery)?[ ]?(?:to|at|for|an|nach|für|en|a|à|pour|para)) (?:our|the|my|unser\w*|das|die|den|nuestr[oa]|notre|el|la|le) [^,;.\n]{0,30}(?:site|warehouse|plant|store|branch|office|depot|lager|werk|filiale|standort|almacén|planta|tienda|dépôt|usine|entrepôt|magasin)\b.*$",
    re.IGNORECASE | re.DOTALL,
)


# words that point at something said elsewhere: no article of their own
_PRONOUN = re.compile(
    r"(?:those|these|them|it|that|(?:the |of |)(?:\w+ )?ones?|davon|diese[nrs]?|solche|esos|esas|eso|ellos|de esos|ceux-ci|celles-ci|ça)(?: (?:things?|too|please))?",
    re.IGNORECASE,
)


class Article(NamedTuple):
    """The article of a line and where its words stand."""

    ref: ArticleRef
    start: int
    end: int


def article_of(
    text: str, masks: Sequence[Mask], before: tuple[int, int], after: tuple[int, int]
) -> Article | None:
    """The article named around a quantity: what stands behind it, or before it where nothing stands behind.

    Words of request before the quantity ('please send me') are no description; words that are none of
    that ('Kugellager 6204: 10 Stück in Edelstahl') belong to it. None where no article is named.
    """
    tail = _trimmed(text, masks, *after)
    head = _head(text, masks, before, has_tail=tail is not None)
    spans = [s for s in (head, tail) if s is not None]
    if not spans:
        return None
    words = " ".join(_words(text, masks, *s) for s in spans)
    part, kind = _part(text, masks, spans)
    description = _tidy(words)
    if part and kind == "strong":
        description = _without(description, part)
    if not part and (not re.search(r"[^\W\d_]{3,}", description) or _PRONOUN.fullmatch(description)):
        return None
    field = "part"
    if part:
        where = text.find(part, spans[0][0])
        field = next((f for f, p in _OWNED if p.search(text[max(0, where - 40) : where])), "part")
    gtin = part if part and is_gtin(part) else ""
    ref = ArticleRef(**{field: "" if gtin else part, "gtin": gtin, "description": description})
    return Article(ref, spans[0][0] if head or tail else before[0], spans[-1][1])


def is_gtin(digits: str) -> bool:
    """Whether 12 to 14 digits carry the GS1 check digit (8 digits are too often a plain number)."""
    if not re.fullmatch(r"\d{12,14}", digits):
        return False
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits[:-1])))
    return (10 - total % 10) % 10 == int(digits[-1])


def _head(
    text: str, masks: Sequence[Mask], before: tuple[int, int], *, has_tail: bool
) -> tuple[int, int] | None:
    start, end = before
    asked = list(REQUEST.finditer(text, start, end))
    inside_mask = [m for m in asked if any(k.start <= m.start() < k.end for k in masks)]
    asked = [m for m in asked if m not in inside_mask]
    if asked and has_tail:
        return None
    if asked:
        start = asked[-1].end()
    return _trimmed(text, masks, start, end)


def _trimmed(text: str, masks: Sequence[Mask], start: int, end: int) -> tuple[int, int] | None:
    """A stretch without fillers, prices, dates and delivery places at its ends; None where nothing is left."""
    outside = [m for m in masks if m.kind in OUTSIDE and start <= m.start < end]
    site = _SITE.search(text[start:end])
    if site:
        end = start + site.start()
    changed = True
    while changed and start < end:
        changed = False
        for mask in outside:
            if mask.end >= end and mask.start < end and mask.start >= start:
                end, changed = mask.start, True
            elif mask.start <= start < mask.end:
                start, changed = mask.end, True
        # fillers end where a masked word or a code begins: the X of 'of X-55' is none, nor the EA of 'EA-SEAL'
        inside = [
            (m.start, m.end) for m in masks if m.kind not in OUTSIDE and m.start < end and m.end > start
        ]
        inside += [
            m.span() for m in _LETTER_CODE.finditer(text, start, end) if not in_capitals(text, m.start())
        ]
        lead = FILLER.match(text[start : min([end, *(max(s, start) for s, _ in inside)])])
        if lead and lead.end():
            start, changed = start + lead.end(), True
        tail_start = max([start, *(min(e, end) for _, e in inside)])
        trail = FILLER_END.search(text[tail_start:end])
        if trail and trail.group():
            end, changed = tail_start + trail.start(), True
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start >= end or not re.search(r"[\w]", text[start:end]):
        return None
    return start, end


def _words(text: str, masks: Sequence[Mask], start: int, end: int) -> str:
    """The words of a stretch, without the prices and dates inside it."""
    out: list[str] = []
    position = start
    for mask in masks:
        if mask.kind in OUTSIDE and start <= mask.start and mask.end <= end:
            out.append(text[position : mask.start].rstrip(" ,@"))
            position = mask.end
    out.append(text[position:end])
    return " ".join(p for p in out if p.strip())


def _part(text: str, masks: Sequence[Mask], spans: Sequence[tuple[int, int]]) -> tuple[str, str]:
    """(the likeliest part number, 'strong' or 'weak'); a named one ('art. no. 55-12') before one by its looks."""
    best: tuple[int, str, str] = (0, "", "")
    for start, end in spans:
        stretch = text[start:end]
        for match in _EXPLICIT.finditer(stretch):
            best = max(best, (5, match["v"], "strong"), key=lambda b: b[0])
        for match in PART.finditer(text, start, end):
            place, token = match.start(), match.group()
            holder = next((m for m in masks if m.start <= place < m.end), None)
            if (holder is not None and holder.kind != "part") or not is_part(match, text):
                continue
            score = _score(token)
            if score > best[0]:
                best = (score, token, "strong" if score >= 2 else "weak")
        # beside other words it may be a type ('cable NYM-J'); alone it is the number
        code = _LETTER_CODE.fullmatch(stretch.strip(" .,;:()")) if best[0] == 0 else None
        if code:
            best = (1, code.group(), "weak")
    return best[1], best[2]


# a number without a figure: joined capitals, as customers' own codes are ('LK-DUCT-S')
_LETTER_CODE = re.compile(r"(?<![\w-])[A-Z]{2,}(?:-[A-Z0-9]+)+(?![\w-])")


def _score(token: str) -> int:
    letters, digits = sum(c.isalpha() for c in token), sum(c.isdigit() for c in token)
    if " " in token:
        return 1
    if letters == 0:
        return 2 if len(token) >= 5 else 1
    if len(token) < 4 or (letters > 0 and digits == 1 and len(token) < 5):
        return 0 if len(token) < 4 else 1
    return 4 if re.search(r"[-/._]", token) else 3


def _without(description: str, part: str) -> str:
    """The description without its part number and the label in front of it."""
    rest = re.sub(
        rf"(?:\b(?:item|article|art|artikel|artículo|part|p/n|sku|ref|réf|référence|referencia|your|our|ihre?|unsere?)\.?[ -]?)*(?:\b(?:no|nr|number|nummer)\b\.?|n[º°]|#)?[ :#]*{re.escape(part)}[ ]*[:,;–-]?",
        " ", description, count=1, flags=re.IGNORECASE,
    )  # fmt: skip
    return _tidy(re.sub(r"\(\s*\)", " ", rest))


def _tidy(words: str) -> str:
    """One line, no separators at its ends, no bracket without its other half."""
    text = " ".join(words.split()).strip(" ,;:-–*@=")
    if text.count("(") != text.count(")"):
        text = text.strip("()") if text[:1] in "()" or text[-1:] in "()" else text
    return text.strip(" ,;:-–*@=")
