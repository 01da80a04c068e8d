"""One line of an X12 order: PO1 (850), POC (860) or G68 (875) with the segments that follow it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from orderdesk.domain.orders import ArticleRef, DraftLine, ScheduledDelivery
from orderdesk.domain.units import unit_from_x12
from tools.documents.edi_segments import Segment
from tools.documents.stated import Notebook, day_of, exact, joined
from tools.documents.text_offsets import Place
from tools.documents.x12_destinations import destinations, line_quantity
from tools.documents.x12_names import DATE_NOTES, PRICE_BASES, PRODUCT_IDS, REQUESTED_DATES
from tools.documents.x12_parties import SHIP_TO, X12Party, chosen

_LENGTHS_OF_GTIN = (8, 12, 13, 14)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a line segment keeps its elements."""

    quantity: int
    unit: int
    price: int
    basis: int
    ids: int


_COLUMNS = {
    "PO1": _Columns(2, 3, 4, 5, 6),
    "POC": _Columns(3, 5, 6, 7, 8),
    # G68 has no basis and keeps the UPC case code without a qualifier before its id pairs.
    "G68": _Columns(1, 2, 3, 0, 5),
}
# Element 236: price kinds a buyer means as what the goods shall cost.
_NET_PRICES = frozenset({"UCP", "NET", "CON", "CUP", "INV", "PRO", "WHL", "DPR", "PUR"})
_CHANGES = {
    "AI": "add this item",
    "CA": "changed",
    "CT": "change of dates",
    "DI": "delete this item",
    "MU": "several changes",
    "PC": "price change",
    "PQ": "unit price or quantity change",
    "PR": "unit price or quantity change",
    "QD": "quantity decrease",
    "QI": "quantity increase",
    "RA": "replace all values",
    "RZ": "replace all values",
    "RE": "replacement item",
}


@dataclass(slots=True)
class X12Line:
    """A line while its segments are being read."""

    head: Segment
    parties: list[X12Party] = field(default_factory=list[X12Party])
    rest: list[Segment] = field(default_factory=list[Segment])

    @property
    def quantity_at(self) -> int:
        """The element that holds the quantity, which the hash total sums."""
        return _COLUMNS[self.head.tag].quantity

    def take(self, segment: Segment) -> None:
        """A segment of the line's loop."""
        self.rest.append(segment)

    def value(self, index: int, notes: Notebook) -> DraftLine:
        """The line as stated; `index` is its 0-based position."""
        path = f"lines[{index}]"
        at = _COLUMNS[self.head.tag]
        line_id = self.head.get(1) if self.head.tag != "G68" else ""
        quantity = notes.number(self.head.at(at.quantity), f"{path}.quantity", "quantity")
        uom, written = notes.unit(self.head.at(at.unit), f"{path}.uom", unit_from_x12)
        basis = self.head.get(at.basis).upper() if at.basis else ""
        price_base, price_uom = _price_basis(basis, uom.value if uom else "")
        dates = {s.get(1): s.at(2) for s in reversed(self.rest) if s.tag == "DTM"}
        requested = next((d for d in REQUESTED_DATES if dates.get(d)), "")
        return DraftLine(
            line_number=int(line_id) if line_id.isdigit() and len(line_id) < 10 else index + 1,
            line_id=line_id,
            article=notes.stated(self._article(), self._article_place()),
            quantity=line_quantity(quantity, self.rest, notes, path, line_id or str(index + 1)),
            uom=uom,
            uom_stated=written,
            unit_price=notes.number(self._price(at.price), f"{path}.unit_price", "unit price"),
            price_base=price_base,
            price_uom=price_uom,
            line_total=next(
                (
                    notes.number(s.at(2), f"{path}.line_total", "line total")
                    for s in self.rest
                    if s.tag == "AMT" and s.get(1) == "1"
                ),
                None,
            ),
            charges=self._charges(notes, path),
            requested_date=notes.day(
                dates.get(requested), f"{path}.requested_date", "requested date", x12_day
            ),
            schedule=self._schedule(notes, path),
            ship_to=chosen(self.parties, SHIP_TO),
            note=self._note(dates, requested),
        )

    def _price(self, at: int) -> Place | None:
        """The line's price, else the net or contract price of a CTP segment (never a retail price)."""
        stated = (s.at(3) for s in self.rest if s.tag == "CTP" and s.get(2).upper() in _NET_PRICES)
        return self.head.at(at) or next((place for place in stated if place), None)

    def _article(self) -> ArticleRef:
        found: dict[str, str] = {}
        for place, owner in self._ids():
            value = place.text.strip()
            if owner == "gtin" and not (value.isdigit() and len(value) in _LENGTHS_OF_GTIN):
                owner = "part"
            found.setdefault(owner, value)
        if any(found.get(owner) for owner in ("seller_part", "buyer_part", "gtin", "manufacturer_part")):
            # A number of unknown owner beside one whose owner is stated would only blur the match.
            found.pop("part", None)
        words = [s.get(5) for s in self.rest if s.tag == "PID"] + [
            s.get(1) for s in self.rest if s.tag == "G69"
        ]
        return ArticleRef(**found, description=joined(words, " "))

    def _ids(self) -> list[tuple[Place, str]]:
        ids: list[tuple[Place, str]] = []
        first = _COLUMNS[self.head.tag].ids
        if self.head.tag == "G68" and (upc := self.head.at(4)):
            ids.append((upc, "gtin"))
        sources = [(self.head, first)] + [(s, 2) for s in self.rest if s.tag == "LIN"]
        for segment, start in sources:
            last = len(segment) if self.head.tag != "G68" else 9
            for position in range(start, last - 1, 2):
                owner = PRODUCT_IDS.get(segment.get(position).upper())
                place = segment.at(position + 1)
                if owner and place:
                    ids.append((place, owner))
        return ids

    def _article_place(self) -> Place:
        ids = self._ids()
        if ids:
            return ids[0][0]
        words = next((s.at(5) for s in self.rest if s.tag == "PID" and s.at(5)), None)
        return words or self.head.elements[0][0]

    def _charges(self, notes: Notebook, path: str) -> Decimal | None:
        total: Decimal | None = None
        for segment in self.rest:
            if segment.tag != "SAC" or segment.get(1) not in ("A", "C") or not (place := segment.at(5)):
                continue
            value = exact(place.text.strip())
            if value is None:
                notes.unreadable(place, f"{path}.charges", "allowance or charge", "an amount")
                continue
            amount = value if "." in place.text else value.scaleb(-2)
            total = (total or Decimal(0)) + (-amount if segment.get(1) == "A" else amount)
        return total

    def _schedule(self, notes: Notebook, path: str) -> tuple[ScheduledDelivery, ...]:
        found: list[ScheduledDelivery] = []
        for segment in self.rest:
            if segment.tag != "SCH":
                continue
            quantity = notes.amount(segment.at(1), f"{path}.schedule", "scheduled quantity")
            day = notes.day(segment.at(6), f"{path}.schedule", "scheduled date", x12_day)
            if quantity is not None:
                found.append(ScheduledDelivery(quantity=quantity, requested_date=day.value if day else None))
        return tuple(found)

    def _note(self, dates: dict[str, Place | None], requested: str) -> str:
        words: list[str] = []
        if self.head.tag == "POC" and self.head.get(2):
            code = self.head.get(2).upper()
            words.append(f"Change {code}: {_CHANGES.get(code, 'see the code list')}")
        for segment in self.rest:
            match segment.tag:
                case "MSG":
                    words.append(segment.get(1))
                case "NTE" | "MTX":
                    words.append(segment.get(2))
                case "PO4" if segment.get(1):
                    words.append(f"Pack of {segment.get(1)}")
                case "SLN":
                    words.append(_component(segment))
                case _:
                    pass
        words.append(destinations(self.rest))
        for code, text in DATE_NOTES.items():
            place = dates.get(code)
            day = x12_day(place.text.strip()) if place and code != requested else None
            if day is not None:
                words.append(f"{text} {day.isoformat()}")
        return joined(words)


def x12_day(text: str) -> date | None:
    """CCYYMMDD, or YYMMDD as versions before 4010 write it."""
    match = re.fullmatch(r"(\d{4}|\d{2})(\d{2})(\d{2})", text)
    return day_of(*match.groups()) if match else None


def _price_basis(code: str, uom: str) -> tuple[Decimal | None, str]:
    """How many units the price is for, and its unit where that is not the ordered one."""
    base, unit = PRICE_BASES.get(code, (None, ""))
    if not unit:
        return base, ""
    if unit in ("DZ", "HU", "TH"):
        # Ordered in dozens and priced per dozen is one for one; else the price is for so many pieces.
        return (None, unit) if unit == uom else (base, "" if uom in ("", "EA") else "EA")
    return base, "" if unit == uom else unit


def _component(sln: Segment) -> str:
    """A part of a kit or an assortment (SLN), in words."""
    numbers = [sln.get(at + 1) for at in range(9, len(sln) - 1, 2)]
    return joined(["Holds", sln.get(4), sln.get(5), *numbers], " ") if sln.get(4) else ""
