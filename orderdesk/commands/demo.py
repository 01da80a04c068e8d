"""The demo company and its inbox, loaded and processed through the same doors as any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orderdesk.commands.process import files_of, process_files
from orderdesk.demo import company_folder, inbox_folder, reference_date
from tools.master.importer import import_folder

if TYPE_CHECKING:
    from orderdesk.bootstrap import House


async def load_demo(house: House) -> None:
    """Import the demo company once, then process its sample inbox; a second time everything is there already."""
    pool = await house.pool.get()
    if not await house.services.master.products(["FST-10120"]):
        report = await import_folder(pool, company_folder())
        rows = sum(count.rows for count in report.files)
        click.echo(f"Demo company loaded: {rows} rows from {len(report.files)} files.")
    await process_files(house, files_of((inbox_folder(),)), as_json=False, as_of=reference_date())
