"""UBL 1.0 orders in the words of UBL 2.x: what was renamed between the versions and means the same."""

from __future__ import annotations

from tools.documents.xml_safe import Node

_ANYWHERE = {
    "TransactionCurrencyCode": "DocumentCurrencyCode",
    "BuyerParty": "BuyerCustomerParty",
    "SellerParty": "SellerSupplierParty",
    "LineExtensionTotalAmount": "LineExtensionAmount",
    "TaxTotalAmount": "TaxAmount",
    "RequestedDeliveryDateTime": "RequestedDeliveryDate",
    "BuyerAssignedAccountID": "CustomerAssignedAccountID",
    "SellerAssignedAccountID": "SupplierAssignedAccountID",
    "ChargeAmount": "Amount",
}
_INSIDE = {
    # The order is the buyer's document, so the buyer's number is its number.
    ("Order", "BuyersID"): "ID",
    ("OrderChange", "BuyersID"): "ID",
    ("OrderCancellation", "BuyersID"): "ID",
    ("LineItem", "BuyersID"): "ID",
    ("Party", "Address"): "PostalAddress",
    ("Item", "BasePrice"): "Price",
}
_ATTRIBUTES = {"quantityUnitCode": "unitCode", "amountCurrencyID": "currencyID"}


def is_ubl_1_0(root: Node) -> bool:
    """Whether an order is written in UBL 1.0: its namespace says so, or it has 1.0's own numbers."""
    by_name = any(child.name == "BuyersID" for child in root.children)
    return root.namespace.endswith("-1.0") or (by_name and root.first("ID") is None)


def as_ubl_2(root: Node) -> Node:
    """The same tree with 2.x names; every value keeps its place in the text."""
    children = [_renamed(root.name, child) for child in root.children]
    totals = [child for child in children if child.name == "LineExtensionAmount"]
    if totals:
        total = Node("AnticipatedMonetaryTotal", {}, root.path, root.source, root.start, children=totals)
        children.append(total)
    return _copy(root, root.name, root.attributes, children)


def _renamed(parent: str, node: Node) -> Node:
    name = _INSIDE.get((parent, node.name)) or _ANYWHERE.get(node.name, node.name)
    attributes = {_ATTRIBUTES.get(key, key): value for key, value in node.attributes.items()}
    children = [_renamed(node.name, child) for child in node.children]
    if name == "LineItem":
        # 1.0 states the price with the article, 2.x with the line.
        children += [price for child in children if child.name == "Item" for price in child.all("Price")]
    return _copy(node, name, attributes, children)


def _copy(node: Node, name: str, attributes: dict[str, str], children: list[Node]) -> Node:
    return Node(
        name, attributes, node.path, node.source, node.start, children, node.chunks, node.text_start, node.text_end
    )  # fmt: skip
