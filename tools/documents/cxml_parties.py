"""The parties and addresses of a cXML order."""

from __future__ import annotations

from orderdesk.domain.orders import PartyRef
from tools.documents.stated import joined
from tools.documents.xml_safe import Node


def buyer(root: Node, header: Node) -> PartyRef:
    """The sender's credentials with the contact; its name is the sold-to or bill-to address's."""
    sender = identity(root, "From") or PartyRef()
    contact = next((c for c in header.all("Contact")), None)
    sold_to = next(
        (c for c in header.all("Contact") if c.attributes.get("role") in ("soldTo", "buyer")), None
    )
    named = address(sold_to) or address(header.first("BillTo", "Address")) or PartyRef()
    reached = address(contact) or PartyRef()
    return named.model_copy(
        update={
            "ids": tuple(dict.fromkeys((*sender.ids, *named.ids))),
            "customer_number": "",
            "contact": reached.name,
            "email": reached.email or named.email,
            "phone": reached.phone or named.phone,
        }
    )


def identity(root: Node, role: str) -> PartyRef | None:
    """The ids in a header credential (From, To); None where there are none."""
    ids = tuple(dict.fromkeys(n.value for n in root.all("Header", role, "Credential", "Identity") if n.value))
    return PartyRef(ids=ids) if ids else None


def address(node: Node | None) -> PartyRef | None:
    """A party from an Address or Contact element."""
    if node is None:
        return None
    postal = node.first("PostalAddress")
    phone = node.first("Phone", "TelephoneNumber")
    digits = [phone.text(part) for part in ("CountryCode", "AreaOrCityCode", "Number")] if phone else []
    code = node.attributes.get("addressID", "").strip()
    country = postal.first("Country") if postal else None
    streets = [n.value for n in postal.all("Street")] if postal else []
    return PartyRef(
        name=node.text("Name"),
        ids=(code,) if code else (),
        email=node.text("Email"),
        phone=joined(digits, " "),
        contact=joined([n.value for n in postal.all("DeliverTo")], ", ") if postal else "",
        street=joined(streets, ", "),
        city=postal.text("City") if postal else "",
        region=postal.text("State") if postal else "",
        postal_code=postal.text("PostalCode") if postal else "",
        country=(country.attributes.get("isoCountryCode", "") or country.value) if country else "",
        code=code,
    )
