"""UBL 2.x Order, OrderChange and OrderCancellation (Peppol, NSO, OIOUBL, EHF, SI-UBL) as a draft."""

from __future__ import annotations

import re

from orderdesk.domain.evidence import Stated
from orderdesk.domain.findings import Severity
from orderdesk.domain.orders import Intent, OrderDraft, PartyRef
from tools.documents.stated import Notebook, iso_day, joined
from tools.documents.ubl_1_0 import as_ubl_2, is_ubl_1_0
from tools.documents.ubl_common import charges, missing, requested_day
from tools.documents.ubl_line import read_line
from tools.documents.ubl_parties import delivery_party, party
from tools.documents.ubl_totals import check_totals, net_total
from tools.documents.xml_currencies import note_mixed_currencies
from tools.documents.xml_safe import Node

_INTENTS: dict[str, Intent] = {
    "Order": "new_order",
    "OrderChange": "change_order",
    "OrderCancellation": "cancel_order",
}
# The Italian NSO refers to the order it revokes or replaces as 'number#date#endpoint#status'.
_NSO_STATUS: dict[str, Intent] = {"cancelled": "cancel_order", "revised": "change_order"}
_LANGUAGES = frozenset({"en", "de", "es", "fr", "it", "nl", "da", "nb", "no", "sv", "fi", "pt", "pl"})
# Mandatory in UBL and every profile of it; how much harm each does decides who has to settle it.
_MANDATORY: tuple[tuple[tuple[str, ...], str, Severity, str], ...] = (
    (("CustomizationID",), "", "info", "the specification the document follows"),
    (("ProfileID",), "", "info", "the business process the document belongs to"),
    (("IssueDate",), "po_date", "info", "the date of the order"),
    (("BuyerCustomerParty",), "buyer", "approve", "who orders"),
    (("SellerSupplierParty",), "supplier", "info", "whom the order is for"),
)


def read_ubl(root: Node, document_notes: Notebook) -> list[OrderDraft]:
    """The draft of one UBL order document. Never fails: what is wrong becomes a finding."""
    notes = Notebook(document_notes.document_id)
    old = is_ubl_1_0(root)
    if old:
        root = as_ubl_2(root)
    intent, number = _intent_and_number(root, notes)
    lines = tuple(
        read_line(line, item, index, notes)
        for index, (line, item) in enumerate(
            (line, item) for line in root.all("OrderLine") for item in line.all("LineItem")
        )
    )
    _check_mandatory(root, notes, intent.value, has_lines=bool(lines))
    if old:
        _unsupported_version(notes, "1.0")
    total = root.first("AnticipatedMonetaryTotal")
    delivery = root.first("Delivery")
    wanted, window = requested_day(delivery, notes, "requested_date")
    net = net_total(total, notes)
    check_totals(root, total, notes)
    currency = _currency(root, notes)
    note_mixed_currencies(root.all("OrderLine"), "currencyID", currency.value if currency else "", notes)
    draft = OrderDraft(
        intent=intent,
        po_number=number,
        po_date=notes.day(root.place("IssueDate"), "po_date", "order date", iso_day),
        requested_date=wanted,
        currency=currency,
        buyer=party(root.first("BuyerCustomerParty")) or PartyRef(),
        ship_to=delivery_party(delivery),
        bill_to=party(root.first("AccountingCustomerParty")),
        supplier=party(root.first("SellerSupplierParty")),
        payment_terms=joined([note.value for note in root.all("PaymentTerms", "Note")], "; "),
        freight_terms=_freight(root.first("DeliveryTerms")),
        contract=root.text("ContractDocumentReference", "ID")
        or root.text("Contract", "ID")
        or root.text("QuotationDocumentReference", "ID"),
        is_revision=intent.value != "new_order",
        ship_complete=_ship_complete(root),
        lines=lines,
        stated_net_total=net,
        charges_total=charges(root, notes, "charges_total"),
        stated_tax_total=notes.amount(root.place("TaxTotal", "TaxAmount"), "stated_tax_total", "tax total"),
        note=joined([n.value for n in root.all("Note")] + [root.text("CancellationNote"), window]),
        language=_language(root),
        findings=tuple(notes.findings),
        source_document_id=notes.document_id,
        reply_format="ubl",
    )
    return [draft]


def _intent_and_number(root: Node, notes: Notebook) -> tuple[Stated[Intent], Stated[str] | None]:
    intent = _INTENTS[root.name]
    place = root.here
    number = root.place("ID")
    if root.name != "Order":
        # A change has a number of its own; the order it is about is the reference.
        number = root.place("OrderReference", "ID") or number
    for reference in root.all("OrderDocumentReference", "ID"):
        parts = reference.value.split("#")
        status = _NSO_STATUS.get(parts[-1].strip().lower()) if len(parts) >= 3 else None
        if status is not None and intent == "new_order":
            intent, place = status, reference.place() or place
            what = "cancels" if status == "cancel_order" else "replaces"
            notes.note(
                "revises_order",
                "info",
                f"The document {what} order {parts[0]} of {parts[1]}.",
                path="po_number",
                order=parts[0],
            )
    return notes.stated(intent, place), notes.text(number)


def _check_mandatory(root: Node, notes: Notebook, intent: Intent, *, has_lines: bool) -> None:
    if not root.text("ID"):
        missing(notes, "ID", "reject", "po_number", "the number of the order")
    if root.name != "Order" and not root.text("OrderReference", "ID"):
        missing(notes, "OrderReference/ID", "clarify", "po_number", "which order is meant")
    for path, field, severity, what in _MANDATORY:
        node = root.first(*path)
        if node is None or not (node.value or node.children):
            missing(notes, "/".join(path), severity, field, what)
    if intent == "new_order":
        if not root.text("DocumentCurrencyCode"):
            # UBL itself allows this, and where every amount carries the same currency nothing is open.
            severity = "clarify" if _currency(root, notes) is None else "info"
            missing(notes, "DocumentCurrencyCode", severity, "currency", "its currency")
        if not has_lines:
            missing(notes, "OrderLine", "reject", "lines", "what is ordered")
    _check_versions(root, notes)
    for role, field in (("BuyerCustomerParty", "buyer"), ("SellerSupplierParty", "supplier")):
        stated = root.first(role, "Party")
        if stated is not None and not (
            stated.text("PartyName", "Name")
            or stated.text("PartyIdentification", "ID")
            or stated.text("PartyLegalEntity", "RegistrationName")
            or stated.text("EndpointID")
        ):
            harm: Severity = "approve" if field == "buyer" else "info"
            missing(notes, f"{role}/Party/PartyName", harm, field, "the party's name or identifier")


def _check_versions(root: Node, notes: Notebook) -> None:
    version = root.place("UBLVersionID")
    if version and not version.text.startswith("2."):
        _unsupported_version(notes, version.text[:20])
    profile = root.place("CustomizationID")
    if profile and (_other_transaction(profile.text) or re.search(r":ver(?!\d)", profile.text)):
        notes.note(
            "unsupported_profile",
            "approve",
            f"The document's specification '{profile.text[:160]}' is not one for orders that we know.",
            profile=profile.text[:160],
        )


def _unsupported_version(notes: Notebook, version: str) -> None:
    notes.note(
        "unsupported_version",
        "approve",
        f"The document says it is UBL version {version}; only 2.x is known, check what was read.",
        version=version,
    )


def _other_transaction(profile: str) -> bool:
    """Whether a CEN BII specification names another transaction than an order (trns001, rdm001)."""
    return "biitrns" in profile and "biitrns001" not in profile


def _currency(root: Node, notes: Notebook) -> Stated[str] | None:
    stated = notes.text(root.place("DocumentCurrencyCode"))
    if stated is not None:
        return stated
    # Without it, the currency that every amount carries, where they agree.
    amounts = _amounts(root)
    codes = {n.attributes.get("currencyID", "") for n in amounts}
    if len(codes) == 1 and (place := amounts[0].attribute("currencyID")):
        return notes.text(place)
    return None


def _amounts(root: Node) -> list[Node]:
    found: list[Node] = []
    queue = [root]
    while queue:
        node = queue.pop()
        if "currencyID" in node.attributes:
            found.append(node)
        queue += node.children
    return found


def _freight(terms: Node | None) -> str:
    if terms is None:
        return ""
    return joined([terms.text("ID"), terms.text("SpecialTerms"), terms.text("DeliveryLocation", "ID")], " ")


def _ship_complete(root: Node) -> bool | None:
    stated = [n.value.lower() for n in root.all("OrderLine", "LineItem", "PartialDeliveryIndicator")]
    if not stated:
        return None
    return any(value in ("false", "0") for value in stated)


def _language(root: Node) -> str:
    for node in root.children:
        code = node.attributes.get("languageID", "").lower()[:2]
        if code in _LANGUAGES:
            return code
    country = root.text("BuyerCustomerParty", "Party", "PostalAddress", "Country", "IdentificationCode")
    # The NSO profile exists in Italy only and its free text is Italian.
    return "it" if country.upper() == "IT" and "agid.gov.it" in root.text("CustomizationID") else "en"
