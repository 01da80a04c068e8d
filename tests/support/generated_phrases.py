"""How people word orders, in English, German, Spanish and French: the phrases that generated mails are made of."""

from __future__ import annotations

from typing import NamedTuple


class Phrases(NamedTuple):
    """The phrases of one language. {q} quantity, {u} unit, {p} part number, {n} line number."""

    subject: str
    greetings: tuple[str, ...]
    po: tuple[str, ...]
    lead: tuple[str, ...]
    lines: tuple[str, ...]
    asking: tuple[str, ...]
    joint: str
    day: tuple[str, ...]
    place: tuple[str, ...]
    closings: tuple[str, ...]
    tails: tuple[str, ...]  # below the signature: figures that are no order


PHRASES: dict[str, Phrases] = {
    "en": Phrases(
        subject="Order",
        greetings=("Hi,", "Good morning,", "Hello team,", "Hi Tom, hope you are well.", ""),
        po=("PO {po}", "PO number {po}", "Our PO: {po}", "Purchase order no. {po}"),
        lead=(
            "Please ship:",
            "Please enter the following order:",
            "We need:",
            "Please send us the following items:",
        ),
        lines=(
            "{q} {u} {p}",
            "{q} {u} of {p}",
            "{p}, {q} {u}",
            "{p}: {q} {u}",
            "{n}) {p}   {q} {u}",
            "{q} x {p}",
            "{p} - {q} {u}",
            "Item {p}, qty {q} {u}",
        ),
        asking=(
            "Please send {lines}.",
            "We need {lines}, please.",
            "Can you ship {lines} please.",
            "Please deliver {lines}.",
        ),
        joint="and",
        day=("Need by {day}.", "Delivery date: {day}", "Please deliver by {day}.", "Required by {day}"),
        place=("Please ship to our {place}.", "Deliver to: {place}", "Ship to: {place}"),
        closings=("Thanks", "Best regards", "Regards", "Thank you"),
        tails=(
            "This e-mail is confidential. If you are not one of the 3 intended recipients, delete it within 5 days.",
            "On 12 Feb 2026 Orders <orders@northgate.example> wrote:\n> Special offer: 500 rolls TAP-70111 at 5.00\n"
            "> and 90 ea TOL-40311, ref. 88172.",
            "Visit us at booth 4402, trade fair April 21-24!",
        ),
    ),
    "de": Phrases(
        subject="Bestellung",
        greetings=("Guten Tag,", "Hallo,", "Sehr geehrte Damen und Herren,", ""),
        po=("Bestellung {po}", "Bestellnr. {po}", "Unsere Bestellnummer: {po}"),
        lead=(
            "Bitte liefern Sie:",
            "hiermit bestellen wir:",
            "wir benötigen:",
            "bitte senden Sie uns folgende Artikel:",
        ),
        lines=(
            "{q} {u} {p}",
            "{p}, {q} {u}",
            "{p}: {q} {u}",
            "Pos {n}: {p}, {q} {u}",
            "{q} x {p}",
            "{p} - {q} {u}",
        ),
        asking=("Bitte liefern Sie {lines}.", "Wir brauchen {lines}.", "Hiermit bestellen wir {lines}."),
        joint="und",
        day=("Liefertermin: {day}", "Lieferung bis {day}.", "Bitte bis {day} liefern."),
        place=("Lieferadresse: {place}", "Lieferung an {place}.", "Bitte an {place} liefern."),
        closings=("Mit freundlichen Grüßen", "Viele Grüße", "Danke"),
        tails=(
            "Diese E-Mail ist vertraulich. Amtsgericht Stuttgart HRB 24 60 12.",
            "Am 12.02.2026 schrieb Orders <orders@northgate.example>:\n> Angebot: 900 Stück FST-10213 zu 0,30 EUR\n",
            "Besuchen Sie uns auf der Messe, Halle 7, Stand 4402!",
        ),
    ),
    "es": Phrases(
        subject="Pedido",
        greetings=("Buenos días,", "Hola,", "Buenas tardes:", ""),
        po=("Pedido {po}", "Nº de pedido: {po}", "Nuestro pedido {po}"),
        lead=("Por favor, envíennos:", "Necesitamos:", "Queremos pedir:"),
        lines=("{q} {u} {p}", "{q} {u} de {p}", "{p}, {q} {u}", "{p}: {q} {u}", "{q} x {p}"),
        asking=("Por favor, envíennos {lines}.", "Necesitamos {lines}.", "Queremos pedir {lines}."),
        joint="y",
        day=("Fecha de entrega: {day}", "Lo necesitamos para el {day}.", "Entrega el {day}."),
        place=("Entregar en {place}.",),
        closings=("Gracias", "Saludos", "Un saludo"),
        tails=(
            "Mensaje confidencial para sus 3 destinatarios. Registro Mercantil tomo 4402, folio 18.",
            "El 12 feb 2026 Orders <orders@northgate.example> escribió:\n> Oferta: 300 cajas de FLR-60111 a 28,00\n",
        ),
    ),
    "fr": Phrases(
        subject="Commande",
        greetings=("Bonjour,", "Bonjour Madame,", ""),
        po=("Commande {po}", "Notre commande {po}", "N° de commande : {po}"),
        lead=("Veuillez livrer :", "Nous commandons :", "Merci de nous envoyer :"),
        lines=("{q} {u} {p}", "{p} : {q} {u}", "{p}, {q} {u}", "{q} x {p}", "{q} {u} de {p}"),
        asking=(
            "Merci de nous livrer {lines}.",
            "Nous avons besoin de {lines}.",
            "Veuillez envoyer {lines}.",
        ),
        joint="et",
        day=("Livraison souhaitée le {day}", "Date de livraison : {day}", "À livrer avant le {day}."),
        place=("Livrer à {place}.",),
        closings=("Cordialement", "Merci", "Bien cordialement"),
        tails=(
            "Message confidentiel. RCS Lyon 440 218 007, capital de 45 000 euros.",
            "Le 12 févr. 2026, Orders <orders@northgate.example> a écrit :\n> Offre : 300 pièces BRG-20510 à 5,90\n",
        ),
    ),
}

UNIT_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {"EA": ("ea", "pcs", "pieces"), "BX": ("boxes", "bx"), "RL": ("rolls", "rl"), "BG": ("bags",), "PR": ("pairs", "pr"), "PK": ("packs", "pk")},
    "de": {"EA": ("Stück", "Stk", "St."), "BX": ("Schachteln", "Karton"), "RL": ("Rollen",), "BG": ("Sack",), "PR": ("Paar",), "PK": ("Packungen", "VPE")},
    "es": {"EA": ("piezas", "uds", "unidades"), "BX": ("cajas",), "RL": ("rollos",), "BG": ("sacos",), "PR": ("pares",), "PK": ("paquetes",)},
    "fr": {"EA": ("pièces", "pcs"), "BX": ("boîtes",), "RL": ("rouleaux",), "BG": ("sacs",), "PR": ("paires",), "PK": ("paquets",)},
}  # fmt: skip

# Worded as no rule reads them: figures and part numbers apart, in words that count nothing. (text, quotes of its lines)
HARD: dict[str, tuple[tuple[str, tuple[str, str]], ...]] = {
    "en": (
        (
            "Morning - under {po}: the {p1} shelf is bare, fill it back up to where {q1} fit. While at it, {p2}: its twin "
            "bin takes {q2}.",
            ("the {p1} shelf is bare, fill it back up to where {q1} fit", "{p2}: its twin bin takes {q2}"),
        ),
        (
            "Against {po} we would be grateful for two articles, {p1} as well as {p2}; of the former let it be {q1} and "
            "of the latter {q2}.",
            (
                "{p1} as well as {p2}; of the former let it be {q1}",
                "{p2}; of the former let it be {q1} and of the latter {q2}",
            ),
        ),
        (
            "{po}\n\nHere is what goes on the next truck.\nFirst the {p1} (count them: {q1}!).\nThen the {p2} "
            "(count them: {q2}!).",
            ("First the {p1} (count them: {q1}!)", "Then the {p2} (count them: {q2}!)"),
        ),
    ),
    "de": (
        (
            "Moin, zu {po}: das Fach {p1} ist leer, es fasst {q1} davon, macht es bitte voll. Ebenso {p2}, da gehen {q2} "
            "hinein.",
            (
                "das Fach {p1} ist leer, es fasst {q1} davon, macht es bitte voll",
                "Ebenso {p2}, da gehen {q2} hinein",
            ),
        ),
        (
            "Für {po} bitte zwei Artikel, nämlich {p1} und {p2}; vom ersten sollen es {q1} sein, vom zweiten {q2}.",
            (
                "{p1} und {p2}; vom ersten sollen es {q1} sein",
                "{p2}; vom ersten sollen es {q1} sein, vom zweiten {q2}",
            ),
        ),
    ),
    "es": (
        (
            "Buenas, con cargo a {po}: del artículo {p1} ya no queda nada, que vengan {q1}. Del {p2}, lo propio, con "
            "{q2} basta.",
            ("del artículo {p1} ya no queda nada, que vengan {q1}", "Del {p2}, lo propio, con {q2} basta"),
        ),
        (
            "Para {po} dos artículos, {p1} y {p2}; del primero sean {q1} y del segundo {q2}.",
            ("{p1} y {p2}; del primero sean {q1}", "{p2}; del primero sean {q1} y del segundo {q2}"),
        ),
    ),
    "fr": (
        (
            "Bonjour, sur {po} : le casier {p1} est vide, il en contient {q1}, remplissez-le. De même {p2}, là il en "
            "tient {q2}.",
            (
                "le casier {p1} est vide, il en contient {q1}, remplissez-le",
                "De même {p2}, là il en tient {q2}",
            ),
        ),
        (
            "Pour {po} deux articles, {p1} et {p2} ; du premier que ce soit {q1} et du second {q2}.",
            (
                "{p1} et {p2} ; du premier que ce soit {q1}",
                "{p2} ; du premier que ce soit {q1} et du second {q2}",
            ),
        ),
    ),
}
