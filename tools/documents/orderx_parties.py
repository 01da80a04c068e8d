"""The trade parties of an Order-X document."""

from __future__ import annotations

from orderdesk.domain.orders import PartyRef
from tools.documents.stated import joined
from tools.documents.xml_safe import Node


def party(node: Node | None) -> PartyRef | None:
    """A trade party as stated; None where it is not."""
    if node is None:
        return None
    contact = node.first("DefinedTradeContact")
    address = node.first("PostalTradeAddress")
    ids = [n.value for name in ("GlobalID", "ID") for n in node.all(name)]
    ids += [n.value for n in node.all("SpecifiedLegalOrganization", "ID")]
    ids += [n.value for n in node.all("URIUniversalCommunication", "URIID") if "@" not in n.value]
    taxes = list(node.all("SpecifiedTaxRegistration", "ID"))
    vat = next((n.value for n in taxes if n.attributes.get("schemeID", "") == "VA"), "")
    mail = contact.text("EmailURIUniversalCommunication", "URIID") if contact else ""
    lines = [address.text(name) for name in ("LineOne", "LineTwo", "LineThree")] if address else []
    return PartyRef(
        name=node.text("Name"),
        ids=tuple(dict.fromkeys(i for i in ids if i)),
        tax_id=vat or (taxes[0].value if taxes else ""),
        email=mail
        or next((n.value for n in node.all("URIUniversalCommunication", "URIID") if "@" in n.value), ""),
        phone=contact.text("TelephoneUniversalCommunication", "CompleteNumber") if contact else "",
        contact=contact.text("PersonName") if contact else "",
        street=joined(lines, ", "),
        city=address.text("CityName") if address else "",
        region=address.text("CountrySubDivisionName") if address else "",
        postal_code=address.text("PostcodeCode") if address else "",
        country=address.text("CountryID") if address else "",
        code=node.text("ID"),
    )
