"""What a model that reads well would answer to the mails of tests/support/free_text_mails.py, one reading a mail.

A line is 'quote # part # quantity # unit # date', lines stand between ';;'. A quote that ends a header entry is
where the value stands: 'value @ quote'.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from agents.reader.model.answer import OrderReading, Quoted, ReadLine
from orderdesk.domain.orders import Intent
from tests.support.free_text_mails import MAILS, Mail


class Answer(NamedTuple):
    """One mail's reading; `starts` is how its text begins, so that a moved mail is noticed."""

    starts: str
    lines: str = ""
    day: str = ""
    ship_to: str = ""
    intent: Intent = "new_order"


# fmt: off
ANSWERS: tuple[Answer, ...] = (
    Answer("hi, pls send 40", "40 rolls TAP-70110 # TAP-70110 # 40 # rolls;;80 rolls TAP-70210 # TAP-70210 # 80 # rolls"),
    Answer("Please ship:", "450 ea FST-10120 # FST-10120 # 450 # ea;;400 ea FST-10310 # FST-10310 # 400 # ea;;10 rolls CLN-80210 # CLN-80210 # 10 # rolls", "2026-03-20 @ Need by March 20."),
    Answer("Please enter", "30 ea SAF-50210 # SAF-50210 # 30 # ea;;6 ea TOL-40311 # TOL-40311 # 6 # ea", "", "Fort Wayne plant @ for our Fort Wayne plant"),
    Answer("PO RC-77600", "40 ea BRG-20410 # BRG-20410 # 40 # ea;;30 ea SEA-30110 # SEA-30110 # 30 # ea", "2026-03-20 @ Delivery date: 03/20/2026", "Redwood Conveyor Systems, Reno service depot, 75 Coney Island Drive, Sparks, NV 89431 @ Redwood Conveyor Systems Reno service depot 75 Coney Island Drive Sparks, NV 89431"),
    Answer("Hi, please deliver", "40 x BRG-20410 # BRG-20410 # 40", "2026-03-18 @ by March 18", "Reno depot @ to our Reno depot"),
    Answer("Please send 24", "24 RL of LK-DUCT-S # LK-DUCT-S # 24 # RL;;60 rl LK-TEF12 # LK-TEF12 # 60 # rl"),
    Answer("PO number RC-77610", "0459-2041   60 ea # 0459-2041 # 60 # ea;;0459-2051   50 ea # 0459-2051 # 50 # ea;;0650-2547   40 ea # 0650-2547 # 40 # ea"),
    Answer("Thanks for your quote", "20 ea BRG-20510 # BRG-20510 # 20 # ea;;10 ea BRG-21010 # BRG-21010 # 10 # ea"),
    Answer("pls send 40 x", "40 x TAP-70110 # TAP-70110 # 40;;6 x TOL-40310 # TOL-40310 # 6"),
    Answer("40 rolls TAP-70110\n\nThis", "40 rolls TAP-70110 # TAP-70110 # 40 # rolls"),
    Answer("Hi Tom,", "40 rolls tap-70110 # TAP-70110 # 40 # rolls;;5 tol-40310 # tol-40310 # 5", "2026-03-20 @ by 3/20/26"),
    Answer("PO HF-26-0420", "20 ea BRG-20510 # BRG-20510 # 20 # ea", "", "Fort Wayne plant, 815 Bueter Road, Fort Wayne, IN 46803 @ Ship to: Fort Wayne plant, 815 Bueter Road, Fort Wayne, IN 46803."),
    Answer("PO HF-26-0421", "20 ea BRG-20510 # BRG-20510 # 20 # ea", "", "Fort Wayne, IN 46803 @ Fort Wayne, IN 46803"),
    Answer("PO HF-26-0422", "20 ea BRG-20510 # BRG-20510 # 20 # ea"),
    Answer("PO HF-26-0423", "20 ea BRG-20510 # BRG-20510 # 20 # ea"),
    Answer("Please send about", "about 40 rolls TAP-70110 # TAP-70110 #  # rolls"),
    Answer("We need 10-15", "10-15 ea TOL-40310 # TOL-40310 #  # ea"),
    Answer("Send up to 50", "up to 50 TAP-70110 rolls # TAP-70110 #  # rolls"),
    Answer("Please send either", ""),
    Answer("PO HF-26-0430", ""),
    Answer("Price check", "40 x BRG-20510 # BRG-20510 # 40;;20 x BRG-21010 # BRG-21010 # 20", intent="quote_request"),
    Answer("We received your", intent="other"),
    Answer("Please cancel line 3", intent="change_order"),
    Answer("Please find attached", intent="other"),
    Answer("Please send 100 rolls", "100 rolls TAP-70110 # TAP-70110 # 100 # rolls"),
    Answer("PO HF-26-0431", "100 ea BRG-20510: 60 on March 16 and 40 on March 30. # BRG-20510 # 60 # ea # 2026-03-16;;100 ea BRG-20510: 60 on March 16 and 40 on March 30. # BRG-20510 # 40 # ea # 2026-03-30"),
    Answer("Please send 40 rolls TAP-70110 by Friday", "40 rolls TAP-70110 by Friday # TAP-70110 # 40 # rolls # 2026-03-06;;5 ea TOL-40310 by March 20 # TOL-40310 # 5 # ea # 2026-03-20"),
    Answer("Please send a few", "a few rolls of TAP-70110 # TAP-70110 #  # rolls"),
    Answer("Provisional order", "40 rolls TAP-70110 # TAP-70110 # 40 # rolls"),
    Answer("TAP-70110 qty 40", "TAP-70110 qty 40 or 50 # TAP-70110"),
    Answer("Do you have 40", intent="other"),
    Answer("Please do not send", intent="other"),
    Answer("We want to return", intent="other"),
    Answer("40 rolls TAP-70110 a month", "40 rolls TAP-70110 # TAP-70110 # 40 # rolls"),
    Answer("1.000 rolls", "1.000 rolls TAP-70110 # TAP-70110 # 1000 # rolls"),
    Answer("Please order the below", "20 ea BRG-20510 # BRG-20510 # 20 # ea"),
    Answer("40 TAP-70110 rolls", "40 TAP-70110 rolls # TAP-70110 # 40 # rolls"),
    Answer("forty rolls", "forty rolls of TAP-70110 # TAP-70110 # 40 # rolls;;twenty-five TAP-70210 rolls # TAP-70210 # 25 # rolls"),
    Answer("Please send 40 rolls TAP-70110.\n\nRegards", "40 rolls TAP-70110 # TAP-70110 # 60 # rolls"),
    Answer("PO HF-26-0500", "20 ea BRG-20510 # BRG-20510 # 20 # ea", "", "Fort Wayne @ These go to Fort Wayne this time."),
    Answer("PO HF-26-0503", "20 ea BRG-20510 # BRG-20510 # 20 # ea", "", "Fort Wayne plant @ Attn: Marcus, Fort Wayne plant"),
    Answer("Bestellung 4500020001", "20 Stück BRG-20610 # BRG-20610 # 20 # Stück", "", "Leonberg @ bitte nach Leonberg liefern"),
    Answer("PO HF-26-0504", "10 ea BRG-20510 to Toledo # BRG-20510 # 10 # ea;;10 ea BRG-20510 to Fort Wayne # BRG-20510 # 10 # ea"),
    Answer("PO HF-26-0510", "20 ea BRG-20510 # BRG-20510 # 20 # ea", "2026-03-18 @ Needed on site by March 18"),
    Answer("PO HF-26-0515", "20 ea BRG-20510 - March 12 # BRG-20510 # 20 # ea # 2026-03-12;;10 ea BRG-21010 - March 26 # BRG-21010 # 10 # ea # 2026-03-26"),
    Answer("PO HF-26-0517", "20 ea BRG-20510 # BRG-20510 # 20 # ea", "2026-03-14 @ Requested delivery date: 03/14/2026"),
    Answer("2 cases TAP-70110", "2 cases TAP-70110 (50 rolls) # TAP-70110 # 2 # cases"),
    Answer("40+10 rolls", "40+10 rolls TAP-70110 # TAP-70110 # 50 # rolls"),
    Answer("Item | Qty ordered", intent="other"),
    Answer("1) TAP-70110 40", "TAP-70110 40 rolls # TAP-70110 # 40 # rolls;;TAP-70210 80 rolls # TAP-70210 # 80 # rolls;;ditto black 12 #  # 12"),
    Answer("PO HF-26-0524", "20 ea HF-4471 pillow block bearing # HF-4471 # 20 # ea"),
    Answer("PO HF-26-0525", "20 ea BRG-20510 (your part) / HF-4472 (our part) # BRG-20510 # 20 # ea"),
    Answer("PO RC-77711", "40 ea BRG-20410 # BRG-20410 # 40 # ea"),
    Answer("PO RC-77712", "40 ea BRG-20410 # BRG-20410 # 40 # ea"),
    Answer("Please send TAP-70110 and", "TAP-70110 and TAP-70111, 24 rolls each # TAP-70110 # 24 # rolls;;TAP-70111, 24 rolls each # TAP-70111 # 24 # rolls"),
    Answer("If you can do", ""),
    Answer("Let me know if", "40 rolls TAP-70110 # TAP-70110 # 40 # rolls"),
    Answer("Attached is the flyer", intent="other"),
    Answer("Test order", intent="other"),
    Answer("40 rolls TAP-70110\n\nOn 26", "40 rolls TAP-70110 # TAP-70110 # 40 # rolls"),
    Answer("Guten Tag,", "500 Stück FST-10210 # FST-10210 # 500 # Stück;;300 Stück FST-10211 # FST-10211 # 300 # Stück;;10 Karton FST-10320 # FST-10320 # 10 # Karton", "2026-03-20 @ Liefertermin: 20.03.2026"),
    Answer("Bestellnr. 4500019002", "M-100840, 500 Stk # M-100840 # 500 # Stk;;M-300547, 40 Stk # M-300547 # 40 # Stk", "2026-03-18 @ bis 18.03.2026", "Werk 2, Leonberg @ Lieferung an Werk 2, Leonberg"),
    Answer("Unsere Bestellung 4500019003", "20 Stück BRG-20610 # BRG-20610 # 20 # Stück;;50 Stück SEA-30110 # SEA-30110 # 50 # Stück", "2026-03-20 @ bis KW 12"),
    Answer("Bestellung 4500019005", "ca. 500 Stück FST-10210 # FST-10210 #  # Stück"),
    Answer("Bestellung 4500019006", "1.000 Stück FST-10210 zu 0,20 €/Stk # FST-10210 # 1000 # Stück #  # 0.20"),
    Answer("In der Lieferung", intent="other"),
    Answer("Bestellung 4500019007", ""),
    Answer("Bestellung 4500019012", "50 Stück SEA-30110 # SEA-30110 # 50 # Stück"),
    Answer("Bestellung 4500019013", "20 Stück BRG-20610 # BRG-20610 # 20 # Stück", "", "Werk 2 @ für unser Werk 2"),
    Answer("Vielen Dank für die Lieferung", intent="other"),
    Answer("Buenos días, ponme", "30 cajas FLR-60110 # FLR-60110 # 30 # cajas;;25 sacos FLR-60210 # FLR-60210 # 25 # sacos"),
    Answer("Mándame entre", "entre 20 y 30 cajas de FLR-60110 # FLR-60110 #  # cajas"),
    Answer("30 cajas de FLR-60110 o", ""),
    Answer("Nos han llegado", intent="other"),
    Answer("30 cajas FLR-60110, entrega", "30 cajas FLR-60110 # FLR-60110 # 30 # cajas"),
    Answer("OC: 8813", "24 rollos TAP-70110 # TAP-70110 # 24 # rollos;;15 cajas SAF-50111 # SAF-50111 # 15 # cajas", "2026-03-20 @ entrega 20 de marzo"),
    Answer("Bonjour,\n\nNotre", "12 pièces RM-55012 # RM-55012 # 12 # pièces;;6 pièces RM-55013 # RM-55013 # 6 # pièces", "2026-03-20 @ Livraison souhaitée le 20/03/2026"),
    Answer("Commande CMD-2026-34", ""),
    Answer("Nous avons reçu", intent="other"),
    Answer("Commande CMD-2026-36", "12 roulements BRG-20610 # BRG-20610 # 12", "2026-03-20 @ pour vendredi 20 mars"),
    Answer("Commande CMD-2026-39", "10 à 15 pièces BRG-20610 # BRG-20610 #  # pièces"),
    Answer("Commande CMD-2026-40", "12 pièces BRG-20610 # BRG-20610 # 12 # pièces", "", "usine de Grenoble @ à livrer à notre usine de Grenoble"),
    Answer("Bestellung 4500020010", "20 Stück BRG-20610 # BRG-20610 # 20 # Stück"),
    Answer("Commande CMD-2026-51", "12 pièces BRG-20610 # BRG-20610 # 12 # pièces"),
)
# fmt: on
_ORDER_NUMBER = re.compile(
    r"(?:\bPO(?: number)? |Bestell(?:ung|nr\.) |OC:? |commande |Commande )((?:[A-Z]{2,3}-)?[\d-]{4,})"
)


def honest(index: int) -> OrderReading:
    """The reading of a mail, as a model that reads well returns it."""
    answer, given = ANSWERS[index], MAILS[index]
    assert given.text.startswith(answer.starts), f"mail {index} is {given.text[:30]!r}, not {answer.starts!r}"
    lines = [_line(row) for row in answer.lines.split(";;") if row]
    return OrderReading(
        intent=answer.intent, intent_quote="", po_number=_po_number(given, answer), po_date=None,
        requested_date=_quoted(answer.day), currency=_currency(given), ship_to=_quoted(answer.ship_to), lines=lines,
    )  # fmt: skip


def _line(row: str) -> ReadLine:
    quote, *rest = (part.strip() for part in row.split(" #"))
    fields: list[str | None] = [*((part or None) for part in rest), *([None] * 5)]
    return ReadLine(
        quote=quote, document=1, part_number=fields[0], description=None, quantity=fields[1], unit=fields[2],
        requested_date=fields[3], unit_price=fields[4],
    )  # fmt: skip


def _quoted(entry: str, document: int = 1) -> Quoted | None:
    value, _, quote = entry.partition(" @ ")
    return Quoted(value=value, quote=quote, document=document) if entry else None


def _po_number(given: Mail, answer: Answer) -> Quoted | None:
    if answer.intent == "other":
        return None
    for number, text in ((1, given.text), (0, given.subject)):
        if match := _ORDER_NUMBER.search(text):
            return Quoted(value=match[1], quote=match[0], document=number)
    return None


def _currency(given: Mail) -> Quoted | None:
    return Quoted(value="EUR", quote="0,20 €/Stk", document=1) if "0,20 €" in given.text else None


def as_json(reading: OrderReading, **changes: Any) -> str:
    """A reading as the wire carries it."""
    return reading.model_copy(update=changes).model_dump_json()
