"""The parties of an X12 order: N1 loops with their N2, N3, N4, PER and REF segments."""

from __future__ import annotations

from dataclasses import dataclass, field

from orderdesk.domain.orders import PartyRef
from tools.documents.edi_segments import Segment

# Element 98, in the order in which one of them is taken: the buyer is whoever orders, else whoever pays.
BUYER = ("BY", "SO", "OB", "LW", "BO", "MI", "BT")
SHIP_TO = ("ST", "DA", "MA", "UC")
BILL_TO = ("BT", "PR", "BO", "RE")
SUPPLIER = ("SE", "SU", "VN", "VE", "SF")

# Element 128 inside a party loop or the heading: the buyer's account with the seller, tax numbers.
ACCOUNT_REFS = ("11", "12", "14")
TAX_REFS = ("TJ", "GT", "VX")


@dataclass(slots=True)
class X12Party:
    """A party while its loop is being read."""

    role: str
    name: list[str] = field(default_factory=list[str])
    id_qualifier: str = ""
    identifier: str = ""
    street: list[str] = field(default_factory=list[str])
    place: dict[str, str] = field(default_factory=dict[str, str])
    contact: dict[str, str] = field(default_factory=dict[str, str])
    account: str = ""
    tax_id: str = ""

    @classmethod
    def opened_by(cls, n1: Segment) -> X12Party:
        """A party from its N1 segment."""
        name = [n1.get(2)] if n1.get(2) else []
        return cls(n1.get(1).upper(), name, id_qualifier=n1.get(3), identifier=n1.get(4))

    def take(self, segment: Segment) -> bool:
        """Take a segment of the loop; False where it is not one of a party's."""
        match segment.tag:
            case "N2":
                self.name += [part for part in (segment.get(1), segment.get(2)) if part]
            case "N3":
                self.street += [part for part in (segment.get(1), segment.get(2)) if part]
            case "N4":
                self.place = {
                    "city": segment.get(1),
                    "region": segment.get(2),
                    "postal_code": segment.get(3),
                    "country": segment.get(4),
                }
            case "PER":
                self.contact = {**read_contact(segment), **self.contact}
            case "REF" if segment.get(1) in ACCOUNT_REFS:
                self.account = segment.get(2)
            case "REF" if segment.get(1) in TAX_REFS:
                self.tax_id = segment.get(2)
            case "REF":
                pass
            case _:
                return False
        return True

    def value(self) -> PartyRef:
        """The party as stated. Qualifier 91 = assigned by the seller: the account number at our side."""
        ours = self.id_qualifier == "91"
        return PartyRef(
            name=" ".join(self.name),
            ids=(self.identifier,) if self.identifier else (),
            customer_number=self.account or (self.identifier if ours else ""),
            tax_id=self.tax_id,
            email=self.contact.get("email", ""),
            phone=self.contact.get("phone", ""),
            contact=self.contact.get("contact", ""),
            street=", ".join(self.street),
            code=self.identifier
            if self.id_qualifier in ("91", "92", "93", "94", "ZZ", "UL", "9", "1")
            else "",
            **self.place,
        )


def read_contact(per: Segment) -> dict[str, str]:
    """Name, phone and e-mail of a PER segment (communication numbers come as qualifier and value)."""
    found = {"contact": per.get(2)} if per.get(2) else {}
    for position in (3, 5, 7):
        number = per.get(position + 1)
        match per.get(position).upper():
            case "TE" | "CP" if number:
                found.setdefault("phone", number)
            case "EM" if number:
                found.setdefault("email", number)
            case _:
                pass
    return found


def chosen(parties: list[X12Party], roles: tuple[str, ...]) -> PartyRef | None:
    """The first party of the first role that is stated."""
    for role in roles:
        for party in parties:
            if party.role == role:
                return party.value()
    return None
