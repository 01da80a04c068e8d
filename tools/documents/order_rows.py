"""One row of an order table -> one draft line, every field with its cell as evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orderdesk.domain.documents import Cell
from orderdesk.domain.evidence import Evidence, Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import ArticleRef, DraftLine, PartyRef
from orderdesk.domain.units import unit_from_word
from tools.documents.order_cells import (
    cell_evidence,
    date_finding,
    is_address,
    number_finding,
    unit_from_cell,
)
from tools.documents.order_headers import Role
from tools.documents.order_layout import PART_LIKE, Layout
from tools.documents.signals import share
from tools.documents.written_dates import FoundDate, parse_date
from tools.documents.written_numbers import Convention, is_ambiguous, parse_number, readings
from tools.documents.written_prices import CURRENCY, WrittenPrice, currency_code, parse_price

_QUANTITY = re.compile(r"(?P<n>[-−]?\d[\d.,'’ \u00a0]*)(?:[xX×]\s*)?[ ]?(?P<u>[^\d\s][^\d]*)?")
_GTIN_LENGTHS = (8, 12, 13, 14)


@dataclass(frozen=True)
class TableReading:
    """What holds for every row of a table."""

    document_id: str
    text: str
    locator: str
    layout: Layout
    convention: Convention | None
    today: date
    day_first: bool | None


@dataclass(frozen=True)
class RowLine:
    """A line with what its row says about the order it belongs to."""

    line: DraftLine
    findings: tuple[Finding, ...]
    po_number: Stated[str] | None
    po_date: Stated[date] | None
    currency: str
    customer_number: str
    customer_name: str


class RowReader:
    """Reads the cells of one row by their column's role."""

    def __init__(self, table: TableReading, row: Sequence[Cell], row_number: int) -> None:
        self._table, self._row, self._number = table, row, row_number

    def text(self, role: Role) -> str:
        """The flat text of a role's cell; empty where the table or the row has none."""
        column = self._table.layout.column(role)
        if column is None or column >= len(self._row):
            return ""
        return " ".join(self._row[column].text.split())

    def label(self, role: Role) -> str:
        """The header of a role's column."""
        column = self._table.layout.column(role)
        return self._table.layout.labels.get(column, "") if column is not None else ""

    def evidence(self, *roles: Role) -> Evidence:
        """The first of the roles' cells that holds something, as a place in the document."""
        for role in roles:
            column = self._table.layout.column(role)
            if column is not None and column < len(self._row) and self._row[column].text.strip():
                return cell_evidence(
                    self._row[column], self._table.document_id, self._table.text,
                    f"{self._table.locator} row {self._number} column {column + 1}",
                )  # fmt: skip
        return Evidence(
            document_id=self._table.document_id, locator=f"{self._table.locator} row {self._number}"
        )

    def exact(self, *roles: Role) -> bool:
        """Whether the evidence stands in the document's text word for word."""
        return self.evidence(*roles).start >= 0

    def date(self, role: Role) -> FoundDate | None:
        """The date a role's cell holds."""
        text = self.text(role)
        return parse_date(text, today=self._table.today, day_first=self._table.day_first) if text else None


def read_row(table: TableReading, row: Sequence[Cell], row_number: int, position: int) -> RowLine | None:
    """The row's line; None where the row names no article, or no quantity nor price."""
    reader = RowReader(table, row, row_number)
    article = _article(reader)
    if article is None:
        return None
    quantity, word, quantity_findings = _quantity(reader, table, position)
    price_text, total_text = reader.text("unit_price"), reader.text("line_total")
    price = parse_price(price_text, table.convention) if price_text else None
    total = parse_number(total_text, table.convention) if total_text else None
    named_article = bool(article.model_copy(update={"description": ""}) != ArticleRef())
    if (
        quantity is None
        and price is None
        and total is None
        and not reader.text("quantity")
        and not named_article
    ):
        return None
    if price and price.ambiguous and quantity is not None and total is not None:
        price = _settle_price(price, price_text, quantity, total)
    findings = list(quantity_findings)
    product = _product(quantity, price, total)
    named = table.layout.named
    uom_text = reader.text("uom") or word or _unit_in_header(table)
    uom = unit_from_cell(uom_text) if uom_text else None
    wanted = reader.date("requested_date")
    if wanted and wanted.ambiguous:
        findings.append(
            date_finding(wanted, reader.text("requested_date"), f"lines[{position}].requested_date")
        )
    if price and price.ambiguous:
        findings.append(number_finding(price_text, f"lines[{position}].unit_price"))
    line = DraftLine(
        line_number=_line_number(reader.text("line_number"), position),
        line_id=reader.text("line_number"),
        article=Stated(
            value=article, method="rules",
            confidence=share(named=named, exact=reader.exact(*_ARTICLE_ROLES)),
            evidence=reader.evidence(*_ARTICLE_ROLES),
        ),
        quantity=None if quantity is None else Stated(
            value=quantity, method="rules", evidence=reader.evidence("quantity"),
            confidence=share(
                named=named, numbers=not quantity_findings, exact=reader.exact("quantity"), product=product
            ),
        ),
        uom=None if uom is None else Stated(
            value=uom, method="rules", evidence=reader.evidence("uom", "quantity"),
            confidence=share(named=named, unit=True, exact=reader.exact("uom", "quantity")),
        ),
        uom_stated=uom_text,
        unit_price=None if price is None else Stated(
            value=price.amount, method="rules", evidence=reader.evidence("unit_price"),
            confidence=share(
                named=named, numbers=not price.ambiguous, exact=reader.exact("unit_price"), product=product
            ),
        ),
        price_base=_price_base(reader, table, price),
        price_uom=price.unit if price and price.unit != "EA" else "",
        line_total=None if total is None else Stated(
            value=total, method="rules", evidence=reader.evidence("line_total"),
            confidence=share(named=named, exact=reader.exact("line_total"), product=product),
        ),
        requested_date=None if wanted is None else Stated(
            value=wanted.value, method="rules", evidence=reader.evidence("requested_date"),
            confidence=share(named=named, settled=not wanted.ambiguous, exact=reader.exact("requested_date")),
        ),
        ship_to=_ship_to(reader),
        note=_note(reader, table, row),
    )  # fmt: skip
    po_date = reader.date("po_date")
    po_text = reader.text("po_number")
    return RowLine(
        line=line,
        findings=tuple(findings),
        po_number=Stated(
            value=po_text, method="rules", evidence=reader.evidence("po_number"),
            confidence=share(named=named, exact=reader.exact("po_number")),
        ) if po_text else None,
        po_date=Stated(
            value=po_date.value, method="rules", evidence=reader.evidence("po_date"),
            confidence=share(named=named, settled=not po_date.ambiguous, exact=reader.exact("po_date")),
        ) if po_date else None,
        currency=currency_code(reader.text("currency")) or currency_code(price_text)
        or currency_code(total_text) or _currency_in_header(table),
        customer_number=reader.text("customer_number"),
        customer_name=reader.text("customer_name"),
    )  # fmt: skip


_ARTICLE_ROLES: tuple[Role, ...] = (
    "seller_part",
    "buyer_part",
    "part",
    "gtin",
    "manufacturer_part",
    "description",
)


def _article(reader: RowReader) -> ArticleRef | None:
    gtin, part = re.sub(r"[ -]", "", reader.text("gtin")), reader.text("part")
    description = reader.text("description")
    both = re.fullmatch(r"\[([^\[\]]{2,40})\] ?(.*)", part or description)
    if not part and not both:
        part, description = _number_before_words(reader.label("description"), description)
    if both:  # '[FURN_7777] Office chair': number and name in one cell
        part, name = both.groups()
        description = name if not description or description.startswith("[") else description
    is_gtin = gtin.isdigit() and len(gtin) in _GTIN_LENGTHS
    article = ArticleRef(
        seller_part=reader.text("seller_part"),
        buyer_part=reader.text("buyer_part"),
        manufacturer_part=reader.text("manufacturer_part"),
        gtin=gtin if is_gtin else "",
        part=part or ("" if is_gtin else reader.text("gtin")),
        description=description,
    )
    return article if any(article.model_dump().values()) else None


def _number_before_words(label: str, text: str) -> tuple[str, str]:
    """Number and words of a cell under 'Part number / Description'; no number where the label names only words."""
    first, _, words = text.partition(" ")
    names = re.search(
        r"(?i)\b(?:no|nr|number|code|sku|part|ref|artikel\w*|mat\w*)\b.*[/&+,]|[/&+,].*\b(?:no|nr|code|sku)\b",
        label,
    )
    return (first, words.strip()) if names and words and PART_LIKE.fullmatch(first) else ("", text)


def _quantity(
    reader: RowReader, table: TableReading, position: int
) -> tuple[Decimal | None, str, tuple[Finding, ...]]:
    text = reader.text("quantity")
    match = _QUANTITY.fullmatch(text) if text else None
    if not match:
        return None, "", ()
    raw, word = match["n"].strip(), (match["u"] or "").strip(" .()")
    value = parse_number(raw, table.convention)
    if value is None and is_ambiguous(raw):
        values = readings(raw)
        total = parse_number(reader.text("line_total"), table.convention)
        price = parse_price(reader.text("unit_price"), table.convention)
        if total is not None and price is not None:
            fitting = [v for v in set(values.values()) if _close(v * price.amount, total)]
            if len(fitting) == 1:
                return fitting[0], word, ()
        # taken as thousands, the usual meaning in a quantity column, but never on our own account
        return max(values.values()), word, (number_finding(raw, f"lines[{position}].quantity"),)
    return value, word, ()


def _settle_price(price: WrittenPrice, text: str, quantity: Decimal, total: Decimal) -> WrittenPrice:
    raw = re.sub(r"[^\d.,]", "", text)
    base = price.base or Decimal(1)
    fitting = {v for v in readings(raw).values() if _close(quantity * v / base, total)}
    return (
        price.model_copy(update={"amount": fitting.pop(), "ambiguous": False}) if len(fitting) == 1 else price
    )


def _product(quantity: Decimal | None, price: WrittenPrice | None, total: Decimal | None) -> bool | None:
    if quantity is None or price is None or total is None:
        return None
    return _close(quantity * price.amount / (price.base or Decimal(1)), total)


def _close(left: Decimal, right: Decimal) -> bool:
    return abs(left - right) <= Decimal("0.02")  # the slack of Peppol's line rule


def _price_base(reader: RowReader, table: TableReading, price: WrittenPrice | None) -> Decimal | None:
    text = reader.text("price_base")
    match = re.search(r"\d[\d.,]*", text)
    base = parse_number(match.group(), table.convention) if match else None
    if base is None and text and price:
        base = {"HU": Decimal(100), "TH": Decimal(1000)}.get(unit_from_word(text) or "")
    base = base or (price.base if price else None)
    return base if base is not None and base > 0 else None


def _unit_in_header(table: TableReading) -> str:
    """The unit a quantity column names for all its rows: 'Qty (pcs)', 'Menge [kg]'."""
    column = table.layout.column("quantity")
    label = table.layout.labels.get(column, "") if column is not None else ""
    words = re.findall(r"[(\[]\s*([^()\[\]]{1,12}?)\s*[)\]]", label)
    return next((word for word in words if unit_from_word(word)), "")


def _currency_in_header(table: TableReading) -> str:
    """The currency the price columns name for all their rows: 'Unit Price (USD)', 'Betrag in EUR', 'Price £'."""
    for role in ("unit_price", "line_total"):
        column = table.layout.column(role)
        label = table.layout.labels.get(column, "") if column is not None else ""
        if found := CURRENCY.search(label):
            return currency_code(found.group())
    return ""


def _line_number(text: str, position: int) -> int:
    return int(text) if text.isdigit() and len(text) <= 9 else position + 1


def _ship_to(reader: RowReader) -> PartyRef | None:
    code = reader.text("ship_to_code")
    party = PartyRef(
        code="" if is_address(code) else code,
        name=reader.text("customer_name") if reader.text("street") else "",
        street=reader.text("street") or (code if is_address(code) else ""),
        city=reader.text("city"),
        region=reader.text("region"),
        postal_code=reader.text("postal_code"),
        country=reader.text("country"),
    )
    return party if any(v for k, v in party.model_dump().items() if k != "name") else None


def _note(reader: RowReader, table: TableReading, row: Sequence[Cell]) -> str:
    """What stands in columns that have no role of their own, with the column's name: nothing gets lost."""
    parts: list[str] = []
    for i, cell in enumerate(row):
        text, role = " ".join(cell.text.split()), table.layout.columns.get(i)
        if not text or role not in (None, "note", "discount", "pack", "tax", "ignore"):
            continue
        label = table.layout.labels.get(i, "")
        parts.append(f"{label}: {text}" if label and role != "note" else text)
    return "; ".join(parts)
