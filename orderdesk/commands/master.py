"""`orderdesk import`: master data from CSV files, all or nothing."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from orderdesk.bootstrap import open_house
from orderdesk.commands.running import command, settings
from tools.master.importer import import_folder


def _folder(context: click.Context, parameter: click.Parameter, value: Path) -> Path:
    """A folder that is there, or one sentence."""
    if not value.is_dir():
        click.echo(
            f"orderdesk: {value} is not a folder: name the one that holds products.csv and the others.",
            err=True,
        )
        context.exit(2)
    return value


@click.command("import")
@click.argument("folder", callback=_folder, type=click.Path(path_type=Path))
@command
async def import_master(folder: Path) -> None:
    """Import master data from the CSV files in FOLDER: rows are added or updated, absent ones kept."""
    async with open_house(settings()) as house:
        report = await import_folder(await house.pool.get(), folder)
    table = Table("file", "rows", "new", "updated")
    for count in report.files:
        table.add_row(count.file, str(count.rows), str(count.inserted), str(count.updated))
    Console().print(table)
    for warning in report.warnings:
        click.echo(f"note: {warning}", err=True)
