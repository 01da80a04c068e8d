"""Delivery and invoice addresses behind their labels, in one line or several, in four languages."""
# ruff: noqa: E501 - word lists, one kind a line

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import PartyRef
from tools.documents.order_headers import column_role

AddressKind = Literal["ship_to", "bill_to"]

_BILL = (
    r"bill(?:ing)?[ -]?to(?: address)?|bill(?:ing)? address|invoice (?:to|address)|send (?:the )?invoices? to|sold[ -]to|remit to|"
    r"rechnungsadresse|rechnungsanschrift|rechnungsempfänger|rechnung (?:bitte )?an|"
    r"(?:dirección|direccion|datos) (?:de )?(?:facturación|facturacion)|facturar a|adresse (?:de )?facturation|facturer à"
)
_SHIP = (
    r"(?:please |pls |kindly )?(?:ship(?:ping|ment|ped)?|deliver(?:y|ed)?|send|consign(?:ed)?|dispatch|despatch)(?: (?:it|this|these|them|all|everything|goods|the goods|material|the order|this order|order))?[ -]?(?:to|at)(?: address)?|"
    r"(?:delivery|ship(?:ping|ment|[ -]?to)?|destination|receiving) (?:address|location|site|point|destination)|place of delivery|point of delivery|deliver(?:y)? to address|destination|consignee|"
    r"(?:abweichende )?(?:lieferadresse|lieferanschrift|versandadresse|warenempfänger|anlieferadresse|lieferort|versandanschrift|anlieferung an|anlieferstelle|lieferstelle)|(?:lieferung|versand|zustellung|lieferung erfolgt)(?: bitte)? (?:an|nach)|(?:bitte )?(?:liefern|senden|schicken|versenden)(?: sie)?(?: bitte)? (?:an|nach)|(?:bitte )?an folgende adresse(?: liefern)?|"
    r"(?:dirección|direccion|lugar|domicilio|punto|sitio|datos) (?:de |del )?(?:entrega|envío|envio|destino)|(?:por favor,? )?(?:entregar|enviar|remitir|mandar|entréguese|envíese)(?: por favor)?(?: en| a)|(?:entrega|envío|envio|enviado|entregado) (?:en|a)|destino|destinatario|"
    r"(?:adresse|lieu|point|site) (?:de |d['’])?(?:la )?(?:livraison|expédition|destination)|(?:merci de |à |a |veuillez )?(?:livrer|expédier|envoyer)(?: la commande)? (?:à|au|chez)|livraison (?:à|au)|destinataire"
)
# a label at the start of a line, of a cell or of a sentence; ':' behind it, or nothing else in its cell
_LABEL = re.compile(
    rf"(?:^|(?<=\n)|(?<=\t)|(?<=\|)|(?<=  )|(?<=[.;!?] ))[ ]*(?:(?P<bill>{_BILL})|(?P<ship>{_SHIP}))"
    r"(?:[ \xa0]*(?:\([^()\n]{1,30}\))?[ \xa0]*:[ \xa0]?(?P<rest>[^\n\t|]*)|[ ]*(?=\n|\t|\||  |$))",
    re.IGNORECASE,
)
_STREET_WORD = (
    r"(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|way|ct|court|pl|place|hwy|highway|parkway|pkwy|square|terrace|crescent|"
    r"rue|bd|chemin|quai|allée|route|impasse|calle|avda|avenida|plaza|paseo|carretera|ctra|polígono|carrer|camino|calzada|via|viale|corso)"
)
_STREET = re.compile(
    rf"\b{_STREET_WORD}\b|(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|damm|ufer|chaussee)[ ]*\d|\bp\.?o\.? box\b|\bpostfach\b|\bc/\s?\w",
    re.IGNORECASE,
)
_COUNTRY = re.compile(
    r"(?:[A-Z]{2}|U\.?S\.?A\.?|U\.?K\.?|United (?:States(?: of America)?|Kingdom)|Great Britain|England|Germany|Deutschland|Spain|España|France|Frankreich|Austria|Österreich|"
    r"Switzerland|Schweiz|Suisse|Sweden|Italy|Italia|Netherlands|Nederland|Belgium|Belgique|België|Mexico|México|Canada|Portugal|Poland|Polska|Ireland|Denmark|Norway)\.?"
)
# a line that belongs to an address though it looks like a label
_ADDRESS_LABEL = re.compile(
    r"(?:attn|attention|att|c/o|z\.? ?hd|zu händen|a la atención de|a/a|à l['’]attention de|contact|kontakt|contacto|tel|phone|telefon|tél|teléfono|dock|gate|tor|building|suite|unit|name|company|firma|street|straße|city|ort|plz|zip|country|land)\b",
    re.IGNORECASE,
)
_ATTENTION = re.compile(
    r"(?:attn|attention|att|z\.? ?hd\.?(?: von)?|zu händen|a la atención de|a/a|à l['’]attention de|contact|kontakt|contacto)[.: ]+(?P<v>.+)",
    re.IGNORECASE,
)
_NOISE = re.compile(r"(?:tel|phone|telefon|tél|teléfono|fax|e-?mail|mail)[.: ].*|\S+@\S+", re.IGNORECASE)
_OTHER_LABEL = re.compile(r"[^\W\d_][\w ./()'’-]{1,34}[ \xa0]?:(?!//)|[^\W\d_][\w ./-]{2,30}\t")
_END = re.compile(r"[-_=*]{3,}|(?:[-*•] )|\d+[.)] |\d+ ?(?:x|ea|pcs|stk|stück|uds|pièces)\b", re.IGNORECASE)
_MOST_LINES = 7


class AddressBlock(NamedTuple):
    """A labelled address: what it is, its label, the words behind, and where all of it stands."""

    kind: AddressKind
    label: str
    words: str
    label_start: int
    start: int
    end: int


def address_blocks(text: str) -> tuple[AddressBlock, ...]:
    """Every labelled address of a text, top to bottom; `words` is empty where nothing stands behind a label."""
    blocks: list[AddressBlock] = []
    for match in _LABEL.finditer(text):
        label = (match["bill"] or match["ship"]).strip()
        kind: AddressKind = "bill_to" if match["bill"] else "ship_to"
        rest = match["rest"]
        bounds = (match.start("rest"), match.end("rest")) if rest is not None else (match.end(), match.end())
        label_start = match.start("bill") if match["bill"] else match.start("ship")
        inline = (rest or "").strip()
        if rest is None and not _stands_alone(text, match):
            continue
        if inline:
            cut = re.search(r"(?<=[\w)]{4})[.;] (?=[A-ZÄÖÜÉ¿¡])", rest or "")
            end = bounds[0] + cut.start() + 1 if cut else bounds[1]
            if not (cut or _complete(inline)) and text[end : end + 1] in ("\n", ""):
                end = _block_end(text, end, first=inline)
            words = text[bounds[0] : end]
        else:
            column = _column_below(text, match)
            end = _block_end(text, bounds[1], first="") if column is None else bounds[1]
            words = column if column is not None else text[bounds[1] : end]
        blocks.append(AddressBlock(kind, label, words.strip(), label_start, bounds[0], max(end, bounds[1])))
    return tuple(blocks)


def read_addresses(text: str) -> tuple[PartyRef | None, PartyRef | None, tuple[Finding, ...]]:
    """(ship-to, bill-to, findings) of a text's labelled addresses. A delivery label whose address cannot be
    read, and two delivery addresses that differ, are questions: goods at the wrong door are the worst error."""
    parties: dict[AddressKind, list[PartyRef]] = {"ship_to": [], "bill_to": []}
    unread: AddressBlock | None = None
    for block in address_blocks(text):
        party = party_of(block.words)
        if party is not None:
            parties[block.kind].append(party)
        elif block.kind == "ship_to":
            unread = unread or block
    ships, bills = parties["ship_to"], parties["bill_to"]
    findings: list[Finding] = []
    if unread is not None and not ships:
        shown = " ".join(unread.words.split())[:80]
        message = (
            f"Behind '{unread.label}' stands '{shown}', which cannot be read as an address."
            if shown
            else f"The document has a field '{unread.label}', but no address can be read in it."
        )
        findings.append(Finding(
            code="ship_to_unreadable", severity="clarify", path="ship_to", question="ship_to_unreadable",
            message=message, facts={"label": unread.label, "value": shown},
        ))  # fmt: skip
    if any(_contradict(ships[0], other) for other in ships[1:]):
        options = tuple(dict.fromkeys(party_words(p) for p in ships))
        findings.append(Finding(
            code="contradicting_instructions", severity="clarify", path="ship_to", options=options,
            question="contradicting_instructions",
            message=f"Several delivery addresses are stated: {' / '.join(options)}.",
        ))  # fmt: skip
    return (ships[0] if ships else None), (bills[0] if bills else None), tuple(findings)


def party_words(party: PartyRef) -> str:
    """A party in one line, for a person."""
    parts = (party.name, party.street, f"{party.postal_code} {party.city}".strip(), party.code)
    return ", ".join(p for p in parts if p)


def party_of(block: str) -> PartyRef | None:
    """An address as a party: name first, the part with a street, the part with a postal code; None where its
    words name nothing."""
    parts = [" ".join(p.split()).strip(" ,;.·|-–") for p in re.split(r"\n|\t|,|;|\||·| [-–] ", block)]
    parts = [p for p in parts if p]
    if not any(re.search(r"[^\W\d_]{2,}", p) for p in parts):
        return None
    street = postal = city = region = country = contact = ""
    rest: list[str] = []
    streets = [p for p in parts if _STREET.search(p) and re.search(r"\d", p)]
    for part in parts:
        attention = _ATTENTION.fullmatch(part)
        if attention:
            contact = contact or attention["v"]
            continue
        if _NOISE.fullmatch(part):
            continue
        found = None if postal or part in streets else _postal(part)
        if found:
            postal, region = found.postal, found.region
            # a city that stands alone stands right before: 'Fort Wayne, IN 46803'
            city = found.city or (rest.pop() if len(rest) > 1 or (rest and street) else "")
        elif part in streets and not street:
            street = part
        elif _COUNTRY.fullmatch(part) and (postal or street):
            country = country or part
        elif re.search(r"\d", part) and not street and not streets and not _is_room(part):
            street = part
        elif postal and not region and street:
            region = part
        else:
            rest.append(part)
    if (street or postal) and not city and len(rest) > 1:
        city = rest.pop()
    # without a street the names are all there is to find the place by
    name = (rest[0] if street or postal else ", ".join(rest)) if rest else ""
    party = PartyRef(
        name=name, contact=contact or (rest[1] if len(rest) > 1 and name == rest[0] else ""), street=street, city=city,
        region=region, postal_code=postal, country=country,
    )  # fmt: skip
    return party if name or street or postal or city else None


class _Postal(NamedTuple):
    postal: str
    city: str
    region: str


_POSTALS = (
    re.compile(r"(?:(?P<c>[^\d,]+?)[, ]+)?(?P<r>[A-Z]{2})\.?[ ,]+(?P<p>\d{5}(?:-\d{4})?)(?: (?:USA?|U\.S\.A?\.?))?"),
    re.compile(r"(?:[A-Z]{1,3}-)?(?P<p>\d{4,5}|\d{4} [A-Z]{2}|\d{3} \d{2}) (?P<c>[^\d()]{2,}?)(?: \([^()]*\))?(?: [Cc][Ee][Dd][Ee][Xx](?: \d+)?)?"),
    re.compile(r"(?:(?P<c>[^\d,]+?)[, ]+)?(?P<p>[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})"),
    re.compile(r"(?:(?P<c>[^\d,]+?)[, ]+)?(?P<r>[A-Z]{2})? ?(?P<p>[A-Z]\d[A-Z] ?\d[A-Z]\d)"),
    re.compile(r"(?:[Cc]\.?[Pp]\.? ?)?(?P<p>\d{5})"),
    re.compile(r"(?P<c>[^\d,]{3,}?) (?:[Cc]\.?[Pp]\.? ?)?(?P<p>\d{5})"),
)  # fmt: skip


def _postal(part: str) -> _Postal | None:
    for pattern in _POSTALS:
        match = pattern.fullmatch(part)
        if match:
            groups = match.groupdict()
            return _Postal(groups["p"], (groups.get("c") or "").strip(" ,"), groups.get("r") or "")
    return None


def _is_room(part: str) -> bool:
    """'Unit 4', 'Dock 3', 'Werk 2': a part of a site, not its street."""
    return bool(
        re.fullmatch(
            r"(?:unit|dock|gate|bay|building|bldg|suite|ste|floor|door|warehouse|plant|store|site|werk|halle|tor|lager|filiale|nave|puerta|muelle|planta|almacén|tienda|bâtiment|quai|porte|usine|dépôt|magasin|hall)\.?[ #]*(?:no\.?|nr\.?)? ?[\w-]{1,6}",
            part,
            re.IGNORECASE,
        )
    )


def _contradict(left: PartyRef, right: PartyRef) -> bool:
    """Whether two addresses cannot be one: different postal codes, or different names with nothing else."""
    if left.postal_code and right.postal_code:
        return left.postal_code != right.postal_code
    mine, theirs = party_words(left).lower(), party_words(right).lower()
    return not (set(re.findall(r"\w+", mine)) & set(re.findall(r"\w+", theirs)))


def _complete(inline: str) -> bool:
    """Whether a line behind its label ends with a postal code and city: nothing of it stands below."""
    parts = [p.strip(" .") for p in re.split(r",|;| [-–] ", inline) if p.strip()]
    return any(_postal(p) for p in parts if not _STREET.search(p))


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """A label without a colon counts only where it fills its line or cell: 'SHIP TO' over a block."""
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.end())
    line = text[start : end if end >= 0 else len(text)]
    cells = [c.strip().strip(":").lower() for c in re.split(r"\t| {2,}|\|", line)]
    label = (match["bill"] or match["ship"]).strip().lower()
    # 'Deliver to' alone may be the end of a sentence wrapped over two lines; a heading has a line below it
    return label in cells and end >= 0


def _column_below(text: str, match: re.Match[str]) -> str | None:
    """The cells below a label that stands in a row of labels ('Bill To | Ship To'); None where it stands alone."""
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.end())
    line = text[start : end if end >= 0 else len(text)]
    cells = re.split(r"\t+| {2,}|\|", line.strip())
    if len(cells) < 2 or end < 0:
        return None
    label = (match["bill"] or match["ship"]).strip().lower()
    column = next((i for i, c in enumerate(cells) if c.strip(" :").lower() == label), None)
    if column is None:
        return None
    words: list[str] = []
    for below in text[end + 1 :].splitlines()[:_MOST_LINES]:
        if not below.strip():
            if words:
                break
            continue  # a block may stand a little apart from its heading
        parts = re.split(r"\t+| {2,}|\|", below.strip())
        if len(parts) < len(cells):
            continue  # a line of another column alone
        if _OTHER_LABEL.match(parts[column].strip()):
            break
        words.append(parts[column].strip())
        if _complete(parts[column]):
            break
    return "\n".join(words)


def _block_end(text: str, position: int, *, first: str) -> int:
    """The end of an address that goes on below: a blank line, another label, a list, or the postal code."""
    end = position
    newline = text.find("\n", position)
    if newline < 0:
        return end
    at, lines, done = newline + 1, 1 if first else 0, False
    for line in text[at:].splitlines(keepends=True):
        stripped = line.strip()
        if not stripped:
            if lines:
                break
            at += len(line)
            continue
        cell = re.split(r"\t| {3,}|\|", stripped)[0]
        labelled = _OTHER_LABEL.match(stripped) and not _ADDRESS_LABEL.match(stripped)
        if (
            lines >= _MOST_LINES
            or labelled
            or _END.match(stripped)
            or _LABEL.match(stripped)
            or _is_table_header(stripped)
        ):
            break
        if done and not _COUNTRY.fullmatch(stripped):
            break
        # behind a name on the label's own line only what looks like an address goes on
        if first and not (
            _STREET.search(cell) or _complete(cell) or _ADDRESS_LABEL.match(cell) or len(cell) <= 32
        ):
            break
        at += len(line)
        end, lines, done = at - (len(line) - len(line.rstrip("\r\n"))), lines + 1, done or _complete(cell)
        if len(stripped) > 90:
            break
    return end


def _is_table_header(line: str) -> bool:
    """'Item Qty Price': the lines begin here."""
    cells = re.split(r"\t+| {2,}|\|", line)
    cells = [c for c in (cells if len(cells) > 1 else line.split()) if c.strip()]
    roles = [column_role(c) for c in cells]
    return len(cells) > 1 and all(roles) and bool({"quantity", "unit_price", "units"} & set(roles))


def inside_lines(text: str, blocks: Sequence[AddressBlock]) -> tuple[tuple[int, int], ...]:
    """Where addresses stand in the middle of a line: their figures (house numbers) are no quantities. Those
    with lines of their own are regions, in which a stray quantity is still noticed."""
    return tuple(
        (b.label_start, b.end)
        for b in blocks
        if text[text.rfind("\n", 0, b.label_start) + 1 : b.label_start].strip()
    )
