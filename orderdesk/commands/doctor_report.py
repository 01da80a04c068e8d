"""What the doctor found, line by line."""

from __future__ import annotations

import click

from orderdesk.commands.plain import safe


class Report:
    """What was found, printed line by line, and what of it keeps the desk from running."""

    def __init__(self) -> None:
        self.trouble: list[str] = []

    def fine(self, what: str, how: str) -> None:
        """As it should be."""
        click.echo(safe(f"ok   {what}: {how}"))

    def note(self, what: str, how: str) -> None:
        """Worth knowing; the desk runs all the same."""
        click.echo(safe(f"note {what}: {how}"))

    def wrong(self, what: str, how: str) -> None:
        """Has to be mended first."""
        click.echo(safe(f"FAIL {what}: {how}"))
        self.trouble.append(what)
