"""Labelled header facts in running text and in key/value cells: order number, dates, currency, terms, contract."""
# ruff: noqa: E501 - word lists, one label a line

from __future__ import annotations

import re
from typing import Literal

from orderdesk.domain.base import Value

LabelRole = Literal[
    "po_number", "po_date", "requested_date", "currency", "payment_terms", "freight_terms", "contract",
    "customer_number", "supplier", "buyer", "ship_to", "bill_to", "ship_to_code", "document_number", "release",
    "contact",
]  # fmt: skip


class Labelled(Value):
    """A value behind a label. `strong` = the label says by itself what the value is ('PO number')."""

    role: LabelRole
    value: str
    start: int
    end: int
    strong: bool = True
    label_start: int = -1

    @property
    def named(self) -> bool:
        """Whether words say what an order number is: a strong label, a number that names itself ('PO-31452'), or
        an order word in front of it that is no verb ('PO 4531', 'Bestellung 4711-A'; 'order 6204-ZZ' may be a wish)."""
        return self.strong or self.by_noun

    by_noun: bool = False


# an order number: letters, digits and joints, with a digit in it; never a bare word
_ID = r"(?P<v>(?=[A-Za-z0-9./_-]{0,24}\d)[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,24}[A-Za-z0-9])?(?: - \d{2,6})?)(?![\w]|[./_-]\w)"
_SEP = r"[ \t]*(?:[:#=|,;\t\"]|is|lautet|est|es|ist)?[ \t:#|\"]*"
_NO = r"(?:number|numbers|numero|número|nummer|num|nº|n°|no|nr|ref|reference|referencia|référence|id|#)\.?"
_DAY = r"(?P<v>[^\n|;]{4,40})"
_PO_DE = r"(?:bestell(?:ung)?s?|auftrags|unsere bestellung|kundenbestell)"

# labels that only ever name a wanted day
_WANTED_DATE = (
    r"(?:requested|required|desired|needed|preferred|expected|delivery|deliver|arrival|shipping|shipment|ship|due|wanted|need|in[ -]hands?|receipt|promise)(?:[ _-](?:delivery|ship|shipping|shipment|arrival|receipt))?[ _-](?:dates?|deadline|by|on|before|no later than)(?: date)?|"
    r"(?:date|day) (?:required|requested|needed|wanted|due|of delivery)|(?:must|to) (?:arrive|be delivered|ship|deliver) (?:by|on|before)|(?:requested|required|desired) (?:delivery|shipment|arrival)|delivery (?:requested|required|needed|wanted|due)|needed no later than|"
    r"(?:gewünschter |gewuenschter |spätester |wunsch-?|bedarfs-?|anliefer-?)?liefer-?(?:termin|datum|tag|woche)|wunsch(?:liefer)?(?:termin|datum)|bedarfs(?:termin|datum)|anliefer(?:termin|datum)|anlieferung (?:am|bis)|liefern (?:am|bis)|(?:gewünschte )?lieferung (?:bis|am|zum|spätestens)|eintreffend (?:am|bis)|termin bis|spätestens (?:am|bis|zum)|"
    r"fecha (?:límite|limite|prevista|deseada|solicitada|requerida)?(?: ?(?:de |para )?(?:la )?)(?:entrega|suministro|recepción|envío)(?: solicitada| requerida| deseada| prevista)?|fecha (?:requerida|solicitada|deseada|límite|limite)|entrega (?:para|antes|hasta|deseada|solicitada|prevista|requerida)(?: el| del?)?|entregar (?:antes del?|el|para el)|plazo (?:de )?entrega|día de entrega|"
    r"date (?:de |d['’])?(?:la )?(?:livraison|expédition|réception)(?: souhait[eé]e| demandée| requise| prévue)?|date (?:souhait[eé]e|demandée|requise|limite)(?: de livraison)?|livraison (?:pour |avant |souhait[eé]e |demandée )?le|livraison (?:souhait[eé]e|demandée|avant|prévue)|délai (?:de livraison|souhait[eé])|à livrer (?:le|avant(?: le)?|pour(?: le)?)|livrer (?:avant(?: le)?|le|pour le)|"
    r"data (?:di )?consegna(?: richiesta)?|(?:gewenste )?leverdatum"
)
# words that name it where a colon stands behind them: 'Delivery: March 19', 'Entrega: 20/03/2026'
_WANTED_WORD = r"delivery|deliver|requested|required|needed|due|wanted|eta|lieferung|anlieferung|termin|lieferzeit|liefern|liefer-kw|entrega|plazo|suministro|livraison|échéance|délai|consegna|levering"
_RULES: tuple[tuple[LabelRole, bool, str], ...] = (
    ("po_number", True, rf"\b(?:customer |cust\.? |our |your |the |new )?(?:purchase[ -]?order|p\.?/?o\.?|order)[ _-]*{_NO}{_SEP}{_ID}"),
    ("po_number", True, rf"(?<![\w-])(?:p\.?o\.?|purchase[ -]order|purchase order form|blanket order|bestellung|unsere bestellung|auftrag|pedido|orden de compra|o\.?/?c\.?|bon de commande|commande|ordine|bestelling|inkooporder)[ \t]*[:#]+[ \t]*{_ID}"),
    ("po_number", True, rf"\b{_PO_DE}[ -]?(?:{_NO}|nummer){_SEP}{_ID}|\b(?:bestell|best\.[ -]?)(?:nummer|nr\.?)[ \t]*[:#]?[ \t]*(?P<v2>[A-Za-z0-9][A-Za-z0-9./_-]*\d[A-Za-z0-9./_-]*)"),
    ("po_number", True, rf"\b(?:n[uú]mero|nº|n°|n\.º|no\.?|num\.?|numéro)[ \t]*(?:de|du|del|d')?[ \t]*(?:pedido|orden(?: de compra)?|commande|ordine|bon de commande){_SEP}{_ID}"),
    ("po_number", True, rf"\b(?:pedido|orden de compra|commande|bon de commande|ordine(?: d'acquisto)?|bestelling|inkooporder|bestellung|auftrag|orden)[ \t]*{_NO}{_SEP}{_ID}"),
    # 'PO 4500012345', 'PO-2026-118', 'Bestellung 4711', 'pedido 2026/118'; never 'P.O. Box 12'
    ("po_number", False, r"(?<![\w.-])(?P<v>PO[-_]?[A-Z]{0,3}[-_]?\d[A-Za-z0-9_/-]*)(?![\w]|[./_-]\w)"),
    ("po_number", False, rf"(?<![\w-])(?:p\.?o\.?|purchase order|unsere bestellung|bestellung|nuestro pedido|orden de compra|notre commande|bon de commande|inkooporder)[ \t]+(?!box|nr|no\b){_ID}"),
    # 'our PO is 9913': the verb stands where others put a colon
    ("po_number", True, rf"(?<![\w-])(?:(?:our|the|my|your) (?:p\.?o\.?|purchase order|order)|unsere bestellung|nuestro pedido|notre commande)[ \t]+(?:is|ist|es(?: el| la)?|est(?: la| le)?)[ \t]+(?:number |no\.? |nr\.? |#)?(?!on\b|for\b|not\b)(?=[^\s]*\d){_ID}"),
    ("po_number", False, r"\b(?:our|your|my|the|this|of|for|on|about|cancel|cancell?ing|re:|change|with|existing|revised|status|meine|unserer?|zur|der|die|mein|nuestro|mi|el|su|del|notre|ma|la|votre|de|el pedido) (?:order|bestellung|auftrag|pedido|commande|purchase)[ \t]+(?P<v>(?=[A-Za-z0-9./_-]{4,24})[A-Za-z0-9./_-]*\d[A-Za-z0-9./_-]*[A-Za-z0-9])(?![\w]|[./_-]\w)"),
    ("po_number", False, r"(?:^|\n)[ \t]*(?:order|bestellung|pedido|commande|purchase)[ \t]+(?P<v>(?=[A-Za-z0-9./_-]{4,24})[A-Za-z0-9./_-]*\d[A-Za-z0-9./_-]*[A-Za-z0-9])(?![\w]|[./_-]\w)(?=[ \t]*(?:\n|$|[-–:,(.]))"),
    ("po_date", True, rf"\b(?:(?:purchase[ -]?order|p\.?o\.?|order)[ _]date|date of (?:the )?order|bestelldatum|auftragsdatum|belegdatum|fecha (?:del? )?(?:pedido|orden|compra)|date (?:de (?:la )?)?commande|data (?:dell')?ordine|besteldatum|order datum|dated|vom)(?!\w)[ \t:|,;.\"]*{_DAY}"),
    ("requested_date", True, rf"(?<![\w-])(?:{_WANTED_DATE})(?!\w)(?: ?\([^()\n]{{1,20}}\))?[ \t:|,;.\"\xa0]*{_DAY}"),
    # a bare word that also begins sentences: only with its colon (or cell border) behind it
    ("requested_date", True, rf"(?<![\w-])(?:{_WANTED_WORD})(?: ?\([^()\n]{{1,20}}\))?[ \xa0]*[:|\t][ \t:|\xa0]*{_DAY}"),
    ("currency", True, r"\b(?:currency|curr\.?|währung|waehrung|moneda|divisa|devise|valuta|prices? in|preise in)[ \t:|,;\"]*(?P<v>[A-Z]{3}|[$€£])(?!\w)"),
    ("payment_terms", True, r"\b(?:payment[ _]terms?|terms of payment|zahlungsbedingung(?:en)?|zahlungsziel|zahlbar|condiciones de pago|forma de pago|conditions? de (?:paiement|règlement)|payment)[ \t]*[:|,;\t][ \t|\"]*(?P<v>[^\n|]{2,60})"),
    ("payment_terms", False, r"\b(?P<v>net[ t]*\d{1,3}(?: days)?|\d{1,2}(?:[.,]\d)?%? ?/? ?\d{1,2},? ?net ?\d{1,3}|\d{1,3} tage netto|\d{1,3} days net|\d{1,3} días|à \d{1,3} jours|cash on delivery|payment in advance|vorkasse|prepaid by wire)\b"),
    ("freight_terms", True, r"\b(?:freight[ _]terms?|shipping[ _]terms?|delivery[ _]terms|incoterms?®?|lieferbedingung(?:en)?|condiciones de entrega|conditions de livraison|ship[ _]via|f\.?o\.?b\.?[ _]point|versandart)[ ]*[:|,;][ |\"]*(?P<v>[^\n|\t]{2,60})"),
    ("contract", True, rf"\b(?:contract|blanket(?: order)?|frame(?:work)? agreement|agreement|rahmenvertrag|kontrakt|contrato|contrat|accord[- ]cadre|quote|quotation|offer|angebot|oferta|presupuesto|devis|offre|your quote|ihr angebot)[ \t]*(?:{_NO}|-?nr\.?|-?nummer)?{_SEP}{_ID}"),
    ("customer_number", True, rf"\b(?:customer|account|acct|client|kunden|our account|debitoren|sold[- ]to)[ _-]*(?:{_NO}|nummer|code){_SEP}{_ID}|\b(?:n[uú]mero|nº|n°|no\.?) (?:de )?client[e]?{_SEP}(?P<v2>[A-Za-z0-9-]*\d[A-Za-z0-9-]*)"),
    ("ship_to_code", True, r"\b(?:ship[ -]?to|store|location|site|delivery location|lieferort|lieferstelle|filiale)[ _-]*(?:code|no|nr|id|number|#)\.?[ \t:#|,;\"]*(?P<v>[A-Za-z0-9][A-Za-z0-9_-]{1,20})(?!\w)"),
)  # fmt: skip
_COMPILED: tuple[tuple[LabelRole, bool, re.Pattern[str]], ...] = tuple(
    (role, strong, re.compile(p, re.IGNORECASE)) for role, strong, p in _RULES
)

# units right behind a bare figure make it a quantity, not an order number: 'order 10000 pcs'
_UNIT_BEHIND = re.compile(
    r"[ \t]*(?:ea|pcs?|pieces?|units?|st(?:k|ück)?|box(?:es)?|cartons?|cajas?|uds?|unidades|x\b|×|of\b|rolls?|m\b|kg|stück|pièces|boîtes|pairs?)\b",
    re.IGNORECASE,
)
# order words that are never a verb with the article behind it; 'our order 4711' names it, 'order 4711' may not
_NOUN = re.compile(
    r"(?:p\.?o\.?[-_ \t]|po[-_]?\w|purchase order|(?:unsere[rn]? |meine |zur |der |die )?(?:bestellung|auftrag)\b|(?:our|my) (?:order|purchase)\b|"
    r"(?:nuestro |mi |el |su |del )?pedido\b|orden de compra|(?:notre |ma |la |votre )?(?:commande\b|bon de commande)|inkooporder)",
    re.IGNORECASE,
)
_OTHER_DATE = re.compile(
    r"(?:payment|invoice|quote|quotation|reply|response|offer|confirmation|zahlung|rechnung|pago|factura|paiement|facture)s?[ \t]+(?:is |are )?$",
    re.IGNORECASE,
)
_NOT_AN_ID = re.compile(
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})|\d{1,2}|(?:19|20)\d\d-\d\d-\d\d|\d+[xX]\d+.*)"
)


def find_labelled(text: str, roles: tuple[LabelRole, ...] | None = None) -> tuple[Labelled, ...]:
    """Every labelled fact in a text, strong labels first, then by place."""
    found: list[Labelled] = []
    for role, strong, pattern in _COMPILED:
        if roles is not None and role not in roles:
            continue
        for match in pattern.finditer(text):
            group = "v" if match.group("v") is not None else "v2"
            start, end = match.span(group)
            value = match.group(group)
            trimmed = value.rstrip(" .,;\"'-")
            end = start + len(trimmed)
            if not trimmed or any(f.role == role and f.start == start for f in found):
                continue
            if role in ("po_number", "contract") and _refused(trimmed, text, end, strong):
                continue
            if role == "requested_date" and _OTHER_DATE.search(text[: match.start()][-24:]):
                continue  # 'payment due date', 'invoice date due'
            found.append(
                Labelled(
                    role=role,
                    value=trimmed,
                    start=start,
                    end=end,
                    strong=strong,
                    label_start=match.start(),
                    by_noun=bool(_NOUN.match(match.group().lstrip())),
                )
            )
    return tuple(sorted(found, key=lambda f: (not f.strong, f.start)))


def _refused(value: str, text: str, end: int, strong: bool) -> bool:
    if _NOT_AN_ID.fullmatch(value) and not (strong and value.isdigit()):
        return True
    return (not strong or value.isdigit()) and bool(_UNIT_BEHIND.match(text, end))


def same_number(left: str, right: str) -> bool:
    """Whether two written order numbers are the same: blanks, case, a 'PO' in front and joints do not count."""
    return normal_number(left) == normal_number(right)


def normal_number(value: str) -> str:
    """An order number for comparison."""
    plain = re.sub(r"[^A-Z0-9]", "", value.upper())
    return re.sub(r"^(?:PO|NO|NR)(?=\d)", "", plain)
