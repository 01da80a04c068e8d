"""`orderdesk process`: files through the whole system, to their first stop."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from orderdesk.bootstrap import House, open_house
from orderdesk.commands.running import command, settings
from orderdesk.commands.tables import WIDE, outcome_console, outcome_reasons, outcome_table
from orderdesk.domain.errors import ConfigurationError


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one line per case.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The business date to assume (YYYY-MM-DD).")
@command
async def process(paths: tuple[Path, ...], as_json: bool, as_of: datetime | None) -> None:
    """Process each file (or each file in a folder) as one inbound message, to its first stop."""
    files = files_of(paths)
    async with open_house(settings()) as house:
        await process_files(house, files, as_json=as_json, as_of=as_of.date() if as_of else None)


async def process_files(
    house: House, files: list[Path], *, as_json: bool, as_of: date | None
) -> list[dict[str, Any]]:
    """Process files in order and print their cases; returns the reports."""
    reports: list[dict[str, Any]] = []
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=as_json) as progress:
        task = progress.add_task("processing", total=len(files))
        for file in files:
            progress.update(task, description=file.name[:40])
            stored = await house.cases.submit(read_file(file), file.name, channel="command line", as_of=as_of)
            for case_id in stored.case_ids:
                report = await house.cases.drive(case_id)
                report = {**report, "source": file.name}
                reports.append(report)
                if as_json:
                    click.echo(json.dumps(report, ensure_ascii=False))
            progress.advance(task)
    if not as_json:
        whys = [await house.cases.why(str(report["case_id"])) for report in reports]
        shown = outcome_console()
        shown.print(outcome_table(reports, whys, shown.width))
        if shown.width < WIDE:
            for line in outcome_reasons(reports, whys):
                shown.print(line, style="dim", markup=False, highlight=False)
    return reports


def files_of(paths: tuple[Path, ...]) -> list[Path]:
    """Every file meant, folders opened one level, in order of name. Raises ConfigurationError."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
            if not inside:
                raise ConfigurationError(
                    f"{path} holds no files: name a file or a folder with messages in it."
                )
            files += inside
        elif path.exists():
            files.append(path)
        else:
            raise ConfigurationError(f"There is no file {path}: check the path.")
    for file in files:
        _must_be_readable(file)
    return files


def read_file(path: Path) -> bytes:
    """A file's bytes. Raises ConfigurationError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"Cannot read {path} ({error.strerror}): check its permissions.") from error


def _must_be_readable(path: Path) -> None:
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise ConfigurationError(f"Cannot read {path} ({error.strerror}): check its permissions.") from error
