"""The composition root: alone builds things from settings and hands them down; connects to nothing by itself."""

from __future__ import annotations

import asyncio
import logging
import os
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from agents.matcher.tokeniser import TradeTokeniser
from agents.reader.child import COMMAND as READER_COMMAND
from checkpoints.embedded import EmbeddedPostgres
from checkpoints.lease import ServerLease
from checkpoints.migrations import migrate
from checkpoints.pools import LazyPool
from checkpoints.saver import RootSaver, build_saver
from graphs.facts_memo import FactsMemo
from graphs.order_desk import RECURSION_LIMIT, STEPS, WORKERS, build_order_desk
from graphs.services import Services
from graphs.state import STATE_TYPES
from orderdesk.cases.drive import Graph
from orderdesk.cases.service import CaseService
from orderdesk.domain.clock import Clock, SystemClock
from orderdesk.domain.errors import ConfigurationError
from orderdesk.policy.loader import load_policy
from orderdesk.policy.model import Policy
from orderdesk.resilience.breaker import Breakers
from orderdesk.resilience.budget import Limits
from orderdesk.resilience.caller import Caller
from orderdesk.resilience.lanes import Lane, Lanes
from orderdesk.resilience.places import SharedPlaces
from orderdesk.settings import ModelRung, Settings
from tools.deliver import Delivery
from tools.documents.pool import ReaderPool
from tools.folder import FolderSender
from tools.mail.server import mail_server
from tools.master.repository import MasterData
from tools.master.search import ArticleIndexes
from tools.models.ladder import ModelLadder
from tools.models.rung import OPENAI_URL, Rung
from tools.outbox import MailFrom
from tools.restored import must_be_our_database
from tools.sending import Sender
from tools.webhook.address import webhook_address

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class House:
    """Every part of the order desk, put together over one database."""

    settings: Settings
    url: str
    pool: LazyPool
    policy: Policy
    saver: RootSaver
    services: Services
    clock: Clock
    delivery: Delivery
    breakers: Breakers
    ladder: ModelLadder

    @cached_property
    def graph(self) -> Graph:
        """The order desk's graph over the saver, as the desk and the workers run it."""
        return build_order_desk(self.services).compile(checkpointer=self.saver, name="order_desk")

    @cached_property
    def server_graphs(self) -> dict[str, Graph]:
        """The graphs as LangGraph Server wants them: without a saver, which it brings itself."""
        graphs: dict[str, Any] = {
            "order_desk": build_order_desk(self.services)
            .compile(name="order_desk")
            .with_config({"recursion_limit": RECURSION_LIMIT}),  # LangGraph's own limit lets a loop run on
            **{name: build(self.services).compile(name=name) for name, build in WORKERS.items()},
        }
        return graphs

    @cached_property
    def cases(self) -> CaseService:
        """The one service that desk, API, command line and workers call."""
        return CaseService(self.graph, self.services, self.delivery)

    async def close(self) -> None:
        """Let go of child processes and connections."""
        try:
            await self.ladder.aclose()
            await self.services.readers.aclose()
        finally:
            await self.pool.close()


class Database:
    """The database in use: DATABASE_URL, or the embedded server under ORDERDESK_HOME while anybody needs it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lease: ServerLease | None = None
        self._server: EmbeddedPostgres | None = None

    def start(self) -> str:
        """The URL to connect to; starts the embedded server if need be. Raises DatabaseUnavailable."""
        if self._settings.database_url is not None:
            return self._settings.database_url.get_secret_value()
        home = self._settings.home.resolve()
        self._lease = ServerLease(home).take()
        self._server = EmbeddedPostgres(home, pg_bin=self._settings.pg_bin)
        return self._server.start()

    def leave(self) -> None:
        """Stop the embedded server if this was its last user."""
        if self._lease is not None and self._server is not None:
            self._lease.leave(self._server.stop)


def prepare_home(settings: Settings) -> None:
    """Make the folders that the desk writes to. Raises ConfigurationError when it may not."""
    for folder in (settings.home, settings.outbox, settings.exports):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise ConfigurationError(
                f"{folder} cannot be a folder, as a file stands there: set ORDERDESK_HOME to a folder."
            ) from error
        except OSError as error:
            raise _not_writable(folder, error.strerror or "refused") from error
        if not os.access(folder, os.W_OK | os.X_OK):
            raise _not_writable(folder, "no right to write")


def _not_writable(folder: Path, why: str) -> ConfigurationError:
    return ConfigurationError(
        f"Cannot write to {folder} ({why}): make it writable, or set ORDERDESK_HOME to a folder that is."
    )


def build_house(
    settings: Settings,
    url: str,
    *,
    clock: Clock | None = None,
    studio: bool = False,
    policy: Policy | None = None,
) -> House:
    """All parts over one database; pools open at first use, children start at first read.

    `policy` is the one in force where it was read before; else it is read here.
    """
    clock = clock or SystemClock()
    policy = policy or load_policy(settings.policy)
    pool = LazyPool(url, min_size=1, max_size=settings.pool_size)
    master = MasterData(pool)
    breakers = Breakers(pool)
    ladder = build_ladder(settings, pool, breakers, clock)
    services = Services(
        pool=pool,
        master=master,
        articles=ArticleIndexes(master, TradeTokeniser()),
        facts=FactsMemo(master),
        readers=ReaderPool(settings.reader_processes, command=READER_COMMAND),
        policy=policy,
        policy_fingerprint=policy.fingerprint(),
        clock=clock,
        mail_from=MailFrom(address=settings.mail_address, name=settings.company_name),
        max_hops=settings.max_hops,
        budget_seconds=settings.budget_seconds,
        role_limits={},
        models=ladder,
        allow_studio_developer=studio and settings.environment == "development",
    )
    return House(
        settings=settings,
        url=url,
        pool=pool,
        policy=policy,
        saver=build_saver(pool, STATE_TYPES, together=STEPS),
        services=services,
        clock=clock,
        delivery=build_delivery(settings, pool, breakers, clock),
        breakers=breakers,
        ladder=ladder,
    )


def build_delivery(settings: Settings, pool: LazyPool, breakers: Breakers, clock: Clock) -> Delivery:
    """All ways out of the house. Raises ConfigurationError for an address that cannot be one."""
    smtp, webhook = build_smtp(settings), build_webhook(settings, clock)
    senders: list[Sender] = [FolderSender(settings.outbox if smtp is None else None, settings.exports)]
    senders += [sender for sender in (smtp, webhook) if sender is not None]
    return Delivery(pool, senders, Caller(breakers, Lanes({}, Lane(concurrency=4))), clock)


def build_smtp(settings: Settings) -> Sender | None:
    """The mail server's sender; None where mails are written to the outbox folder."""
    if settings.smtp_url is None:
        return None
    from tools.mail.sender import SmtpSender  # brings in a whole library, which most commands do without

    return SmtpSender(mail_server(settings.smtp_url.get_secret_value()), settings.send_timeout_s)


def build_webhook(settings: Settings, clock: Clock) -> Sender | None:
    """The sender of booked orders to the company's own system; None where they go to the folder alone."""
    if settings.webhook_url is None:
        return None
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    address = webhook_address(settings.webhook_url.get_secret_value(), secret)
    from tools.webhook.sender import WebhookSender  # brings in a whole HTTP library

    return WebhookSender(address, settings.send_timeout_s, clock)


def build_ladder(settings: Settings, pool: LazyPool, breakers: Breakers, clock: Clock) -> ModelLadder:
    """The models that can be asked, in order. A rung without the key it needs is left out with a warning."""
    rungs: list[Rung] = []
    lanes: dict[str, Lane] = {}
    for setting, rung in build_rungs(settings):
        if rung is None:
            logger.warning("model %s is left out: set its key in %s", setting.model, setting.api_key_env)
            continue
        rungs.append(rung)
        if setting.concurrency or setting.requests_per_minute:
            lane = Lane(setting.concurrency or Lane.concurrency, setting.requests_per_minute)
            lanes.setdefault(rung.provider, lane)  # rungs of one server share a lane: the first one's limits
    limits = Limits(calls=settings.budget_calls, tokens=settings.budget_tokens, usd=settings.budget_usd)
    caller = Caller(breakers, Lanes(lanes, Lane(), shared=SharedPlaces(pool)))
    return ModelLadder(rungs, caller, pool, limits, clock)


def build_rungs(settings: Settings) -> list[tuple[ModelRung, Rung | None]]:
    """Each rung as it is set and as it runs; None where it lacks the key that OpenAI wants."""
    names: Counter[str] = Counter()
    rungs: list[tuple[ModelRung, Rung | None]] = []
    for setting in settings.rungs:
        names[setting.model] += 1
        number = names[setting.model]
        key = settings.key_of(setting)
        if key is None and setting.base_url is None:
            rungs.append((setting, None))
            continue
        rung = Rung(
            name=setting.model if number == 1 else f"{setting.model} ({number})",
            model=setting.model,
            base_url=setting.base_url or OPENAI_URL,
            api_key=key,
            timeout_s=setting.timeout_s,
            max_output_tokens=setting.max_output_tokens,
            input_usd_per_mtok=setting.input_usd_per_mtok,
            output_usd_per_mtok=setting.output_usd_per_mtok,
        )
        rungs.append((setting, rung))
    return rungs


@asynccontextmanager
async def open_house(settings: Settings, *, clock: Clock | None = None) -> AsyncGenerator[House]:
    """The house over a migrated database, closed at the end of the block.

    Settings that cannot work are refused before anything is started or changed.
    """
    policy = load_policy(settings.policy)
    await asyncio.to_thread(prepare_home, settings)
    async with open_database(settings) as url:
        await migrate(url)
        house = build_house(settings, url, clock=clock, policy=policy)
        try:
            await must_be_our_database(house.pool)
            yield house
        finally:
            await house.close()


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncGenerator[str]:
    """The URL of a running database, which need not be migrated; left at the end of the block."""
    database = Database(settings)
    starting = asyncio.ensure_future(asyncio.to_thread(database.start))
    try:
        # A cancelled start is waited for, so that leaving it afterwards finds it started.
        try:
            url = await asyncio.shield(starting)
        finally:
            await asyncio.wait({starting})
        yield url
    finally:
        await asyncio.to_thread(database.leave)
