"""A long run with everything that can go wrong at once, all of it chosen by one seed, and what has to be true after it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psutil

from checkpoints.embedded import EmbeddedPostgres
from checkpoints.pools import AWAY, connect
from orderdesk.bootstrap import House
from orderdesk.domain.errors import CaseBusy, OrderDeskError
from orderdesk.review.actors import Actor
from tests.chaos.fault_server import restart_at_once
from tests.chaos.orders import order_mail, order_number, order_text
from tests.integration.cases.orders import stranger, unknown_article
from tests.support.chat_double import FAULTS, ChatDouble, ok
from tests.support.house import DEMO_DAY, demo_house
from tests.support.zygote import Forked, Zygote

T = TypeVar("T")
KARIN = Actor(name="Karin", role="manager")
WORKERS = 4
LEASE_S = 2.0
# Of a hundred orders: as text that a model reads, from strangers, with an article nobody has; the rest as X12.
TEXTS, STRANGERS, UNKNOWN = 12, 4, 4
# Of a hundred messages: those that come once more byte for byte, and orders that come once more in another mail.
AGAIN, COPIES = 10, 8
FAULTY = (
    "429", "500", "503", "401", "reset before the body", "closed in the body", "slow first byte", "HTML with 200",
    "truncated JSON", "wrong schema", "empty content",
)  # fmt: skip
MODEL_S = 1.0
# The moment of every beginning and end of a drive, by the database's clock.
WATCH = """
create table soak_drive (n bigint generated always as identity, case_id text, began boolean, at timestamptz);
create function soak_watch() returns trigger language plpgsql as $$ begin
    insert into soak_drive (case_id, began, at)
        values (new.case_id, new.drive_began_at is not null, clock_timestamp());
    return new; end $$;
create trigger soak_watch before update of drive_began_at on cases for each row execute function soak_watch();
"""
TAKEN_OVER = """
select b.at as again, a.at as began from soak_drive a
join lateral (select * from soak_drive s where s.case_id = a.case_id and s.n > a.n order by n limit 1) b on b.began
where a.began
"""
UNDER_WAY = """
select (select count(*) from cases where status in ('queued', 'running'))
     + (select count(*) from effect where status in ('pending', 'sending'))
     + (select count(*) from review where closed_at is null)
     + (select count(*) from cases c where status = 'waiting_review'
        and not exists (select from review r where r.case_id = c.case_id and r.closed_at is null)) as n
"""
LEFT = """
select 'case' as what, c.case_id as key, c.status || ' ' || coalesce(c.outcome, '') as state, c.attempts, c.error,
       (select string_agg(r.kind || ' ' || r.role, ',') from review r where r.case_id = c.case_id and r.closed_at is null)
           as reviews,
       (select string_agg(j.status::text, ',') from procrastinate_jobs j where j.queueing_lock = case_lock(c.case_id)) as jobs
from cases c where status in ('queued', 'running', 'waiting_review')
union all
select 'effect', key, status, attempts, last_error, sent_through, claimed_until::text from effect
where status in ('pending', 'sending')
limit 60
"""
# How long an order may take before the run counts as stuck, in seconds.
PATIENCE_S = 2.0


@dataclass
class Plan:
    """What comes in, from a seed: messages in order, and the numbers of the customers' orders by what becomes of them."""

    seed: int
    orders: int
    messages: list[bytes] = field(default_factory=list)
    booked: set[str] = field(default_factory=set)
    by_person: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    copies: int = 0

    def __post_init__(self) -> None:
        rng = random.Random(f"{self.seed}/messages")
        for n in range(self.orders):
            dice = rng.randrange(100)
            if dice < STRANGERS:
                self._one(stranger(f"S-{n}"), f"S-{n}", self.by_person)
            elif dice < STRANGERS + UNKNOWN:
                self._one(unknown_article(f"B-9{n:06}"), f"B-9{n:06}", self.asked)
            elif dice < STRANGERS + UNKNOWN + TEXTS:
                self._one(order_text(n), f"B-{n}", self.booked)
            else:
                self._one(order_mail(n), order_number(n), self.booked)
                if rng.randrange(100) < COPIES:
                    self.copies += 1
                    self.messages.append(order_mail(n, copy=1))
        late = [m for m in self.messages if rng.randrange(100) < AGAIN]
        for message in late:  # near the first one and long after it
            self.messages.insert(rng.randrange(len(self.messages) + 1), message)

    def _one(self, raw: bytes, number: str, ends: set[str]) -> None:
        self.messages.append(raw)
        ends.add(number)


@dataclass
class Soak:
    """One run: workers that die, a server that dies, models that fail, and people who decide, all beside each other."""

    plan: Plan
    server: EmbeddedPostgres
    url: str
    home: Path
    zygote: Zygote
    double: ChatDouble
    workers: list[Forked] = field(default_factory=list)
    all_workers: list[Forked] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    killed_at: list[float] = field(default_factory=list)
    fed: bool = False
    took_s: float = 0.0
    memory: list[int] = field(default_factory=list)

    async def run(self) -> None:
        """Everything until all has come to rest; then the workers are stopped in order."""
        async with await connect(self.url) as connection:
            await connection.execute(WATCH, prepare=False)
        began = time.monotonic()
        self.double.responder = reading
        for _ in range(WORKERS):
            await self._worker()
        async with demo_house(self.url, self.home, models=self._models()) as house:
            chaos = [asyncio.ensure_future(self._chaos()), asyncio.ensure_future(self._spoil_models())]
            deciding = asyncio.ensure_future(self._decide(house))
            try:
                await self._feed(house)
                await self._until_rest(len(self.plan.messages) // 20, chaos)
                for task in chaos:
                    task.cancel()
                await asyncio.gather(*chaos, return_exceptions=True)
                await self._until_rest(0, [deciding])
            finally:
                for task in (*chaos, deciding):
                    task.cancel()
                await asyncio.gather(*chaos, deciding, return_exceptions=True)
        self.took_s = time.monotonic() - began
        self.memory = [psutil.Process(w.pid).memory_full_info().pss for w in self.workers if w.status is None]
        for worker in self.workers:
            worker.terminate()
        ends = [await worker.wait() for worker in self.workers]
        assert ends == [0] * len(ends), [w.said() for w in self.workers]

    def _models(self) -> list[dict[str, Any]]:
        address = self.double.base_url
        return [
            {"model": m, "base_url": address, "api_key_env": "", "timeout_s": MODEL_S}
            for m in ("first", "second")
        ]

    async def _worker(self) -> None:
        environment = {
            "ORDERDESK_MODELS": json.dumps(self._models()), "ORDERDESK_WORKER_LEASE_S": str(LEASE_S),
            "ORDERDESK_POOL_SIZE": "6",
        }  # fmt: skip
        worker = await self.zygote.worker(self.url, self.home, environment=environment)
        self.workers.append(worker)
        self.all_workers.append(worker)

    # -- what comes in, and who decides ---------------------------------------------------------------------------

    async def _feed(self, house: House) -> None:
        for n, raw in enumerate(self.plan.messages):
            await through_outages(
                lambda raw=raw, n=n: house.cases.submit(
                    raw, f"{n}.eml", channel="soak", as_of=DEMO_DAY, queue=True
                )
            )
        self.fed = True

    async def _decide(self, house: House) -> None:
        """People look at what waits: a stranger gets an account or a refusal, an order of a customer is approved."""
        rng = random.Random(f"{self.plan.seed}/people")
        while True:
            for row in await through_outages(house.cases.reviews):
                if rng.random() < 0.3:
                    continue  # later
                try:
                    await through_outages(lambda row=row: self._answer(house, rng, row))
                except (CaseBusy, OrderDeskError) as error:
                    self.done[f"decision put off: {type(error).__name__}"] += 1
            await asyncio.sleep(0.5)

    async def _answer(self, house: House, rng: random.Random, row: dict[str, Any]) -> None:
        answer: dict[str, Any] = {"type": "approve"}
        if row["po_number"] in self.plan.by_person or str(row.get("subject", "")).startswith("PO S-"):
            answer = {"type": "reject", "message": "nobody knows them"}
            if rng.random() < 0.5 and row["kind"] == "fields":
                answer = {"type": "edit", "edited_action": {"args": {"customer_id": "C1001"}}}
        await house.cases.decide(row["review_id"], {"decisions": [answer]}, KARIN)
        self.done[f"decided: {answer['type']}"] += 1

    # -- what goes wrong ------------------------------------------------------------------------------------------

    async def _chaos(self) -> None:
        rng = random.Random(f"{self.plan.seed}/chaos")
        while True:
            await asyncio.sleep(rng.uniform(2.0, 6.0))
            match rng.choices(("kill", "drain", "backend", "restart", "postmaster"), (10, 3, 1, 1, 1))[0]:
                case "kill":
                    await self._kill(rng.choice(self.workers))
                case "drain":
                    await self._drain(rng.choice(self.workers))
                case "backend":
                    self._kill_backend(rng)
                case "restart":
                    await restart_at_once(self.server)
                    self.done["pg_ctl restart -m immediate"] += 1
                case _:
                    await self._kill_postmaster()

    async def _kill(self, worker: Forked) -> None:
        self.workers.remove(worker)
        self.killed_at.append(time.time())
        worker.kill()
        await worker.wait()
        self.done["kill -9 of a worker"] += 1
        await self._worker()

    async def _drain(self, worker: Forked) -> None:
        self.workers.remove(worker)
        worker.terminate()
        assert await worker.wait() == 0, worker.said()
        self.done["SIGTERM of a worker"] += 1
        await self._worker()

    def _kill_backend(self, rng: random.Random) -> None:
        """One of the server's processes for our connections: the server then ends them all, and recovers."""
        with contextlib.suppress(psutil.Error):
            children = psutil.Process(self.server.server_pid()).children()
            ours = [c for c in children if "orderdesk" in " ".join(c.cmdline())]
            if ours:
                rng.choice(sorted(ours, key=lambda c: c.pid)).kill()
                self.done["kill -9 of a backend"] += 1

    async def _kill_postmaster(self) -> None:
        pid = self.server.server_pid()
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
            self.done["kill -9 of the postmaster"] += 1
        while self.server.server_pid() is not None:
            await asyncio.sleep(0.05)  # a process that is dying still counts as one
        await asyncio.to_thread(self.server.start)

    async def _spoil_models(self) -> None:
        rng = random.Random(f"{self.plan.seed}/models")
        while True:
            for model in ("first", "second"):
                fault = FAULTS[rng.choice(FAULTY)] if rng.random() < 0.5 else ok()
                self.double.default(model, fault)
            await asyncio.sleep(rng.uniform(0.3, 2.0))

    # -- how it ends ----------------------------------------------------------------------------------------------

    async def _until_rest(self, at_most: int, beside: list[asyncio.Future[Any]]) -> None:
        deadline = time.monotonic() + 60 + self.plan.orders * PATIENCE_S
        while await self._under_way() > at_most:
            assert time.monotonic() < deadline, await self._what_is_left()
            for task in beside:
                if task.done():
                    task.result()
            for worker in self.workers:
                assert worker.status is None, f"{worker} ended by itself\n{worker.said()}"
            await asyncio.sleep(0.3)

    async def _under_way(self) -> int:
        """What is left to do; more than anything while the database is away."""
        try:
            async with await connect(self.url) as connection:
                row = await (await connection.execute(UNDER_WAY)).fetchone()
        except AWAY:
            return sys.maxsize
        assert row is not None
        return int(row["n"])

    async def _what_is_left(self) -> str:
        async with await connect(self.url) as connection:
            rows = await (await connection.execute(LEFT)).fetchall()
        said = "\n".join(f"{w}\n{w.said()[-2000:]}" for w in self.workers)
        return (
            "it does not come to rest:\n"
            + "\n".join(str(row) for row in rows)
            + f"\n{dict(self.done)}\n{said}"
        )

    async def takeovers(self) -> list[float]:
        """Seconds from the kill of a worker to the next beginning, of every case that was cut off by one."""
        async with await connect(self.url) as connection:
            rows = await (await connection.execute(TAKEN_OVER)).fetchall()
        waits: list[float] = []
        for row in rows:
            began, again = row["began"].timestamp(), row["again"].timestamp()
            kills = [at for at in self.killed_at if began <= at <= again]
            if kills:
                waits.append(again - kills[0])
        self.done["cases gone on with after a cut"] = len(rows)
        return sorted(waits)


async def through_outages(work: Callable[[], Awaitable[T]]) -> T:
    """Do it again while the database is away."""
    while True:
        try:
            return await work()
        except AWAY:
            await asyncio.sleep(0.3)


def reading(body: Mapping[str, Any]) -> dict[str, Any]:
    """The right reading of a text of the plan, from the prompt alone."""
    text = re.sub(r"(?m)^1\| ", "", body["messages"][-1]["content"])
    po = re.search(r"PO number ([BS]-\d+)", text)
    assert po

    def line(quote: str, part: str, description: str, quantity: str, unit: str) -> dict[str, Any]:
        return {
            "quote": quote, "document": 1, "part_number": part, "description": description, "quantity": quantity,
            "unit": unit, "unit_price": None, "requested_date": None,
        }  # fmt: skip

    wanted = re.findall(r"((\d+) (ea|rolls) ([A-Z]{3}-\d{5}) ([^\n]+))", text)
    day = 16 if "March 16" in text else 13
    asked = next((q for q in ("Please enter", "please send us") if q in text), "")
    return {
        "intent": "new_order", "intent_quote": asked,
        "po_number": {"value": po[1], "quote": po[0], "document": 1}, "po_date": None,
        "requested_date": {"value": f"2026-03-{day}", "quote": f"Deliver by March {day}, 2026", "document": 1},
        "currency": None, "ship_to": None,
        "lines": [line(q.strip(), part, words.strip(), n, unit) for q, n, unit, part, words in wanted],
    }  # fmt: skip
