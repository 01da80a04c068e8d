"""`orderdesk effects`: what leaves the house and how far it is; a person settles what nobody can tell."""

from __future__ import annotations

import getpass
from typing import Any, cast, get_args

import click

from orderdesk.commands.plain import say, say_json
from orderdesk.commands.running import command, open_desk
from orderdesk.commands.tables import cell, output, table_of
from orderdesk.review.actors import Actor, Role
from tools.settling import Settling

_STATES = click.Choice(["pending", "sending", "done", "ambiguous", "failed", "dropped"])


class _ListByDefault(click.Group):
    """A group that lists where no command of it is named: `orderdesk effects 1f3a` means a case."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments, with `list` before them where they begin with none of the commands."""
        if not args or args[0] not in (*self.commands, "-h", "--help"):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_ListByDefault)
def effects() -> None:
    """See what leaves the house, and settle what nobody can tell.

    `orderdesk effects` lists what has not come to its end, `orderdesk effects CASE` all of a case.
    """


@effects.command("list")
@click.argument("case_id", required=False)
@click.option("--state", type=_STATES, help="Only those in this state.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=200, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@command
async def list_effects(case_id: str | None, state: str | None, limit: int, as_json: bool) -> None:
    """Effects with their state, tries, next try and last error."""
    async with open_desk() as house:
        whole = None if case_id is None else await house.cases.resolve_case_id(case_id)
        rows = await house.cases.effects(whole, state=state, limit=limit)
    if as_json:
        for row in rows:
            say_json(row)
        return
    if not rows:
        click.echo("There are no such effects." if case_id or state else "Everything has been sent.")
        return
    table = table_of("key", "to", "state", "tries", "next try", "through", "last error")
    for row in rows:
        table.add_row(
            cell(row["key"]), cell(row["recipient"] or row["target"], longest=40), cell(row["status"]),
            cell(row["attempts"]), cell(_when(row)), cell(row["sent_through"]), cell(row["last_error"]),
        )  # fmt: skip
    output().print(table)


def _when(row: dict[str, Any]) -> str:
    at = row["next_try_at"] if row["status"] == "pending" else None
    return "" if at is None else f"{at:%Y-%m-%d %H:%M:%S}"


@effects.command("settle")
@click.argument("key")
@click.argument("how", type=click.Choice(get_args(Settling)))
@click.option("--reason", required=True, help="How you know, or why; kept in the decision log.")
@click.option("--as", "name", default=None, help="Your name (default: your login name).")
@click.option(
    "--role", type=click.Choice(["clerk", "manager", "admin"]), default="manager", show_default=True,
    help="Your role.",
)  # fmt: skip
@command
async def settle(key: str, how: str, reason: str, name: str | None, role: str) -> None:
    """Settle an effect that is ambiguous or failed: it was sent, send it again, or drop it.

    KEY is the effect's key, or a unique start of it.
    """
    actor = Actor(name=name or getpass.getuser(), role=cast(Role, role))
    async with open_desk() as house:
        row = await house.cases.settle_effect(key, cast(Settling, how), actor, reason=reason)
        if how == "again":
            await house.delivery.deliver(row["case_id"])
        [now] = [e for e in await house.cases.effects(row["case_id"]) if e["key"] == row["key"]]
    say(f"{now['key']} {now['status']} {now['last_error'] or ''}".rstrip())
