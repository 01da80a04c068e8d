"""Words the reader knows in English, German, Spanish and French: numbers, order verbs, separators, closings."""
# ruff: noqa: E501 - word lists

from __future__ import annotations

import re

# Number words. 'a', 'ein', 'un' count as one only in front of a unit (a dozen, ein Karton, un carton).
_NUMBERS = {
    1: "one eins uno", 2: "two zwei zwo dos deux", 3: "three drei tres trois", 4: "four vier cuatro quatre",
    5: "five fünf fuenf cinco cinq", 6: "six sechs seis", 7: "seven sieben siete sept", 8: "eight acht ocho huit",
    9: "nine neun nueve neuf", 10: "ten zehn diez dix", 11: "eleven elf once onze", 12: "twelve zwölf zwoelf doce douze",
    13: "thirteen dreizehn trece treize", 14: "fourteen vierzehn catorce quatorze", 15: "fifteen fünfzehn quince quinze",
    16: "sixteen sechzehn dieciséis seize", 18: "eighteen achtzehn dieciocho", 20: "twenty zwanzig veinte vingt",
    24: "veinticuatro", 25: "fünfundzwanzig veinticinco", 30: "thirty dreißig dreissig treinta trente",
    40: "forty vierzig cuarenta quarante", 50: "fifty fünfzig cincuenta cinquante", 60: "sixty sechzig sesenta soixante",
    100: "hundred hundert einhundert cien cent", 200: "zweihundert doscientos doscientas", 500: "fünfhundert quinientos",
    1000: "thousand tausend mil mille",
}  # fmt: skip
_SIMPLE = {word: value for value, words in _NUMBERS.items() for word in words.split()}


def _compounds() -> dict[str, int]:
    """'twenty-five', 'fünfundzwanzig', 'treinta y cinco', 'vingt-cinq': tens and ones of each language."""
    tens = {
        "en": "twenty thirty forty fifty sixty seventy eighty ninety",
        "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
        "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
        "fr": "vingt trente quarante cinquante soixante",
    }
    ones = {
        "en": "one two three four five six seven eight nine", "de": "ein zwei drei vier fünf sechs sieben acht neun",
        "es": "uno dos tres cuatro cinco seis siete ocho nueve", "fr": "un deux trois quatre cinq six sept huit neuf",
    }  # fmt: skip
    words: dict[str, int] = {}
    for language, row in tens.items():
        for ten, ten_word in enumerate(row.split(), start=2):
            words[ten_word] = ten * 10
            for one, one_word in enumerate(ones[language].split(), start=1):
                value = ten * 10 + one
                if language == "de":
                    words[f"{one_word}und{ten_word}"] = value
                elif language == "es":
                    words[f"{ten_word} y {one_word}"] = value
                else:
                    words[f"{ten_word}-{one_word}"] = value
    return words


NUMBER_WORDS: dict[str, int] = {**_SIMPLE, **_compounds()}
ONE_BEFORE_UNIT = frozenset(["a", "an", "ein", "eine", "einen", "einer", "un", "una", "une"])
# Words that count packages we have no code for: kept as stated, for the customer or a clerk to settle.
UNKNOWN_UNITS = frozenset(
    [
        "gross",
        "ream",
        "reams",
        "skid",
        "skids",
        "truckload",
        "truckloads",
        "container",
        "containers",
        "bundle",
        "bundles",
        "coil",
        "coils",
        "spool",
        "spools",
        "jar",
        "jars",
        "tray",
        "trays",
        "tub",
        "tubs",
        "bucket",
        "buckets",
        "pail",
        "pails",
        "crate",
        "crates",
        "lot",
        "lots",
        "eimer",
        "bund",
        "bünde",
        "spule",
        "spulen",
        "kanister",
        "fardo",
        "fardos",
        "cubo",
        "cubos",
        "bobina",
        "bobinas",
        "garrafa",
        "garrafas",
        "bidon",
        "bidons",
        "seau",
        "seaux",
        "bobine",
        "bobines",
        "botte",
        "bottes",
    ]
)
# No number at all, yet a wish: to be asked, never guessed.
VAGUE = re.compile(
    r"\b(?:a couple of|a couple|a few|few|several|some|plenty of|enough|ein paar|einige|mehrere|etwas|genügend|"
    r"unos cuantos|unas cuantas|algunos|algunas|varios|varias|unos|unas|un par de|quelques|plusieurs|une paire de|un peu de)\b",
    re.IGNORECASE,
)

# Words that show that what stands before a quantity is a request, not an article.
REQUEST = re.compile(
    r"\b(?:please|pls|plz|send|ship|need|needs|order|ordering|reorder|want|like|get|supply|deliver|quote|add|would|could|can|"
    r"we|i|us|me|you|our|my|hi|hello|dear|hey|also|following|require|required|requesting|purchase|buy|take|book|enter|"
    r"bitte|sende[nt]?|schick(?:en|t|e)?|liefer(?:n|t|e)?|brauch(?:en|e|t)?|benötig(?:en|e|t)|bestell(?:en|e|t)?|hätte[n]?|bräuchte[n]?|würde[n]?|wollen|möchte[n]?|"
    r"wir|ich|uns|mir|sie|ihr|hallo|guten|sehr|hiermit|nehmen|folgende[ns]?|außerdem|noch|gerne|"
    r"por|favor|ponme|ponnos|pon|poned|mándame|mandame|mándanos|mandanos|envíame|enviame|envíanos|envianos|enviar|envíen|"
    r"necesito|necesitamos|quiero|queremos|quisiera|quisiéramos|querría|querríamos|quería|queríamos|pedir|encargar|comprar|pido|pedimos|solicito|solicitamos|nos|me|hola|buenos|buenas|"
    r"necesitaría|necesitaríamos|también|además|podéis|pueden|puede|servir|sírvanse|gustaría|"
    r"merci|veuillez|envoyer|envoyez|livrer|livrez|besoin|commander|commande|commandons|voudrais|voudrions|souhaite|souhaitons|aimerais|aimerions|passer|"
    r"il|faut|faudrait|je|nous|vous|bonjour|aussi|également|pouvez|fournir|prendre|prendrai|svp|plaît)\b",
    re.IGNORECASE,
)
ORDER_VERB = re.compile(
    r"\b(?:(?:please |pls |could you |can you |kindly )(?:send|ship|supply|deliver|order|book|enter|get|process|add|provide)|(?:we|i)(?:'d| would)? (?:need|want|require|order|like|take)|"
    r"(?:need|want|like) to (?:order|buy|purchase)|(?:place|placing) (?:an|the|this|our|my|a new|the following) order|purchase order|new order|here is (?:our|my|the|an) (?:new )?order|our order|"
    r"order:|to order|order for|send (?:me|us)|ship (?:me|us)|put me down for|i'll take|we'll take|can i get|can we get|requesting|"
    r"bestell(?:ung|en|e|t)?\b|hiermit bestelle|liefern sie|(?:schicken|senden) sie|wir (?:brauchen|benötigen|möchten|bräuchten|hätten)|ich (?:brauche|benötige|möchte|bräuchte|hätte)|bitte (?:um|liefern|senden|schicken|bestellen|\d)|brauchen wir|"
    r"pedido|pedimos|ponme|ponnos|pon(?:er)?me|mánd[ae](?:me|nos)|mand[ae](?:me|nos)|envía(?:me|nos)|envia(?:me|nos)|envíen(?:os|nos)|necesit(?:o|amos|aría|aríamos)|quer(?:emos|ría|ríamos)|quiero|quisiera|solicit(?:o|amos)|hacer un pedido|orden de compra|nos hacen falta|me hace falta|"
    r"command(?:e|er|ons|ez)|bon de commande|il (?:nous|me) (?:faut|faudrait)|(?:nous|j')\s?(?:avons|ai) besoin|je (?:voudrais|souhaite|commande)|nous (?:voudrions|souhaitons|commandons)|(?:veuillez|merci de)(?: bien vouloir)?(?: nous| me)? (?:envoyer|livrer|expédier|fournir|faire)|envoyez-(?:moi|nous)|livrez-nous)",
    re.IGNORECASE,
)  # fmt: skip
FILLER = re.compile(
    r"^(?:[\s,.:;–—=*•>|)!?-]|\b(?:of|de|d['’]|du|des|del|vom|von|please|pls|thanks|thank you|bitte|danke|por favor|gracias|svp|s'il vous plaît|merci|"
    r"and|und|y|et|sowie|plus|also|auch|además|aussi|the|die|der|das|den|el|la|los|las|le|les|each|x|ea|units|zu|noch|je|für uns|for us|as well|asap|"
    r"pour nous|para nosotros|again|wieder|too|more|mehr|más|weitere)\b)+",
    re.IGNORECASE,
)
FILLER_END = re.compile(
    r"(?:[\s,.:;–—=*•|(!?@-]|\b(?:please|pls|thanks|thank you|bitte|danke|por favor|gracias|svp|s'il vous plaît|s'il te plaît|merci|"
    r"and|und|y|et|sowie|plus|also|auch|además|aussi|of|the|qty|quantity|menge|anzahl|cantidad|cant|qté|quantité|as well|too|asap|dann|then|"
    r"as usual|for us|again|at|à|zu|je|by|(?-i:a)|if in stock|if available|bis|for|für|para|pour|on|am|por|to|per|por|need|needed|required|with delivery|delivery|deliver|"
    r"lieferung|liefern|zum|entrega|livraison|livrés?|le|el|ship|shipped|total|=|price|preis|precio|prix|"
    r"before|until|before the|avant|antes del?|next|vor)\b)+$",
    re.IGNORECASE,
)
# What counts a feature of one article, never articles: '3 phase', '6 pack', '4-polig'.
FEATURE = re.compile(
    r"(?:st|nd|rd|th)\b|[ -]?(?:phase|phasig|pole|polig|pin|way|wege|port|ply|lagig|core|adrig|wire|strand|speed|stage|stufig|gang|gauge|ga|grit|körnung|"
    r"tpi|teeth|zähne|hole|loch|channel|kanal|layer|pack|piece set|pc set|teilig|tlg|er[ -]?pack|er[ -]?set|er|fach|count|ct\.|year|years|jahre|"
    r"hilos|polos|fases|vías|agujeros|dientes|años|pôles?|brins?|plis|trous|voies|dents|ans|phases?|x daily|o'clock|uhr|"
    r"d|k|khz|mhz|ghz|rpm|hp|ps|cv|ch|days?|weeks?|months?|hours?|tage|wochen|monate|stunden|días|semanas|meses|horas|jours|semaines|mois|heures|"
    r"times|mal|veces|fois|percent|prozent|minutes|minuten)\b",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"^[\s*_]*(?:--+\s*$|_{5,}|(?:(?:many |kind |best |warm |with kind |with best )?(?:regards|wishes)|cheers|sincerely|yours (?:truly|sincerely|faithfully)|"
    r"thanks(?: and regards| in advance| so much| again)?|thank you(?: very much| in advance)?|many thanks|thx|cordially|best|"
    r"(?:mit |viele |beste |schöne |freundliche |liebe |herzliche )*(?:freundlichen |besten )?grüße?n?|mfg|lg|vg|vielen dank(?: im voraus)?|danke(?: schön| im voraus)?|"
    r"saludos(?: cordiales)?|un saludo|cordiales saludos|atentamente|gracias(?: de antemano)?|muchas gracias|un cordial saludo|"
    r"cordialement|bien cordialement|bien à vous|salutations(?: distinguées)?|sincères salutations|merci(?: d'avance| beaucoup)?|"
    r"sent from my .*|von meinem .* gesendet|enviado desde mi .*|envoyé (?:de|depuis) mon .*))[\s,.!*]*(?:[A-ZÄÖÜÉ][\w.'-]+(?: [A-ZÄÖÜÉ][\w.'-]+)?)?[\s.!,]*$",
    re.IGNORECASE,
)  # fmt: skip
SAME_AS_BEFORE = re.compile(
    r"\b(?:(?:the )?same (?:as|like) (?:last|the last|before|usual|always|in)[\w ]{0,20}|same (?:order|again)|the usual(?: order)?|as usual|repeat (?:of )?(?:our |the |my )?(?:last |previous )?order|like last (?:time|month|week)|"
    r"(?:das(?:selbe|gleiche)?|dasselbe|das gleiche|alles) ?wie (?:immer|beim letzten mal|letztes mal|gehabt|letzten monat|zuletzt|üblich)|wie (?:immer|gehabt|beim letzten mal|letztes mal|üblich)|dasselbe wie|die übliche (?:bestellung|menge)|"
    r"lo (?:de siempre|mismo(?: de siempre| que (?:la última vez|siempre|el mes pasado))?)|(?:el )?pedido (?:de siempre|habitual)|igual que (?:la última vez|siempre)|como siempre|"
    r"comme d['’]habitude|(?:la )?même (?:commande|chose)(?: que(?: la dernière fois)?)?|comme la dernière fois|la commande habituelle)\b",
    re.IGNORECASE,
)


def fold(text: str) -> str:
    """Lower case; the length stays, so offsets stay true."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower()[:1] for c in text)
