"""Tables for the terminal, safe from what a stranger wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from orderdesk.commands.plain import safe

_COLOURS = {
    "booked": "green", "waiting_review": "yellow", "waiting_customer": "cyan", "rejected": "red",
    "dead_letter": "bold red", "duplicate": "magenta",
}  # fmt: skip


# Below this the reasons no longer fit beside the figures and go on lines of their own.
WIDE = 130


def cell(value: object, *, longest: int | None = None) -> Text:
    """A value for a table, cut to `longest` characters; what looks like markup in it stays text."""
    text = safe(value)
    if longest is not None and len(text) > longest:
        text = f"{text[: longest - 1]}…"
    return Text(text)


def output() -> Console:
    """Standard output; as wide as a table wants where it is a file or a pipe."""
    console = Console()
    return console if console.is_terminal else Console(width=160)


def table_of(*columns: str, title: str | None = None) -> Table:
    """A table whose first column, what one types to go on, is always shown whole."""
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, no_wrap=number == 0, min_width=8 if number == 0 else None)
    return table


def outcome_table(reports: Sequence[Mapping[str, Any]], whys: Sequence[str], width: int) -> Table:
    """Message, customer, PO, lines, value, outcome and why, a row per case."""
    wide = width >= WIDE
    table = Table(pad_edge=False, box=box.SIMPLE_HEAD)
    table.add_column("message", max_width=30 if wide else 22, overflow="ellipsis", no_wrap=True)
    table.add_column("customer", no_wrap=True)
    table.add_column("PO", no_wrap=True, max_width=14, overflow="ellipsis")
    table.add_column("lines", justify="right", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("outcome", no_wrap=True, min_width=16)
    if wide:
        table.add_column("why", overflow="fold", ratio=1)
    for report, why in zip(reports, whys, strict=True):
        row = _cells(report)
        if wide:
            table.add_row(*row, cell(why))
        else:
            table.add_row(*row)
    return table


def outcome_reasons(reports: Sequence[Mapping[str, Any]], whys: Sequence[str]) -> list[str]:
    """The reasons as lines, for a terminal too narrow to show them in the table."""
    return [
        safe(f"{report['source']}: {why}")
        for report, why in zip(reports, whys, strict=True)
        if report["outcome"] != "booked"
    ]


def amount(value: object, currency: object) -> str:
    """An amount with its currency, or nothing."""
    return "" if value is None else f"{value} {currency or ''}".rstrip()


def _cells(report: Mapping[str, Any]) -> list[Text]:
    outcome = str(report["outcome"] or "")
    number = f" {report['order_number']}" if report["order_number"] else ""
    return [
        cell(report["source"]),
        cell(report["customer_id"] or "?"),
        cell(report["po_number"]),
        cell(len(report["lines"])),
        cell(amount(report["net_total"], report["currency"])),
        Text.assemble((safe(outcome), _COLOURS.get(outcome, "")), safe(number)),
    ]
