"""One line of an EDIFACT order: LIN with the segments of its group; EDIFACT dates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from orderdesk.domain.evidence import Stated
from orderdesk.domain.orders import ArticleRef, DraftLine, ScheduledDelivery
from orderdesk.domain.units import unit_from_unece
from tools.documents.edi_segments import Segment
from tools.documents.edifact_parties import SHIP_TO, EdifactParty, chosen
from tools.documents.stated import Notebook, day_of, exact, joined
from tools.documents.text_offsets import Place

# 2005: dates a customer wants the goods by, in the order one of them is taken.
REQUESTED_DATES = ("2", "69", "17", "358", "64", "63", "61", "10", "200", "76", "79")
_DATE_NOTES = {"61": "Cancel if not delivered by", "63": "Deliver not after", "64": "Deliver not before"}
# 6063: what is ordered. 192 is free goods, 59 pieces in a pack: neither is the ordered quantity.
_ORDERED = ("21", "1", "113", "131", "145")
_PRICES = ("AAA", "AAB", "INV", "AAE", "CAL", "NTP", "AAF")
# Recommended retail, minimum and old prices: nobody orders at them.
_OTHER_PRICES = frozenset({"RTP", "SRP", "MIN", "AAG", "AAH", "AAI", "AAJ", "EUP", "ROP"})
# 7143: whose number it is. SRV/EN/UP/UA are GTINs.
_OWNERS = {
    **dict.fromkeys(("SA", "AB", "VN", "VP"), "seller_part"),
    **dict.fromkeys(("IN", "BP", "BO", "CB", "SK"), "buyer_part"),
    **dict.fromkeys(("MF", "MP", "MN"), "manufacturer_part"),
    **dict.fromkeys(("EN", "SRV", "SRS", "UP", "UA", "EAN", "GTIN"), "gtin"),
    **dict.fromkeys(("IB", "ISB", "IS", "PN", "GD", "ZZZ", ""), "part"),
}
_NOT_IDS = frozenset({"GS", "GN", "NB", "SN", "PV", "CC", "HS", "GB", "CG", "ADU", "BB"})
_CHANGES = {"1": "added", "2": "deleted", "3": "changed", "4": "no action", "5": "accepted without amendment"}


@dataclass(slots=True)
class EdifactLine:
    """A line while its segments are being read."""

    lin: Segment
    rest: list[Segment] = field(default_factory=list[Segment])
    party: EdifactParty | None = None
    parties: list[EdifactParty] = field(default_factory=list[EdifactParty])

    def take(self, segment: Segment) -> None:
        """A segment of the line's group."""
        if segment.tag == "NAD":
            self.party = EdifactParty(segment)
            self.parties.append(self.party)
        elif self.party is None or not self.party.take(segment):
            self.party = None
            self.rest.append(segment)

    def quantity(self) -> Segment | None:
        """The QTY segment of the ordered quantity."""
        stated = [s for s in self.rest if s.tag == "QTY"]
        return next((s for code in _ORDERED for s in stated if s.get(1) == code), None)

    def value(self, index: int, notes: Notebook, *, change: bool) -> DraftLine:
        """The line as stated; `index` is its 0-based position."""
        path = f"lines[{index}]"
        line_id = self.lin.get(1)
        quantity = self.quantity()
        uom, written = notes.unit(quantity.at(1, 2) if quantity else None, f"{path}.uom", unit_from_unece)
        price = self._price()
        price_unit = price.get(1, 5) if price else ""
        dates = {s.get(1): s for s in reversed(self._own_dates())}
        requested = next((d for d in REQUESTED_DATES if d in dates), "")
        free = [s for s in self.rest if s.tag == "QTY" and s.get(1) == "192"]
        if free:
            notes.note(
                "free_goods",
                "approve",
                f"Line {line_id or index + 1} asks for {free[0].get(1, 1)} units free of charge (QTY 192).",
                path=f"{path}.quantity",
            )
        if any(s.tag == "QTY" and s.get(1) == "11" for s in self.rest):
            notes.note(
                "several_destinations",
                "approve",
                f"Line {line_id or index + 1} is to be split over several places (QTY 11); "
                "a person has to enter the deliveries.",
                path=path,
            )
        return DraftLine(
            line_number=int(line_id) if line_id.isdigit() and len(line_id) < 10 else index + 1,
            line_id=line_id,
            article=self._article(notes),
            quantity=notes.number(quantity.at(1, 1) if quantity else None, f"{path}.quantity", "quantity"),
            uom=uom,
            uom_stated=written,
            unit_price=notes.number(price.at(1, 1) if price else None, f"{path}.unit_price", "unit price"),
            price_base=notes.amount(price.at(1, 4) if price else None, f"{path}.price_base", "price basis"),
            price_uom=unit_from_unece(price_unit) or price_unit,
            line_total=self._amount(notes, ("203", "146", "38"), f"{path}.line_total", "line total"),
            charges=charges(self.rest, notes, f"{path}.charges"),
            requested_date=read_day(dates.get(requested), notes, f"{path}.requested_date", "requested date"),
            schedule=self._schedule(notes, path),
            ship_to=chosen(self.parties, SHIP_TO),
            note=self._note(dates, requested, change=change),
        )

    def _own_dates(self) -> list[Segment]:
        """DTM segments of the line itself, not of its references or delivery schedules."""
        own: list[Segment] = []
        inside = False
        for segment in self.rest:
            if segment.tag in ("RFF", "SCC", "LOC", "TDT", "ALC"):
                inside = True
            elif segment.tag in ("QTY", "PRI", "MOA", "IMD", "PIA", "FTX", "MEA"):
                inside = False
            elif segment.tag == "DTM" and not inside:
                own.append(segment)
        return own

    def _price(self) -> Segment | None:
        """The price the goods shall cost; a price of a kind we do not know only where it is the only one."""
        stated = [s for s in self.rest if s.tag == "PRI"]
        known = next((s for code in _PRICES for s in stated if s.get(1) == code), None)
        unknown = [s for s in stated if s.get(1) not in _OTHER_PRICES]
        return known or (unknown[0] if len(unknown) == 1 else None)

    def _amount(
        self, notes: Notebook, codes: tuple[str, ...], path: str, label: str
    ) -> Stated[Decimal] | None:
        found = next((s for c in codes for s in self.rest if s.tag == "MOA" and s.get(1) == c), None)
        return notes.number(found.at(1, 1) if found else None, path, label)

    def _article(self, notes: Notebook) -> Stated[ArticleRef]:
        ids: list[tuple[Place, str]] = []
        if place := self.lin.at(3):
            ids.append((place, self.lin.get(3, 1).upper()))
        for pia in (s for s in self.rest if s.tag == "PIA"):
            ids += [(p, pia.get(n, 1).upper()) for n in range(2, len(pia)) if (p := pia.at(n))]
        found: dict[str, str] = {}
        used: list[Place] = []
        for place, code in ids:
            value = place.text.strip()
            owner = _OWNERS.get(code, "part")
            digits = value.isascii() and value.isdigit()
            if code in _NOT_IDS:
                continue
            if owner == "gtin" and not (digits and len(value) in (8, 12, 13, 14)):
                owner = "part"
            if owner not in found:
                found[owner] = value
                used.append(place)
        if len(found) > 1:
            found.pop("part", None)
        texts = [s for s in self.rest if s.tag == "IMD"]
        words = joined([joined([s.get(3, 3), s.get(3, 4)], " ") or s.get(3) for s in texts], " ")
        evidence = used[0] if used else next((s.at(3, 3) for s in texts if s.at(3, 3)), None)
        return notes.stated(ArticleRef(**found, description=words), evidence or self.lin.elements[0][0])

    def _schedule(self, notes: Notebook, path: str) -> tuple[ScheduledDelivery, ...]:
        """Quantities of a delivery schedule: SCC followed by its own QTY and DTM."""
        found: list[ScheduledDelivery] = []
        quantity: Decimal | None = None
        inside = False
        for segment in self.rest:
            if segment.tag == "SCC":
                inside, quantity = True, None
            elif inside and segment.tag == "QTY":
                quantity = notes.amount(segment.at(1, 1), f"{path}.schedule", "scheduled quantity")
            elif inside and segment.tag == "DTM" and quantity is not None:
                day = read_day(segment, notes, f"{path}.schedule", "scheduled date")
                found.append(ScheduledDelivery(quantity=quantity, requested_date=day.value if day else None))
                quantity = None
            elif segment.tag in ("PRI", "MOA", "PAC", "NAD"):
                inside = False
        return tuple(found)

    def _note(self, dates: dict[str, Segment], requested: str, *, change: bool) -> str:
        words = [
            f"Line {_CHANGES.get(self.lin.get(2), '')}" if change and self.lin.get(2) in _CHANGES else ""
        ]
        words += [free_text(s) for s in self.rest if s.tag == "FTX"]
        words += date_notes(dates, requested)
        return joined(words)


def charges(segments: list[Segment], notes: Notebook, path: str) -> Decimal | None:
    """The sum of charges minus allowances stated as amounts: MOA 8, 23 or 204 after an ALC."""
    total: Decimal | None = None
    sign = 0
    for segment in segments:
        if segment.tag == "ALC":
            sign = {"A": -1, "C": 1}.get(segment.get(1).upper(), 0)
        elif sign and segment.tag == "MOA" and segment.get(1) in ("8", "23", "204", "131"):
            amount = notes.amount(segment.at(1, 1), path, "allowance or charge")
            if amount is not None:
                total = (total or Decimal(0)) + sign * amount
                sign = 0
    return total


def free_text(ftx: Segment) -> str:
    """The literal text of an FTX segment."""
    parts = [p.text.strip() for p in (ftx.elements[4] if len(ftx) > 4 else ())]
    return joined(parts, " ")


def date_notes(dates: dict[str, Segment], requested: str) -> list[str]:
    """Latest, earliest and cancel dates that are not the requested date itself."""
    words: list[str] = []
    for code, text in _DATE_NOTES.items():
        day = edifact_day(dates[code].get(1, 1), dates[code].get(1, 2)) if code in dates else None
        if day is not None and code != requested:
            words.append(f"{text} {day.isoformat()}")
    return words


def read_day(dtm: Segment | None, notes: Notebook, path: str, label: str) -> Stated[date] | None:
    """The date of a DTM segment; None with a finding where it is not a day."""
    if dtm is None:
        return None
    return notes.day(dtm.at(1, 1), path, label, lambda text: edifact_day(text, dtm.get(1, 2)))


def edifact_day(text: str, form: str) -> date | None:
    """The day of a date in format 101, 102, 201, 203, 204, 301, 303, 304, or the first day of a period 718.

    Without a format only eight or twelve digits are taken; weeks, months and quarters are not a day.
    """
    if form == "718" or (not form and re.fullmatch(r"\d{8}-\d{8}", text)):
        text, form = text.partition("-")[0], "102"
    if form == "101" and re.fullmatch(r"\d{6}", text):
        return day_of(text[:2], text[2:4], text[4:])
    if form in ("102", "203", "204", "303", "304", "205") or (not form and len(text) in (8, 12)):
        match = re.match(r"(\d{4})(\d{2})(\d{2})(?!\d$)", text)
        return day_of(*match.groups()) if match else None
    if form in ("201", "301") and re.fullmatch(r"\d{10,12}", text):  # YYMMDDHHMM
        return day_of(text[:2], text[2:4], text[4:6])
    if form == "2" and re.fullmatch(r"\d{6}", text):  # DDMMYY
        return day_of(text[4:], text[2:4], text[:2])
    return None


def ordered_sum(lines: list[EdifactLine]) -> Decimal:
    """The sum of ordered quantities, as CNT 1 states it."""
    figures = [exact(q.get(1, 1), comma=True) for line in lines if (q := line.quantity())]
    return sum((f for f in figures if f is not None), Decimal(0))
