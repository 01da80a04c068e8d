"""`orderdesk graph`: the graph as a drawing made from the code."""

from __future__ import annotations

import click

from orderdesk.bootstrap import build_house
from orderdesk.commands.running import command, settings
from orderdesk.drawing import drawing


@click.command()
@click.option("--inside", is_flag=True, help="Show the workers' own steps too.")
@command
async def graph(inside: bool) -> None:
    """Print the order desk's graph as a Mermaid drawing; needs no database."""
    house = build_house(settings(), "postgresql:///unused")
    click.echo(drawing(house, inside=inside), nl=False)
    await house.close()
