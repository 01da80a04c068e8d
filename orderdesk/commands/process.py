"""`orderdesk process`: files through the whole system, to their first stop."""

from __future__ import annotations

import os
import stat
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from orderdesk.commands.driving import report_line, to_its_stop
from orderdesk.commands.plain import safe, say_json
from orderdesk.commands.running import command, open_desk
from orderdesk.commands.tables import WIDE, outcome_reasons, outcome_table, output
from orderdesk.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from orderdesk.bootstrap import House

# What is kept of a message is a value in the database, which may not be much larger; no order comes near it.
LARGEST_MB = 256


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False), metavar="PATH..."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line, one line per case.")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD",
    help="The business date to assume.  [default: the message's own date, else today]",
)  # fmt: skip
@command
async def process(paths: tuple[Path, ...], as_json: bool, as_of: datetime | None) -> None:
    """Take each file through the whole system as one inbound message, to its first stop.

    A PATH may be a folder: every file in it is a message. What came before, byte for byte, is shown and not
    done again. Exits 0 when every message reached an outcome, whatever it was.
    """
    files = files_of(paths)
    async with open_desk() as house:
        await process_files(house, files, as_json=as_json, as_of=as_of.date() if as_of else None)


async def process_files(
    house: House, files: list[Path], *, as_json: bool, as_of: date | None
) -> list[dict[str, Any]]:
    """Process files in order and print their cases; returns the reports."""
    reports: list[dict[str, Any]] = []
    whys: list[str] = []
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    )  # fmt: skip
    quiet = as_json or not console.is_terminal
    try:
        with Progress(*columns, console=console, transient=True, disable=quiet) as progress:
            task = progress.add_task("processing", total=len(files))
            for file in files:
                name = _name_of(file)
                progress.update(task, description=safe(name)[:40])
                stored = await house.cases.submit(read_file(file), name, channel="command line", as_of=as_of)
                for case_id in stored.case_ids:
                    report = {**report_line(await to_its_stop(house, case_id)), "source": name}
                    reports.append(report)
                    if as_json:
                        say_json(report)
                    else:
                        whys.append(await house.cases.why(case_id))
                progress.advance(task)
    finally:
        if not as_json:
            _print_table(reports[: len(whys)], whys)
    return reports


def _print_table(reports: list[dict[str, Any]], whys: list[str]) -> None:
    """What was done, also when the next file could not be."""
    if not reports:
        return
    shown = output()
    shown.print(outcome_table(reports, whys, shown.width))
    if shown.width < WIDE:
        for line in outcome_reasons(reports, whys):
            shown.print(line, style="dim", markup=False, highlight=False)


def files_of(paths: tuple[Path, ...]) -> list[Path]:
    """Every file meant, folders opened one level, in order of name. Raises ConfigurationError."""
    files: list[Path] = []
    for path in paths:
        mode = _status(path).st_mode
        if stat.S_ISDIR(mode):
            inside = _inside(path)
            if not inside:
                raise ConfigurationError(
                    f"{path} holds no files: name a file or a folder with messages in it."
                )
            files += inside
        elif stat.S_ISREG(mode):
            files.append(path)
        else:
            raise ConfigurationError(
                f"{path} is neither a file nor a folder: save what comes out of it as a file."
            )
    for file in files:
        _must_be_readable(file)
    return files


def read_file(path: Path) -> bytes:
    """A file's bytes. Raises ConfigurationError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _name_of(path: Path) -> str:
    """A file's name as text: a name may hold any bytes, a message's name may not."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _status(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except FileNotFoundError as error:
        raise ConfigurationError(f"There is no file or folder {path}: check the path.") from error
    except OSError as error:
        raise _unreadable(path, error) from error


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    except OSError as error:
        raise _unreadable(folder, error) from error


def _must_be_readable(path: Path) -> None:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise _unreadable(path, error) from error
    if size > LARGEST_MB * 1024 * 1024:
        raise ConfigurationError(
            f"{path} has {size // 1024**2} MB; a message has at most {LARGEST_MB}: take the order out of it."
        )


def _unreadable(path: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(f"Cannot read {path} ({error.strerror}): check the path and its permissions.")
