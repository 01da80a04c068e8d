"""`orderdesk review ...`: see what waits for a person, and decide it."""

from __future__ import annotations

import getpass
import json
from typing import Any, cast

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orderdesk.bootstrap import House, open_house
from orderdesk.commands.running import command, settings
from orderdesk.domain.errors import ConfigurationError
from orderdesk.review.actors import Actor, Role

_ROLES = click.Choice(["clerk", "manager", "admin"])


@click.group()
def review() -> None:
    """Orders waiting for a person: list, show, approve, edit, reject, respond."""


def _who(body: Any) -> Any:
    """Options every decision takes: who decides, and (optionally) exactly what they saw."""
    body = click.option("--json", "as_json", is_flag=True, help="Print the case as JSON afterwards.")(body)
    body = click.option(
        "--hash", "payload_hash", help="Payload hash of what you saw; refuses anything newer."
    )(body)
    body = click.option("--role", type=_ROLES, default="manager", show_default=True, help="Your role.")(body)
    return click.option("--as", "name", default=None, help="Your name (default: your login name).")(body)


@review.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@command
async def list_reviews(as_json: bool) -> None:
    """Waiting reviews, most urgent first."""
    async with open_house(settings()) as house:
        rows = await house.cases.reviews()
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, default=str, ensure_ascii=False))
        return
    table = Table("review", "kind", "message", "customer", "PO", "value", "due", "why")
    for row in rows:
        why = " ".join(line[2:] for line in (row["description"] or "").splitlines() if line.startswith("- "))
        value = f"{row['amount']} {row['currency'] or ''}" if row["amount"] is not None else ""
        table.add_row(
            row["review_id"][:8], row["kind"], escape(row["source"][:30]), row["customer_id"] or "?",
            escape(row["po_number"] or ""), value, f"{row['due_at']:%d %b %H:%M}", escape(why),
        )  # fmt: skip
    Console().print(table if rows else "Nothing waits for a person.")


@review.command("show")
@click.argument("review_id")
@click.option("--json", "as_json", is_flag=True, help="The payload as the interrupt carries it.")
@command
async def show(review_id: str, as_json: bool) -> None:
    """One review: what is proposed, what is in doubt and why."""
    async with open_house(settings()) as house:
        row = await house.cases.review(review_id)
    payload = row["payload"]
    if as_json:
        click.echo(json.dumps({**payload, "interrupt_id": row["interrupt_id"]}, ensure_ascii=False))
        return
    console, shown = Console(), payload["review"]
    console.print(
        f"[bold]Review {row['review_id']}[/] ({row['kind']}), case {row['case_id']}", highlight=False
    )
    console.print(payload["action_requests"][0]["description"], markup=False, highlight=False)
    fields = Table("field", "value", "conf.", "stands in the message as", "choices", "why")
    for field in shown["fields"]:
        quote = (field["evidence"] or {}).get("quote") or ""
        fields.add_row(
            field["path"], escape(field["value"]), f"{field['confidence']:.2f}", escape(quote[:60]),
            escape(", ".join(field["alternatives"])), escape(field["why"]),
        )  # fmt: skip
    console.print(fields)
    for difference in shown["diff"]:
        console.print(
            f"{difference['path']}: {difference['from']} stated, {difference['to']} ours ({difference['source']})",
            markup=False, highlight=False,
        )  # fmt: skip
    console.print(f"proposed: {payload['action_requests'][0]['name']}", highlight=False)
    console.print_json(data=payload["action_requests"][0]["args"])
    allowed = ", ".join(payload["review_configs"][0]["allowed_decisions"])
    console.print(f"possible: {allowed}; payload hash {row['payload_hash']}", highlight=False)
    if row["decision_id"]:
        console.print(
            f"decided: {row['decision_type']} by {row['decided_by']}", highlight=False, markup=False
        )


@review.command()
@click.argument("review_id")
@_who
@command
async def approve(
    review_id: str, name: str | None, role: str, payload_hash: str | None, as_json: bool
) -> None:
    """Approve exactly what is shown; the case goes on at once."""
    await _decide(review_id, {"type": "approve"}, name, role, payload_hash, as_json)


@review.command()
@click.argument("review_id")
@click.argument("changes", nargs=-1, required=True, metavar="PATH=VALUE...")
@_who
@command
async def edit(
    review_id: str,
    changes: tuple[str, ...],
    name: str | None,
    role: str,
    payload_hash: str | None,
    as_json: bool,
) -> None:
    """Correct values, as lines[0].sku=ABC-1 or customer_id=C-100, and approve what follows from them."""
    args: dict[str, str] = {}
    for change in changes:
        path, equals, value = change.partition("=")
        if not equals:
            raise ConfigurationError(f"{change!r} is not PATH=VALUE: write for example lines[0].quantity=40.")
        args[path.strip()] = value.strip()
    answer = {"type": "edit", "edited_action": {"name": "book_order", "args": args}}
    await _decide(review_id, answer, name, role, payload_hash, as_json)


@review.command()
@click.argument("review_id")
@click.option("--reason", "-m", required=True, help="Why; kept with the case.")
@_who
@command
async def reject(
    review_id: str, reason: str, name: str | None, role: str, payload_hash: str | None, as_json: bool
) -> None:
    """Refuse; nothing is booked and nobody is written to."""
    await _decide(review_id, {"type": "reject", "message": reason}, name, role, payload_hash, as_json)


@review.command()
@click.argument("review_id")
@click.option("--message", "-m", required=True, help="What to ask the customer, in your words.")
@_who
@command
async def respond(
    review_id: str, message: str, name: str | None, role: str, payload_hash: str | None, as_json: bool
) -> None:
    """Ask the customer in your own words; the case waits for the answer."""
    await _decide(review_id, {"type": "respond", "message": message}, name, role, payload_hash, as_json)


async def _decide(
    review_id: str,
    answer: dict[str, Any],
    name: str | None,
    role: str,
    payload_hash: str | None,
    as_json: bool,
) -> None:
    async with open_house(settings()) as house:
        actor = Actor(name=name or _login_name(), role=cast(Role, role))
        decided, report = await house.cases.decide(review_id, answer, actor, payload_hash=payload_hash)
        why = await _why(house, report)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    elif decided.approvals_missing:
        click.echo(f"Recorded; {decided.approvals_missing} more approval needed, by another person.")
    else:
        done = "Already decided so; " if decided.already else ""
        click.echo(f"{done}{report['outcome']} {report['order_number'] or ''} ({why})")


async def _why(house: House, report: dict[str, Any]) -> str:
    return await house.cases.why(str(report["case_id"]))


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "command line"
