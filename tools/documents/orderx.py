"""Order-X (UN/CEFACT SCRDMCCBDACIO) orders and order changes as a draft."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from orderdesk.domain.evidence import Stated
from orderdesk.domain.orders import ArticleRef, DraftLine, Intent, OrderDraft, PartyRef
from orderdesk.domain.units import unit_from_unece
from tools.documents.edifact_line import edifact_day
from tools.documents.orderx_parties import party
from tools.documents.stated import Notebook, joined
from tools.documents.text_offsets import Place
from tools.documents.xml_safe import Node

_TYPES: dict[str, Intent] = {"220": "new_order", "230": "change_order"}
_RESPONSES = {"231": "an order response", "320": "an acknowledgement of order", "380": "an invoice"}
# 1225, as in EDIFACT.
_PURPOSES: dict[str, Intent] = {
    "1": "cancel_order",
    "3": "cancel_order",
    "4": "change_order",
    "5": "change_order",
}


def read_orderx(root: Node, document_notes: Notebook) -> list[OrderDraft]:
    """The draft of one Order-X document. Never fails: what is wrong becomes a finding."""
    document = root.first("ExchangedDocument") or root
    kind = document.text("TypeCode")
    if kind in _RESPONSES:
        document_notes.note(
            "not_an_order", "info", f"The Order-X document is {_RESPONSES[kind]} (type {kind}).", name=kind
        )
        return []
    notes = Notebook(document_notes.document_id)
    trade = root.first("SupplyChainTradeTransaction") or root
    agreement = trade.first("ApplicableHeaderTradeAgreement") or trade
    delivery = trade.first("ApplicableHeaderTradeDelivery") or trade
    settlement = trade.first("ApplicableHeaderTradeSettlement") or trade
    lines = tuple(
        _line(item, index, notes) for index, item in enumerate(trade.all("IncludedSupplyChainTradeLineItem"))
    )
    intent = _intent(document, notes)
    number = notes.text(document.place("ID"))
    reference = agreement.place("BuyerOrderReferencedDocument", "IssuerAssignedID")
    if number is None:
        _missing(notes, "ExchangedDocument/ID", "po_number", "the number of the order", "reject")
    elif intent.value != "new_order" and reference:
        number = notes.text(reference)
    if not lines and intent.value == "new_order":
        _missing(notes, "IncludedSupplyChainTradeLineItem", "lines", "what is ordered", "reject")
    if root.text("ExchangedDocumentContext", "TestIndicator", "Indicator").lower() in ("true", "1"):
        notes.note("test_message", "approve", "The sender marked this document as a test (TestIndicator).")
    total = settlement.first("SpecifiedTradeSettlementHeaderMonetarySummation")
    currency = notes.text(settlement.place("OrderCurrencyCode"))
    if currency is None and intent.value == "new_order":
        _missing(notes, "OrderCurrencyCode", "currency", "the currency of the prices", "clarify")
    partial = delivery.text("PartialDeliveryAllowedIndicator", "Indicator") or trade.text(
        "IncludedSupplyChainTradeLineItem",
        "SpecifiedLineTradeDelivery",
        "PartialDeliveryAllowedIndicator",
        "Indicator",
    )
    wanted, window = _requested(delivery, notes, "requested_date")
    draft = OrderDraft(
        intent=intent,
        po_number=number,
        po_date=_day(document.first("IssueDateTime"), notes, "po_date", "order date"),
        requested_date=wanted,
        currency=currency,
        buyer=party(agreement.first("BuyerTradeParty")) or PartyRef(),
        ship_to=party(delivery.first("ShipToTradeParty")),
        bill_to=party(settlement.first("InvoiceeTradeParty")),
        supplier=party(agreement.first("SellerTradeParty")),
        payment_terms=joined(
            [n.value for n in settlement.all("SpecifiedTradePaymentTerms", "Description")], "; "
        ),
        freight_terms=joined(
            [
                agreement.text("ApplicableTradeDeliveryTerms", "DeliveryTypeCode"),
                agreement.text("ApplicableTradeDeliveryTerms", "Description"),
            ],
            " ",
        ),
        contract=agreement.text("ContractReferencedDocument", "IssuerAssignedID")
        or agreement.text("QuotationReferencedDocument", "IssuerAssignedID"),
        is_revision=intent.value != "new_order",
        ship_complete={"true": False, "false": True, "1": False, "0": True}.get(partial.lower()),
        lines=lines,
        stated_net_total=notes.number(_total_place(total), "stated_net_total", "total without tax"),
        charges_total=_charges(settlement, notes, "charges_total"),
        stated_tax_total=notes.amount(
            total.place("TaxTotalAmount") if total else None, "stated_tax_total", "tax total"
        ),
        note=joined([*(n.value for n in document.all("IncludedNote", "Content")), window]),
        language=document.text("LanguageID").lower()[:2] or "en",
        findings=tuple(notes.findings),
        source_document_id=notes.document_id,
        reply_format="email",
    )
    return [draft]


def _total_place(total: Node | None) -> Place | None:
    if total is None:
        return None
    return total.place("TaxBasisTotalAmount") or total.place("LineTotalAmount")


def _intent(document: Node, notes: Notebook) -> Stated[Intent]:
    kind, purpose = document.text("TypeCode"), document.text("PurposeCode")
    intent = _TYPES.get(kind, "new_order")
    if intent == "new_order" or purpose in ("1", "3"):
        intent = _PURPOSES.get(purpose, intent)
    if kind not in _TYPES or purpose in ("6", "7", "31"):
        notes.note(
            "order_purpose_unusual",
            "approve",
            f"The document's type is '{kind or 'not stated'}' and its purpose '{purpose or 'not stated'}': "
            "check what is meant and whether it was booked before.",
            path="intent",
            purpose=purpose or kind,
        )
    return notes.stated(intent, document.place("TypeCode") or document.here)


def _line(item: Node, index: int, notes: Notebook) -> DraftLine:
    path = f"lines[{index}]"
    document = item.first("AssociatedDocumentLineDocument") or item
    agreement = item.first("SpecifiedLineTradeAgreement") or item
    delivery = item.first("SpecifiedLineTradeDelivery") or item
    settlement = item.first("SpecifiedLineTradeSettlement") or item
    line_id = document.text("LineID")
    quantity = delivery.first("RequestedQuantity") or delivery.first("AgreedQuantity")
    uom, written = notes.unit(
        quantity.attribute("unitCode") if quantity else None, f"{path}.uom", unit_from_unece
    )
    if quantity is None or not quantity.value:
        _missing(
            notes,
            f"IncludedSupplyChainTradeLineItem[{index + 1}]/RequestedQuantity",
            f"{path}.quantity",
            "how many",
            "clarify",
        )
    price = agreement.first("NetPriceProductTradePrice") or agreement.first("GrossPriceProductTradePrice")
    basis = price.first("BasisQuantity") if price else None
    basis_unit = basis.attributes.get("unitCode", "") if basis else ""
    price_uom = unit_from_unece(basis_unit) or basis_unit
    summation = settlement.first("SpecifiedTradeSettlementLineMonetarySummation")
    wanted, window = _requested(delivery, notes, f"{path}.requested_date")
    return DraftLine(
        line_number=int(line_id) if line_id.isdigit() and len(line_id) < 10 else index + 1,
        line_id=line_id,
        article=_article(item.first("SpecifiedTradeProduct") or item, notes),
        quantity=notes.number(quantity.place() if quantity else None, f"{path}.quantity", "quantity"),
        uom=uom,
        uom_stated=written,
        unit_price=notes.number(
            price.place("ChargeAmount") if price else None, f"{path}.unit_price", "unit price"
        ),
        price_base=notes.amount(basis.place() if basis else None, f"{path}.price_base", "price basis"),
        price_uom="" if uom and price_uom == uom.value else price_uom,
        line_total=notes.number(
            summation.place("LineTotalAmount") if summation else None, f"{path}.line_total", "line total"
        ),
        # An allowance below a price explains it and is already in the net price.
        charges=_charges(settlement, notes, f"{path}.charges"),
        requested_date=wanted,
        ship_to=party(delivery.first("ShipToTradeParty")),
        note=joined([*(n.value for n in document.all("IncludedNote", "Content")), window]),
    )


def _article(product: Node, notes: Notebook) -> Stated[ArticleRef]:
    global_id = product.first("GlobalID")
    number = global_id.value if global_id else ""
    is_gtin = number.isascii() and number.isdigit() and len(number) in (8, 12, 13, 14)
    article = ArticleRef(
        seller_part=product.text("SellerAssignedID"),
        buyer_part=product.text("BuyerAssignedID"),
        manufacturer_part=product.text("ManufacturerAssignedID"),
        gtin=number if is_gtin else "",
        part="" if is_gtin or product.text("SellerAssignedID") or product.text("BuyerAssignedID") else number,
        description=joined([product.text("Name"), product.text("Description")], ", "),
    )
    place = (
        product.place("SellerAssignedID")
        or product.place("GlobalID")
        or product.place("BuyerAssignedID")
        or product.place("Name")
        or product.here
    )
    return notes.stated(article, place)


def _charges(node: Node, notes: Notebook, path: str) -> Decimal | None:
    total: Decimal | None = None
    for entry in node.all("SpecifiedTradeAllowanceCharge"):
        amount = notes.amount(entry.place("ActualAmount"), path, "allowance or charge")
        if amount is not None:
            sign = 1 if entry.text("ChargeIndicator", "Indicator").lower() in ("true", "1") else -1
            total = (total or Decimal(0)) + sign * amount
    return total


def _requested(delivery: Node, notes: Notebook, path: str) -> tuple[Stated[date] | None, str]:
    """The first requested day, and the period in words where it is longer than a day."""
    event = delivery.first("RequestedDeliverySupplyChainEvent") or delivery.first(
        "RequestedDespatchSupplyChainEvent"
    )
    if event is None:
        return None, ""
    start = event.first("OccurrenceSpecifiedPeriod", "StartDateTime")
    end = event.first("OccurrenceSpecifiedPeriod", "EndDateTime")
    wanted = _day(event.first("OccurrenceDateTime") or start or end, notes, path, "requested date")
    last = end.place("DateTimeString") if end else None
    until = edifact_day(last.text, "102") if last else None
    if wanted is not None and until is not None and until != wanted.value:
        return wanted, f"Deliver between {wanted.value} and {until}"
    return wanted, ""


def _day(node: Node | None, notes: Notebook, path: str, label: str) -> Stated[date] | None:
    stamp = (node.first("DateTimeString") or node.first("DateString")) if node else None
    if stamp is None:
        return None
    form = stamp.attributes.get("format", "") or "102"
    return notes.day(stamp.place(), path, label, lambda text: edifact_day(text, form))


def _missing(notes: Notebook, element: str, path: str, what: str, severity: str) -> None:
    notes.note(
        "mandatory_element_missing",
        "reject" if severity == "reject" else "clarify",
        f"The mandatory element {element} is missing: the document does not say {what}.",
        path=path,
        question="" if severity == "reject" else "mandatory_element_missing",
        element=element,
        meaning=what,
    )
