"""Column headers of order tables in English, German, Spanish, French, Italian and Dutch -> what they hold.

The document is the customer's, so 'our no.' is the buyer's number and 'your no.' is ours.
"""
# ruff: noqa: E501 - word lists, one column role a line

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal

Role = Literal[
    "line_number", "seller_part", "buyer_part", "manufacturer_part", "part", "gtin", "description", "quantity",
    "uom", "unit_price", "price_base", "line_total", "po_number", "po_date", "requested_date", "ship_to_code",
    "currency", "customer_number", "customer_name", "street", "city", "region", "postal_code", "country",
    "note", "discount", "tax", "pack", "ignore",
    # words that need the column's values to be told apart
    "item", "number", "units", "date", "document",
]  # fmt: skip

_OWNERS: tuple[tuple[Role, str], ...] = (
    ("manufacturer_part", r"mfr|mfg|mfgr|manufacturer|manufacturers|manuf|oem|maker|hersteller|fabricante|fabricant|produttore|fabrikant"),
    ("seller_part", r"your|supplier|suppliers|vendor|vendors|seller|sellers|ihre|ihr|lieferanten|lieferant|lief|proveedor|su|sus|vuestro|vuestra|fournisseur|fourn|votre|vos|fornitore|vostro|leverancier|uw"),
    ("buyer_part", r"our|customer|customers|cust|client|buyer|buyers|unsere|unser|eigene|kunden|kunde|kd|besteller|cliente|nuestro|nuestra|comprador|clients|notre|acheteur|nostro|klant|onze|internal|interne|interno"),
)  # fmt: skip
_THING = (
    r"item|items|article|articles|artikel|art|part|parts|product|prod|sku|skus|material|materials|mat|teile|teil|"
    r"sach|ware|waren|produkt|stock|catalog|catalogue|cat|model|modell|clave|bestell|articulo|articulos|producto|pieza|"
    r"modelo|produit|piece|modele|reference|referencia|referenz|ref|articolo|prodotto|codice|codigo|code|cod|onderdeel|style|artikelnr|artnr|varenr|varenummer|indeks|symbol|asin|mpn|pn"
)
_NO = r"no|nos|nr|num|number|numbers|numero|nummer|nummern|code|codigo|cod|codice|id|ref|reference|referencia|referenz|kode"
# joins between an owner and a thing: 'part no of supplier', 'código del proveedor', 'réf. de l'article'
_OF = r"(?:(?:of|del|de|du|des|der|d|l|la|le|el|di|van|by) )*"
_ITEM = rf"(?:(?:{_THING}) )?{_OF}(?:{_THING})(?: (?:{_NO}))?|(?:{_NO}) {_OF}(?:{_THING})"

_NET = r"(?: (?:net|netto|neto|nett|brutto|ht|excl|excl vat|ex vat|ohne mwst|sin iva|hors taxe|excl btw|in))?"
_RULES: tuple[tuple[Role, str], ...] = (
    ("gtin", r"(?:gtin|ean|upc|jan|isbn|barcode|bar code|strichcode|codigo de barras|code barres?)(?: ?\d+)?(?: (?:a|code|codes|upc|ean|gtin))*(?: (?:no|nr|number|nummer))?|item upc|ean upc"),
    ("po_number", r"(?:p o|po|purchase order|customer po|cust po|your order|our order|order|bestell|bestellung|bestellungs|auftrags|kundenauftrag|kundenbestell|pedido|orden de compra|orden|oc|commande|cde|bon de commande|ordine|bestelling|belegnummer bestellung)(?: de compra)? ?(?:no|nr|num|number|nummer|numero|id|ref|reference)|(?:no|numero|num|number|nr)(?: (?:de|du|do|of|der|di))? (?:pedido|commande|zamowienia|orden|orden de compra|ordine|bestellung|purchase order|po|order)|(?:customer|cust|client) (?:po|p o)|po|p o|purchase order|bestellnummer|bestellnr|bestell nr|auftragsnummer|auftragsnr|pedido|ordernummer|bestelnummer|ordrenr|ordrenummer|inkopsorder|purchas(?:e|ing) (?:document|doc)(?: (?:no|nr|number))?"),
    ("po_date", r"(?:po|p o|order|purchase order|document|bestell|bestellungs|auftrags|beleg) ?(?:date|datum)|bestelldatum|auftragsdatum|belegdatum|date (?:de|de la) commande|date commande|date cde|fecha (?:de |del )?(?:pedido|orden|compra)|data (?:dell )?ordine|besteldatum|orderdatum|date of order|ordered on"),
    ("requested_date", r"(?:(?:req|requested|required|need|needed|wanted|delivery|deliver|due|ship|shipping|desired|promised|expected|receipt|arrival|target|schedule|wunsch|liefer|anliefer|bedarfs|soll)(?: by| on)?(?: (?:delivery|ship|receipt|date|termin|datum|by|day|dates))*)|need by date|del date|date (?:required|requested|needed|wanted|due|req|req d)|liefertermin|wunschtermin|lieferdatum|wunschlieferdatum|bedarfstermin|termin|lieferwoche|liefer kw|fecha (?:de )?(?:entrega|requerida|solicitada|suministro)(?: requerida| solicitada)?|plazo(?: de entrega)?|entrega|date (?:de )?(?:livraison|souhaitee|demandee|requise)(?: souhaitee| demandee)?|delai|livraison|data (?:di )?consegna|consegna|leverdatum|gewenste leverdatum|eta"),
    ("price_base", r"(?:price|preis|per|precio|prix) ?(?:per|base|basis|unit qty|einheit|base qty|par|por)|preiseinheit|pe|price unit|preis je|per|pro|je|priced per|price per unit qty|unidad de precio|base precio|unite de prix|price basis"),
    ("line_total", rf"(?:(?:line|extended|ext|total|sub|order|row|gross|position|positions|zeilen|gesamt|pos)(?: (?:line|net|item|price|amt))* ?(?:total|amount|amt|value|price|cost|betrag|preis|summe|wert|extension))|(?:net|netto|item)(?: (?:line|item|price|amt))* ?(?:total|amount|amt|value|betrag|summe|wert)|ext|extended|extension|total|totals|amount|amt|value|betrag|summe|gesamt|gp|g preis|ges preis|wert|gesamtpreis|gesamtbetrag|zeilenbetrag|positionswert|nettowert|netto|warenwert|importe(?: total| neto| linea)?|precio total|total linea|valor|valor total|monto|montant(?: total| net)?|preco total|belopp|radbelopp|belob|linjebelob|belop|wartosc(?: netto)?|prix total|total ligne|total general|importo|prezzo totale|totale|bedrag|totaal|totaalprijs|regeltotaal|subtotal|sub total{_NET}"),
    ("unit_price", r"(?:unit|each|item|net|list|net unit|unit net|sales|buy|purchase|your|stk|einzel|stueck|stuck|einheits|netto|vk|ek|e|einkaufs|listen|nettoeinzel)[ ]?(?:price|cost|rate|preis|pr)(?: net| netto| each| ea)?|netto ep|direct unit cost|cost (?:ea|each|per unit|per piece)|price(?: ea| each| unit| net| per unit| per piece| pc)?|rate|cost|preis|ep|einzelpr|einheitspr|einzelnettopreis|preis netto|preis (?:pro |je )?(?:stuck|stueck|stk|st|einheit|eh|me)|stuckpreis|stueckpreis|preco(?: unitario| unit| un)?|valor unit|(?:a|enhets|styck|stk|st|enheds)[ ]?pris|pris(?: (?:st|stk|per st|pr stk|enhet))?|cena(?: netto| jednostkowa| jedn| jedn netto)?|precio(?: unitario| unidad| unit| ud| neto| por unidad| u)?|p unit|p u|pu|pvp|p unitario|coste(?: unitario)?|prix(?: unitaire| unit| u| net)?|p unitaire|tarif|prezzo(?: unitario| unit)?|prijs|stukprijs|eenheidsprijs|prijs per stuk|valor unitario"),
    ("quantity", r"(?:order|ordered|req|requested|required|total|order line|bestell|best|auftrags|purchase|po|buy|line|ord|liefer)? ?(?:qty|qnty|qnt|quantity|quantities|quant|menge|qte|quantite|qtd|qta|q ta|q te|q ty)(?: (?:ordered|req|req d|required|requested|order|needed|bestellt|commandee|pedida|solicitada|ord|in|pcs|ea|units|each|pz|st|stk))*|menge|anzahl|stuckzahl|stueckzahl|bestellmenge|auftragsmenge|stuck|stueck|stk|pcs|pieces|cantidad(?: pedida| solicitada)?|quantidade|antal|antall|kvantitet|ilosc|cant|cdad|ctd|cantid|unidades|uds|uds pedidas|nombre|nb|nbre|quantita|aantal|hoeveelheid|besteld aantal|ordered|no of units|number of units|how many|nro unidades|amount ordered|count"),
    ("uom", r"(?:order|base|sales|qty|quantity|purchase|bestell|mengen|verkaufs|mass|basis|verpackungs)? ?(?:uom|uo m|u m|unit of measure|units of measure|unit of measurement|uofm|measure unit|einheit|eh|einh|unit code|unit measure|um)|me|mengeneinheit|unidad(?: de medida| medida)?|ud|u|u de m|unite(?: de mesure)?|unita(?: di misura)?|unidade|enhet|enhed|j m|jm|eenheid|uom code|(?:order|base|sales|purchase|ordering|purchasing) unit|meas|measure|qty unit|quantity unit|unit"),
    ("line_number", r"(?:line|ln|item line|po line|order line|row|pos|position|positions|zeile|zeilen|lfd|lf|laufende|linea|ligne|lig|riga|regel|renglon|partida|posicion|seq|sequence|serial|sl|sr|s)(?: item)? ?(?:no|nr|num|number|nummer|numero|id)?|n ligne|no ligne|no de ligne|num linea"),
    ("ship_to_code", r"ship ?to(?: (?:code|id|no|number|location|store|site|loc))?|store(?: (?:no|number|id|code|nr))?|location(?: (?:code|id|no))?|delivery (?:location|site|point|address code)|site|lieferort|lieferstelle|empfangsstelle|filiale|filialnummer|werk|abladestelle|deliver to|dest|destination|destino|tienda|lieu de livraison|magasin|branch|warehouse|depot"),
    ("currency", r"currency(?: code)?|curr|cur|ccy|wahrung|waehrung|whg|moneda|divisa|devise|monnaie|valuta"),
    ("customer_number", r"(?:customer|cust|account|acct|client|buyer|kunden|debitoren|sold to)[ ]?(?:no|nr|number|num|id|code|nummer|numero|account)|kundennr|kundennummer|no client|numero (?:de )?(?:cliente|client)|codigo cliente|klantnummer|sold to"),
    ("customer_name", r"(?:customer|client|buyer|company|kunde|firma)(?: name)?|kundenname|cliente|nombre(?: del)? cliente|nom(?: du)? client|razon social"),
    ("street", r"(?:ship to |delivery )?(?:address|street|addr)(?: ?\d| line ?\d?)?|strasse|adresse|direccion|calle|rue|indirizzo|adres|lieferadresse"),
    ("city", r"(?:ship to )?(?:city|town)|ort|stadt|ciudad|poblacion|ville|citta|plaats"),
    ("region", r"state|province|region|bundesland|provincia|county"),
    ("postal_code", r"(?:postal|post|zip)(?: ?code)?|postcode|plz|codigo postal|cp|code postal|cap"),
    ("country", r"country(?: code)?|land|pais|pays|paese"),
    ("description", r"(?:item|product|article|part|goods|material|short|long|artikel|produkt|line|ware|waren|svc|service)? ?(?:description|descr|desc|descripcion|descrizione|omschrijving|bezeichnung|beschreibung|designation|text|name|details|kurztext|title)(?: (?:of goods|of item|item|goods|produit|article|articulo|del articulo|del producto|de l article|des marchandises|der ware|text|1|2))*|bezeichnung(?: des artikels)?|artikelbezeichnung|warenbezeichnung|benennung|beschreibung|leistung|concepto|detalle|denominacion|descripcion|libelle|intitule|descricao|benamning|beskrivning|beskrivelse|varebetegnelse|nazwa(?: towaru)?|opis|designation|goods|particulars|what|specification"),
    ("note", r"note|notes|remark|remarks|comment|comments|bemerkung|bemerkungen|hinweis|hinweise|anmerkung|observaciones|nota|notas|remarque|remarques|commentaire|commentaires|opmerking|instructions"),
    ("discount", r"(?:disc|discount|rabatt|descuento|dto|dcto|remise|rem|sconto|korting)(?: pct| percent| in)?"),
    ("tax", r"(?:tax|vat|gst|hst|mwst|mw st|ust|iva|tva|btw|sales tax)(?: rate| pct| amount| code| satz| in)?|steuer|steuersatz|impuesto|taxed"),
    ("pack", r"pack(?: ?size)?|packing|pkg|vpe|ve|verpackung|verpackungseinheit|packungsgrosse|units per (?:box|case|carton|pack)|pcs per (?:box|case|carton|pack)|case pack|qty per (?:box|case|carton|pack)|inhalt|envase|colisage|conditionnement"),
    ("number", r"no|nr|number|nummer|numero|num|id|#"),
    ("date", r"date|datum|fecha|data"),
    ("document", r"(?:document|doc|beleg|transaction|reference)(?: ?(?:no|nr|number|nummer|num))|belegnummer|belegnr"),
    ("units", r"units|einheiten|unites"),
    ("ignore", r"weight|gewicht|peso|poids|color|colour|farbe|status|check|available|stock|hts|hs code|country of origin|origin|ursprung|image|photo|bild"),
)  # fmt: skip
_LONG_WORDS: dict[str, Role] = {
    "description": "description", "descripcion": "description", "bezeichnung": "description", "designation": "description",
    "quantity": "quantity", "quantite": "quantity", "cantidad": "quantity", "articleno": "part",
    "partnumber": "part", "itemnumber": "part", "artikelnummer": "part", "referencia": "part", "reference": "part",
    "unitprice": "unit_price", "einzelpreis": "unit_price", "gesamtpreis": "line_total", "liefertermin": "requested_date",
}  # fmt: skip
_COMPILED: tuple[tuple[Role, re.Pattern[str]], ...] = tuple((role, re.compile(p)) for role, p in _RULES)
_ITEM_RE = re.compile(_ITEM)
_BARE_ITEM = re.compile(
    rf"(?:{_THING})(?: (?:{_NO})(?: (?:and|und|et|y|e))?| (?:and|und|et|y|e)) (?:description|descripcion|bezeichnung|beschreibung|designation|descrizione|omschrijving|name)|"
    r"item|items|article|articles|artikel|articulo|articulos|product|products|producto|produit|material|articolo|produkt|ware|prodotto|item no|artikel en omschrijving"
)
_OWNED: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(rf"(?:{owner}) ?(?:{_ITEM}|{_NO})|(?:{_ITEM}|{_NO}) {_OF}(?:{owner})"))
    for role, owner in _OWNERS
)
_MPN = re.compile(
    r"mpn|(?:mfr|mfg|mfgr|manufacturer) pn|hersteller ?(?:teile|artikel)? ?(?:nr|nummer)|manufacturer part"
)


def fold_label(text: str) -> str:
    """A label for comparison: lower case, no accents or punctuation, '#'/'nº' as 'no', camelCase and _ split."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text.strip()) if not text.isupper() else text.strip()
    text = text.lower().replace("ß", "ss")
    text = re.sub(r"\bn[°º]\.?|№|#", " no ", text)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = re.sub(r"\((?:[^()]*)\)|\[[^\]]*\]", " ", text)
    return re.sub(r"[^a-z0-9]+", " ", text).strip()


def column_role(label: str) -> Role | None:
    """What a column with this header holds; None where the header is not one we know."""
    return None if len(label) > _LONGEST else _role(label)


# No header is longer, decoration and all; and a cell that holds a letter is not worth folding.
_LONGEST = 200


@lru_cache(
    maxsize=4096
)  # the cells of a wide sheet are asked about several times each, and many say the same
def _role(label: str) -> Role | None:
    folded = fold_label(label)
    # exports of order lines name the record before the field: 'Order Lines/Quantity', 'Lineitem sku'
    field = re.sub(r"^(?:line ?items?|(?:purchase )?order lines?) (?=[a-z])", "", folded)
    folded = field if field not in ("no", "nr", "number", "id", "total", "amount") else folded
    # a currency or tax word after the name only says how the figure is meant: 'Unit price EUR', 'Prix HT'
    folded = re.sub(
        r" (?:eur|usd|gbp|chf|cad|euro|in eur|in usd|ht|ttc|net|netto|excl vat|ohne mwst|sin iva)$",
        "",
        folded,
    )
    if not folded or len(folded) > 45:
        return None
    folded = re.sub(r"\bp n\b", "pn", folded)  # 'P/N'
    if _MPN.fullmatch(folded):
        return "manufacturer_part"
    for role, pattern in _COMPILED:
        if role in ("gtin", "po_number", "po_date", "customer_number", "customer_name") and pattern.fullmatch(
            folded
        ):
            return role
    if _BARE_ITEM.fullmatch(folded):
        return "item"
    for role, pattern in _OWNED:
        if pattern.fullmatch(folded):
            return role
    for role, pattern in _COMPILED:
        if pattern.fullmatch(folded):
            return role
    compound = re.fullmatch(
        rf"(ihre|unsere|kunden|lieferanten|hersteller)?(?:{_THING})(?:{_NO})", folded.replace(" ", "")
    )
    if compound:
        owner = compound.group(1) or ""
        owned: dict[str, Role] = {
            "ihre": "seller_part", "lieferanten": "seller_part", "unsere": "buyer_part", "kunden": "buyer_part",
            "hersteller": "manufacturer_part",
        }  # fmt: skip
        return owned.get(owner, "part")
    return "part" if _ITEM_RE.fullmatch(folded) else _misspelt(folded)


def _misspelt(folded: str) -> Role | None:
    """The role of a long header word with a typing error or two ('Descripton'), never of a short one."""
    if len(folded) < 7 or " " in folded:
        return None
    close = get_close_matches(folded, _LONG_WORDS, n=1, cutoff=0.85)
    return _LONG_WORDS[close[0]] if close else None
