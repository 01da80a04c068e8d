"""openTRANS 1.0 and 2.x ORDER and ORDERCHANGE as a draft."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from orderdesk.domain.evidence import Stated
from orderdesk.domain.orders import ArticleRef, DraftLine, Intent, OrderDraft, PartyRef
from orderdesk.domain.units import unit_from_unece
from tools.documents.stated import Notebook, iso_day, joined
from tools.documents.text_offsets import Place
from tools.documents.xml_safe import Node

_LANGUAGES = {
    "deu": "de", "ger": "de", "eng": "en", "spa": "es", "fra": "fr", "fre": "fr", "ita": "it", "nld": "nl",
    "dut": "nl", "pol": "pl", "por": "pt",
}  # fmt: skip
# 2.x names a role on the party; 1.0 wraps each party in an element of its own.
_ROLES = {
    "buyer": ("buyer", "customer", "BUYER_PARTY"),
    "supplier": ("supplier", "SUPPLIER_PARTY"),
    "ship_to": ("delivery", "final_delivery", "deliverer_to", "DELIVERY_PARTY"),
    "bill_to": ("invoice_recipient", "payer", "INVOICE_PARTY"),
}
_REFERENCES = {
    "buyer": (("ORDER_PARTIES_REFERENCE", "BUYER_IDREF"), ("BUYER_IDREF",)),
    "supplier": (("ORDER_PARTIES_REFERENCE", "SUPPLIER_IDREF"), ("SUPPLIER_IDREF",)),
    "ship_to": (("ORDER_PARTIES_REFERENCE", "SHIPMENT_PARTIES_REFERENCE", "DELIVERY_IDREF"),),
    "bill_to": (("ORDER_PARTIES_REFERENCE", "INVOICE_RECIPIENT_IDREF"),),
}


def read_opentrans(root: Node, document_notes: Notebook) -> list[OrderDraft]:
    """The draft of one openTRANS order. Never fails: what is wrong becomes a finding."""
    notes = Notebook(document_notes.document_id)
    kind = root.name
    header = root.first(f"{kind}_HEADER") or root
    info = header.first(f"{kind}_INFO") or header
    summary = root.first(f"{kind}_SUMMARY")
    items = [
        item
        for name in dict.fromkeys((f"{kind}_ITEM_LIST", "ORDER_ITEM_LIST"))
        for item in root.all(name, "ORDER_ITEM")
    ]
    lines = tuple(_line(item, index, notes) for index, item in enumerate(items))
    intent: Intent = "change_order" if kind == "ORDERCHANGE" else "new_order"
    number = notes.text(info.place("ORDER_ID"))
    if number is None:
        _missing(notes, f"{kind}_INFO/ORDER_ID", "po_number", "the number of the order")
    if not lines and intent == "new_order":
        _missing(notes, "ORDER_ITEM_LIST/ORDER_ITEM", "lines", "what is ordered")
    _check_count(summary, len(lines), notes)
    wanted, window = _requested(info, notes, "requested_date")
    partial = info.text("PARTIAL_SHIPMENT_ALLOWED").lower()
    total = summary.place("TOTAL_AMOUNT") if summary else None
    draft = OrderDraft(
        intent=notes.stated(intent, root.here),
        po_number=number,
        po_date=notes.day(
            info.place(f"{kind}_DATE") or info.place("ORDER_DATE"), "po_date", "order date", iso_day
        ),
        requested_date=wanted,
        currency=notes.text(info.place("CURRENCY") or info.place("PRICE_CURRENCY")),
        buyer=_party(info, "buyer") or PartyRef(),
        ship_to=_party(info, "ship_to"),
        bill_to=_party(info, "bill_to"),
        supplier=_party(info, "supplier"),
        payment_terms=_payment(info),
        freight_terms=joined(
            [info.text("TRANSPORT", part) for part in ("INCOTERM", "LOCATION", "TRANSPORT_REMARK")], " "
        ),
        contract=header.text("SOURCING_INFO", "AGREEMENT", "AGREEMENT_ID")
        or header.text("SOURCING_INFO", "QUOTATION_ID")
        or info.text("AGREEMENT_ID"),
        is_revision=kind == "ORDERCHANGE",
        ship_complete={"true": False, "false": True}.get(partial),
        lines=lines,
        stated_net_total=notes.number(total, "stated_net_total", "order total"),
        charges_total=_charges(summary or info, notes, "charges_total"),
        note=joined(
            [*(n.value for n in info.all("REMARKS")), *(n.value for n in info.all("REMARK")), window]
        ),
        language=_language(info),
        findings=tuple(notes.findings),
        source_document_id=notes.document_id,
        # The openTRANS answer to an order is an ORDERRESPONSE.
        reply_format="opentrans",
    )
    return [draft]


def _line(item: Node, index: int, notes: Notebook) -> DraftLine:
    path = f"lines[{index}]"
    line_id = item.text("LINE_ITEM_ID")
    digits = line_id.lstrip("0")
    uom, written = notes.unit(item.place("ORDER_UNIT"), f"{path}.uom", unit_from_unece)
    if item.place("QUANTITY") is None:
        notes.note(
            "mandatory_element_missing",
            "clarify",
            f"The mandatory element ORDER_ITEM[{index + 1}]/QUANTITY is missing: the document does not say how many.",
            path=f"{path}.quantity",
            question="mandatory_element_missing",
            element="ORDER_ITEM/QUANTITY",
            meaning="how many",
        )
    price = item.first("PRODUCT_PRICE_FIX") or item.first("ARTICLE_PRICE") or item
    wanted, window = _requested(item, notes, f"{path}.requested_date")
    total = item.place("PRICE_LINE_AMOUNT") or price.place("PRICE_LINE_AMOUNT")
    price_unit = price.text("PRICE_UNIT")
    price_uom = unit_from_unece(price_unit) or price_unit
    return DraftLine(
        line_number=int(digits) if digits.isdigit() and len(digits) < 10 else index + 1,
        line_id=line_id,
        article=_article(item, notes),
        quantity=notes.number(item.place("QUANTITY"), f"{path}.quantity", "quantity"),
        uom=uom,
        uom_stated=written,
        unit_price=notes.number(price.place("PRICE_AMOUNT"), f"{path}.unit_price", "unit price"),
        price_base=notes.amount(price.place("PRICE_QUANTITY"), f"{path}.price_base", "price basis"),
        price_uom="" if uom and price_uom == uom.value else price_uom,
        line_total=notes.number(total, f"{path}.line_total", "line total"),
        charges=_charges(price, notes, f"{path}.charges"),
        requested_date=wanted,
        note=joined(
            [
                *(n.value for n in item.all("REMARKS")),
                *(n.value for n in item.all("REMARK")),
                item.text("SOURCING_INFO", "AGREEMENT", "AGREEMENT_ID"),
                window,
            ]
        ),
    )


def _article(item: Node, notes: Notebook) -> Stated[ArticleRef]:
    node = item.first("PRODUCT_ID") or item.first("ARTICLE_ID") or item
    gtin = node.text("EAN")
    for pid in (*node.all("INTERNATIONAL_PID"), *node.all("INTERNATIONAL_AID")):
        if pid.attributes.get("type", "").lower() in ("", "ean", "gtin", "upc") and not gtin:
            gtin = pid.value
    seller = node.place("SUPPLIER_PID") or node.place("SUPPLIER_AID")
    buyer = node.place("BUYER_PID") or node.place("BUYER_AID")
    short = node.place("DESCRIPTION_SHORT") or item.place("DESCRIPTION_SHORT")
    article = ArticleRef(
        seller_part=seller.text if seller else "",
        buyer_part=buyer.text if buyer else "",
        manufacturer_part=node.text("MANUFACTURER_INFO", "MANUFACTURER_PID") or node.text("MANUFACTURER_AID"),
        gtin=gtin if gtin.isascii() and gtin.isdigit() and len(gtin) in (8, 12, 13, 14) else "",
        description=short.text if short else node.text("DESCRIPTION_LONG"),
    )
    return notes.stated(article, seller or buyer or short or node.place("INTERNATIONAL_PID") or item.here)


def _requested(node: Node, notes: Notebook, path: str) -> tuple[Stated[date] | None, str]:
    """The first requested day, and the period in words where it is longer than a day."""
    start = node.place("DELIVERY_DATE", "DELIVERY_START_DATE")
    end = node.place("DELIVERY_DATE", "DELIVERY_END_DATE")
    days = [iso_day(place.text) for place in (start, end) if place]
    wanted = notes.day(start or end, path, "requested delivery date", iso_day)
    if len(days) == 2 and days[0] != days[1] and None not in days:
        return wanted, f"Deliver between {days[0]} and {days[1]}"
    return wanted, ""


def _party(info: Node, role: str) -> PartyRef | None:
    candidates = [*info.all("PARTIES", "PARTY"), *info.all("ORDER_PARTIES", "PARTY")]
    for name in _ROLES[role]:
        for node in candidates:
            if any(r.value.lower() == name for r in node.all("PARTY_ROLE")):
                return _party_value(node, role)
        # 1.0 holds the place of delivery one level deeper, among the parties of the shipment.
        wrapped = info.first("ORDER_PARTIES", name) or info.first("ORDER_PARTIES", "SHIPMENT_PARTIES", name)
        if wrapped is not None:
            return _party_value(wrapped.first("PARTY") or wrapped, role)
    reference = next((p for path in _REFERENCES[role] if (p := info.place(*path))), None)
    if reference is None:
        return None
    matching = next((n for n in candidates if reference.text in [i.value for i in n.all("PARTY_ID")]), None)
    return _party_value(matching, role) if matching else PartyRef(ids=(reference.text,))


def _party_value(node: Node, role: str) -> PartyRef:
    address = node.first("ADDRESS") or node
    contact = address.first("CONTACT_DETAILS") or address.first("CONTACT")
    ids = [n.value for n in node.all("PARTY_ID") if n.value]
    # A buyer's id of type supplier_specific is the account number the supplier gave.
    ours = [n.value for n in node.all("PARTY_ID") if n.attributes.get("type", "").startswith("supplier")]
    person = joined([contact.text("FIRST_NAME"), contact.text("CONTACT_NAME")], " ") if contact else ""
    return PartyRef(
        name=joined([address.text("NAME"), address.text("NAME2"), address.text("NAME3")], ", "),
        ids=tuple(dict.fromkeys(ids)),
        customer_number=ours[0] if ours and role == "buyer" else "",
        tax_id=address.text("VAT_ID"),
        email=(contact.text("EMAILS", "EMAIL") or contact.text("EMAIL"))
        if contact
        else address.text("EMAIL"),
        phone=(contact.text("PHONE") if contact else "") or address.text("PHONE"),
        contact=person,
        street=address.text("STREET"),
        city=address.text("CITY"),
        region=address.text("STATE"),
        postal_code=address.text("ZIP"),
        country=address.text("COUNTRY_CODED") or address.text("COUNTRY"),
        code=ids[0] if ids and role == "ship_to" else "",
    )


def _payment(info: Node) -> str:
    words = [term.value for term in info.all("PAYMENT", "PAYMENT_TERM")]
    for term in info.all("PAYMENT", "PAYMENT_TERMS", "TIME_FOR_PAYMENT"):
        factor = f" discount factor {term.text('DISCOUNT_FACTOR')}" if term.text("DISCOUNT_FACTOR") else ""
        words.append(f"{term.text('DAYS')} days{factor}" if term.text("DAYS") else "")
    payment = info.first("PAYMENT")
    means = ("CARD", "ACCOUNT", "DEBIT", "CHECK", "CASH")
    words += [n.name.lower() for n in (payment.children if payment else ()) if n.name in means]
    return joined(words, "; ")


def _charges(node: Node, notes: Notebook, path: str) -> Decimal | None:
    total: Decimal | None = None
    for entry in node.all("ALLOW_OR_CHARGES_FIX", "ALLOW_OR_CHARGE"):
        value = entry.first("ALLOW_OR_CHARGE_VALUE")
        place: Place | None = value.place("AOC_MONETARY_AMOUNT") if value else None
        amount = notes.amount(place or entry.place("AOC_MONETARY_AMOUNT"), path, "allowance or charge")
        if amount is not None:
            sign = -1 if entry.attributes.get("type", "") == "allowance" else 1
            total = (total or Decimal(0)) + sign * amount
    return total


def _check_count(summary: Node | None, lines: int, notes: Notebook) -> None:
    said = summary.text("TOTAL_ITEM_NUM") if summary else ""
    if said.isascii() and said.isdigit() and int(said[:9]) != lines:
        notes.count("TOTAL_ITEM_NUM", said[:9], lines, "order items")


def _language(info: Node) -> str:
    code = info.text("LANGUAGE").lower()
    return _LANGUAGES.get(code, code if len(code) == 2 and code.isalpha() else "en")


def _missing(notes: Notebook, element: str, path: str, what: str) -> None:
    notes.note(
        "mandatory_element_missing",
        "reject",
        f"The mandatory element {element} is missing: the document does not say {what}.",
        path=path,
        element=element,
        meaning=what,
    )
