"""Unit codes: one code of ours for every way customers, X12, EDIFACT and UN/ECE write a unit."""

from __future__ import annotations

import re
import unicodedata

# Our code -> (label, X12 element 355 codes, UN/ECE Rec 20/21 codes, words in en/de/es/fr).
# Sources: ASC X12 data element 355, UN/ECE Recommendations 20 and 21, EDIFACT DE 6411. Ours are X12's where
# X12 has one people know (EA, BX, CS); metric ones are written as people write them (KG, M, L).
_TABLE: dict[str, tuple[str, str, str, str]] = {
    "EA": (
        "each",
        "EA PC PE UN",
        "C62 H87 EA PCE NAR XNAR PC PCS XPC XPP X1A UN ZZ1",
        "each ea szt sztuk pc pcs pce piece pieces unit units item items st stk stck stück stueck stuck stücke stuecke "
        "einheit einheiten u ud uds un und unds unidad unidades pieza piezas pza pzas pz unité unités "
        "unite unites pièce pièces pezzo pezzi stuks nos",
    ),
    "BX": (
        "box",
        "BX",
        "BX XBX XBI",
        "box boxes bx bxs schachtel schachteln caja cajas cja boîte boîtes boite boites scatola scatole dose dosen",
    ),
    "CT": ("carton", "CT", "CT XCT", "carton cartons ctn ctns ct karton kartons kar kart krt cartón cartones"),
    "CS": ("case", "CS CA", "CS XCS XCA", "case cases cs kiste kisten caisse caisses casse"),
    "PK": (
        "pack",
        "PK",
        "PK XPK XPA NMP PA XPX",
        "pack packs pck pk pkt packet packets package packages pkg pkgs packung packungen pckg pack. paket pakete vpe ve "
        "gebinde paquete paquetes pqt paq paquet paquets pacco pacchi",
    ),
    "BG": ("bag", "BG", "BG XBG XSA", "bag bags beutel sack säcke saecke tüte tüten bolsa bolsas sac sacs saco sacos sachet sachets"),
    "RL": ("roll", "RL RO", "RO XRO XRL RL", "roll rolls rl rolle rollen rollo rollos rouleau rouleaux"),
    "PR": ("pair", "PR", "PR NPR", "pair pairs pr prs paar paare par pares paire paires paio paia"),
    "DZ": ("dozen", "DZ", "DZN DZ DPC", "dozen dozens dz doz dzn dutzend docena docenas douzaine douzaines"),
    "HU": ("hundred", "HU C", "CEN HU", "hundred hundreds cien ciento centaine hundert"),
    "TH": ("thousand", "TH M3", "MIL TH T3", "thousand thousands tausend tsd millar millares mille millier milliers"),
    "ST": ("set", "ST SE", "SET XSE KT", "set sets satz sätze saetze garnitur juego juegos jgo kit kits jeu jeux"),
    "BT": ("bottle", "BO BT", "BO XBO XBQ", "bottle bottles btl btls flasche flaschen botella botellas bouteille bouteilles"),
    "CN": ("can", "CN CA1", "CA XCX XCN", "can cans tin tins lata latas canette canettes"),
    "TU": ("tube", "TB TU", "TU XTU", "tube tubes tuben tubo tubos"),
    "DR": ("drum", "DR", "DR XDR", "drum drums fass fässer bidón bidones tambor tambores fût fûts"),
    "PL": ("pallet", "PL", "PF XPF XPX1 PX", "pallet pallets plt palette paletten pal palé palés tarima tarimas palettes"),
    "SH": ("sheet", "SH", "ST XST", "sheet sheets platte platten blatt plancha planchas hoja hojas feuille feuilles plaque plaques"),
    "FT": ("foot", "FT LF", "FOT LF", "ft foot feet pie pies"),
    "IN": ("inch", "IN", "INH", "inch inches zoll pulgada pulgadas pouce pouces"),
    "YD": ("yard", "YD", "YRD", "yard yards yd yds"),
    "M": ("metre", "MR ME", "MTR LM", "m mtr mtrs meter metre meters metres lfm lfdm metro metros mètre mètres ml1"),
    "CM": ("centimetre", "CM", "CMT", "cm zentimeter centímetro centímetros centimètre centimètres"),
    "MM": ("millimetre", "MM", "MMT", "mm millimeter milímetro milímetros millimètre"),
    "M2": ("square metre", "SM", "MTK", "m2 m² sqm qm quadratmeter metro_cuadrado metros_cuadrados mètre_carré mètres_carrés"),
    "RM": ("ream", "RM", "RM XRM", "ream reams ries resma resmas rame rames"),
    "SF": ("square foot", "SF", "FTK", "sqft sf sq_ft square_feet square_foot pie_cuadrado pies_cuadrados"),
    "M3": ("cubic metre", "CR", "MTQ", "m3 m³ cbm kubikmeter"),
    "KG": ("kilogram", "KG", "KGM", "kg kgs kilo kilos kilogram kilograms kilogramm kilogramo kilogramos kilogramme kilogrammes"),
    "G": ("gram", "GR", "GRM", "g gr gram grams gramm gramo gramos gramme grammes"),
    "LB": ("pound", "LB", "LBR", "lb lbs pound pounds libra libras"),
    "OZ": ("ounce", "OZ", "ONZ", "oz ounce ounces"),
    "T": ("tonne", "TN1 MT", "TNE", "tonne tonnes t tonelada toneladas"),
    "L": ("litre", "LT", "LTR", "l ltr liter litre liters litres litro litros"),
    "ML": ("millilitre", "ML", "MLT", "ml milliliter millilitre mililitro"),
    "GA": ("gallon", "GA", "GLL GAL", "gallon gallons gal gals galón galones"),
    "QT": ("quart", "QT", "QT QTI", "quart quarts qt"),
    "HR": ("hour", "HR", "HUR", "hour hours hr hrs stunde stunden std hora horas heure heures"),
    "DA": ("day", "DA", "DAY", "day days tag tage día días jour jours"),
}  # fmt: skip


def _fold(text: str) -> str:
    """Lower case, no accents, no dots, inner blanks as one underscore."""
    text = unicodedata.normalize("NFKD", text.strip().lower()).replace("ß", "ss")
    text = "".join(c for c in text if not unicodedata.combining(c))
    return re.sub(r"\s+", "_", text.strip(".").replace(".", ""))


def _index(column: int) -> dict[str, str]:
    index: dict[str, str] = {}
    for code, row in _TABLE.items():
        for word in row[column].split():
            index.setdefault(word.upper() if column < 3 else _fold(word), code)
    return index


_X12, _UNECE, _WORDS = _index(1), _index(2), _index(3)

UNIT_CODES = frozenset(_TABLE)


def unit_from_word(word: str) -> str | None:
    """Our code for a unit as written in prose or a table header; None where it is not one we know."""
    return _WORDS.get(_fold(word)) or (word.upper() if word.upper() in _TABLE else None)


def unit_from_x12(code: str) -> str | None:
    """Our code for an X12 element 355 code; falls back to UN/ECE, which partners mix in."""
    code = code.strip().upper()
    return _X12.get(code) or (code if code in _TABLE else None) or _UNECE.get(code)


def unit_from_unece(code: str) -> str | None:
    """Our code for a UN/ECE Rec 20/21 code (UBL, EDIFACT, openTRANS, Order-X, cXML)."""
    code = code.strip().upper()
    return _UNECE.get(code) or _X12.get(code) or (code if code in _TABLE else None)


def unit_label(code: str) -> str:
    """The unit's English name for messages; the code itself where it is not ours."""
    return _TABLE[code][0] if code in _TABLE else code


def unit_words() -> tuple[str, ...]:
    """Every folded unit word, longest first, for readers that look for units in prose."""
    return tuple(sorted(_WORDS, key=len, reverse=True))


def fold_unit(word: str) -> str:
    """A unit word as `unit_words` holds it."""
    return _fold(word)
