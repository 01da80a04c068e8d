"""`orderdesk migrate`, `doctor` and `retention`: the database and the state of the installation."""

from __future__ import annotations

import asyncio

import click

from checkpoints.migrations import migrate as apply_migrations
from checkpoints.migrations import pending
from orderdesk.bootstrap import Database, open_house
from orderdesk.cases.retention import prune_finished
from orderdesk.commands.running import command, settings
from orderdesk.domain.errors import ConfigurationError, OrderDeskError
from orderdesk.observability.tracing import tracing_wanted
from orderdesk.policy.loader import load_policy
from orderdesk.settings import Settings, process_environment


@click.command()
@command
async def migrate() -> None:
    """Bring the database to the newest shape; safe to run at any time, and from several machines at once."""
    database = Database(settings())
    try:
        applied = await apply_migrations(await asyncio.to_thread(database.start))
    finally:
        await asyncio.to_thread(database.leave)
    click.echo("\n".join(f"applied {name}" for name in applied) or "The database is up to date.")


@click.command()
@command
async def doctor() -> None:
    """What is configured, reachable and missing. Secrets are never printed."""
    known = settings()
    trouble: list[str] = []

    def say(what: str, how: str, fine: bool = True) -> None:
        click.echo(f"{'ok  ' if fine else 'FAIL'} {what}: {how}")
        if not fine:
            trouble.append(what)

    say("home", str(known.home.resolve()))
    say("environment", known.environment)
    database = Database(known)
    try:
        url = await asyncio.to_thread(database.start)
        where = "DATABASE_URL" if known.database_url else "embedded server"
        waiting = await pending(url)
        say("database", f"{where}, reachable")
        say(
            "migrations",
            f"{len(waiting)} to apply: run `orderdesk migrate`" if waiting else "up to date",
            not waiting,
        )
    except OrderDeskError as error:
        say("database", str(error), fine=False)
    finally:
        await asyncio.to_thread(database.leave)
    try:
        policy = load_policy(known.policy)
        say("policy", f"{known.policy or 'defaults'}, autonomy {policy.autonomy.default}")
    except OrderDeskError as error:
        say("policy", str(error), fine=False)
    _models(known, say)
    say("mail", f"written to {known.outbox}, as {known.mail_address}")
    say("exports", f"written to {known.exports}")
    try:
        tracing = tracing_wanted(process_environment())
        say("LangSmith tracing", "on" if tracing else "off")
    except OrderDeskError as error:
        say("LangSmith tracing", str(error), fine=False)
    if trouble:
        raise ConfigurationError(f"Not ready: {', '.join(trouble)}. Each line above says what to do.")


def _models(known: Settings, say: object) -> None:
    assert callable(say)
    if not known.models:
        say("models", "none: rules read the orders, then a person")
    for rung in known.models:
        has_key = bool(process_environment().get(rung.api_key_env))
        say(
            f"model {rung.model}",
            f"{rung.base_url or 'default endpoint'}, key {'set' if has_key else 'missing'}",
        )


@click.command()
@command
async def retention() -> None:
    """Prune the checkpoints of finished cases to the latest; sizes before and after are printed."""
    async with open_house(settings()) as house:
        before, after, threads = await prune_finished(house.pool, house.saver)
    click.echo(f"{threads} finished cases: checkpoints took {before} bytes, now {after} bytes.")
