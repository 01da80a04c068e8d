"""Booked orders for the company's own system: one JSON and one CSV file per order, through the ledger."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from checkpoints.pools import Connection
from orderdesk.domain.errors import EffectRefused
from orderdesk.domain.results import BookOrder
from tools.files import write_whole
from tools.ledger import Warrant, record_effect

_HEADER = (
    "order_number", "customer_id", "po_number", "order_date", "requested_date", "ship_to_code", "currency",
)  # fmt: skip
_LINE = (
    "line_number", "sku", "description", "customer_ref", "quantity", "uom", "base_quantity", "unit_price",
    "price_base", "net", "reserve", "backorder", "promised_date",
)  # fmt: skip


async def queue_export(
    connection: Connection, warrant: Warrant, order: BookOrder, order_number: str, *, now: datetime
) -> bool:
    """Put the export of a booked order into the ledger, in the caller's transaction."""
    request = {"order_number": order_number, "case_id": warrant.case_id, **order.model_dump(mode="json")}
    return await record_effect(connection, warrant, "export_order", order_number, request, now=now)


async def export_to_folder(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Write an order as JSON and as CSV (a row a line, header repeated); the same order, the same files.

    Raises EffectRefused where the order cannot be written down.
    """
    try:
        number, csv_text = str(request["order_number"]), _csv(request)
    except (LookupError, TypeError, AttributeError) as error:
        raise EffectRefused(
            f"This export cannot be written ({error!r}): a person has to enter the order."
        ) from error
    text = json.dumps(request, indent=2, ensure_ascii=False) + "\n"
    await write_whole(folder / f"{number}.json", text.encode())
    await write_whole(folder / f"{number}.csv", csv_text.encode("utf-8-sig"))
    return {"files": [f"{number}.json", f"{number}.csv"]}


def _csv(request: dict[str, Any]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*_HEADER, *_LINE])
    for line in request["lines"]:
        writer.writerow(
            [_cell(request.get(key)) for key in _HEADER] + [_cell(line.get(key)) for key in _LINE]
        )
    return out.getvalue()


def _cell(value: Any) -> str:
    """A CSV cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _number(text) else text


def _number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdigit()
