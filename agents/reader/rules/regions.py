"""Parts of a mail's text that hold no order lines: the signature, address blocks, labelled header lines."""
# ruff: noqa: E501 - word lists

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from agents.reader.rules.vocabulary import CLOSING
from tools.documents.order_address import address_blocks

RegionKind = Literal["body", "signature", "address", "header", "quoted"]

# behind a word for a street: it stands alone, and begins no part number ('2 pieces of ST-00418', '5 filtres BD-1203')
_WHOLE = r"\b(?![-/.](?=[\w./-]*\d)\w)"
_STREET = re.compile(
    r"(?:^\s*\d{1,5}[a-z]?,? (?:[NSEW]{1,2}\.? )?(?:[\w.'-]+ ){1,4}(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|way|ct|court|pl|place|hwy|highway|parkway|pkwy|square|suite|terrace|crescent)"
    + _WHOLE
    + r"\.?|^\s*\d{1,4}(?: bis)?,? (?:rue|avenue|boulevard|bd|chemin|place|quai|allée|route|impasse)"
    + _WHOLE
    + r"|\b[\w-]+(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|damm|ufer) \d+|"
    r"^\s*(?:calle|carrer|camino|c/|avda\.?|blvd\.?|bulevar|avenida|plaza|paseo|carretera|ctra\.?|polígono)\s.*\d|^\s*(?:[A-Z]{1,2}-)?\d{4,5} [A-ZÄÖÜÉ][\w.-]+(?:[ -][A-ZÄÖÜ][\w.-]+)*\s*$|,\s*\d{4,5} [A-ZÄÖÜÉ][\w'’ -]{2,30}(?: \([^()]*\))?\s*$|,\s*(?!PO\b)[A-Z]{2} \d{5}(?:-\d{4})?\b|\bp\.?o\.? box \d+|\bpostfach \d+)",
    re.IGNORECASE,
)
_REPLY = re.compile(
    r"^(?:>|-{2,} ?(?:original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht|mensaje (?:original|reenviado)|message (?:d'origine|transféré))|on .{6,80} wrote:|am .{6,80} schrieb.*:|el .{6,80} escribió:|le .{6,80} a écrit ?:)",
    re.IGNORECASE,
)


class Region(NamedTuple):
    """A stretch of whole lines of one kind."""

    kind: RegionKind
    start: int
    end: int


def regions_of(text: str) -> tuple[Region, ...]:
    """The stretches that are not body text, top to bottom, over whole lines."""
    regions: list[Region] = []
    for block in address_blocks(text):
        line = text.rfind("\n", 0, block.label_start) + 1
        if not text[line : block.label_start].strip():
            regions.append(Region("address", line, block.end))
    # Those below are of one line each, or the last one: only these reach over lines that follow.
    blocks, position, signature = tuple(regions), 0, False
    for line in text.splitlines(keepends=True):
        start, position = position, position + len(line)
        if any(block.start <= start < block.end for block in blocks):
            continue
        stripped = line.strip()
        if _REPLY.match(stripped):
            regions.append(Region("quoted", start, len(text) if not stripped.startswith(">") else position))
            if not stripped.startswith(">"):
                break
        elif signature or (stripped and CLOSING.match(stripped) and not re.search(r"\d", stripped)):
            signature = True
            regions.append(Region("signature", start, position))
        elif (
            stripped
            and _STREET.search(stripped)
            and not re.search(r"\b(?:ea|pcs|stk|stück|x)\b", stripped, re.IGNORECASE)
        ):
            regions.append(Region("address", start, position))
    return tuple(sorted(regions, key=lambda r: r.start))
