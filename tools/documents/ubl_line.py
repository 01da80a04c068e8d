"""One line of a UBL order."""

from __future__ import annotations

from orderdesk.domain.evidence import Stated
from orderdesk.domain.orders import ArticleRef, DraftLine
from orderdesk.domain.units import unit_from_unece
from tools.documents.stated import Notebook, joined
from tools.documents.ubl_common import charges, missing, requested_day
from tools.documents.ubl_parties import delivery_party
from tools.documents.xml_safe import Node

_CHANGES = {"1": "added", "2": "cancelled", "3": "changed", "4": "no action"}


def read_line(line: Node, item: Node, index: int, notes: Notebook) -> DraftLine:
    """The line as stated; `index` is its 0-based position."""
    path = f"lines[{index}]"
    line_id = item.text("ID")
    if not line_id:
        missing(notes, f"OrderLine[{index + 1}]/LineItem/ID", "info", path, "the number of the line")
    quantity = item.first("Quantity")
    uom, written = notes.unit(
        quantity.attribute("unitCode") if quantity else None, f"{path}.uom", unit_from_unece
    )
    if quantity is None or not quantity.value:
        missing(notes, f"OrderLine[{index + 1}]/LineItem/Quantity", "clarify", f"{path}.quantity", "how many")
    elif not written:
        name = f"OrderLine[{index + 1}]/LineItem/Quantity/@unitCode"
        missing(notes, name, "clarify", f"{path}.uom", "the unit of the quantity")
    delivery = item.first("Delivery")
    wanted, window = requested_day(delivery, notes, f"{path}.requested_date")
    base = item.first("Price", "BaseQuantity")
    base_unit = base.attributes.get("unitCode", "") if base else ""
    price_uom = unit_from_unece(base_unit) or base_unit
    price = notes.number(item.place("Price", "PriceAmount"), f"{path}.unit_price", "unit price")
    if price is not None and price.value < 0:
        notes.note(
            "negative_price",
            "clarify",
            f"The price of line {line_id or index + 1} is negative ({price.value:f}).",
            path=f"{path}.unit_price",
            question="negative_price",
            price=format(price.value, "f"),
        )
    return DraftLine(
        line_number=int(line_id) if line_id.isdigit() and len(line_id) < 10 else index + 1,
        line_id=line_id,
        article=_article(item, index, notes),
        quantity=notes.number(item.place("Quantity"), f"{path}.quantity", "quantity"),
        uom=uom,
        uom_stated=written,
        unit_price=price,
        price_base=notes.amount(item.place("Price", "BaseQuantity"), f"{path}.price_base", "price basis"),
        price_uom="" if uom and price_uom == uom.value else price_uom,
        line_total=notes.number(item.place("LineExtensionAmount"), f"{path}.line_total", "line total"),
        # An allowance inside Price explains the price and is already in it.
        charges=charges(item, notes, f"{path}.charges"),
        requested_date=wanted,
        ship_to=delivery_party(delivery),
        note=joined(
            [
                *(n.value for n in line.all("Note")),
                *(n.value for n in item.all("Note")),
                _status(item),
                window,
            ]
        ),
    )


def _status(item: Node) -> str:
    code = item.text("LineStatusCode")
    return f"Line status {_CHANGES.get(code, code)}" if code and code != "NoStatus" else ""


def _article(item: Node, index: int, notes: Notebook) -> Stated[ArticleRef]:
    node = item.first("Item") or item
    found: dict[str, str] = {}
    if seller := node.first("SellersItemIdentification", "ID"):
        # OIOUBL puts the GTIN here and says so in the scheme.
        found["gtin" if _is_gtin(seller) else "seller_part"] = seller.value
    standard = node.first("StandardItemIdentification", "ID")
    if standard is not None and standard.value:
        found.setdefault("gtin" if _is_gtin(standard, bare=True) else "part", standard.value)
    found["buyer_part"] = node.text("BuyersItemIdentification", "ID")
    found["manufacturer_part"] = node.text("ManufacturersItemIdentification", "ID")
    name, description = node.text("Name"), node.text("Description")
    if not name and not description:
        missing(
            notes, f"OrderLine[{index + 1}]/LineItem/Item/Name", "info", f"lines[{index}].article", "the name"
        )
    for number, extra in enumerate(node.all("AdditionalItemProperty")):
        for part in ("Name", "Value"):
            if extra.first(part) is None:
                label = f"OrderLine[{index + 1}]/LineItem/Item/AdditionalItemProperty[{number + 1}]/{part}"
                missing(notes, label, "info", f"lines[{index}].article", "a property of the article in full")
    place = (
        node.place("SellersItemIdentification", "ID")
        or node.place("StandardItemIdentification", "ID")
        or node.place("BuyersItemIdentification", "ID")
        or node.place("Name")
        or node.place("Description")
        or node.here
    )
    described = joined([name, "" if description in name else description], ", ")
    return notes.stated(ArticleRef(**found, description=described), place)


def _is_gtin(node: Node, *, bare: bool = False) -> bool:
    """Whether an id is a GTIN: its digits fit, and its scheme says so or (`bare`) nothing says otherwise."""
    if not (node.value.isascii() and node.value.isdigit() and len(node.value) in (8, 12, 13, 14)):
        return False
    scheme = node.attributes.get("schemeID", "").upper()
    return scheme in ("GTIN", "EAN", "GTIN-13", "GTIN-14", "0160", "EAN13", "0088") or (bare and not scheme)
