"""What stands around an order table: order number, dates, currency, terms, in key/value cells or labelled text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from orderdesk.domain.base import Value
from orderdesk.domain.documents import Cell, Table
from orderdesk.domain.evidence import Evidence, Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import PartyRef
from tools.documents.order_address import read_addresses
from tools.documents.order_cells import cell_evidence, date_finding
from tools.documents.order_dates import conflicting_dates, unreadable_date
from tools.documents.order_headers import Role, column_role
from tools.documents.order_labels import LabelRole, find_labelled, normal_number
from tools.documents.order_layout import find_layout
from tools.documents.signals import share
from tools.documents.written_dates import parse_date
from tools.documents.written_prices import currency_code

_KEYS: dict[Role, LabelRole] = {
    "po_number": "po_number", "po_date": "po_date", "date": "po_date", "requested_date": "requested_date",
    "currency": "currency", "customer_number": "customer_number", "customer_name": "buyer",
    "ship_to_code": "ship_to_code",
}  # fmt: skip


class Preamble(Value):
    """Header facts of a document, as far as labels give them."""

    po_number: Stated[str] | None = None
    po_date: Stated[date] | None = None
    requested_date: Stated[date] | None = None
    currency: Stated[str] | None = None
    customer_number: str = ""
    buyer_name: str = ""
    ship_to: PartyRef | None = None
    bill_to: PartyRef | None = None
    payment_terms: str = ""
    freight_terms: str = ""
    contract: str = ""
    findings: tuple[Finding, ...] = ()


class _Fact(Value):
    value: str
    evidence: Evidence
    strong: bool = True
    named: bool = True
    label_start: int = -1


def read_preamble(
    tables: Sequence[Table], *, text: str, document_id: str, today: date, day_first: bool | None
) -> Preamble:
    """The labelled facts of a document; key/value cells first, then labels in the running text."""
    facts: dict[LabelRole, list[_Fact]] = {}
    for table in tables:
        _from_cells(table, text, document_id, facts)
    for found in find_labelled(text):
        evidence = Evidence(
            document_id=document_id, start=found.start, end=found.end, quote=text[found.start : found.end]
        )
        facts.setdefault(found.role, []).append(
            _Fact(
                value=found.value,
                evidence=evidence,
                strong=found.strong,
                named=found.named,
                label_start=found.label_start,
            )
        )
    findings: list[Finding] = []
    po_number = _po_number(facts.get("po_number", []), findings)
    po_date = _date(facts.get("po_date", []), "po_date", today, day_first, findings)
    if po_date is None:
        po_date = _plain_date(text, document_id, today, day_first, findings)
    requested = _wanted(facts.get("requested_date", []), text, today, day_first, findings)
    currency = next((f for f in facts.get("currency", []) if currency_code(f.value)), None)
    code = _first(facts, "ship_to_code")
    ship_to, bill_to, doubts = read_addresses(text)
    findings += doubts
    if code:
        ship_to = (ship_to or PartyRef()).model_copy(update={"code": code})
    return Preamble(
        po_number=po_number, po_date=po_date, requested_date=requested,
        currency=Stated(
            value=currency_code(currency.value), method="rules", evidence=currency.evidence,
            confidence=share(named=True, exact=currency.evidence.start >= 0),
        ) if currency else None,
        customer_number=_first(facts, "customer_number"), buyer_name=_first(facts, "buyer"),
        ship_to=ship_to, bill_to=bill_to,
        payment_terms=_first(facts, "payment_terms"), freight_terms=_first(facts, "freight_terms"),
        contract=_first(facts, "contract"), findings=tuple(findings),
    )  # fmt: skip


def _from_cells(table: Table, text: str, document_id: str, facts: dict[LabelRole, list[_Fact]]) -> None:
    layout = find_layout(table)
    above = table.rows if layout is None else table.rows[: max(layout.header_row, 0)]
    for index, row in enumerate(above):  # what stands below the lines' own header belongs to lines
        roles: list[Role | None] = [column_role(c.text.split(":")[0]) for c in row]
        filled = [i for i, c in enumerate(row) if c.text.strip()]
        for i in filled:
            role = roles[i]
            key = _KEYS.get(role) if role else None
            if key is None or ":" in row[i].text.strip(" :"):
                continue
            cell = _value_cell(table, index, i, roles, filled)
            if cell is not None and (key != "po_number" or any(c.isdigit() for c in cell.text)):
                where = f"{table.locator} row {index + 1}"
                evidence = cell_evidence(cell, document_id, text, where)
                facts.setdefault(key, []).append(_Fact(value=" ".join(cell.text.split()), evidence=evidence))


def _value_cell(
    table: Table, row: int, column: int, roles: Sequence[Role | None], filled: Sequence[int]
) -> Cell | None:
    """The value of a label cell: the next filled cell to the right, or the one below in a row of labels."""
    right = next((i for i in filled if i > column), None)
    if right is not None and roles[right] is None:
        return table.rows[row][right]
    if row + 1 < len(table.rows) and column < len(table.rows[row + 1]):
        below = table.rows[row + 1][column]
        if below.text.strip() and column_role(below.text) is None:
            return below
    return None


def _po_number(facts: list[_Fact], findings: list[Finding]) -> Stated[str] | None:
    if not facts:
        return None
    strong = [f for f in facts if f.strong] or facts
    distinct = {normal_number(f.value): f for f in reversed(strong)}
    first = strong[0]
    if len(distinct) > 1:
        options = tuple(dict.fromkeys(f.value for f in strong))
        findings.append(Finding(
            code="po_number_conflict", severity="clarify", path="po_number", question="po_number_conflict",
            message=f"The document states several order numbers: {', '.join(options)}.", options=options,
        ))  # fmt: skip
    return Stated(
        value=first.value, method="rules", evidence=first.evidence,
        confidence=share(named=first.named, exact=first.evidence.start >= 0, one_reading=len(distinct) == 1),
    )  # fmt: skip


def _wanted(
    facts: list[_Fact], text: str, today: date, day_first: bool | None, findings: list[Finding]
) -> Stated[date] | None:
    """The day the document asks for; several that differ, or one that cannot be read, are questions."""
    read = [(f, d) for f in facts if (d := parse_date(f.value, today=today, day_first=day_first))]
    if not read:
        for fact in facts:
            at = fact.evidence.start
            doubt = unreadable_date(text, fact.label_start, at, fact.value) if fact.label_start >= 0 else None
            if doubt:
                findings.append(doubt)
                break
        return None
    days = list(dict.fromkeys(d.value.isoformat() for _, d in read))
    if len(days) > 1:
        findings.append(conflicting_dates(days))
    return _date([fact for fact, _ in read], "requested_date", today, day_first, findings)


def _date(
    facts: list[_Fact], path: str, today: date, day_first: bool | None, findings: list[Finding]
) -> Stated[date] | None:
    for fact in facts:
        found = parse_date(fact.value, today=today, day_first=day_first)
        if found is None:
            continue
        if found.ambiguous:
            written = fact.value[found.start : found.end]
            findings.append(date_finding(found, written, path))
        return Stated(
            value=found.value, method="rules", evidence=fact.evidence,
            confidence=share(named=True, settled=not found.ambiguous, exact=fact.evidence.start >= 0),
        )  # fmt: skip
    return None


def _plain_date(
    text: str, document_id: str, today: date, day_first: bool | None, findings: list[Finding]
) -> Stated[date] | None:
    """A bare 'DATE 7/27/2019' of a form: the document's date, as long as it is the only one of that kind."""
    match = re.search(
        r"(?im)(?:^|[ \t|,;])(?:date|datum|fecha|data)[ \t]*[:|,;\t]?[ \t]*(?P<v>\d[^\n|]{5,24})", text
    )
    if not match:
        return None
    found = parse_date(match["v"], today=today, day_first=day_first)
    if found is None:
        return None
    start = match.start("v") + found.start
    end = match.start("v") + found.end
    evidence = Evidence(document_id=document_id, start=start, end=end, quote=text[start:end])
    return _date([_Fact(value=text[start:end], evidence=evidence)], "po_date", today, day_first, findings)


def _first(facts: dict[LabelRole, list[_Fact]], role: LabelRole) -> str:
    found = facts.get(role, [])
    return found[0].value.strip() if found else ""
