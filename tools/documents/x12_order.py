"""One X12 purchase order (850), order change (860) or grocery order (875) as a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orderdesk.domain.evidence import Stated
from orderdesk.domain.orders import Intent, OrderDraft, PartyRef
from tools.documents.edi_segments import Segment
from tools.documents.stated import Notebook, joined
from tools.documents.text_offsets import Place
from tools.documents.x12_figures import cents, check_counts, terms
from tools.documents.x12_line import X12Line, x12_day
from tools.documents.x12_names import DATE_NOTES, REQUESTED_DATES
from tools.documents.x12_parties import (
    ACCOUNT_REFS,
    BILL_TO,
    BUYER,
    SHIP_TO,
    SUPPLIER,
    X12Party,
    chosen,
    read_contact,
)

# Element 353. Anything else is a purpose a person has to look at.
_PURPOSES: dict[str, Intent] = {
    "00": "new_order",
    "06": "new_order",
    "07": "new_order",
    "18": "new_order",
    "22": "new_order",
    "24": "new_order",
    "01": "cancel_order",
    "03": "cancel_order",
    "02": "change_order",
    "04": "change_order",
    "05": "change_order",
}
_HEADS = {"850": ("BEG", 3, 5), "860": ("BCH", 3, 6), "875": ("G50", 3, 2)}
_LINE_TAGS = frozenset({"PO1", "POC", "G68"})
_PARTY_OF_FREIGHT = {"PP": "prepaid", "CC": "collect", "PC": "prepaid, charged to the buyer", "PU": "pick-up"}


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sent the interchange, as its envelope says."""

    sender: str = ""
    group_sender: str = ""


def read_order(segments: list[Segment], envelope: Envelope, document_id: str) -> OrderDraft:
    """The order between ST and SE (both included). Never fails: what is wrong becomes a finding."""
    return _OrderReader(segments, envelope, document_id).read()


class _OrderReader:
    def __init__(self, segments: list[Segment], envelope: Envelope, document_id: str) -> None:
        self.segments = segments
        self.envelope = envelope
        self.notes = Notebook(document_id)
        self.kind = segments[0].get(1)
        self.lines: list[X12Line] = []
        self.parties: list[X12Party] = []
        self.party: X12Party | None = None
        self.dates: dict[str, Place | None] = {}
        self.texts: list[str] = []
        self.fields: dict[str, str] = {}
        self.contact: dict[str, str] = {}
        self.currency: Stated[str] | None = None
        self.total: Stated[Decimal] | None = None
        self.charges: Decimal | None = None
        self.tax: Decimal | None = None
        self.in_summary = False

    def read(self) -> OrderDraft:
        head_tag, number_at, date_at = _HEADS[self.kind]
        head = next((s for s in self.segments if s.tag == head_tag), None)
        for segment in self.segments[1:]:
            self._take(segment)
        lines = tuple(line.value(n, self.notes) for n, line in enumerate(self.lines))
        intent, revision = self._intent(head)
        number = self._number(head, head_tag, number_at)
        buyer = chosen(self.parties, BUYER) or PartyRef()
        if not lines and intent.value == "new_order":
            self._missing(f"{'G68' if self.kind == '875' else 'PO1'}", "the order has no lines", "lines")
        requested = next((d for d in REQUESTED_DATES if self.dates.get(d)), None)
        self._late_notes(requested)
        if head is not None and head_tag == "BEG" and head.get(4):
            self.texts.insert(0, f"Release {head.get(4)}")
        return OrderDraft(
            intent=intent,
            po_number=number,
            po_date=self.notes.day(head.at(date_at) if head else None, "po_date", "order date", x12_day),
            requested_date=self._day(requested, "requested_date") if requested else None,
            currency=self.currency,
            buyer=self._known_as(buyer),
            ship_to=chosen(self.parties, SHIP_TO),
            bill_to=chosen(self.parties, BILL_TO),
            supplier=chosen(self.parties, SUPPLIER),
            payment_terms=self.fields.get("terms", ""),
            freight_terms=self.fields.get("freight", ""),
            contract=self.fields.get("contract", "") or (head.get(6) if head and head_tag == "BEG" else ""),
            is_revision=revision,
            lines=lines,
            stated_net_total=self.total,
            charges_total=self.charges,
            stated_tax_total=self.tax,
            note=joined(self.texts),
            language="en",
            findings=tuple(self.notes.findings),
            source_document_id=self.notes.document_id,
            reply_format="x12",
        )

    def _take(self, segment: Segment) -> None:
        tag = segment.tag
        if tag in _LINE_TAGS:
            self.lines.append(X12Line(segment))
            self.party = None
        elif tag in ("CTT", "G76"):
            self.in_summary, self.party = True, None
            check_counts(segment, self.lines, self.notes)
        elif tag == "N1":
            self.party = X12Party.opened_by(segment)
            (self.lines[-1].parties if self.lines and not self.in_summary else self.parties).append(
                self.party
            )
        elif self.party is not None and self.party.take(segment):
            pass
        elif self.lines and not self.in_summary:
            self.party = None
            self.lines[-1].take(segment)
        else:
            self._take_heading(segment)

    def _take_heading(self, segment: Segment) -> None:
        match segment.tag:
            case "CUR":
                self.currency = self.notes.text(segment.at(2))
            case "REF" if segment.get(1) in ("CT", "CR", "QO", "PR"):
                if segment.get(1) != "CR":
                    self.fields.setdefault("contract", segment.get(2))
            case "REF" if segment.get(1) in ACCOUNT_REFS:
                self.fields.setdefault("account", segment.get(2))
            case "DTM" | "G62":
                self.dates.setdefault(_date_code(segment), segment.at(2))
            case "ITD":
                self.fields["terms"] = joined([self.fields.get("terms", ""), terms(segment)], "; ")
            case "FOB":
                code = segment.get(1).upper()
                words = [_PARTY_OF_FREIGHT.get(code, code), segment.get(3), segment.get(7)]
                self.fields["freight"] = joined(words, " ")
            case "PER":
                self.contact = {**read_contact(segment), **self.contact}
            case "MSG" | "MTX":
                self.texts.append(segment.get(1) or segment.get(2))
            case "NTE":
                self.texts.append(segment.get(2))
            case "N9" | "PID":
                self.texts.append(segment.get(3) if segment.tag == "N9" else segment.get(5))
            case "SAC":
                self._take_charge(segment)
            case "TXI":
                amount = self.notes.amount(segment.at(2), "stated_tax_total", "tax")
                self.tax = amount if self.tax is None or amount is None else self.tax + amount
            case "AMT" if segment.get(1) in ("TT", "1", "GV", "GT"):
                self.total = self.total or self.notes.number(segment.at(2), "stated_net_total", "order total")
            case "TDS":
                self._take_tds(segment)
            case _:
                pass

    def _take_charge(self, segment: Segment) -> None:
        amount = cents(segment.get(5))
        if segment.get(5) and amount is None and (place := segment.at(5)):
            self.notes.unreadable(place, "charges_total", "allowance or charge", "an amount")
        if amount is not None and segment.get(1) in ("A", "C"):
            signed = -amount if segment.get(1) == "A" else amount
            self.charges = (self.charges or Decimal(0)) + signed

    def _take_tds(self, segment: Segment) -> None:
        amount, place = cents(segment.get(1)), segment.at(1)
        if amount is not None and self.total is None:
            self.total = self.notes.stated(amount, place)

    def _intent(self, head: Segment | None) -> tuple[Stated[Intent], bool]:
        code = head.get(1).upper() if head else ""
        place = head.at(1) if head else None
        if self.kind == "875":
            code = {"N": "00", "O": "00", "S": "00", "C": "01", "R": "05", "D": "07"}.get(code, code)
        intent = _PURPOSES.get(code, "new_order")
        if self.kind == "860" and intent == "new_order":
            intent = "change_order"
        elif head is not None and (code not in _PURPOSES or code in ("06", "07", "22")):
            meaning = {"06": "a confirmation", "07": "a duplicate", "22": "an information copy"}.get(code)
            known = f"The order says it is {meaning}: check whether it was booked before."
            unknown = f"The order's purpose code '{code}' is not one we know; decide what is meant."
            self.notes.note(
                "order_purpose_unusual",
                "approve",
                known if meaning else unknown,
                path="intent",
                purpose=code,
            )
        return self.notes.stated(intent, place), intent != "new_order"

    def _number(self, head: Segment | None, tag: str, at: int) -> Stated[str] | None:
        number = self.notes.text(head.at(at)) if head else None
        if number is None:
            what = f"{tag} is missing" if head is None else f"{tag}{at:02d} is empty"
            self._missing(tag, f"{what}, so the order has no number", "po_number")
        return number

    def _missing(self, tag: str, why: str, path: str) -> None:
        self.notes.note(
            "edi_segment_missing",
            "reject",
            f"Mandatory segment {tag}: {why}; the partner has to send the order again.",
            path=path,
            segment=tag,
        )

    def _day(self, code: str, path: str) -> Stated[date] | None:
        return self.notes.day(self.dates.get(code), path, "requested date", x12_day)

    def _late_notes(self, requested: str | None) -> None:
        for code, words in DATE_NOTES.items():
            place = self.dates.get(code)
            day = x12_day(place.text.strip()) if place and code != requested else None
            if day is not None:
                self.texts.append(f"{words} {day.isoformat()}")

    def _known_as(self, buyer: PartyRef) -> PartyRef:
        """The buyer with the envelope's sender ids, by which a trading partner is known, and the contact."""
        ids = [*buyer.ids, self.envelope.sender, self.envelope.group_sender]
        return buyer.model_copy(
            update={
                "ids": tuple(dict.fromkeys(i for i in ids if i)),
                "customer_number": buyer.customer_number or self.fields.get("account", ""),
                "contact": buyer.contact or self.contact.get("contact", ""),
                "phone": buyer.phone or self.contact.get("phone", ""),
                "email": buyer.email or self.contact.get("email", ""),
            }
        )


def _date_code(segment: Segment) -> str:
    """DTM's qualifier; G62 writes the same codes with two digits."""
    code = segment.get(1)
    return code.zfill(3) if segment.tag == "G62" else code
