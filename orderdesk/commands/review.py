"""`orderdesk review ...`: see what waits for a person, and decide it."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Any, cast

import click

from orderdesk.commands.driving import report_line, to_its_stop
from orderdesk.commands.plain import say, say_json
from orderdesk.commands.running import command, open_desk
from orderdesk.commands.tables import amount, cell, output, table_of
from orderdesk.domain.errors import CaseBusy, ConfigurationError
from orderdesk.review.actors import Actor, Role

if TYPE_CHECKING:
    from orderdesk.bootstrap import House

_ROLES = click.Choice(["clerk", "manager", "admin"])


@click.group()
def review() -> None:
    """See what waits for a person, and decide it.

    REVIEW_ID is the id of a review or a unique start of it, as `orderdesk review list` shows it.
    """


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
    async with open_desk() as house:
        rows = await house.cases.reviews()
    if as_json:
        for row in rows:
            say_json(row)
        return
    if not rows:
        click.echo("Nothing waits for a person.")
        return
    table = table_of("review", "kind", "message", "customer", "PO", "value", "due", "why")
    for row in rows:
        why = " ".join(line[2:] for line in (row["description"] or "").splitlines() if line.startswith("- "))
        table.add_row(
            cell(row["review_id"][:8]), cell(row["kind"]), cell(row["source"], longest=30),
            cell(row["customer_id"] or "?"), cell(row["po_number"], longest=30),
            cell(amount(row["amount"], row["currency"])), cell(f"{row['due_at']:%d %b %H:%M}"), cell(why),
        )  # fmt: skip
    output().print(table)


@review.command("show")
@click.argument("review_id")
@click.option("--json", "as_json", is_flag=True, help="The payload as the interrupt carries it.")
@command
async def show(review_id: str, as_json: bool) -> None:
    """One review: what is proposed, what is in doubt and why."""
    async with open_desk() as house:
        row = await house.cases.review(review_id)
    if as_json:
        say_json({**row["payload"], "interrupt_id": row["interrupt_id"]})
        return
    _print_review(row)


def _print_review(row: dict[str, Any]) -> None:
    """What the reviewer is shown: the proposal, each doubtful field with its evidence, and what is possible."""
    console, payload = output(), row["payload"]
    shown, action = payload["review"], payload["action_requests"][0]
    console.print(
        f"[bold]Review {row['review_id']}[/] ({row['kind']}), case {row['case_id']}", highlight=False
    )
    for line in action["description"].splitlines():
        say(line)
    fields = table_of("field", "value", "conf.", "stands in the message as", "choices", "why")
    for field in shown["fields"]:
        quote = (field["evidence"] or {}).get("quote")
        fields.add_row(
            cell(field["path"]), cell(field["value"]), f"{field['confidence']:.2f}", cell(quote, longest=60),
            cell(", ".join(field["alternatives"])), cell(field["why"]),
        )  # fmt: skip
    if shown["fields"]:
        console.print(fields)
    for difference in shown["diff"]:
        say(
            f"{difference['path']}: {difference['from']} stated, {difference['to']} ours ({difference['source']})"
        )
    say(f"proposed: {action['name']}")
    console.print_json(data=action["args"])
    allowed = ", ".join(payload["review_configs"][0]["allowed_decisions"])
    say(f"possible: {allowed}; payload hash {row['payload_hash']}")
    if row["decision_id"]:
        say(f"decided: {row['decision_type']} by {row['decided_by']}")


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
    async with open_desk() as house:
        actor = Actor(name=name or _login_name(), role=cast(Role, role))
        missing, already, report = await _decided(house, review_id, answer, actor, payload_hash)
        why = await house.cases.why(str(report["case_id"]))
    if as_json:
        say_json(report_line(report))
    elif missing:
        say(f"Recorded; {missing} more approval needed, by another person.")
    else:
        done = "Already decided so; " if already else ""
        say(f"{done}{report['outcome']} {report['order_number'] or ''} ({why})")


async def _decided(
    house: House, review_id: str, answer: dict[str, Any], actor: Actor, payload_hash: str | None
) -> tuple[int, bool, dict[str, Any]]:
    """Decide, and bring the case to its stop: how many approvals are missing, if it was decided before, where it is.

    A decision that was recorded by a process killed right after it is carried out here.
    """
    try:
        decided, report = await house.cases.decide(review_id, answer, actor, payload_hash=payload_hash)
        missing, already = decided.approvals_missing, decided.already
    except CaseBusy:  # raised only after the decision was recorded: a worker has the case just now
        report = await house.cases.report(str((await house.cases.review(review_id))["case_id"]))
        missing, already = 0, False
    if not missing:
        report = await to_its_stop(house, str(report["case_id"]))
    return missing, already, report


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "command line"
