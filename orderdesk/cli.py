"""The command line: `orderdesk ...`; each command says in one sentence what is wrong and what to do."""

from __future__ import annotations

from importlib import import_module

import click

# Where each command is written, and its line in the list. A command is imported when it is run: the whole desk
# takes a second or more to load, which nobody wants to wait for before they read the help.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "up": ("serving", "up", "Run the whole desk: database, workers, drop folder, web desk."),
    "worker": ("serving", "worker", "Work on waiting cases until stopped."),
    "serve": ("serving", "serve", "Serve the web desk and the JSON API alone."),
    "migrate": ("setup", "migrate", "Bring the database to the newest shape."),
    "doctor": ("setup", "doctor", "Say what is configured, reachable and missing."),
    "import": ("master", "import_master", "Import master data from a folder of CSV files."),
    "process": ("process", "process", "Take files through the whole system, as messages."),
    "review": ("review", "review", "See what waits for a person, and decide it."),
    "effects": ("effects", "effects", "See what leaves the house, and settle what nobody can tell."),
    "restored": ("restored", "restored", "Say that the database was restored, and what was sent before."),
    "case": ("cases", "case", "Tell the whole story of a case."),
    "cases": ("cases", "cases", "List the newest cases."),
    "retry": ("cases", "retry", "Take a dead letter up again."),
    "stats": ("cases", "stats", "Count cases, orders, cost and latency so far."),
    "retention": ("retention", "retention", "Prune and erase what finished cases need no longer."),
    "eval": ("evaluation", "eval_group", "Measure the desk against messages of known outcome."),
    "graph": ("drawing", "graph", "Draw the graph, from the code."),
    "bench": ("evaluation", "bench", "Measure what a structured order costs."),
}


class _LazyGroup(click.Group):
    """A group that knows its commands by name and loads the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order a new user needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, loaded now; None for a name nobody knows."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        found = getattr(import_module(f"orderdesk.commands.{module}"), attribute)
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list, without loading a single command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, _, about) in COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error, and more of what happens.")
@click.version_option(package_name="orderdesk")
@click.pass_context
def main(context: click.Context, debug: bool) -> None:
    """The order desk: reads orders as they arrive, books what is certain, asks where it is not.

    A new user starts with `orderdesk up --demo`; `orderdesk doctor` says what is missing.
    """
    context.obj = debug
