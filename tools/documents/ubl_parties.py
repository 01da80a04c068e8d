"""The parties and addresses of a UBL order."""

from __future__ import annotations

from orderdesk.domain.orders import PartyRef
from tools.documents.stated import joined
from tools.documents.xml_safe import Node


def party(role: Node | None) -> PartyRef | None:
    """A party from BuyerCustomerParty, SellerSupplierParty or the like; None where it is not stated."""
    node = role.first("Party") if role is not None else None
    if role is None or node is None:
        return None
    contact = node.first("Contact") or role.first("OrderContact") or role.first("DeliveryContact")
    person = node.first("Person")
    name = contact.text("Name") if contact else ""
    if not name and person is not None:
        name = joined([person.text("FirstName"), person.text("FamilyName")], " ")
    return PartyRef(
        name=node.text("PartyName", "Name") or node.text("PartyLegalEntity", "RegistrationName"),
        ids=_ids(node),
        customer_number=role.text("SupplierAssignedAccountID"),
        tax_id=node.text("PartyTaxScheme", "CompanyID"),
        email=contact.text("ElectronicMail") if contact else "",
        phone=contact.text("Telephone") if contact else "",
        contact=name,
        **address(node.first("PostalAddress")),
    )


def delivery_party(delivery: Node | None) -> PartyRef | None:
    """Where the goods go: the delivery location or address, and who receives them."""
    if delivery is None:
        return None
    location = delivery.first("DeliveryLocation")
    place = (location.first("Address") if location else None) or delivery.first("DeliveryAddress")
    receiver = delivery.first("DeliveryParty")
    if place is None and location is None and receiver is None:
        return None
    if place is None and receiver is not None:
        place = receiver.first("PostalAddress")
    contact = receiver.first("Contact") if receiver else None
    code = (location.text("ID") if location else "") or (place.text("ID") if place else "")
    ids = (code, *(_ids(receiver) if receiver else ()))
    return PartyRef(
        name=(receiver.text("PartyName", "Name") if receiver else "")
        or (location.text("Name") if location else ""),
        ids=tuple(dict.fromkeys(i for i in ids if i)),
        email=contact.text("ElectronicMail") if contact else "",
        phone=contact.text("Telephone") if contact else "",
        contact=contact.text("Name") if contact else "",
        code=code,
        **address(place),
    )


def address(node: Node | None) -> dict[str, str]:
    """The address parts of a PartyRef."""
    if node is None:
        return {}
    street = joined([node.text("StreetName"), node.text("BuildingNumber")], " ")
    lines = [line.value for line in node.all("AddressLine", "Line")]
    postbox = f"P.O. Box {node.text('Postbox')}" if node.text("Postbox") and not street else ""
    return {
        "street": joined([street or postbox, node.text("AdditionalStreetName"), *lines], ", "),
        "city": node.text("CityName"),
        "region": node.text("CountrySubentity") or node.text("CountrySubentityCode"),
        "postal_code": node.text("PostalZone"),
        "country": node.text("Country", "IdentificationCode"),
    }


def _ids(node: Node) -> tuple[str, ...]:
    stated = [
        node.text("EndpointID"),
        *(found.value for found in node.all("PartyIdentification", "ID")),
        *(found.value for found in node.all("PartyLegalEntity", "CompanyID")),
    ]
    return tuple(dict.fromkeys(i for i in stated if i))
