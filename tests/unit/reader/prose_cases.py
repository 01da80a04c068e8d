"""Written orders and the lines they hold: (text, ((quantity, unit, part, words of the description), ...))."""

from __future__ import annotations

Expected = tuple[str | None, str | None, str, str]

ENGLISH: tuple[tuple[str, tuple[Expected, ...]], ...] = (
    (
        '200 ea Grade 5 hex cap screws, 1/2-13 x 2", zinc plated',
        (("200", "EA", "", 'Grade 5 hex cap screws, 1/2-13 x 2", zinc plated'),),
    ),
    ("10x BR-6204", (("10", None, "BR-6204", ""),)),
    ("BR-6204: 10 pcs", (("10", "EA", "BR-6204", ""),)),
    ("2 of the big LGMT 2", (("2", None, "LGMT 2", "big LGMT 2"),)),
    ("qty 48 - ABC-123 @ $3.08", (("48", None, "ABC-123", ""),)),
    ("please send a dozen safety helmets", (("1", "DZ", "", "safety helmets"),)),
    (
        "1) 40 x M8x40 bolts zinc\n2) 25 x M10x60 bolts",
        (("40", None, "", "M8x40 bolts zinc"), ("25", None, "", "M10x60 bolts")),
    ),
    (
        "Hi Bob,\n\nplease send:\n- 3 boxes nitrile gloves size L\n- 12 V-belts SPZ 1250\n- BR-6204 - 10\n\nThanks,\nJoe",
        (
            ("3", "BX", "", "nitrile gloves size L"),
            ("12", None, "SPZ 1250", "V-belts SPZ 1250"),
            ("10", None, "BR-6204", ""),
        ),
    ),
    (
        "We need 5 helmets, 3 gloves and 2 boots",
        (("5", None, "", "helmets"), ("3", None, "", "gloves"), ("2", None, "", "boots")),
    ),
    ("5 ea motor, 3 phase, 230V", (("5", "EA", "", "motor, 3 phase, 230V"),)),
    ("hex nuts M10, 500 pcs", (("500", "EA", "", "hex nuts M10"),)),
    (
        "two rolls of 25 m hose and one can of paint",
        (("2", "RL", "", "25 m hose"), ("1", "CN", "", "paint")),
    ),
    ("40 x 60W bulbs", (("40", None, "", "60W bulbs"),)),
    ("Please order 10000 pcs of X-5501", (("10000", "EA", "X-5501", ""),)),
    ("200ea ABC-12345", (("200", "EA", "ABC-12345", ""),)),
    ("item no. 55012 qty 4", (("4", None, "55012", ""),)),
    (
        "PLEASE SEND 12 BOXES GLOVES AND 3 ROLLS TAPE",
        (("12", "BX", "", "GLOVES"), ("3", "RL", "", "TAPE")),
    ),
    ("I'd like to order 6 cases of hand soap, lavender", (("6", "CS", "", "hand soap, lavender"),)),
    ("Can you ship us 4 pallets of road salt by 5 May?", (("4", "PL", "", "road salt"),)),
    ("We also need No. 4 drill bits, 15 pcs", (("15", "EA", "", "No. 4 drill bits"),)),
    ("ten pairs of work boots size 44 and five pairs size 45",
     (("10", "PR", "", "work boots size 44"), ("5", "PR", "", "size 45"))),
    ("100 ft of 3/8\" chain", (("100", "FT", "", '3/8" chain'),)),
    ("25 kg of potassium nitrate", (("25", "KG", "", "potassium nitrate"),)),
    ("Please enter: 6 EA part TX-9981, 8 EA part TX-9982", (("6", "EA", "TX-9981", ""), ("8", "EA", "TX-9982", ""))),
    ("Order for 3 boxes of 100 pcs M6 washers", (("3", "BX", "", "100 pcs M6 washers"),)),
    ("Qty: 7\tDesk lamp, black", (("7", None, "", "Desk lamp, black"),)),
    ("* 2 x pump 230 V 50 Hz\n* 1 x spare impeller for pump", (("2", None, "", "pump 230 V 50 Hz"), ("1", None, "", "spare impeller for pump"))),
    ("- 6204-2RS (20 pcs)\n- 6205-2RS (30 pcs)", (("20", "EA", "6204-2RS", ""), ("30", "EA", "6205-2RS", ""))),
    ("Please supply 15 each of AB-1001", (("15", "EA", "AB-1001", ""),)),
    ("1.5 tonnes of sand", (("1.5", "T", "", "sand"),)),
    ("We'd like 24 bottles of cleaner at 3.85 each", (("24", "BT", "", "cleaner"),)),
    ("Need 12 gloves asap, and 40 m of cable NYM-J 3x1.5", (("12", None, "", "gloves"), ("40", "M", "", "cable NYM-J 3x1.5"))),
    ("ABC-100 x 5\nABC-200 x 12", (("5", None, "ABC-100", ""), ("12", None, "ABC-200", ""))),
    ("ABC-100 qty 5, ABC-200 qty 12", (("5", None, "ABC-100", ""), ("12", None, "ABC-200", ""))),
)  # fmt: skip

GERMAN: tuple[tuple[str, tuple[Expected, ...]], ...] = (
    (
        "bitte 3 Kartons 6204-2RS und 12 Stück Keilriemen SPZ 1250",
        (("3", "CT", "6204-2RS", ""), ("12", "EA", "SPZ 1250", "Keilriemen SPZ 1250")),
    ),
    (
        "wir brauchen 50 m Kabel NYM-J 3x1,5 und 2 Rollen Klebeband 50 mm x 66 m",
        (("50", "M", "", "Kabel NYM-J 3x1,5"), ("2", "RL", "", "Klebeband 50 mm x 66 m")),
    ),
    ("Artikel 4711-22, 15 Stück", (("15", "EA", "4711-22", ""),)),
    ("Hiermit bestellen wir zwei Dutzend Schutzbrillen", (("2", "DZ", "", "Schutzbrillen"),)),
    ("Bitte liefern Sie 1.000 Stk. Sechskantschrauben M8x40 zu 12,50 €/100", (("1000", "EA", "", "Sechskantschrauben M8x40"),)),
    ("Menge: 5 Bohrer 8 mm", (("5", None, "", "Bohrer 8 mm"),)),
    ("1. 10 Paar Handschuhe Größe 9\n2. 4 Eimer Farbe RAL 7035", (("10", "PR", "", "Handschuhe Größe 9"), ("4", None, "", "Farbe RAL 7035"))),
    ("Guten Tag,\nich hätte gerne eine Palette Streusalz.\nVielen Dank", (("1", "PL", "", "Streusalz"),)),
    ("Wir benötigen 20 Flaschen Reiniger à 5 l sowie 3 Säcke Zement", (("20", "BT", "", "Reiniger à 5 l"), ("3", "BG", "", "Zement"))),
    ("Kugellager 6204-2RS: 10 Stück", (("10", "EA", "6204-2RS", "Kugellager"),)),
)  # fmt: skip

SPANISH: tuple[tuple[str, tuple[Expected, ...]], ...] = (
    (
        "ponme 30 cajas del pavimento imitación madera de 20x120",
        (("30", "BX", "", "pavimento imitación madera de 20x120"),),
    ),
    (
        "Necesitamos cien tornillos M8x40 y dos rollos de cinta 50 mm",
        (("100", None, "", "tornillos M8x40"), ("2", "RL", "", "cinta 50 mm")),
    ),
    ("Envíenos por favor 12 uds. de rodamiento 6204-2RS a 3,85 EUR cada uno", (("12", "EA", "6204-2RS", "rodamiento"),)),
    ("Quiero una docena de guantes talla 9 y tres cascos", (("1", "DZ", "", "guantes talla 9"), ("3", None, "", "cascos"))),
    ("- 5 sacos de cemento\n- 2 palés de ladrillo\nGracias", (("5", "BG", "", "cemento"), ("2", "PL", "", "ladrillo"))),
    ("Mándanos 40 metros de cable y 6 botellas de disolvente", (("40", "M", "", "cable"), ("6", "BT", "", "disolvente"))),
    ("Referencia AX-220: 15 unidades", (("15", "EA", "AX-220", ""),)),
)  # fmt: skip

FRENCH: tuple[tuple[str, tuple[Expected, ...]], ...] = (
    ("deux cartons de gants taille 9", (("2", "CT", "", "gants taille 9"),)),
    (
        "Il nous faut 12 roulements 6204-2RS à 3,85 € pièce et 3 boîtes de gants",
        (("12", None, "6204-2RS", "roulements"), ("3", "BX", "", "gants")),
    ),
    ("Merci de nous livrer une douzaine de casques", (("1", "DZ", "", "casques"),)),
    ("Veuillez nous envoyer 10 rouleaux de ruban adhésif 50 mm et 4 palettes de sable", (("10", "RL", "", "ruban adhésif 50 mm"), ("4", "PL", "", "sable"))),
    ("Je voudrais 25 mètres de tuyau 1/2\"", (("25", "M", "", 'tuyau 1/2"'),)),
    ("Réf. TX-100 : 6 pièces\nRéf. TX-200 : 8 pièces", (("6", "EA", "TX-100", ""), ("8", "EA", "TX-200", ""))),
    ("5 x perceuse 18V, 2 x chargeur", (("5", None, "", "perceuse 18V"), ("2", None, "", "chargeur"))),
)  # fmt: skip

NOT_LINES: tuple[str, ...] = (
    "Call me at 555-123-4567 or +49 171 1234567.",
    "Our office is at 21930 SE 51st St, Issaquah, WA 98029.",
    "Delivery by 5 May 2026, please, our PO 4500123456.",
    "We will be closed from 24 December, 10:30 am.",
    "65189 Wiesbaden",
    "The grease LGMT 2 was great.",
    "Size 9, colour RAL 7035, grade 8.8",
    "You can reach me Monday to Friday, 8 - 17 Uhr.",
    "M8x40, 230V, 5 mm, 1/2-13 x 2\"",
    "IBAN DE30 5075 0094 0000 0485 67",
)  # fmt: skip
