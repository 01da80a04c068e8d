"""Orders in XML files: UBL, cXML, openTRANS and Order-X, by a handful of paths."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

from evals.samples import ExpectedCase
from evals.truth.values import case, day, line


def cases_of(raw: bytes) -> list[ExpectedCase] | None:
    """The order of the file; [] for a document that is no order, None where it is no XML."""
    root = _tree(raw)
    if root is None:
        return None
    reader = _READERS.get(root.tag)
    return reader(root) if reader else []


def _tree(raw: bytes) -> ET.Element | None:
    """The tree without namespaces, so that paths are plain names. Entities are not declared: DTDs are cut out."""
    text = re.sub(rb"<!--.*?-->|<!DOCTYPE[^\[>]*(\[.*?\])?\s*>", b"", raw, flags=re.DOTALL)
    text = re.sub(rb"\sxmlns(:\w+)?\s*=\s*(\"[^\"]*\"|'[^']*')", b"", text)
    text = re.sub(rb"(</?|\s)[A-Za-z_][\w.-]*:(?=[A-Za-z_])", rb"\1", text)
    try:
        return ET.fromstring(text)  # noqa: S314 - the DTD, and with it every entity, is cut out above
    except ET.ParseError:
        return None


def _said(node: ET.Element, path: str) -> str | None:
    found = node.find(path)
    return (found.text or "").strip() or None if found is not None else None


def _ubl(root: ET.Element) -> list[ExpectedCase]:
    number = _said(root, "ID") if root.tag == "Order" else _said(root, "OrderReference/ID")
    items = root.findall("OrderLine/LineItem")
    lines = [line(_said(i, "Quantity"), _said(i, "Price/PriceAmount")) for i in items]
    # A change is dated itself; the date of the order it changes is another.
    return [case(number, lines, day(_said(root, "IssueDate")) if root.tag == "Order" else None)]


def _cxml(root: ET.Element) -> list[ExpectedCase]:
    header = root.find(".//OrderRequestHeader")
    if header is None:
        return []
    items = root.findall(".//ItemOut")
    lines = [line(i.get("quantity"), _said(i, "ItemDetail/UnitPrice/Money")) for i in items]
    return [case(header.get("orderID"), lines, day(header.get("orderDate")))]


def _opentrans(root: ET.Element) -> list[ExpectedCase]:
    info = f"{root.tag}_HEADER/{root.tag}_INFO"
    items = root.findall(f"{root.tag}_ITEM_LIST/ORDER_ITEM")
    lines = [line(_said(i, "QUANTITY"), _said(i, "PRODUCT_PRICE_FIX/PRICE_AMOUNT")) for i in items]
    return [case(_said(root, f"{info}/ORDER_ID"), lines, day(_said(root, f"{info}/ORDER_DATE")))]


def _order_x(root: ET.Element) -> list[ExpectedCase]:
    items = root.findall(".//IncludedSupplyChainTradeLineItem")
    lines = [
        line(_said(i, ".//RequestedQuantity"), _said(i, ".//NetPriceProductTradePrice/ChargeAmount"))
        for i in items
    ]
    number = _said(root, "ExchangedDocument/ID")
    return [case(number, lines, day(_said(root, "ExchangedDocument/IssueDateTime/DateTimeString")))]


_READERS: dict[str, Callable[[ET.Element], list[ExpectedCase]]] = {
    "Order": _ubl,
    "OrderChange": _ubl,
    "OrderCancellation": _ubl,
    "cXML": _cxml,
    "ORDER": _opentrans,
    "ORDERCHANGE": _opentrans,
    "SCRDMCCBDACIOMessageStructure": _order_x,
}
