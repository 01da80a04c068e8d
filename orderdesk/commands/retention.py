"""`orderdesk retention`: prune, erase and delete what finished cases need no longer."""

from __future__ import annotations

import click

from orderdesk.commands.plain import say
from orderdesk.commands.running import command, open_desk
from orderdesk.commands.tables import cell, output, table_of


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@command
async def retention(dry_run: bool) -> None:
    """Prune, erase and delete what finished cases need no longer, as the policy says ([retention]).

    Safe beside running workers, which do it once a day by themselves. Open cases are never touched.
    """
    async with open_desk() as house:
        found = await house.cases.retain(dry_run=dry_run)
    if found is None:
        say("Retention is under way in another process: nothing was done here.")
        return
    steps = table_of("due" if dry_run else "done", "number", title="Nothing was changed" if dry_run else None)
    for name, number in found.done.items():
        steps.add_row(cell(name), cell(number))
    output().print(steps)
    if dry_run:
        rooms = table_of("room", "bytes")
        for room in found.rooms:
            rooms.add_row(cell(room.name), cell(room.before))
    else:
        rooms = table_of("room", "bytes before", "bytes after")
        for room in found.rooms:
            rooms.add_row(cell(room.name), cell(room.before), cell(room.after))
    output().print(rooms)
    if not dry_run:
        say("Postgres uses freed space again, and gives little of it back to the disk (VACUUM FULL does).")
