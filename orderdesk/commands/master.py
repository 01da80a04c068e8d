"""`orderdesk import`: master data from CSV files, all or nothing."""

from __future__ import annotations

from pathlib import Path

import click

from orderdesk.commands.plain import safe
from orderdesk.commands.running import command, open_desk
from orderdesk.commands.tables import cell, output, table_of
from orderdesk.domain.errors import ConfigurationError


@click.command("import")
@click.argument("folder", type=click.Path(path_type=Path, readable=False))
@command
async def import_master(folder: Path) -> None:
    """Import master data from the CSV files in FOLDER: products.csv, customers.csv, prices.csv and so on.

    Rows are added or updated, absent ones are kept. One wrong row, and nothing at all is imported.
    """
    _must_be_folder(folder)
    from tools.master.importer import import_folder  # with the rest of the desk, once the folder is there

    async with open_desk() as house:
        report = await import_folder(await house.pool.get(), folder)
    table = table_of("file", "rows", "new", "updated")
    for count in report.files:
        table.add_row(cell(count.file), str(count.rows), str(count.inserted), str(count.updated))
    output().print(table)
    for warning in report.warnings:
        click.echo(safe(f"note: {warning}"), err=True)


def _must_be_folder(path: Path) -> None:
    if not path.is_dir():
        raise ConfigurationError(
            f"{path} is not a folder: name the one that holds products.csv and the others."
        )
