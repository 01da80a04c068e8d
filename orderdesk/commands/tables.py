"""Tables for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

_COLOURS = {
    "booked": "green", "waiting_review": "yellow", "waiting_customer": "cyan", "rejected": "red",
    "dead_letter": "bold red", "duplicate": "magenta",
}  # fmt: skip


def outcome_table(reports: Sequence[Mapping[str, Any]], whys: Sequence[str]) -> Table:
    """Message, customer, PO, lines, value, outcome and why, a row per case."""
    table = Table(title=None, pad_edge=False)
    table.add_column("message", max_width=30, overflow="ellipsis", no_wrap=True)
    table.add_column("customer")
    table.add_column("PO", max_width=18, overflow="ellipsis", no_wrap=True)
    table.add_column("lines", justify="right")
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("outcome", no_wrap=True)
    table.add_column("why", overflow="fold")
    for report, why in zip(reports, whys, strict=True):
        outcome = str(report["outcome"] or "")
        colour = _COLOURS.get(outcome, "white")
        value = f"{report['net_total']} {report['currency'] or ''}" if report["net_total"] else ""
        table.add_row(
            str(report["source"]),
            str(report["customer_id"] or "?"),
            str(report["po_number"] or ""),
            str(len(report["lines"])),
            value,
            f"[{colour}]{outcome}[/]" + (f" {report['order_number']}" if report["order_number"] else ""),
            why,
        )
    return table
