"""`orderdesk migrate` and `doctor`: the database and the state of the installation."""

from __future__ import annotations

import asyncio

import click

from orderdesk.commands.doctor_engine import report_engine
from orderdesk.commands.doctor_models import report_models
from orderdesk.commands.doctor_report import Report
from orderdesk.commands.running import command, settings
from orderdesk.domain.errors import ConfigurationError, OrderDeskError
from orderdesk.observability.tracing import tracing_wanted
from orderdesk.policy.loader import load_policy
from orderdesk.settings import Settings, process_environment


@click.command()
@command
async def migrate() -> None:
    """Bring the database to the newest shape; safe at any time, and from several machines at once."""
    from checkpoints.migrations import migrate as apply_migrations
    from orderdesk.bootstrap import open_database

    async with open_database(settings()) as url:
        applied = await apply_migrations(url)
    click.echo("\n".join(f"applied {name}" for name in applied) or "The database is up to date.")


@click.command()
@command
async def doctor() -> None:
    """Say what is configured, reachable and missing; secrets are never printed.

    Exits 0 when the desk can run, 2 when something must be mended first.
    """
    from orderdesk.bootstrap import prepare_home

    known, report = settings(), Report()
    try:
        await asyncio.to_thread(prepare_home, known)
        report.fine("home", str(known.home.resolve()))
    except OrderDeskError as error:
        report.wrong("home", str(error))
    if not await _database(known, report):
        await report_models(known, report, None)
    try:
        policy = load_policy(known.policy)
        report.fine("policy", f"{known.policy or 'defaults'}, autonomy {policy.autonomy.default}")
    except OrderDeskError as error:
        report.wrong("policy", str(error))
    _desk(known, report)
    _sending(known, report)
    _tracing(report)
    if report.trouble:
        raise ConfigurationError(f"Not ready: {', '.join(report.trouble)}. Each line above says what to do.")


async def _database(known: Settings, report: Report) -> bool:
    """The database and what stands in it; whether the models were looked at along with it."""
    from checkpoints.migrations import pending
    from checkpoints.pools import LazyPool
    from orderdesk.bootstrap import open_database
    from tools.master.repository import MasterData

    try:
        async with open_database(known) as url:
            waiting = await pending(url)
            report.fine(
                "database", f"{'DATABASE_URL' if known.database_url else 'embedded server'}, reachable"
            )
            if waiting:
                report.note("migrations", f"{len(waiting)} to apply; the next command applies them")
                return False
            report.fine("migrations", "up to date")
            async with LazyPool(url, max_size=2) as pool:
                if await MasterData(pool).version():
                    report.fine("master data", "imported")
                else:
                    report.note("master data", "none yet: run `orderdesk import FOLDER`")
                await report_engine(report, pool)
                await report_models(known, report, pool)
            return True
    except OrderDeskError as error:
        report.wrong("database", str(error))
        return False


def _desk(known: Settings, report: Report) -> None:
    if known.environment == "production" and known.desk_secret is None:
        report.wrong("web desk", "production needs ORDERDESK_DESK_SECRET: set 32 or more random characters")
    else:
        people = "named by the reverse proxy" if known.proxy_secret else "chosen from a list"
        report.fine("web desk", f"{known.environment}, people are {people}")


def _sending(known: Settings, report: Report) -> None:
    """The ways out of the house, without trying them."""
    from tools.mail.server import mail_server
    from tools.webhook.address import webhook_address

    try:
        where = f"written to {known.outbox}"
        if known.smtp_url is not None:
            where = f"sent through {mail_server(known.smtp_url.get_secret_value()).shown}"
        report.fine("mail", f"{where}, as {known.mail_address}")
    except ConfigurationError as error:
        report.wrong("mail", str(error))
    report.fine("exports", f"written to {known.exports}")
    if known.webhook_url is not None:
        try:
            secret = known.webhook_secret.get_secret_value() if known.webhook_secret else ""
            address = webhook_address(known.webhook_url.get_secret_value(), secret)
            report.fine("webhook", f"booked orders are posted to {address.shown}, signed")
        except ConfigurationError as error:
            report.wrong("webhook", str(error))


def _tracing(report: Report) -> None:
    if not tracing_wanted(process_environment()):
        report.fine("LangSmith tracing", "off")
    elif process_environment().get("LANGSMITH_API_KEY"):
        report.fine("LangSmith tracing", "on, key set")
    else:
        report.note("LangSmith tracing", "on, no key: set LANGSMITH_API_KEY, or nothing is sent")
