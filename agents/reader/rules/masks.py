"""Places in a text whose figures are no quantities: dates, phones, prices, sizes, labelled numbers, part numbers."""
# ruff: noqa: E501 - patterns, one a line

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from orderdesk.domain.units import unit_from_word
from tools.documents.order_address import address_blocks, inside_lines
from tools.documents.order_labels import find_labelled
from tools.documents.written_dates import find_dates
from tools.documents.written_prices import CURRENCY

MaskKind = Literal[
    "contact", "label", "date", "price", "percent", "size", "identifier", "standard", "part", "pack"
]


# kinds that are no part of an article's description
OUTSIDE: frozenset[MaskKind] = frozenset(("contact", "label", "date", "price"))


class Mask(NamedTuple):
    """A masked place."""

    kind: MaskKind
    start: int
    end: int


NUMBER = r"\d{1,3}(?:[.,'’]\d{3})+(?:[.,]\d+)?(?![\d])|\d+(?:[.,]\d+)?"
_PER = r"(?:[ \t]*(?:each\b|ea\b\.?|apiece|pièce\b|c/u|cada[ \t]+\w{1,12}|l['’]unité|(?:/|\b(?:per|pro|je|por|par|la|le|el|al|als|das)\b)[ \t]*(?:\d{1,6}[ \t]*)?[A-Za-zÀ-ÿ]{0,12}\.?))?"
_AMOUNT = r"\d[\d.,'’]*\d|\d"
_CUR = CURRENCY.pattern
_PRICES = (
    rf"(?:(?:@|à|\b(?:at|a|zu|zum preis von|je|por|for|price|preis|precio|prix|=|total)\b:?)[ \t]*)?(?:{_CUR})[ \t]?(?:{_AMOUNT})(?:,-+)?(?:[ \t]?(?:{_CUR}))?{_PER}",
    rf"(?:(?:@|à|\b(?:at|a|zu|zum preis von|je|por|for|price|preis|precio|prix|=|total)\b:?)[ \t]*)?(?:{_AMOUNT})(?:,-+)?[ \t]?(?:{_CUR}){_PER}",
    rf"@[ \t]*(?:{_AMOUNT}){_PER}",
    rf"\b(?:at|a|à|zu|je|por)[ \t]+(?:{_AMOUNT})[ \t]*(?:each\b|ea\b\.?|apiece|per[ \t]+[A-Za-z0-9 ]{{1,8}}|pro[ \t]+\w+|/[ \t]*[A-Za-z]{{1,6}}|cada un[oa]|c/u|la unidad|pièce|l['’]unité|das stück)",
    rf"=[ \t]*(?:{_AMOUNT})(?![\d.,]*[ \t]*(?:[xX×]\b|pcs|ea\b|st))",
    rf"\b(?:unit price|price|preis|stückpreis|einzelpreis|precio|prix)[ \t]*[:=]?[ \t]*(?:{_AMOUNT})",
)
_CONTACT = (
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.-]+",
    r"(?:\b(?:tel|phone|ph|fax|mobile|mobil|cell|telefon|teléfono|telefono|tél|téléphone|móvil|handy|direct|durchwahl|ext)\.?[ \t]*[:.]?[ \t]*)\+?[\d(][\d ()./-]{4,20}\d",
    r"\+\d{1,3}[ ()\d./-]{6,20}\d",
    r"(?<![\w-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w-])",
    r"\b\d{1,2}(?::\d{2})? ?(?:am|pm|uhr|h)\b|\b\d{1,2}:\d{2}\b",
)
# a size: a number with a unit of length, electricity, pressure ... or numbers joined by x
_N = r"\d+(?:[.,/-]\d+)*(?:[ -]\d+/\d+)?"
_INCH = "[\"”″'′]"
_SIZES = (
    rf"(?<![\w/.-])[A-Za-zØø]{{0,3}}{_N}{_INCH}?[x×X](?:[A-Za-z]{{0,2}}{_N}){_INCH}?(?:[x×X]{_N}{_INCH}?)*(?:[ ]?(?:mm|cm|m|in|inch|zoll)\b)?",
    rf"(?<![\w.-])(?:[A-Za-zØø]{{1,2}}\d+(?:[.,]\d+)?|\d+[./]\d[\d./-]*|{_N}{_INCH}|{_N} ?(?:mm|cm|in|inch)\b) [x×X] {_N}{_INCH}?(?: [x×X] {_N}{_INCH}?)*(?: ?(?:mm|cm|m|in|inch|zoll|LG)\b)?",
    rf"(?<![\w.,-]){_N} [x×X] {_N} [x×X] {_N}(?: ?(?:mm|cm|m|in|inch|zoll)\b)?",
    rf"(?<![\w.,-])\d+(?:[.,]\d+)? [x×X] \d+(?:[.,]\d+)? ?(?:mm|cm|in|inch|zoll|{_INCH})(?!\w)",
    rf"(?<![\w.-])(?:\d+[ -])?\d+/\d+(?:-\d+)?{_INCH}?(?:[ -]?(?:in\b|inch(?:es)?|zoll|NPT|UNC|UNF|BSP))?(?![\w])(?![ ](?:a |of a )?(?:doz|dutzend|docena|douzaine|gross|case|box|carton|pallet|karton|palette|caja|boîte))",
    r"(?<![\w./-])\d+(?:[.,]\d+)?[ -]?(?:mm²|mm2|mm|cm|µm|inch(?:es)?|zoll|pulgadas?|pouces?|kN|Nm|bar|psi|mAh|Ah|kWh?|kVA|VAC|VDC|Volts?|voltios|Watts?|Hz|°[CF]?|ohms?|Ω|gsm|g/m²|micron|dB|lm)(?![\w-])",
    r"(?<![\w./-])\d+(?:[.,]\d+)?(?:V|W|A|K|kV|mA|ml|ML|MM|CM|KG|g|MPa|C|T|R)(?![\w-])",
    r"(?<![\w./-])\d+(?:[.,]\d+)? [VWA](?![\w-])",
    rf"(?<![\w./-])\d+(?:[.,]\d+)?{_INCH}(?!\w)",
    r"(?<![\w.-])[MØ]\d+(?:[.,]\d+)?(?![\w])",
)
# 'No. 4', 'size 9', 'Grade 5': the figure names a kind, not a count
_IDENTIFIERS = (
    r"\b(?:no|nr|num|nº|n°|size|sizes|größe|groesse|gr|talla|tamaño|taille|grade|güte|klasse|class|clase|classe|type|typ|tipo|model|modell|modelo|modèle|"
    r"series|serie|série|version|rev|revision|dn|pn|ref|réf|article|art|artikel|artículo|item|part|line|zeile|línea|ligne|pos|position|page|seite|página|"
    r"room|floor|building|gate|tor|dock|suite|apt|unit no|lot|batch|charge|size no|farbe|ral|color|colour|sku|p/n|pn|cat|level|stufe|schedule|sch|"
    r"werk|plant|site|lieferant|cost cent(?:er|re)|account|acct|department|dept|extension|kostenstelle|konto|centro de costes?|centre de coûts?|budget|gl|store|ticket|case no|chapter|week|kw|form|formular|phase|zone|halle|bay|aisle|project|projekt|proyecto|projet|job|bau)"
    r"\.?[ \t]*[:#]?[ \t]*(?:no\.?|nr\.?|#)?[ \t]*#?\d[\w./-]*",
    r"#[ ]?\d[\w-]*",
)
_STANDARD = r"\b(?:DIN|ISO|EN|ANSI|ASTM|ASME|SAE|JIS|BS|UNE|NF|IEC|VDE|UL)[ -]?(?:EN[ -])?(?:ISO[ -])?[A-Z]?\d[\w-]*(?:[ -][A-Z]\d+)?\b"
_PACKS = (
    rf"(?:\b(?:box|carton|case|pack|bag|roll|set|sack|crate|tin|tub|dispenser|bundle|karton|kiste|packung|beutel|rolle|sack|vpe|bund|gebinde|caja|paquete|bolsa|rollo|saco|boîte|paquet|sachet|rouleau|sac)\w{{0,3}}[ \t]+(?:of|à|a|de|zu|mit|with|von|je|x|con|avec)|(?:[€$£]|\b(?:EUR|USD|GBP))[ \t]+(?:je|per|por|par|for))[ \t]+(?P<n>(?:{NUMBER}))[ \t]*(?:ea|pcs?|pieces|stk|stück|st|uds?|unidades|piezas|pièces|pcs\.|each|units)\b\.?",
    rf"(?:{NUMBER})[ \t]*(?:ea|pcs?|pieces|stk|stück|st|uds?|unidades|piezas|pièces|units|pairs|paar|pares|paires)?\.?[ \t]*(?:/|per|pro|je|por|par)[ \t]*(?:box|boxes|carton|case|pack|bag|roll|pallet|karton|kiste|packung|beutel|rolle|palette|vpe|caja|paquete|bolsa|rollo|palé|boîte|carton|paquet|sac|rouleau|palette)\b",
    rf"\b(?:pack|box|case|bag|carton|set|vpe|packs|packung|karton|caja|paquete|boîte|paquet) (?:of|à|a|de|mit|zu|von) (?:{NUMBER})\b",
)
# a part number: letters and digits in one token (with joints), or capitals and a number ('SPZ 1250', 'LGMT 2')
PART = re.compile(
    r"(?<![\w/.-])(?:(?=[A-Za-z0-9./_-]*\d)(?=[A-Za-z0-9./_-]*[A-Za-z])[A-Za-z0-9]+(?:[./_-][A-Za-z0-9]+)*"
    r"|\d+(?:-\d+)+|\d{5,14}|(?!(?:EA|PC|PCS|ST|STK|BX|CS|CT|PK|KG|EACH|UOM|QTY|PO|NO|NR|AND|UND|OF|FOR|TEL|FAX|SEND|NEED|ORDER|ITEM|PART|ART|SIZE|DN|PN|RAL|GR|LINE|POS|MIN|MAX|REF)\b)[A-Z]{2,6} \d{1,6}(?:[./-]\w+)*)(?![\w/-]|[.,]\d)"
)


def masks_of(text: str, *, today: date, day_first: bool | None) -> tuple[Mask, ...]:
    """Every masked place, left to right; an earlier kind wins where two overlap."""
    masks: list[Mask] = []
    taken = bytearray(len(text))

    def take(kind: MaskKind, start: int, end: int) -> None:
        if end > start and not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            masks.append(Mask(kind, start, end))

    def take_all(kind: MaskKind, patterns: Sequence[str], flags: int = re.IGNORECASE) -> None:
        for pattern in patterns:
            for match in re.finditer(pattern, text, flags):
                group = "n" if "n" in match.groupdict() else 0  # 'of 100 pcs' hides the figure, not the 'of'
                take(kind, match.start(group), match.end())

    take_all("contact", _CONTACT)
    for start, end in inside_lines(text, address_blocks(text)):
        take("contact", start, end)
    for found in find_labelled(text):
        if found.role in ("po_number", "contract", "customer_number", "ship_to_code", "payment_terms"):
            take("label", found.label_start, found.end)
    take_all("price", _PRICES)
    for found_date in find_dates(text, today=today, day_first=day_first):
        take("date", found_date.start, found_date.end)
    take_all("percent", (r"\d+(?:[.,]\d+)? ?%",))
    take_all("standard", (_STANDARD,), 0)
    take_all("size", _SIZES, 0)
    take_all("pack", _PACKS)
    take_all("identifier", _IDENTIFIERS)
    for match in PART.finditer(text):
        if is_part(match, text):
            take("part", *match.span())
    return tuple(sorted(masks, key=lambda m: m.start))


def is_part(match: re.Match[str], text: str) -> bool:
    """Whether a token shaped like a part number is one: no figure with its unit ('200ea', '10000 pcs'), no
    word and figure of a line written in capitals ('SEND 12 BOXES')."""
    token = match.group()
    if re.fullmatch(r"\d+(?:[xX]|st|nd|rd|th|ea|pcs|pc|stk|St|kg|m|l|er)", token):
        return False
    spaced = " " in token
    if token.isdigit() or spaced or re.fullmatch(r"\d{1,4}-\d{1,4}", token):
        behind = re.match(r"[ \t]*([xX×]\b|[^\W\d_]+)", text[match.end() :])
        if behind and (behind[1] in "xX×" or unit_from_word(behind[1])):
            return False
    return not spaced or not in_capitals(text, match.start())


def in_capitals(text: str, at: int) -> bool:
    """Whether the line around a place is written in capitals: they mark no codes there."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start : end if end >= 0 else len(text)]
    return len(re.findall(r"\b[A-Z]{2,}\b", line)) >= 3 and not re.search(r"[a-z]{3}", line)


def hide(text: str, masks: Sequence[Mask]) -> str:
    """The text with masked places blotted out, same length: NUL where the words belong to a description
    (sizes, part numbers), \\x01 where they do not (prices, dates, phones)."""
    out = list(text)
    for mask in masks:
        blot = "\x01" if mask.kind in OUTSIDE else "\x00"
        out[mask.start : mask.end] = blot * (mask.end - mask.start)
    return "".join(out)
