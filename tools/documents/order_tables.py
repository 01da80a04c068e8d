"""Order tables of any shape (CSV, XLSX, PDF, mail) -> order drafts, one for each order number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from orderdesk.domain.documents import Cell, DocumentFormat, Table
from orderdesk.domain.evidence import Evidence, Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import DraftLine, OrderDraft, PartyRef
from tools.documents.order_headers import column_role
from tools.documents.order_labels import normal_number
from tools.documents.order_layout import Layout, find_layout
from tools.documents.order_preamble import Preamble, read_preamble
from tools.documents.order_rows import RowLine, TableReading, read_row
from tools.documents.order_sheets import separate_sheets
from tools.documents.order_totals import Totals, add_total, row_total, text_totals, total_currency, total_kind
from tools.documents.signals import share
from tools.documents.written_dates import settled_order
from tools.documents.written_numbers import Convention, decide, number_texts


def drafts_from_tables(
    tables: Sequence[Table],
    *,
    text: str,
    document_id: str,
    format: DocumentFormat,
    today: date | None = None,
    day_first: bool | None = None,
) -> tuple[tuple[OrderDraft, ...], tuple[Finding, ...]]:
    """The orders that a document's tables hold, and findings about tables that could not be read.

    `today` and `day_first` serve dates without a year and 03/04; by default the calendar day and what the
    document itself shows. Lines of tables with the same columns (a table over two pages) are one order.
    """
    today = today or datetime.now(UTC).date()
    sheets = separate_sheets(tables, text)
    if sheets:
        parts = [
            drafts_from_tables(
                (sheet,), text=own, document_id=document_id, format=format, today=today, day_first=day_first
            )
            for sheet, own in sheets
        ]
        return tuple(d for drafts, _ in parts for d in drafts), tuple(f for _, found in parts for f in found)
    settled = settled_order(text)
    day_first = settled if settled is not None else day_first
    lines: list[RowLine] = []
    totals, findings = Totals(), list[Finding]()
    preamble = read_preamble(tables, text=text, document_id=document_id, today=today, day_first=day_first)
    last: Layout | None = None
    used: list[tuple[Table, Layout]] = []
    for table in tables:
        layout = _same_columns(find_layout(table), last) or _continued(table, last)
        if layout is None:
            continue
        last = layout
        used.append((table, layout))
    convention = _convention(used, text)
    for table, layout in used:
        reading = TableReading(document_id, text, table.locator, layout, convention, today, day_first)
        read = _read_rows(table, reading, len(lines), text)
        lines += read[0]
        findings += read[1]
        totals = read[2] if read[2] != Totals() else totals
    if not lines:
        return (), tuple(findings)
    findings += _tells_of_deliveries(used)
    if totals.net is None and totals.gross is None:
        totals = text_totals(text, convention)
    if preamble.currency is None:
        preamble = preamble.model_copy(update={"currency": _totals_currency(text, document_id)})
    named = all(layout.named for _, layout in used)
    drafts = _drafts(lines, preamble, totals, document_id, named)
    return tuple(drafts), tuple(findings)


def _totals_currency(text: str, document_id: str) -> Stated[str] | None:
    found = total_currency(text)
    if found is None:
        return None
    code, start, end = found
    evidence = Evidence(document_id=document_id, start=start, end=end, quote=text[start:end])
    return Stated(value=code, method="rules", confidence=share(named=True, exact=True), evidence=evidence)


_DELIVERED = re.compile(
    r"\b(?:shipped|received|delivered|back-?ordered|invoiced|returned|missing|short|geliefert\w*|erhalten|fehlmenge|rückstand|recibid\w+|entregad\w+|enviad\w+|faltan\w*|livrée?s?|reçue?s?|expédiée?s?|manquant\w*)\b",
    re.IGNORECASE,
)


def _tells_of_deliveries(used: Sequence[tuple[Table, Layout]]) -> list[Finding]:
    """A column of what was shipped or received: the table reports on an order and may not be one."""
    for _, layout in used:
        label = next((text for text in layout.labels.values() if _DELIVERED.search(text)), "")
        if label:
            return [Finding(
                code="table_may_be_a_report", severity="approve", path="lines", facts={"column": label},
                message=f"The table has a column '{label}': it may report on an order rather than be one.",
            )]  # fmt: skip
    return []


def _convention(used: Sequence[tuple[Table, Layout]], text: str) -> Convention | None:
    samples: list[str] = []
    for table, layout in used:
        columns = [layout.column(r) for r in ("quantity", "unit_price", "line_total")]
        for row in table.rows[layout.first_row :]:
            samples += [row[c].text for c in columns if c is not None and c < len(row)]
    return decide(samples) or decide([*samples, *number_texts(text)])


def _same_columns(layout: Layout | None, last: Layout | None) -> Layout | None:
    """A table that repeats the header of the one before (next page) has its columns, whatever its values say.

    'No.' counts from 13 there, which alone looks like an article's number.
    """
    if layout is None or last is None or not layout.named or layout.labels != last.labels:
        return layout
    return layout.model_copy(update={"columns": last.columns})


def _continued(table: Table, last: Layout | None) -> Layout | None:
    """A table without a header right after one with as many columns goes on with it (next page)."""
    if last is None or not last.named or not table.rows:
        return None
    if max(len(r) for r in table.rows) != max(last.columns.keys() | last.labels.keys()) + 1:
        return None
    return last.model_copy(update={"first_row": 0, "header_row": -1})


def _read_rows(
    table: Table, reading: TableReading, offset: int, text: str
) -> tuple[list[RowLine], list[Finding], Totals]:
    layout, lines, findings, totals = reading.layout, list[RowLine](), list[Finding](), Totals()
    unordered: list[str] = []
    for index, row in enumerate(table.rows[layout.first_row :], start=layout.first_row):
        cells = [c.text for c in row]
        if not any(c.strip() for c in cells) or _repeats_header(row, layout):
            continue
        sum_row = row_total(cells, reading.convention)
        quantity_text = _cell(row, layout.column("quantity"))
        part = _cell(row, layout.column("part"))
        if sum_row and not (quantity_text and part and total_kind(part) is None):
            totals = add_total(totals, *sum_row)
            continue
        if _is_section(row, layout):
            continue
        found = read_row(reading, row, index + 1, offset + len(lines))
        if found is None:
            _continue_or_note(row, layout, lines, unordered, text)
        elif found.line.quantity is None and not quantity_text:
            unordered.append(_label(found.line))
            lines.append(found)
        else:
            lines.append(found)
    kept, more = _without_quantity(lines, unordered, offset)
    return kept, findings + more, totals


def _without_quantity(
    lines: list[RowLine], unordered: list[str], offset: int
) -> tuple[list[RowLine], list[Finding]]:
    """Articles without a quantity: in an order form (most rows empty) not ordered, else a question."""
    open_lines = [f for f in lines if f.line.quantity is None or f.line.quantity.value == 0]
    if not open_lines or len(open_lines) == len(lines):
        return _ask_quantity(lines), []
    if len(open_lines) * 2 >= len(lines) and len(lines) > 2:
        kept = [f for f in lines if f not in open_lines]
        renumbered = [_moved(f, offset + i) for i, f in enumerate(kept)]
        return renumbered, [
            Finding(
                code="rows_without_quantity", severity="info",
                message=f"{len(open_lines)} rows of the order form have no quantity and were not ordered.",
                facts={"rows": str(len(open_lines))},
            )
        ]  # fmt: skip
    return _ask_quantity(lines), []


def _ask_quantity(lines: list[RowLine]) -> list[RowLine]:
    asked: list[RowLine] = []
    for found in lines:
        if found.line.quantity is None:
            finding = Finding(
                code="line_unclear", severity="clarify", path=f"lines[{len(asked)}].quantity",
                question="quantity_missing", facts={"line": _label(found.line)},
                message=f"No quantity can be read for '{_label(found.line)}'.",
            )  # fmt: skip
            found = replace(found, findings=(*found.findings, finding))
        asked.append(found)
    return asked


def _moved(found: RowLine, position: int) -> RowLine:
    findings = tuple(
        f.model_copy(update={"path": re.sub(r"^lines\[\d+\]", f"lines[{position}]", f.path)})
        for f in found.findings
    )
    line = found.line
    if not line.line_id:
        line = line.model_copy(update={"line_number": position + 1})
    return replace(found, line=line, findings=findings)


def _continue_or_note(
    row: Sequence[Cell], layout: Layout, lines: list[RowLine], unordered: list[str], text: str
) -> None:
    """A row with words only goes on the line above, unless its words stand elsewhere too (names, footers)."""
    words = [" ".join(c.text.split()) for c in row if c.text.strip()]
    column = layout.column("description")
    if not lines or len(words) != 1 or column is None or not _cell(row, column):
        return
    if text.count(words[0]) > 1:
        return
    last = lines[-1]
    article = last.line.article
    value = article.value.model_copy(
        update={"description": f"{article.value.description} {words[0]}".strip()}
    )
    line = last.line.model_copy(update={"article": article.model_copy(update={"value": value})})
    lines[-1] = replace(last, line=line)


def _is_section(row: Sequence[Cell], layout: Layout) -> bool:
    """A row that only names a group of articles ('Fasteners'): one word or two, no figure, nothing beside it."""
    filled = [i for i, cell in enumerate(row) if cell.text.strip()]
    if len(filled) != 1 or len(layout.columns) < 3 or layout.column("part") != filled[0]:
        return False
    return layout.column("description") is not None and not re.search(r"\d", row[filled[0]].text)


def _repeats_header(row: Sequence[Cell], layout: Layout) -> bool:
    if not layout.named:
        return False
    hits = [layout.labels.get(i) == " ".join(c.text.split()) for i, c in enumerate(row) if c.text.strip()]
    roles = [column_role(c.text) for c in row if c.text.strip()]
    return all(hits) or (len(roles) >= 3 and all(roles))


def _drafts(
    lines: list[RowLine], preamble: Preamble, totals: Totals, document_id: str, named: bool
) -> list[OrderDraft]:
    groups: dict[str, list[RowLine]] = {}
    current = ""
    for found in lines:
        if found.po_number:
            current = normal_number(found.po_number.value)
        groups.setdefault(current, []).append(found)
    single = len(groups) == 1
    return [
        _draft(group, preamble, totals if single else Totals(), document_id, named)
        for group in groups.values()
    ]


def _draft(
    group: list[RowLine], preamble: Preamble, totals: Totals, document_id: str, named: bool
) -> OrderDraft:
    group = [_moved(found, i) for i, found in enumerate(group)]
    first = group[0]
    lines = tuple(found.line for found in group)
    currencies = {f.currency for f in group if f.currency}
    currency = first.currency if len(currencies) == 1 else ""
    findings = [f for found in group for f in found.findings]
    # The rows' own numbers stand above what the text around them seems to say.
    by_row = first.po_number is not None
    findings += [f for f in preamble.findings if not (by_row and f.code == "po_number_conflict")]
    if len(currencies) > 1:
        findings.append(Finding(
            code="mixed_currencies", severity="clarify", path="currency", question="mixed_currencies",
            message=f"The lines state different currencies: {', '.join(sorted(currencies))}.",
            options=tuple(sorted(currencies)),
        ))  # fmt: skip
    ship_tos = [line.ship_to for line in lines if line.ship_to]
    whole = ship_tos[0] if ship_tos and all(s == ship_tos[0] for s in ship_tos) else None
    net, charges = _net(totals)
    return OrderDraft(
        intent=Stated(value="new_order", method="rules", confidence=share(named=named)),
        po_number=first.po_number or preamble.po_number,
        po_date=first.po_date or preamble.po_date,
        requested_date=preamble.requested_date,
        currency=preamble.currency if not currency else Stated(
            value=currency, method="rules", confidence=share(named=named, exact=True)
        ),
        buyer=PartyRef(
            name=first.customer_name or preamble.buyer_name,
            customer_number=first.customer_number or preamble.customer_number,
        ),
        ship_to=whole or preamble.ship_to,
        bill_to=preamble.bill_to,
        payment_terms=preamble.payment_terms,
        freight_terms=preamble.freight_terms,
        contract=preamble.contract,
        lines=tuple(line.model_copy(update={"ship_to": None}) for line in lines) if whole else lines,
        stated_net_total=None if net is None else Stated(
            value=net, method="rules", confidence=share(named=True, exact=totals.start >= 0),
            evidence=Evidence(document_id=document_id, start=totals.start, end=totals.end, quote=totals.quote),
        ),
        charges_total=charges,
        stated_tax_total=totals.tax,
        findings=tuple(findings),
        language="en",
        source_document_id=document_id,
    )  # fmt: skip


def _net(totals: Totals) -> tuple[Decimal | None, Decimal | None]:
    """(net total, charges inside it): a subtotal stands before charges; a total less its tax holds them."""
    if totals.net is not None:
        return totals.net, None
    if totals.gross is None:
        return None, None
    return totals.gross - (totals.tax or Decimal(0)), totals.charges


def _cell(row: Sequence[Cell], column: int | None) -> str:
    return row[column].text.strip() if column is not None and column < len(row) else ""


def _label(line: DraftLine) -> str:
    ref = line.article.value
    return ref.part or ref.seller_part or ref.buyer_part or ref.gtin or ref.description
