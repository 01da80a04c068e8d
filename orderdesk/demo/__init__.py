"""The demo company (Northgate Industrial Supply) and its sample inbox, with the outcomes they should have."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent


def company_folder() -> Path:
    """The folder with the demo company's master data, ready for `orderdesk import`."""
    return _HERE / "company"


def inbox_folder() -> Path:
    """The folder with the sample messages; file names sort in order of arrival."""
    return _HERE / "inbox"


def expected_outcomes() -> dict[str, list[dict[str, Any]]]:
    """File name -> the cases the message should become, in the order they stand in it.

    Each case has outcome, customer_id, po_number, lines (sku, quantity, uom as stated), why, and where they
    matter intent, finding_codes (each must be among the findings) and net_total (booked, in the account's
    currency).
    """
    return json.loads((_HERE / "expected.json").read_text(encoding="utf-8"))


def reference_date() -> date:
    """The demo's business date, a Monday: prices, stock and requested dates of the sample fit it.

    The raw EDI and XML files carry no arrival date of their own, so the demo runs as of this day.
    """
    return date(2026, 3, 2)
