"""`orderdesk restored`: after a database was restored from a backup, before anything else is started."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import cast, get_args

import click

from orderdesk.commands.plain import say
from orderdesk.commands.running import command, settings
from orderdesk.commands.tables import cell, output, table_of
from tools.restored import Restored, Unproven

# How many of those that nobody knows are named.
_SHOWN = 200
_NUMBER = re.compile(r"(?:SO-)?([0-9]{1,15})", re.IGNORECASE)


@click.command()
@click.option(
    "--sent", "sent", multiple=True, type=click.Path(exists=True, path_type=Path), metavar="PATH",
    help="A mail server's log, a folder or mailbox of sent mails, or exported orders; repeatable.",
)  # fmt: skip
@click.option(
    "--unproven", type=click.Choice(get_args(Unproven)), default="park", show_default=True,
    help="What becomes of what may have been sent without a proof: a person looks, or it is sent.",
)  # fmt: skip
@click.option(
    "--highest-number", default="0", metavar="SO-...", help="The highest order number anybody has seen."
)
@click.option("--finished", is_flag=True, help="All messages since the backup are handed in again.")
@command
async def restored(sent: tuple[Path, ...], unproven: str, highest_number: str, finished: bool) -> None:
    """Say that the database was restored from a backup, or is a copy, before anything is started over it.

    Looks into the outbox and the export folder, and wherever --sent says, for what was sent between the backup and the
    loss: it is not sent again, and orders keep the numbers they had. Safe to repeat, with more proof.
    """
    number = _NUMBER.fullmatch(highest_number)
    if number is None:
        raise click.BadParameter("expected an order number such as SO-000123", param_hint="--highest-number")
    found = await _note(sent, cast(Unproven, unproven), int(number[1]), finished)
    table = table_of("what", "number")
    rows: list[tuple[str, object]] = [
        ("mails of ours found", found.mails_found),
        ("exported orders found", found.orders_found),
        ("last order in the backup", found.last_number),
        ("next order number, as restored", found.next_number_before),
        ("next order number now", found.next_number),
        ("sent before, not sent again", found.judged.get("proven", 0)),
        ("sent before, with other contents", found.judged.get("differs", 0)),
        ("parked for a person", found.judged.get("unproven", 0)),
        ("sent before, unknown to the desk", len(found.unmatched)),
    ]
    for what, value in rows:
        table.add_row(cell(what), cell(value))
    output().print(table)
    for unmatched in found.unmatched[:_SHOWN] if finished else ():
        say(f"sent before, unknown to the desk: {unmatched}")
    if finished:
        if found.unmatched:
            say(
                "What the desk does not know was decided differently this time, or never handed in: look each up."
            )
        say("The restore is finished: what comes in from now on is sent as ever.")
    else:
        say("Now start the workers, hand in again what came since the backup, then run it with --finished.")


async def _note(sent: tuple[Path, ...], unproven: Unproven, highest: int, finished: bool) -> Restored:
    from checkpoints.migrations import migrate
    from checkpoints.pools import LazyPool
    from orderdesk.bootstrap import open_database, prepare_home
    from orderdesk.domain.clock import SystemClock
    from tools.proof_of_sending import find_proofs
    from tools.restored import note_restore

    known = settings()
    await asyncio.to_thread(prepare_home, known)
    proofs = await asyncio.to_thread(find_proofs, [known.outbox, known.exports, *sent])
    async with open_database(known) as url:
        await migrate(url)
        async with LazyPool(url, max_size=2) as pool:
            return await note_restore(
                pool, proofs, unproven=unproven, finished=finished, highest=highest, now=SystemClock().now()
            )
