"""The whole public corpus through the message reader and the rules, order by order, against a second reading."""

from __future__ import annotations

import csv
import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agents.reader.contract import ReaderContext
from agents.reader.rules import read_by_rules
from evals.corpus import READINGS
from orderdesk.domain.base import plain
from orderdesk.domain.documents import ReadMessage
from orderdesk.domain.evidence import Stated
from orderdesk.domain.orders import OrderDraft
from tools.documents.order_labels import normal_number
from tools.documents.read import read_message
from tools.documents.split import count_orders

CORPUS = Path(os.environ.get("ORDERDESK_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
MANIFEST = CORPUS / "MANIFEST.tsv"
CONTEXT = ReaderContext(business_date=date(2026, 3, 18))
pytestmark = pytest.mark.skipif(
    not MANIFEST.exists(), reason=f"the public corpus is not at {CORPUS} (set ORDERDESK_CORPUS)"
)


def rows() -> list[dict[str, str]]:
    if not MANIFEST.exists():
        return []
    with MANIFEST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def params(*, orders: bool) -> list[Any]:
    """The files whose folder has a second reading, or all the others."""
    return [
        pytest.param(row, id=row["file"])
        for row in rows()
        if (row["file"].partition("/")[0] in READINGS) is orders
        and not row["file"].startswith("company-")
        and not row["file"].endswith(".json")
    ]


def read(row: dict[str, str]) -> tuple[ReadMessage, list[OrderDraft]]:
    path = CORPUS / row["file"]
    message = read_message(path.read_bytes(), path.name)
    drafts = [read_by_rules(message, position=n, context=CONTEXT) for n in range(count_orders(message))]
    return message, drafts


def told(message: ReadMessage, drafts: list[OrderDraft]) -> list[str]:
    """Every finding a clerk would see."""
    found = [*message.findings, *(f for d in message.documents for f in d.findings)]
    return [f.code for f in (*found, *(f for draft in drafts for f in draft.findings))]


def value(stated: Stated[Decimal] | None) -> str | None:
    return plain(stated.value) if stated else None


@pytest.mark.parametrize("row", params(orders=True))
def test_an_order_file_gives_its_orders_numbers_and_lines(row: dict[str, str]) -> None:
    message, drafts = read(row)
    expected = READINGS[row["file"].partition("/")[0]]((CORPUS / row["file"]).read_bytes())
    if expected is None:
        assert drafts
        return
    if not expected:
        assert [draft.lines for draft in drafts] == [()]
        assert told(message, drafts), "what is no order says so"
        return
    assert len(drafts) == len(expected)
    for draft, truth in zip(drafts, expected, strict=True):
        stated = truth.get("po_number")
        number = draft.po_number.value if draft.po_number else None
        assert (normal_number(number) if number else None) == (normal_number(stated) if stated else None)
        lines = truth.get("lines") or []
        assert len(draft.lines) == len(lines)
        for line, figures in zip(draft.lines, lines, strict=True):
            if "quantity" in figures:
                assert value(line.quantity) == plain(Decimal(figures["quantity"]))
            if "unit_price" in figures:
                assert value(line.unit_price) == plain(Decimal(figures["unit_price"]))


@pytest.mark.parametrize("row", params(orders=True))
def test_a_defect_the_manifest_states_reaches_the_draft(row: dict[str, str]) -> None:
    defect = "says" in row["checks"] and row["doc_type"] in ("850", "860", "ORDERS", "Order")
    if not defect:
        return
    message, drafts = read(row)
    assert {"control_count_wrong", "document_totals_wrong", "edi_segment_missing"} & set(
        told(message, drafts)
    )


@pytest.mark.parametrize("row", params(orders=False))
def test_any_other_file_is_a_case_and_never_a_crash(row: dict[str, str]) -> None:
    message, drafts = read(row)
    assert message.documents
    assert drafts
    for draft in drafts:
        assert draft.intent.value
        for line in draft.lines:
            evidence = line.article.evidence
            assert evidence is None or evidence.start < 0 or evidence.quote
