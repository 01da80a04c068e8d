"""The parties of an EDIFACT order: NAD groups with their LOC, RFF, CTA and COM segments."""

from __future__ import annotations

from dataclasses import dataclass, field

from orderdesk.domain.orders import PartyRef
from tools.documents.edi_segments import Segment

BUYER = ("BY", "OB", "AB")
SHIP_TO = ("DP", "ST", "UC", "CN")
BILL_TO = ("IV", "BT", "PR")
SUPPLIER = ("SU", "SE", "SR")


@dataclass(slots=True)
class EdifactParty:
    """A party while its segment group is being read."""

    nad: Segment
    account: str = ""
    tax_id: str = ""
    contact: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def role(self) -> str:
        """The party function (3035)."""
        return self.nad.get(1).upper()

    def take(self, segment: Segment) -> bool:
        """Take a segment of the group; False where it belongs to something else."""
        match segment.tag:
            case "RFF" if segment.get(1) in ("VA", "FC", "GN"):
                self.tax_id = self.tax_id or segment.get(1, 1)
            case "RFF" if segment.get(1) in ("API", "IT", "ADE", "AVC"):
                self.account = self.account or segment.get(1, 1)
            case "CTA":
                name = segment.get(2, 1) or segment.get(2)
                self.contact.setdefault("contact", name)
            case "COM":
                self._reach(segment)
            case "RFF" | "LOC" | "FII" | "DOC":
                pass
            case _:
                return False
        return True

    def _reach(self, com: Segment) -> None:
        for element in range(1, len(com)):
            number, channel = com.get(element), com.get(element, 1).upper()
            if channel == "EM" or ("@" in number and not channel):
                self.contact.setdefault("email", number)
            elif channel in ("TE", "AL"):
                self.contact.setdefault("phone", number)

    def value(self) -> PartyRef:
        """The party as stated. Agency 91 = assigned by the seller: the account number at our side."""
        identifier, agency = self.nad.get(2), self.nad.get(2, 2)
        name = self._joined(4) or self._joined(3)
        return PartyRef(
            name=name,
            ids=(identifier,) if identifier else (),
            customer_number=self.account or (identifier if agency == "91" else ""),
            tax_id=self.tax_id,
            email=self.contact.get("email", ""),
            phone=self.contact.get("phone", ""),
            contact=self.contact.get("contact", ""),
            street=self._joined(5),
            city=self.nad.get(6),
            region=self.nad.get(7),
            postal_code=self.nad.get(8),
            country=self.nad.get(9),
            code=identifier,
        )

    def _joined(self, element: int) -> str:
        if element >= len(self.nad.elements):
            return ""
        # The fifth component of C080 says how the name is written, it is not part of it.
        parts = self.nad.elements[element][: 5 if element == 4 else None]
        return ", ".join(p.text.strip() for p in parts if p.text.strip())


def chosen(parties: list[EdifactParty], roles: tuple[str, ...]) -> PartyRef | None:
    """The first party of the first role that is stated."""
    for role in roles:
        for party in parties:
            if party.role == role:
                return party.value()
    return None
