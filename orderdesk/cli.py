"""The command line: `orderdesk ...`; each command says in one sentence what is wrong and what to do."""

from __future__ import annotations

import click

from orderdesk.commands.cases import case, cases, retry, stats
from orderdesk.commands.evaluation import bench, eval_group
from orderdesk.commands.master import import_master
from orderdesk.commands.process import process
from orderdesk.commands.review import review
from orderdesk.commands.serving import serve, up, worker
from orderdesk.commands.setup import doctor, migrate, retention


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(package_name="orderdesk")
@click.pass_context
def main(context: click.Context, debug: bool) -> None:
    """The order desk: reads orders as they arrive, books what is certain, asks where it is not."""
    context.obj = debug


for command in (
    up, worker, serve, migrate, doctor, import_master, process, review, case, cases, retry, stats, retention,
    eval_group, bench,
):  # fmt: skip
    main.add_command(command)
