"""cXML OrderRequest as a draft; any other cXML message is named."""

from __future__ import annotations

from decimal import Decimal

from orderdesk.domain.evidence import Stated
from orderdesk.domain.orders import ArticleRef, DraftLine, Intent, OrderDraft
from orderdesk.domain.units import unit_from_unece
from tools.documents.cxml_parties import address, buyer, identity
from tools.documents.stated import Notebook, iso_day, joined
from tools.documents.xml_currencies import note_mixed_currencies
from tools.documents.xml_safe import Node

_GTINS = ("EAN", "GTIN", "UPC")
_INTENTS: dict[str, Intent] = {
    "": "new_order",
    "new": "new_order",
    "update": "change_order",
    "delete": "cancel_order",
}


def read_cxml(root: Node, document_notes: Notebook) -> list[OrderDraft]:
    """The drafts of a cXML document. Never fails: what is wrong becomes a finding."""
    requests = list(root.all("Request", "OrderRequest"))
    if not requests:
        message = next((m for part in root.children if part.name != "Header" for m in part.children), root)
        document_notes.note(
            "not_an_order", "info", f"The cXML message is a {message.name}, not an order.", name=message.name
        )
    test = any(r.attributes.get("deploymentMode", "") == "test" for r in root.all("Request"))
    return [_order(root, request, document_notes.document_id, test=test) for request in requests]


def _order(root: Node, request: Node, document_id: str, *, test: bool) -> OrderDraft:
    notes = Notebook(document_id)
    header = request.first("OrderRequestHeader") or request
    if test:
        notes.note("test_message", "approve", "The sender marked this document as a test (deploymentMode).")
    number = notes.text(header.attribute("orderID"))
    if number is None:
        _missing(notes, "OrderRequestHeader/@orderID", "po_number", "the number of the order")
    lines = tuple(_line(item, index, notes) for index, item in enumerate(request.all("ItemOut")))
    intent = _intent(header, notes)
    if not lines and intent.value == "new_order":
        _missing(notes, "ItemOut", "lines", "what is ordered")
    freight = [n.value for n in header.all("Shipping", "Description")]
    currency = _currency(request, notes)
    note_mixed_currencies(request.all("ItemOut"), "currency", currency.value if currency else "", notes)
    return OrderDraft(
        intent=intent,
        po_number=number,
        po_date=notes.day(header.attribute("orderDate"), "po_date", "order date", iso_day),
        requested_date=notes.day(
            header.attribute("requestedDeliveryDate"), "requested_date", "requested delivery date", iso_day
        ),
        currency=currency,
        buyer=buyer(root, header),
        ship_to=address(header.first("ShipTo", "Address")),
        bill_to=address(header.first("BillTo", "Address")),
        supplier=identity(root, "To"),
        payment_terms=_payment(header),
        freight_terms=joined([*freight, _terms_of_delivery(header)], "; "),
        contract=header.attributes.get("agreementID", "") or header.attributes.get("agreementPayloadID", ""),
        is_revision=intent.value != "new_order",
        ship_complete={"yes": True, "no": False}.get(header.attributes.get("shipComplete", "").lower()),
        lines=lines,
        stated_net_total=notes.number(header.place("Total", "Money"), "stated_net_total", "order total"),
        charges_total=_charges(header, notes),
        stated_tax_total=notes.amount(header.place("Tax", "Money"), "stated_tax_total", "tax"),
        note=_comments(header),
        language=_language(root),
        findings=tuple(notes.findings),
        source_document_id=document_id,
        reply_format="cxml",
    )


def _intent(header: Node, notes: Notebook) -> Stated[Intent]:
    kind = header.attributes.get("type", "").strip().lower()
    if kind not in _INTENTS:
        notes.note(
            "order_purpose_unusual",
            "approve",
            f"The order's type is '{kind[:40]}', which is not one we know; decide what is meant.",
            path="intent",
            purpose=kind[:40],
        )
    return notes.stated(_INTENTS.get(kind, "new_order"), header.attribute("type") or header.here)


def _line(item: Node, index: int, notes: Notebook) -> DraftLine:
    path = f"lines[{index}]"
    detail = item.first("ItemDetail") or item.first("BlanketItemDetail") or item
    line_id = item.attributes.get("lineNumber", "").strip()
    uom, written = notes.unit(detail.place("UnitOfMeasure"), f"{path}.uom", unit_from_unece)
    basis = detail.first("PriceBasisQuantity")
    basis_unit = basis.text("UnitOfMeasure") if basis else ""
    price_uom = unit_from_unece(basis_unit) or basis_unit
    quantity = item.attribute("quantity")
    if quantity is None:
        notes.note(
            "mandatory_element_missing",
            "clarify",
            f"The mandatory element ItemOut[{index + 1}]/@quantity is missing: the document does not say how many.",
            path=f"{path}.quantity",
            question="mandatory_element_missing",
            element="ItemOut/@quantity",
            meaning="how many",
        )
    return DraftLine(
        line_number=int(line_id) if line_id.isdigit() and len(line_id) < 10 else index + 1,
        line_id=line_id,
        article=_article(item, detail, notes),
        quantity=notes.number(quantity, f"{path}.quantity", "quantity"),
        uom=uom,
        uom_stated=written,
        unit_price=notes.number(detail.place("UnitPrice", "Money"), f"{path}.unit_price", "unit price"),
        price_base=notes.amount(
            basis.attribute("quantity") if basis else None, f"{path}.price_base", "price basis"
        ),
        price_uom="" if uom and price_uom == uom.value else price_uom,
        charges=_charges(item, notes, f"{path}.charges"),
        requested_date=notes.day(
            item.attribute("requestedDeliveryDate"),
            f"{path}.requested_date",
            "requested delivery date",
            iso_day,
        ),
        ship_to=address(item.first("ShipTo", "Address")),
        note=_comments(item),
    )


def _article(item: Node, detail: Node, notes: Notebook) -> Stated[ArticleRef]:
    ids = item.first("ItemID") or item
    coded = [
        n.value for n in detail.all("Classification") if n.attributes.get("domain", "").upper() in _GTINS
    ]
    gtin = coded[0] if coded else detail.text("ItemDetailIndustry", "ItemDetailRetail", "EANID")
    place = (
        ids.place("SupplierPartID") or ids.place("BuyerPartID") or detail.place("Description") or item.here
    )
    article = ArticleRef(
        seller_part=ids.text("SupplierPartID"),
        buyer_part=ids.text("BuyerPartID"),
        manufacturer_part=detail.text("ManufacturerPartID"),
        gtin=gtin if gtin.isdigit() and len(gtin) in (8, 12, 13, 14) else "",
        description=joined([_own_text(n) for n in detail.all("Description")], " "),
    )
    return notes.stated(article, place)


def _own_text(description: Node) -> str:
    return joined([description.text("ShortName"), description.value], " ")


def _charges(node: Node, notes: Notebook, path: str = "charges_total") -> Decimal | None:
    """Shipping and modifications. cXML's Total holds the lines only, so shipping is a charge beside it."""
    found = [(1, n) for n in node.all("Shipping")]
    for part in (node, *node.all("ItemDetail"), *node.all("Total")):
        for change in part.all("Modifications", "Modification"):
            found += [(1, n) for n in change.all("AdditionalCost")]
            found += [
                (-1, m) for n in change.all("AdditionalDeduction") for m in (n, *n.all("DeductionAmount"))
            ]
    total: Decimal | None = None
    for sign, entry in found:
        amount = notes.amount(entry.place("Money"), path, "charge")
        if amount is not None:
            total = (total or Decimal(0)) + sign * amount
    return total


def _currency(request: Node, notes: Notebook) -> Stated[str] | None:
    for path in (("OrderRequestHeader", "Total", "Money"), ("ItemOut", "ItemDetail", "UnitPrice", "Money")):
        for money in request.all(*path):
            if place := money.attribute("currency"):
                return notes.text(place)
    return None


def _payment(header: Node) -> str:
    days = [term.attributes.get("payInNumberOfDays", "") for term in header.all("PaymentTerm")]
    words = [f"net {number}" for number in days if number]
    return joined([*words, "purchasing card" if header.first("Payment", "PCard") else ""], "; ")


def _terms_of_delivery(header: Node) -> str:
    node = header.first("TermsOfDelivery")
    if node is None:
        return ""
    code = node.first("TransportTerms")
    return joined(
        [code.attributes.get("value", "") if code else "", *(n.value for n in node.all("Comments"))], " "
    )


def _comments(node: Node) -> str:
    return joined(
        [n.value for n in node.all("Comments")] + [n.value for n in node.all("ItemDetail", "Comments")]
    )


def _language(root: Node) -> str:
    code = root.attributes.get("lang", "").lower()[:2]
    return code if code.isalpha() and len(code) == 2 else "en"


def _missing(notes: Notebook, element: str, path: str, what: str) -> None:
    notes.note(
        "mandatory_element_missing",
        "reject",
        f"The mandatory element {element} is missing: the document does not say {what}.",
        path=path,
        element=element,
        meaning=what,
    )
