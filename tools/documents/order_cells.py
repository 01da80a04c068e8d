"""Single cells of order tables: their place as evidence, units in any code, findings about unclear figures."""

from __future__ import annotations

import re

from orderdesk.domain.documents import Cell
from orderdesk.domain.evidence import Evidence
from orderdesk.domain.findings import Finding
from orderdesk.domain.units import unit_from_unece, unit_from_word, unit_from_x12
from tools.documents.written_dates import FoundDate
from tools.documents.written_numbers import readings


def cell_evidence(cell: Cell, document_id: str, text: str, locator: str) -> Evidence:
    """A cell as evidence; without offsets where the text does not hold the cell at them."""
    if 0 <= cell.start < cell.end <= len(text):
        return Evidence(
            document_id=document_id, start=cell.start, end=cell.end, quote=text[cell.start : cell.end],
            locator=locator,
        )  # fmt: skip
    return Evidence(document_id=document_id, quote=cell.text, locator=locator)


def unit_from_cell(text: str) -> str | None:
    """Our code for a unit cell: a word in any language, else a code of UN/ECE or X12 (exports carry those)."""
    text = re.sub(r"\((?:s|es|n|en|e)\)$", "", text)  # 'piece(s)', 'Karton(s)'
    word = unit_from_word(text)
    if word:
        return word
    # 'CA' is a case in X12 and a can in UN/ECE; a table does not say whose codes it uses, so nothing is guessed.
    meanings = {code for code in (unit_from_unece(text), unit_from_x12(text)) if code}
    return meanings.pop() if len(meanings) == 1 else None


def is_address(text: str) -> bool:
    """Whether a ship-to cell holds an address in words rather than the short code of a place."""
    return len(text) > 24 or "," in text


def number_finding(raw: str, path: str) -> Finding:
    """The clarify-finding for a number with one value in each decimal convention."""
    values = sorted({format(v.normalize(), "f") for v in readings(re.sub(r"[^\d.,]", "", raw)).values()})
    return Finding(
        code="number_ambiguous", severity="clarify", path=path, question="number_ambiguous",
        message=f"'{raw}' can mean {' or '.join(values)}; nothing in the document shows which.",
        facts={"written": raw}, options=tuple(values),
    )  # fmt: skip


def date_finding(found: FoundDate, written: str, path: str) -> Finding:
    """The clarify-finding for a date with more than one meaning."""
    options = tuple(o.isoformat() for o in found.options)
    return Finding(
        code="date_ambiguous", severity="clarify", path=path, question="date_ambiguous",
        message=f"The date '{written}' can mean {' or '.join(options)}.",
        facts={"written": written}, options=options,
    )  # fmt: skip
