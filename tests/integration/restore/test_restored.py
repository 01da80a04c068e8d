"""After a restore: what is proven is not sent, what is not proven is parked or sent as chosen, numbers stay theirs."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from checkpoints.pools import LazyPool, connect
from orderdesk.bootstrap import House
from orderdesk.domain.errors import ConfigurationError
from orderdesk.review.actors import Actor
from tests.integration.cases.orders import clean_order
from tests.integration.effects.receivers import MailRoom, mail_room
from tests.support.house import DEMO_DAY, count, demo_house, process
from tests.support.postgres import fresh_database, with_database
from tools.proof_of_sending import find_proofs
from tools.restored import Restored, Unproven, must_be_our_database, note_restore

KARIN = Actor(name="Karin", role="clerk")
# Quantities differ: like lines under another number are held as a possible duplicate.
ORDERS = (("N-1", 400), ("N-2", 500))


@asynccontextmanager
async def copy_of(url: str) -> AsyncGenerator[str]:
    """The URL of a copy of a database, as a restore makes one."""
    name = url.rpartition("/")[2].partition("?")[0]
    with psycopg.connect(with_database(url, "postgres"), autocommit=True) as admin:
        admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,))
        # Not the fixture's own name: it drops that one.
        assert admin.execute(sql.SQL("select 1")).fetchone()
    with fresh_database(url, name) as copied:
        yield copied


async def noted(house: House, *places: Path, unproven: Unproven = "park", finished: bool = False) -> Restored:
    proofs = find_proofs(list(places))
    return await note_restore(
        house.pool, proofs, unproven=unproven, finished=finished, highest=0, now=house.clock.now()
    )


async def submitted(house: House, number: str) -> str:
    stored = await house.cases.submit(clean_order(number), f"{number}.eml", channel="test", as_of=DEMO_DAY)
    return stored.case_ids[0]


async def mails(house: House) -> list[dict[str, Any]]:
    return [
        e
        for e in await house.cases.effects(limit=1000) + await house.cases.effects(state="done")
        if e["kind"] == "send_mail"
    ]


async def failures(house: House) -> list[str]:
    async with house.pool.connection() as connection:
        rows = await (
            await connection.execute(
                "select what, why from decision_log where actor = 'restore' and kind = 'failure'"
            )
        ).fetchall()
    return [f"{row['what']}: {row['why']}" for row in rows]


def log_of(folder: Path, room: MailRoom) -> Path:
    path = folder / "mail.log"
    path.write_text(
        "".join(f"1abc <= orders id={message_id.strip('<>')}\n" for message_id in room.message_ids)
    )
    return path


async def test_a_copy_is_refused_until_somebody_says_what_it_is(demo_url: str) -> None:
    async with LazyPool(demo_url, max_size=2) as pool:
        await must_be_our_database(pool)
        await must_be_our_database(pool)
    async with copy_of(demo_url) as url, LazyPool(url, max_size=2) as pool:
        with pytest.raises(ConfigurationError, match="orderdesk restored"):
            await must_be_our_database(pool)
        from orderdesk.domain.clock import SystemClock
        from tools.proof_of_sending import Proofs

        await note_restore(
            pool, Proofs(), unproven="park", finished=True, highest=41, now=SystemClock().now()
        )
        await must_be_our_database(pool)
        async with await connect(url) as connection:
            row = await (await connection.execute("select nextval('sales_order_number') as n")).fetchone()
        assert row == {"n": 42}


async def test_a_copy_sends_nothing_by_itself(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path / "one") as house:
        await must_be_our_database(house.pool)
        case_id = await submitted(house, "R-1")
    async with copy_of(demo_url) as url, demo_house(url, tmp_path / "two") as house:
        await house.cases.drive(case_id)
        assert await house.cases.deliver() == 0
        assert not list((tmp_path / "two").rglob("*.eml"))


async def test_an_order_booked_again_keeps_its_number_and_its_mail_is_not_sent_again(
    demo_url: str, tmp_path: Path
) -> None:
    """The backup is older than everything: only the files and the mail server's log know of it."""
    async with mail_room() as room:
        settings = {"ORDERDESK_SMTP_URL": room.url}
        async with copy_of(demo_url) as backup:
            async with demo_house(demo_url, tmp_path, **settings) as house:
                before = {
                    po: (await process(house, clean_order(po, quantity=n), po))[0]["order_number"]
                    for po, n in ORDERS
                }
            async with demo_house(backup, tmp_path, **settings) as house:
                await noted(house, tmp_path / "export", log_of(tmp_path, room))
                [new] = await process(house, clean_order("N-3", quantity=600), "N-3")
                after = {
                    po: (await process(house, clean_order(po, quantity=n), po))[0]["order_number"]
                    for po, n in ORDERS[::-1]
                }
                assert after == before
                assert new["order_number"] not in before.values()
                assert len(room.taken) == 2, "a confirmation was sent again, or an unproven one was sent"
                assert {e["status"] for e in await mails(house)} == {"done", "ambiguous"}
                assert [
                    f for f in await failures(house) if "with other contents" in f or "reads differently" in f
                ] == []
                found = await noted(house, finished=True)
                assert found.unmatched == ()


async def test_what_is_not_proven_is_parked_and_a_persons_word_sends_it(
    demo_url: str, tmp_path: Path
) -> None:
    async with mail_room() as room, demo_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url) as house:
        await noted(house)
        [report] = await process(house, clean_order("P-1"), "P-1")
        assert report["outcome"] == "booked"
        parked = await house.cases.effects(state="ambiguous")
        assert {e["kind"] for e in parked} == {"send_mail", "export_order"}
        assert room.taken == []
        assert len(await failures(house)) == 2
        for effect in parked:
            await house.cases.settle_effect(effect["key"], "again", KARIN, reason="they have nothing")
        await house.cases.deliver()
        assert len(room.taken) == 1
        assert len(list((tmp_path / "export").glob("*.json"))) == 1
        assert await house.cases.effects() == []


async def test_with_the_whole_log_in_hand_what_is_not_in_it_is_sent(demo_url: str, tmp_path: Path) -> None:
    async with mail_room() as room, demo_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url) as house:
        await noted(house)
        await process(house, clean_order("Q-1"), "Q-1")
        assert room.taken == []
        await noted(house, unproven="send")
        await house.cases.deliver()
        assert len(room.taken) == 1
        assert await house.cases.effects() == []


async def test_when_the_restore_is_finished_mails_go_as_ever(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        await noted(house, finished=True)
        await process(house, clean_order("F-1"), "F-1")
        assert await house.cases.effects() == []


async def test_a_number_only_a_log_knows_of_is_flagged(demo_url: str, tmp_path: Path) -> None:
    async with mail_room() as room:
        settings = {"ORDERDESK_SMTP_URL": room.url}
        async with copy_of(demo_url) as backup:
            async with demo_house(demo_url, tmp_path / "lost", **settings) as house:
                await process(house, clean_order("L-1"), "L-1")
            async with demo_house(backup, tmp_path / "new", **settings) as house:
                await noted(house, log_of(tmp_path, room))
                await process(house, clean_order("L-1"), "L-1")
                assert len(room.taken) == 1
                said = await failures(house)
                assert any("another order number" in why for why in said), said
                assert await count(house, "effect where kind = 'export_order' and status = 'ambiguous'") == 1


async def test_an_export_with_other_contents_is_not_written_over(demo_url: str, tmp_path: Path) -> None:
    async with copy_of(demo_url) as backup:
        async with demo_house(demo_url, tmp_path) as house:
            [report] = await process(house, clean_order("X-1"), "X-1")
        path = tmp_path / "export" / f"{report['order_number']}.json"
        order = json.loads(path.read_text())
        path.write_text(json.dumps({**order, "net_total": "1.00"}))
        async with demo_house(backup, tmp_path) as house:
            await noted(house, tmp_path / "export", unproven="send")
            [again] = await process(house, clean_order("X-1"), "X-1")
            assert again["order_number"] == report["order_number"]
            assert json.loads(path.read_text())["net_total"] == "1.00"
            assert await count(house, "effect where judged_as = 'differs' and status = 'ambiguous'") == 1


async def test_a_parked_mail_is_settled_by_a_proof_that_turns_up_later(demo_url: str, tmp_path: Path) -> None:
    async with mail_room() as room, demo_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url) as house:
        await noted(house)
        await process(house, clean_order("T-1"), "T-1")
        [mail] = [e for e in await house.cases.effects(state="ambiguous") if e["kind"] == "send_mail"]
        (tmp_path / "late.log").write_text(f"id={mail['message_id']}\n")
        await noted(house, tmp_path / "late.log")
        assert [e["status"] for e in await mails(house) if e["key"] == mail["key"]] == ["done"]
        assert room.taken == []
