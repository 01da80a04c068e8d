"""A backup taken while workers run, the database lost, the backup restored: all goes on, and nothing is sent twice.

Real processes: workers, pg_dump, pg_restore, `orderdesk restored`. Mails and posts go to receivers of the test, which
live on through the loss, as a mail server and a company's own system do.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import uuid
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from checkpoints.binaries import find_binaries
from checkpoints.pools import connect
from orderdesk.bootstrap import House
from orderdesk.domain.errors import StaleDecision
from orderdesk.review.actors import Actor
from tests.chaos.fault_desk import end_in_order
from tests.chaos.orders import order_mail, order_number, plenty
from tests.integration.cases.orders import stranger, unknown_article
from tests.integration.effects.receivers import Erp, MailRoom, company_system, mail_room
from tests.support.house import DEMO_DAY, demo_house
from tests.support.invariants import broken_invariants, broken_mails
from tests.support.postgres import with_database
from tests.support.zygote import Forked, Zygote

KARIN = Actor(name="Karin", role="manager")
SECRET = "a-secret-of-32-characters-and-mor"
ORDERS, STRANGERS, UNKNOWN = 30, 4, 4
# Nobody has brought these to a stop, or sent what they decided.
UNDER_WAY = (
    "select (select count(*) from cases where status in ('queued', 'running')) + (select count(*) from effect"
    " where status in ('pending', 'sending')) + (select count(*) from cases c where status = 'waiting_review' and not"
    " exists (select from review r where r.case_id = c.case_id and r.closed_at is null)) as n"
)
BOOKED = "select count(*) as n from sales_order"


@dataclass
class Life:
    """One life of the desk: its database, its home, and those who receive what it sends."""

    home: Path
    room: MailRoom
    erp: Erp
    zygote: Zygote
    url: str
    workers: list[Forked] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "ORDERDESK_SMTP_URL": self.room.url,
            "ORDERDESK_WEBHOOK_URL": self.erp.url,
            "ORDERDESK_WEBHOOK_SECRET": SECRET,
            "ORDERDESK_WORKER_LEASE_S": "2",
        }

    async def work(self, count: int = 2) -> None:
        for _ in range(count):
            self.workers.append(
                await self.zygote.worker(
                    self.url, self.home, environment=self.settings | {"ORDERDESK_MODELS": "[]"}
                )
            )

    async def command(self, *args: str) -> Forked:
        environment = {"DATABASE_URL": self.url, "ORDERDESK_HOME": str(self.home), **self.settings}
        done = await self.zygote.start(
            "orderdesk.cli:main", environment, args=list(args), prog_name="orderdesk"
        )
        await done.wait()
        return done

    async def number(self, query: str) -> int:
        async with await connect(self.url) as connection:
            row = await (await connection.execute(query)).fetchone()  # type: ignore[arg-type]
        assert row is not None
        return int(row["n"])

    async def until(self, query: str, reached: Any, what: str) -> None:
        async with asyncio.timeout(120):
            while not reached(await self.number(query)):
                assert all(w.status is None for w in self.workers), [w.said() for w in self.workers]
                await asyncio.sleep(0.1)
        print(f"  {what}")


def messages() -> list[bytes]:
    """What comes in, oldest first; one in five needs a person or the customer."""
    mixed = [order_mail(n) for n in range(ORDERS)]
    for n in range(STRANGERS):
        mixed.insert(7 * n + 2, stranger(f"STR-{n}"))
    for n in range(UNKNOWN):
        mixed.insert(8 * n + 5, unknown_article(f"UNK-{n}"))
    return mixed


async def test_a_restored_desk_goes_on_and_sends_nothing_twice(demo_url: str, tmp_path: Path) -> None:
    seed = int(os.environ.get("ORDERDESK_CHAOS_SEED") or random.SystemRandom().randrange(10**6))
    print(f"ORDERDESK_CHAOS_SEED={seed}")
    rng = random.Random(seed)
    dump, home = tmp_path / "backup.dump", tmp_path / "home"
    inbox = messages()
    await plenty(demo_url)
    async with AsyncExitStack() as held:
        room, erp = (
            await held.enter_async_context(mail_room()),
            await held.enter_async_context(company_system()),
        )
        life = Life(home, room, erp, await held.enter_async_context(Zygote()), demo_url)
        await life.work()
        async with demo_house(demo_url, home, **life.settings) as house:
            at_backup = rng.randint(4, 10)
            await hand_in(house, inbox[:15])
            await life.until(BOOKED, lambda n: n >= at_backup, f"{at_backup} orders are booked: backup")
            dumping = asyncio.ensure_future(run("pg_dump", "--format=custom", f"--file={dump}", demo_url))
            await hand_in(house, inbox[15:25])
            await dumping
            await hand_in(house, inbox[25:])
            at_loss = rng.randint(22, ORDERS)
            await life.until(BOOKED, lambda n: n >= at_loss, f"{at_loss} orders are booked: loss")
            await decide(house, "approve", most=1)
        for worker in life.workers:
            worker.kill()
            await worker.wait()
        life.workers.clear()
        told, mailed, before = numbers_told(room, erp, home), len(room.taken), Counter(room.message_ids)
        life.url = lose_and_restore_into(demo_url)
        try:
            await run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={life.url}", str(dump))
            kept = await life.number(BOOKED)
            print(
                f"  {len(told)} customers were told a number, {kept} orders are in the backup, {mailed} mails had gone"
            )
            assert kept < len(told), "nothing was lost: the test proves nothing"

            refused = await life.command("worker")
            assert refused.status == 2, refused.said()
            assert "orderdesk restored" in refused.said()

            log = write_mail_log(tmp_path / "mail.log", room)
            noted = await life.command("restored", "--sent", str(log), "--unproven", "send")
            assert noted.status == 0, noted.said()
            print(noted.said())
            await life.work()
            async with demo_house(life.url, home, **life.settings) as house:
                await hand_in(house, inbox)
                await life.until(UNDER_WAY, lambda n: n == 0, "all is done again")
                await decide(house, "reject")
                await life.until(UNDER_WAY, lambda n: n == 0, "people have decided")
            assert (await life.command("restored", "--finished")).status == 0
            await end_in_order(life.workers)
            await everything_once(life, told, before)
        finally:
            drop(life.url)


async def everything_once(life: Life, told: dict[str, set[str]], before: Counter[str]) -> None:
    """What has to be true in the end, by those who received it and by the tables."""
    room, erp = life.room, life.erp
    assert {m: n for m, n in Counter(room.message_ids).items() if n > 1} == {}
    assert set(before) <= set(room.message_ids)
    # What a person had decided after the backup and decided differently now is known to have left, no more.
    broken = await broken_mails(life.url, room.taken)
    assert [b for b in broken if "does not know it" not in b] == []
    assert await broken_invariants(life.url) == []
    async with await connect(life.url) as connection:
        cases = await (
            await connection.execute("select outcome, count(*) as n from cases group by 1")
        ).fetchall()
        orders = await (
            await connection.execute("select o.po_number, o.order_number, o.case_id from sales_order o")
        ).fetchall()
        flagged = await (
            await connection.execute(
                "select case_id from decision_log where actor = 'restore' and kind = 'failure'"
            )
        ).fetchall()
    print(f"  { ({row['outcome']: row['n'] for row in cases}) }, {len(flagged)} for a person")
    booked = {str(row["po_number"]): row for row in orders}
    for row in await not_booked(life.url):
        print(row)
    assert set(booked) >= {order_number(n) for n in range(ORDERS)}
    assert len(booked) == len(orders) == len({row["order_number"] for row in orders})
    doubtful = {row["case_id"] for row in flagged}
    for po, numbers in told.items():
        if po in booked and booked[po]["case_id"] not in doubtful:
            assert numbers == {booked[po]["order_number"]}, f"{po}: told {numbers}, booked {booked[po]}"
    posted = Counter(order["po_number"] for order in erp.orders.values())
    assert {po: n for po, n in posted.items() if n > 1 and booked[po]["case_id"] not in doubtful} == {}
    exported = Counter(json.loads(p.read_text())["po_number"] for p in (life.home / "export").glob("*.json"))
    assert {po: n for po, n in exported.items() if n > 1} == {}
    otherwise = set(exported) - set(booked)
    assert set(booked) <= set(exported)
    assert all(po.startswith("STR-") for po in otherwise)
    assert len(broken) <= len(otherwise)
    print(f"  decided differently this time: {otherwise}")


async def not_booked(url: str) -> list[dict[str, Any]]:
    """Orders of the known partner that were not booked, and why."""
    async with await connect(url) as connection:
        return await (
            await connection.execute(
                "select c.po_number, c.status, c.outcome, c.error, array_agg(l.what || ': ' || l.why order by l.seq) as log"
                " from cases c join message m using (message_id) left join decision_log l using (case_id)"
                " where m.subject like 'PO RC-%' and c.outcome is distinct from 'booked' group by c.case_id"
            )
        ).fetchall()


def numbers_told(room: MailRoom, erp: Erp, home: Path) -> dict[str, set[str]]:
    """The order numbers that customers, the company's system and the folder know, by the customer's own number."""
    told: dict[str, set[str]] = {}
    for taken in room.taken:
        mail = message_from_bytes(taken, EmailMessage, policy=default)
        if number := mail["X-Orderdesk-Order"]:
            po = str(mail["Subject"]).partition("PO ")[2].split()[0]
            told.setdefault(po, set()).add(str(number))
    orders = [*erp.orders.values(), *(json.loads(p.read_text()) for p in (home / "export").glob("*.json"))]
    for order in orders:
        told.setdefault(order["po_number"], set()).add(order["order_number"])
    return told


async def hand_in(house: House, inbox: Sequence[bytes]) -> None:
    for n, raw in enumerate(inbox):
        await house.cases.submit(raw, f"{n}.eml", channel="test", as_of=DEMO_DAY, queue=True)


async def decide(house: House, how: str, most: int = 100) -> None:
    """A person decides what waits: `approve` gives a stranger's order to an account, `reject` refuses it."""
    for row in (await house.cases.reviews())[:most]:
        answer = {"type": "reject", "message": "we do not know them"}
        if how == "approve":
            answer = {"type": "edit", "edited_action": {"args": {"customer_id": "C1001"}}}
        try:
            await house.cases.decide(row["review_id"], {"decisions": [answer]}, KARIN)
        except StaleDecision as error:
            print(f"  {error}")


def write_mail_log(path: Path, room: MailRoom) -> Path:
    """The log of a Postfix that took these mails."""
    lines = []
    for n, message_id in enumerate(room.message_ids):
        lines += [
            f"Mar  2 09:00:00 mx postfix/smtpd[11]: A{n:05X}: client=desk[10.0.0.2]",
            f"Mar  2 09:00:00 mx postfix/cleanup[12]: A{n:05X}: message-id={message_id}",
            f"Mar  2 09:00:00 mx postfix/qmgr[10]: A{n:05X}: from=<orders@localhost>, size=900, nrcpt=1 (queue active)",
        ]
    path.write_text("\n".join(lines) + "\n")
    return path


async def run(program: str, *args: str) -> None:
    """A program of Postgres, to its end."""
    process = await asyncio.create_subprocess_exec(
        str(find_binaries(None) / program),
        *args,
        stderr=asyncio.subprocess.PIPE,
        stdin=asyncio.subprocess.DEVNULL,
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()


def lose_and_restore_into(url: str) -> str:
    """Empty the database as a lost disk does, and make a new one; its URL."""
    name = f"restored_{uuid.uuid4().hex}"
    lost = url.rpartition("/")[2].partition("?")[0]
    with psycopg.connect(with_database(url, "postgres"), autocommit=True) as admin:
        admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (lost,))
        admin.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
    return with_database(url, name)


def drop(url: str) -> None:
    name = url.rpartition("/")[2].partition("?")[0]
    with psycopg.connect(with_database(url, "postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
