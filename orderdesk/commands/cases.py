"""`orderdesk case`, `cases`, `retry` and `stats`: what happened, to one case or to all."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orderdesk.bootstrap import open_house
from orderdesk.commands.running import command, settings


@click.command()
@click.argument("case_id")
@click.option("--json", "as_json", is_flag=True, help="The whole story as JSON.")
@command
async def case(case_id: str, as_json: bool) -> None:
    """The whole story of a case: steps, decisions, effects, cost. The start of its id is enough."""
    async with open_house(settings()) as house:
        story = await house.cases.story(await house.cases.resolve_case_id(case_id))
    if as_json:
        click.echo(json.dumps(story, default=str, ensure_ascii=False))
        return
    _print_story(story)


def _print_story(story: dict[str, Any]) -> None:
    console = Console()
    known, report = story["case"], story["report"]
    console.print(f"[bold]Case {known['case_id']}[/]  {known['outcome'] or known['status']}", highlight=False)
    console.print(
        f"{known['channel']}: {known['source']}, from {known['sender'] or 'no sender'}, "
        f"received {known['received_at']:%Y-%m-%d %H:%M}, business date {known['business_date']}",
        highlight=False, markup=False,
    )  # fmt: skip
    console.print(
        f"customer {report['customer_id'] or '?'} · PO {report['po_number'] or '-'} · {len(report['lines'])} lines · "
        f"{report['net_total'] or '-'} {report['currency'] or ''} · order {report['order_number'] or '-'}",
        highlight=False, markup=False,
    )  # fmt: skip
    log = Table("step", "who", "what", "why", "conf.", "ms", title="Decisions", title_justify="left")
    for row in story["log"]:
        who = row["node"] if row["actor"] == "rules" else f"{row['node'].split(':')[0]} ({row['actor']})"
        confidence = "" if row["confidence"] is None else f"{row['confidence']:.2f}"
        took = "" if row["latency_ms"] is None else str(row["latency_ms"])
        log.add_row(str(row["step"]), escape(who), escape(row["what"]), escape(row["why"]), confidence, took)
    console.print(log)
    effects = Table("effect", "target", "class", "state", "allowed by", title="Effects", title_justify="left")
    for row in story["effects"]:
        effects.add_row(row["kind"], escape(row["target"]), row["class"], row["status"], row["approval"])
    if story["effects"]:
        console.print(effects)
    console.print(
        f"{report['model_calls']} model calls, {report['tokens_in']} + {report['tokens_out']} tokens, "
        f"{report['cost_usd']} USD, {report['latency_ms']} ms, {report['steps']} steps, "
        f"{report['checkpoints']} checkpoints",
        highlight=False,
    )
    if known["error"]:
        console.print(f"last failure: {known['error']}", markup=False)


@click.command()
@click.option("--status", help="Only cases of this status or outcome.")
@click.option("--limit", default=50, show_default=True)
@command
async def cases(status: str | None, limit: int) -> None:
    """List the newest cases."""
    async with open_house(settings()) as house:
        rows = await house.cases.list_cases(status, limit)
    table = Table("case", "message", "customer", "PO", "value", "stands at", "order")
    for row in rows:
        value = f"{row['net_total']} {row['currency'] or ''}" if row["net_total"] else ""
        table.add_row(
            row["case_id"][:8], escape(row["source"][:40]), row["customer_id"] or "?", escape(row["po_number"] or ""),
            value, row["outcome"] or row["status"], row["order_number"] or "",
        )  # fmt: skip
    Console().print(table)


@click.command()
@click.argument("case_id")
@command
async def retry(case_id: str) -> None:
    """Take a dead letter up again, from its last checkpoint."""
    async with open_house(settings()) as house:
        report = await house.cases.retry(await house.cases.resolve_case_id(case_id))
    click.echo(f"{report['case_id'][:8]} {report['outcome']} {report['order_number'] or ''}".rstrip())


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@command
async def stats(as_json: bool) -> None:
    """Counts, cost and latency of everything so far."""
    async with open_house(settings()) as house:
        found = await house.cases.stats()
    if as_json:
        click.echo(json.dumps(found, default=str))
        return
    table = Table(show_header=False)
    for key, value in found.items():
        shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
        table.add_row(key.replace("_", " "), shown)
    Console().print(table)
