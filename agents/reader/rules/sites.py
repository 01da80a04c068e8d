"""A delivery place named in a sentence: 'ship to our Reno depot', 'für Werk 2', 'para nuestra planta de León'."""
# ruff: noqa: E501 - word lists

from __future__ import annotations

import re

from agents.reader.rules.regions import regions_of
from orderdesk.domain.documents import ReadMessage
from orderdesk.domain.orders import PartyRef
from tools.documents.order_address import party_of

_PLACE = r"site|warehouse|plant|store|branch|office|depot|facility|yard|dc|location|workshop|factory|shop|lager|werk|filiale|standort|niederlassung|zweigstelle|planta|almacén|almacen|tienda|bodega|sucursal|nave|fábrica|delegación|usine|dépôt|magasin|entrepôt|atelier|agence"
_OUR = r"(?:our |the |my |das |unser\w* |die |den |nuestr[oa] |notre |el |la |le |l['’])"
_NAME = r"(?:(?:[A-ZÄÖÜÅÉÍÓÚÑ]|\d{1,2}\b)[\w.-]*,? ?){1,4}"
_KIND = rf"(?:{_PLACE}|{'|'.join(w.capitalize() for w in _PLACE.split('|'))})"
_SITES = (
    # behind a word of delivering
    re.compile(
        rf"\b(?:[Dd]eliver(?:y|ed)?|[Ss]hip(?:ped|ping)?|[Ss]end|[Gg]oes|[Gg]oing|[Ll]iefer(?:n|ung|t)?(?: [Ss]ie)?|[Vv]ersand|[Ee]ntreg(?:a|ar|uen)|[Ee]nviar|[Ll]ivr(?:er|aison|ez))\b[^\n]{{0,60}}?\b(?:to|at|an|nach|in|en|a|à|au)[ ]{_OUR}?(?P<v>{_KIND}(?: de| in| en| à)? [A-ZÄÖÜÅÉ0-9][\w-]*|(?:[A-ZÄÖÜÅÉ][\w.-]+ ?){{1,4}}(?:{_PLACE})?)"
    ),
    # an order 'for our Fort Wayne plant' goes there, whatever the account's usual address is
    re.compile(
        rf"\b(?:[Ff]or|[Ff]ür|[Pp]ara|[Pp]our|[Tt]o|[Aa]n|[Ii]n|[Ee]n|[Aa]) {_OUR}?(?P<v>{_NAME}(?:{_PLACE})\b|{_KIND} (?:no\.? ?|nr\.? ?|n[º°] ?)?(?:de |in |en |à |d['’])?(?:\d{{1,2}}\b|[A-ZÄÖÜÅÉ][\w-]+(?: [A-ZÄÖÜÅÉ][\w-]+)?))"
    ),
    # the verb behind: 'bitte nach Leonberg liefern'
    re.compile(
        rf"\b(?:nach|an|in|zu)[ ](?P<v>{_KIND} [\w-]+|(?:[A-ZÄÖÜ][\w-]+ ?){{1,3}}) ?(?:zu )?(?:liefern|schicken|senden|versenden|anliefern)\b"
    ),
)
# 'To: Fort Wayne' on a line of its own; firms and persons are addressed so, too, but not in one's own mail
_TO_LINE = re.compile(
    r"^[ \t]*(?:[Tt][Oo]|[Aa]n|[Nn]ach|[Pp]ara|[Pp]our|[Dd]est\.?)[ ]?:[ \t]*(?P<v>[^\W\d_][^\n@\d]{2,40}?)[ \t]*$",
    re.MULTILINE,
)
_NOT_CITY = re.compile(rf"\b(?:{_PLACE}|de|in|en|à|no|nr)\b\.?", re.IGNORECASE)
# what is capitalised behind 'to' and is no place
_NO_PLACE = re.compile(
    r"(?:me|us|you|i|follow|be|the|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december|montag|dienstag|mittwoch|donnerstag|freitag|samstag|kw|po|asap|mr|mrs|ms|herrn?|frau|sie|uns|rechnung)\b",
    re.IGNORECASE,
)


# an address written out in the sentence: 'deliver to 7 Harbor Street, Peoria, IL 61602 by March 13'
_TOLD = re.compile(
    r"\b(?:deliver(?:y|ed)?|ship(?:ped|ping)?|send|dispatch(?:ed)?|goes|going|liefer(?:n|ung|t)?(?: sie)?|versand|schick(?:en|t)|entreg(?:a|ar|uen)|envi(?:ar|en|o)|livr(?:er|aison|ez)|expédier|envoyer)\b"
    r"[^\n.;:]{0,60}?\b(?:to|at|an|nach|in|en|a|à|au|chez)[ ]+(?P<v>[^\n;]{8,160})",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\b\d{1,5}[a-z]?,? (?:[\w.'’-]+ ){0,4}(?:st|street|ave|avenue|rd|road|blvd|boulevard|drive|lane|way|court|place|highway|parkway|square|rue|bd|chemin|quai|allée|route|impasse)\b"
    r"|(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|damm|ufer|chaussee) ?\d|\b(?:calle|avda|avenida|plaza|paseo|carretera|polígono|carrer|camino|calzada|via|viale|corso)\b[^,\n]{1,40}\d",
    re.IGNORECASE,
)
_ADDRESS_END = re.compile(
    r"[ ,]+(?:by|before|until|no later|not later|latest|asap|as soon|please|instead|this time|bis|spätestens|vor dem|bitte|liefern|schicken|senden|antes|hasta|por favor|el (?=\d|lunes|martes|miércoles|jueves|viernes)|avant|pour le|le (?=\d)|s'il)\b"
    r"|[ ,]+on (?=\d|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|the )|[ ]*:[ ]*$|\.(?=[ ]+[A-ZÄÖÜ]|$)",
    re.IGNORECASE,
)


_INVOICE = re.compile(r"\binvoices?\b|rechnung|factura|\bfactures?\b|\bbill(?:s|ing)?\b", re.IGNORECASE)


def told_address(text: str) -> PartyRef | None:
    """An address in the middle of a sentence; as much of it as can be read, never nothing where a street stands."""
    for match in _TOLD.finditer(text):
        words = match["v"]
        if end := _ADDRESS_END.search(words):
            words = words[: end.start()]
        words = words.strip(" ,.:")
        street = _STREET.search(words)
        if street is None or _INVOICE.search(match[0]):
            continue
        # 'our new warehouse at 12 Oak Avenue': the street begins with its number
        words = words[street.start() :] if street[0][0].isdigit() else words
        party = party_of(words.replace(", ", "\n"))
        return party if party and party.postal_code else PartyRef(name=words[:80], street=street[0])
    return None


def said_in(message: ReadMessage) -> str:
    """What the sender wrote, subject included: without signature, quoted history and machine files."""
    parts = [message.subject]
    for document in message.documents:
        if (
            document.role not in ("body", "answer")
            or document.drafts
            or document.format not in ("email", "text", "html")
        ):
            continue
        text = document.text
        for region in regions_of(text):
            if region.kind in ("signature", "quoted"):
                text = text[: region.start] + " " * (region.end - region.start) + text[region.end :]
        parts.append(text)
    return "\n".join(parts)


def named_site(text: str) -> PartyRef | None:
    """The first place a sentence sends the goods to, an address before a name; None where it names none."""
    if told := told_address(text):
        return told
    for pattern in (*_SITES, _TO_LINE):
        for match in pattern.finditer(text):
            words = match["v"].strip(" .,")
            if _NO_PLACE.match(words) or not _NOT_CITY.sub(" ", words).strip(" ,."):
                continue
            city = " ".join(_NOT_CITY.sub(" ", words).split()).strip(" ,.")
            is_city = len(city) > 2 and not city.isdigit()
            return PartyRef(name=words, city=city if is_city else "")
    return None
