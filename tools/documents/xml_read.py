"""XML from outside: read safely, then handed to the reader of its root element and namespace."""

from __future__ import annotations

from collections.abc import Callable

from orderdesk.domain.documents import DocumentFormat
from orderdesk.domain.errors import ReadError
from orderdesk.domain.orders import OrderDraft
from tools.documents.cxml import read_cxml
from tools.documents.opentrans import read_opentrans
from tools.documents.orderx import read_orderx
from tools.documents.parsed import Parsed
from tools.documents.stated import Notebook
from tools.documents.ubl import read_ubl
from tools.documents.xml_safe import Node, read_xml, xml_text

# Root element -> its format, and what it is in words where it is not an order.
_UBL_ORDERS = ("Order", "OrderChange", "OrderCancellation")
_OTHERS: dict[str, tuple[DocumentFormat, str]] = {
    "OrderResponse": ("ubl", "an order response"),
    "OrderResponseSimple": ("ubl", "an order response"),
    "Invoice": ("ubl", "an invoice"),
    "CreditNote": ("ubl", "a credit note"),
    "DebitNote": ("ubl", "a debit note"),
    "DespatchAdvice": ("ubl", "a despatch advice"),
    "ReceiptAdvice": ("ubl", "a receipt advice"),
    "Catalogue": ("ubl", "a catalogue"),
    "Quotation": ("ubl", "a quotation"),
    "RequestForQuotation": ("ubl", "a request for quotation"),
    "Reminder": ("ubl", "a reminder"),
    "Statement": ("ubl", "a statement of account"),
    "ApplicationResponse": ("ubl", "an application response"),
    "ORDERRESPONSE": ("opentrans", "an order response"),
    "DISPATCHNOTIFICATION": ("opentrans", "a dispatch notification"),
    "RECEIPTACKNOWLEDGEMENT": ("opentrans", "a receipt acknowledgement"),
    "INVOICE": ("opentrans", "an invoice"),
    "INVOICELIST": ("opentrans", "a list of invoices"),
    "QUOTATION": ("opentrans", "a quotation"),
    "RFQ": ("opentrans", "a request for quotation"),
    "REMITTANCEADVICE": ("opentrans", "a remittance advice"),
    "BMECAT": ("opentrans", "a product catalogue"),
    "CrossIndustryInvoice": ("orderx", "an invoice"),
    "CrossIndustryDocument": ("orderx", "an invoice"),
}
# Orders in formats that are not read: (root, element below it or '') -> what they are in words.
_UNREAD_ORDERS = {
    ("Order", "OrderHeader"): "an xCBL order",
    ("orderMessage", ""): "a GS1 XML order",
    ("ORDERS05", "IDOC"): "an SAP IDoc order (ORDERS05)",
    ("ORDERS04", "IDOC"): "an SAP IDoc order (ORDERS04)",
    ("Pip3A4PurchaseOrderRequest", ""): "a RosettaNet purchase order",
    ("ProcessPurchaseOrder", ""): "an OAGIS purchase order",
}
_OPENTRANS_ORDERS = ("ORDER", "ORDERCHANGE")
_READERS: dict[DocumentFormat, Callable[[Node, Notebook], list[OrderDraft]]] = {
    "ubl": read_ubl,
    "cxml": read_cxml,
    "opentrans": read_opentrans,
    "orderx": read_orderx,
}
# Envelopes (Standard Business Document, SOAP, batches) stand at most this far above the order.
_ENVELOPE_DEPTH = 4


def parse_xml(raw: bytes, document_id: str) -> Parsed:
    """An XML file as an order of its kind, or a Parsed with a finding that says what it is instead."""
    text = xml_text(raw)
    notes = Notebook(document_id)
    try:
        root = read_xml(text)
    except ReadError as error:
        question = "unreadable_document" if error.code == "unreadable_document" else ""
        severity = "clarify" if question else "approve"
        notes.note(error.code, severity, str(error), question=question)
        return Parsed(format=_guess(text), text=text, findings=tuple(notes.findings))
    found = _orders(root, 0)
    format_: DocumentFormat = found[0][0] if found else "unknown"
    drafts: list[OrderDraft] = []
    for kind, node in found:
        drafts += _READERS[kind](node, notes)
    if not found:
        format_ = _name_it(root, notes)
    return Parsed(format=format_, text=text, drafts=tuple(drafts), findings=tuple(notes.findings))


def _orders(node: Node, depth: int) -> list[tuple[DocumentFormat, Node]]:
    """The order roots in a document: its own root, or those inside an envelope."""
    kind = _kind(node)
    if kind is not None:
        return [(kind, node)]
    if depth >= _ENVELOPE_DEPTH or node.name in _OTHERS:
        return []
    return [found for child in node.children for found in _orders(child, depth + 1)]


def _kind(node: Node) -> DocumentFormat | None:
    names = {child.name for child in node.children}
    if node.name == "cXML":
        return "cxml"
    if node.name == "SCRDMCCBDACIOMessageStructure":
        return "orderx"
    if node.name in _UBL_ORDERS and (
        ":ubl:" in node.namespace or names & {"OrderLine", "BuyerCustomerParty"}
    ):
        return "ubl"
    if node.name in _OPENTRANS_ORDERS and names & {f"{node.name}_HEADER", f"{node.name}_ITEM_LIST"}:
        return "opentrans"
    return None


def _name_it(root: Node, notes: Notebook) -> DocumentFormat:
    """Say what a document without an order is."""
    for node in (root, *root.children, *(inner for child in root.children for inner in child.children)):
        if node.name in _OTHERS:
            format_, what = _OTHERS[node.name]
            notes.note(
                "not_an_order", "info", f"The document is {what} ({node.name}), not an order.", name=node.name
            )
            return format_
    below = {child.name for child in root.children}
    for (name, child), what in _UNREAD_ORDERS.items():
        if root.name == name and (not child or child in below):
            notes.note(
                "unsupported_version",
                "approve",
                f"The XML document is {what}, a format that is not read; a person has to enter it.",
                version=what,
            )
            return "unknown"
    notes.note(
        "unknown_xml",
        "approve",
        f"The XML document ('{root.name[:60]}') is of no kind we know; a person has to look at it.",
        name=root.name[:60],
    )
    return "unknown"


def _guess(text: str) -> DocumentFormat:
    """The format of a broken XML file, from its first characters, for the message to the customer."""
    head = text[:2000]
    if ":ubl:" in head:
        return "ubl"
    if "<cXML" in head:
        return "cxml"
    if "opentrans" in head:
        return "opentrans"
    return "orderx" if "SCRDMCCBDACIO" in head else "unknown"
