"""Parts of a mail's text that hold no order lines: the signature, address blocks, labelled header lines."""
# ruff: noqa: E501 - word lists

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from agents.reader.rules.vocabulary import CLOSING

RegionKind = Literal["body", "signature", "address", "header", "quoted"]

_ADDRESS_LABEL = re.compile(
    r"^[ \t]*(?:ship(?:ping)?[ -]?to|deliver(?:y)?[ -]?to|delivery address|shipping address|bill(?:ing)?[ -]?to|invoice (?:to|address)|billing address|sold to|"
    r"lieferadresse|lieferanschrift|lieferung an|rechnungsadresse|rechnung an|versand an|"
    r"dirección (?:de )?(?:entrega|envío|facturación)|direccion (?:de )?(?:entrega|envio|facturacion)|entregar en|enviar a|facturar a|"
    r"adresse (?:de )?(?:livraison|facturation)|livrer à|à livrer à|facturer à)[ \t]*:(?P<rest>[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_STREET = re.compile(
    r"(?:^\s*\d{1,5}[a-z]?,? (?:[NSEW]{1,2}\.? )?(?:[\w.'-]+ ){1,4}(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|way|ct|court|pl|place|hwy|highway|parkway|pkwy|square|suite|terrace|crescent)\b\.?"
    r"|^\s*\d{1,4}(?: bis)?,? (?:rue|avenue|boulevard|bd|chemin|place|quai|allée|route|impasse)\b|\b[\w-]+(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|damm|ufer) \d+|"
    r"^\s*(?:calle|c/|avda\.?|avenida|plaza|paseo|carretera|ctra\.?|polígono)\s.*\d|^\s*(?:[A-Z]{1,2}-)?\d{4,5} [A-ZÄÖÜÉ][\w.-]+(?:[ -][A-ZÄÖÜ][\w.-]+)*\s*$|,\s*(?!PO\b)[A-Z]{2} \d{5}(?:-\d{4})?\b|\bp\.?o\.? box \d+|\bpostfach \d+)",
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
    regions = [
        Region("address", match.start(), address_end(text, match.end(), bool(match["rest"].strip())))
        for match in _ADDRESS_LABEL.finditer(text)
    ]
    position, signature = 0, False
    for line in text.splitlines(keepends=True):
        start, position = position, position + len(line)
        if any(r.start <= start < r.end for r in regions):
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


def address_blocks(text: str) -> tuple[tuple[str, int, int], ...]:
    """(label line's words, start, end of the block's content) of every labelled address."""
    blocks: list[tuple[str, int, int]] = []
    for match in _ADDRESS_LABEL.finditer(text):
        label = match.group().split(":")[0].strip().lower()
        inline = bool(match["rest"].strip())
        blocks.append((label, match.start("rest"), address_end(text, match.end(), inline)))
    return tuple(blocks)


def address_end(text: str, position: int, inline: bool) -> int:
    """The end of an address: a blank line, a line with another label, or six lines."""
    end, lines = position, 0
    for line in text[position:].splitlines(keepends=True):
        stripped = line.strip()
        if not stripped:
            if lines or inline or end > position + 1:
                break
        elif (lines and (re.match(r"[\w -]{3,25}:", stripped) or CLOSING.match(stripped))) or (
            inline
            and lines == 0
            and end > position
            and re.search(r"\d+ ?(?:x|ea|pcs|stk)\b", stripped, re.IGNORECASE)
        ):
            break
        if stripped:
            lines += 1
            if inline and not _STREET.search(stripped):
                break
        if lines > 6:
            break
        end += len(line)
    return max(end, position)
