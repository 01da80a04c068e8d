"""`orderdesk case`, `cases`, `retry` and `stats`: what happened, to one case or to all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, get_args

import click
from rich.table import Table

from orderdesk.commands.driving import to_its_stop
from orderdesk.commands.plain import say, say_json
from orderdesk.commands.running import command, open_desk
from orderdesk.commands.tables import amount, cell, output, table_of
from orderdesk.domain.errors import CaseBusy
from orderdesk.domain.results import Outcome

_STANDS = click.Choice(["queued", "running", *get_args(Outcome)])


@click.command()
@click.argument("case_id")
@click.option("--json", "as_json", is_flag=True, help="The whole story as JSON.")
@command
async def case(case_id: str, as_json: bool) -> None:
    """The whole story of a case: steps, decisions, effects, cost. The start of its id is enough."""
    async with open_desk() as house:
        story = await house.cases.story(await house.cases.resolve_case_id(case_id))
    if as_json:
        say_json(story)
        return
    _print_story(story)


def _print_story(story: dict[str, Any]) -> None:
    console = output()
    known, report = story["case"], story["report"]
    console.print(f"[bold]Case {known['case_id']}[/]  {known['outcome'] or known['status']}", highlight=False)
    say(
        f"{known['channel']}: {known['source']}, from {known['sender'] or 'no sender'}, "
        f"received {known['received_at']:%Y-%m-%d %H:%M}, business date {known['business_date']}"
    )
    if known["erased_at"]:
        say(f"Its message and the texts about it were erased on {known['erased_at']:%Y-%m-%d} (retention).")
    say(
        f"customer {report['customer_id'] or '?'} · PO {report['po_number'] or '-'} · {len(report['lines'])} lines · "
        f"{amount(report['net_total'], report['currency']) or '-'} · order {report['order_number'] or '-'}"
    )
    log = table_of("step", "who", "what", "why", "conf.", "ms", "USD", title="Decisions")
    for row in story["log"]:
        who = row["node"] if row["actor"] == "rules" else f"{row['node'].split(':')[0]} ({row['actor']})"
        confidence = "" if row["confidence"] is None else f"{row['confidence']:.2f}"
        log.add_row(
            cell(row["step"]),
            cell(who),
            cell(row["what"]),
            cell(row["why"]),
            confidence,
            cell(row["latency_ms"]),
            _usd(row["cost_usd"]),
        )
    console.print(log)
    effects = table_of("effect", "target", "class", "state", "allowed by", title="Effects")
    for row in story["effects"]:
        effects.add_row(*(cell(row[key]) for key in ("kind", "target", "class", "status", "approval")))
    if story["effects"]:
        console.print(effects)
    calls = report["model_calls"]
    say(
        f"{calls} model call{'' if calls == 1 else 's'}, {report['tokens_in']} + {report['tokens_out']} tokens, "
        f"{_cost(report['cost_usd'])}, {report['latency_ms'] or 0} ms, {report['steps'] or 0} steps, "
        f"{report['checkpoints'] or 0} checkpoints"
    )
    if known["error"]:
        say(f"last failure: {known['error']}")
        if trace := _last_traceback(story["log"]):
            say(trace)
    if known["outcome"] == "dead_letter":
        say(f"Remove the cause, then take it up again: orderdesk retry {known['case_id'][:8]}")


def _last_traceback(log: list[dict[str, Any]]) -> str:
    """Where the latest failure was raised; '' where nothing was, as of a worker that died."""
    failed = [row["evidence"] or {} for row in log if row["kind"] == "failure" and row["node"] == "drive"]
    return failed[-1].get("traceback", "") if failed else ""


def _cost(usd: str | None) -> str:
    return "cost not known" if usd is None else f"{usd} USD"


def _usd(cost: Decimal | None) -> str:
    """What a step has cost; nothing where it asked no model."""
    return "?" if cost is None else f"{cost.normalize():f}" if cost else ""


@click.command()
@click.option("--status", type=_STANDS, help="Only cases that stand there.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many.")
@command
async def cases(status: str | None, limit: int) -> None:
    """List the newest cases."""
    async with open_desk() as house:
        rows = await house.cases.list_cases(status, limit)
    if not rows:
        click.echo("There are no such cases." if status else "There are no cases yet.")
        return
    table = table_of("case", "message", "customer", "PO", "value", "stands at", "order")
    for row in rows:
        table.add_row(
            cell(row["case_id"][:8]), cell(row["source"], longest=40), cell(row["customer_id"] or "?"),
            cell(row["po_number"], longest=30), cell(amount(row["net_total"], row["currency"])),
            cell(row["outcome"] or row["status"]), cell(row["order_number"]),
        )  # fmt: skip
    output().print(table)


@click.command()
@click.argument("case_id")
@command
async def retry(case_id: str) -> None:
    """Take up a case again that the desk could not complete.

    A dead letter goes on from its last checkpoint; a hand-off is worked through anew, once its cause is gone.
    """
    async with open_desk() as house:
        whole = await house.cases.resolve_case_id(case_id)
        try:
            report = await house.cases.retry(whole)
        except CaseBusy:  # it is waiting again, and a worker was faster
            report = await to_its_stop(house, whole)
    say(f"{report['case_id'][:8]} {report['outcome']} {report['order_number'] or ''}".rstrip())


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@command
async def stats(as_json: bool) -> None:
    """Counts, cost and latency of everything so far."""
    async with open_desk() as house:
        found = await house.cases.stats()
    unpriced = found.pop("unpriced_calls")
    if as_json:
        say_json(found)
        return
    if unpriced:
        found["cost_usd"] += f" and {unpriced} model calls whose cost is not known"
    table = Table(show_header=False)
    for key, value in found.items():
        shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
        table.add_row(cell(key.replace("_", " ")), cell(shown))
    output().print(table)
