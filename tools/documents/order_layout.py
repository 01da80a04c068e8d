"""Where an order table's header stands and what each column holds."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from orderdesk.domain.base import Value
from orderdesk.domain.documents import Cell, Table
from orderdesk.domain.units import unit_from_word
from tools.documents.order_headers import Role, column_role
from tools.documents.order_totals import total_kind
from tools.documents.written_numbers import readings

_ARTICLE: frozenset[Role] = frozenset(
    ("seller_part", "buyer_part", "manufacturer_part", "part", "gtin", "item", "number", "description")
)
_SURE_COLUMNS = 5
_SEARCH_ROWS = 60  # a header further down than this has never an order above it, only prose
PART_LIKE = re.compile(r"(?=[^\s]*\d)(?=.*[A-Za-z-])[A-Za-z0-9][A-Za-z0-9./_-]{2,24}")


class Layout(Value):
    """Column index -> role, the first data row, and whether the roles came from names (or only from values)."""

    columns: dict[int, Role]
    labels: dict[int, str]
    first_row: int
    header_row: int
    named: bool = True

    def column(self, role: Role) -> int | None:
        """The column of a role, None where the table has none."""
        return next((i for i, r in self.columns.items() if r == role), None)


def find_layout(table: Table) -> Layout | None:
    """The layout of an order table; None where the table is not one (no quantity, or no article)."""
    best: tuple[int, Layout] | None = None
    for index, row in enumerate(table.rows[:_SEARCH_ROWS]):
        for height in (1, 2):
            layout = _header_at(table, index, height, row)
            if layout is None:
                continue
            score = len(set(layout.columns.values()))
            if best is None or score > best[0]:
                best = (score, layout)
    return best[1] if best else _headerless(table)


def _header_at(table: Table, index: int, height: int, row: Sequence[Cell]) -> Layout | None:
    texts = [_flat(c.text) for c in row]
    if height == 2:
        if index + 1 >= len(table.rows):
            return None
        below = [_flat(c.text) for c in table.rows[index + 1]]
        if any(re.search(r"\d", t) for t in below) or not any(below):
            return None
        width = max(len(texts), len(below))
        texts = [f"{(texts + [''] * width)[i]} {(below + [''] * width)[i]}".strip() for i in range(width)]
    roles: dict[int, Role] = {}
    for i, text in enumerate(texts):
        role = column_role(text)
        if role:
            roles[i] = role
    filled = sum(1 for t in texts if t)
    # most cells of a header row are column names; a line that happens to hold 'Menge' is not one. An export
    # of everything a system knows has many columns we do not need: five different known ones will do.
    if len(roles) < 2 or (len(roles) * 2 < filled and len(set(roles.values())) < _SURE_COLUMNS):
        return None
    rows = table.rows[index + height :]
    resolved = _resolve(_shift_merged(roles, texts, rows), rows)
    held = set(resolved.values())
    if "quantity" not in held or not held & _ARTICLE:
        return None
    labels = {i: t for i, t in enumerate(texts) if t}
    return Layout(columns=resolved, labels=labels, first_row=index + height, header_row=index)


def _shift_merged(
    roles: dict[int, Role], texts: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> dict[int, Role]:
    """A header cell merged over several columns names the one that holds the values."""
    shifted: dict[int, Role] = {}
    for i, role in roles.items():
        span = [i]
        while span[-1] + 1 < _width(rows) and (span[-1] + 1 >= len(texts) or not texts[span[-1] + 1]):
            span.append(span[-1] + 1)
        # the first data rows decide: totals further down may stand anywhere
        shifted[max(span, key=lambda c: (len(_values(rows[:3], c)), -c))] = role
    return shifted


def _resolve(roles: dict[int, Role], rows: Sequence[Sequence[Cell]]) -> dict[int, Role]:
    """Roles that need the values ('Item', 'No.', 'Units') told apart; a role is given once, left to right."""
    held = set(roles.values())
    resolved: dict[int, Role] = {}
    for i, role in sorted(roles.items()):
        values = [v for v in _values(rows, i) if total_kind(v) is None]
        final: Role = role
        if role in ("item", "number"):
            final = _item_role(role, values, held - {role})
            if role == "number" and "po_number" not in held and _same_for_all(values, held):
                final = "po_number"
        elif role == "document":
            # 'Document No.' in an export of order lines, where nothing else is the order's number
            final = "note" if "po_number" in held else "po_number"
        elif role == "units":
            final = "uom" if "quantity" in held else "quantity"
        elif role == "date":
            # One date on every line is the order's own; dates that differ belong to the lines.
            same = len(set(values)) == 1
            final = "ignore" if held & {"po_date", "requested_date"} and not same else "note"
            if same and "po_date" not in held:
                final = "po_date"
        elif role == "po_number" and not held & {"part", "seller_part", "buyer_part", "gtin", "item"}:
            # 'Bestell-Nr.' that differs on every line is the article's order number
            distinct = len(set(values)) == len(values) > 1
            final = "part" if distinct else role
        elif role == "price_base" and not held & {"unit_price"}:
            # 'Price' above 'Unit' in a header of two rows reads like a price unit, but it is the price.
            final = "unit_price" if values and any("." in v or "," in v for v in values) else role
        elif role == "uom" and "quantity" not in held and values and all(readings(v) for v in values):
            final = "quantity"
        if final not in ("ignore", "note") and final in resolved.values():
            final = "ignore" if final in ("unit_price", "line_total", "quantity") else "note"
        resolved[i] = final
    return resolved


def _same_for_all(values: Sequence[str], held: set[Role]) -> bool:
    """Whether a bare number stands on several lines beside an article of its own: the order's number."""
    return len(values) > 1 and len(set(values)) == 1 and bool(held & (_ARTICLE - {"number", "description"}))


def _item_role(role: Role, values: Sequence[str], others: set[Role]) -> Role:
    numbers = [int(v) for v in values if v.isdigit()]
    steps = {b - a for a, b in itertools.pairwise(numbers)}
    counts_up = (
        bool(numbers)
        and len(numbers) * 2 >= len(values)
        and numbers[0] in (1, 10, 100)
        and (len(numbers) == 1 or (len(steps) == 1 and 0 < next(iter(steps)) <= 100))
    )
    other_article = bool(others & _ARTICLE)
    if counts_up and other_article:
        return "line_number"
    if "description" in others or (values and all(PART_LIKE.fullmatch(v) or v.isdigit() for v in values)):
        return "part"
    return "line_number" if role == "number" and other_article else "description"


def _headerless(table: Table) -> Layout | None:
    """Columns by their values alone, only where nothing else is possible: part numbers and whole quantities."""
    rows = [r for r in table.rows if any(c.text.strip() for c in r)]
    if not rows or len({len(r) for r in rows}) != 1:
        return None
    kinds: dict[int, Role] = {}
    for i in range(len(rows[0])):
        values = [_flat(r[i].text) for r in rows]
        if all(PART_LIKE.fullmatch(v) and not readings(v) for v in values):
            kinds[i] = "part"
        elif all(re.fullmatch(r"\d{1,5}", v) for v in values):
            kinds[i] = "quantity"
        elif all(unit_from_word(v) for v in values):
            kinds[i] = "uom"
        elif all(len(v.split()) >= 2 and not readings(v) for v in values):
            kinds[i] = "description"
        elif any(values):
            return None
    once = {"part", "quantity"} <= set(kinds.values()) and len(set(kinds.values())) == len(kinds)
    # one row of 'A-1 | 5' can be anything; two rows of the same shape are a list
    if not once or len(rows) < 2:
        return None
    return Layout(columns=kinds, labels={}, first_row=0, header_row=-1, named=False)


def _values(rows: Sequence[Sequence[Cell]], column: int) -> list[str]:
    return [t for r in rows if column < len(r) and (t := _flat(r[column].text))]


def _width(rows: Sequence[Sequence[Cell]]) -> int:
    return max((len(r) for r in rows), default=0)


def _flat(text: str) -> str:
    return " ".join(text.split())
