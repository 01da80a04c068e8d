"""The seeded soak: hundreds of orders while workers, the server and models fail; then every order is there, once.

`ORDERDESK_SOAK_ORDERS=10000` is the long form; ORDERDESK_CHAOS_SEED repeats a run.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from pathlib import Path

import pytest

from checkpoints.pools import connect
from tests.chaos.fault_server import own_server
from tests.chaos.orders import plenty, x12_lines
from tests.chaos.soak import Plan, Soak
from tests.support.chat_double import chat_double
from tests.support.invariants import broken_invariants, broken_mails, mails_in
from tests.support.zygote import Zygote

SHORT, LONG = 500, 10_000


def orders_wanted() -> int:
    """How many orders this run has."""
    long = os.environ.get("ORDERDESK_CHAOS_LONG") == "1"
    return int(os.environ.get("ORDERDESK_SOAK_ORDERS") or (LONG if long else SHORT))


@pytest.mark.usefixtures("models_allowed")
async def test_a_soak_loses_nothing_and_doubles_nothing(demo_home: Path, tmp_path: Path) -> None:
    seed = int(os.environ.get("ORDERDESK_CHAOS_SEED") or random.SystemRandom().randrange(10**6))
    plan = Plan(seed, orders_wanted())
    print(
        f"\nORDERDESK_CHAOS_SEED={seed}: {plan.orders} orders in {len(plan.messages)} messages, {plan.copies} copies"
    )
    async with own_server(demo_home) as (url, server), Zygote(models=True) as zygote:
        await plenty(url)
        with chat_double() as double:
            soak = Soak(plan, server, url, tmp_path / "home", zygote, double)
            await soak.run()
        waits = await soak.takeovers()
        report(soak, waits)
        await as_it_should_be(soak)


async def as_it_should_be(soak: Soak) -> None:
    """By the plan's own truth, by the tables and by the files that left the house."""
    url, plan = soak.url, soak.plan
    assert await broken_invariants(url) == []
    assert await broken_mails(url, mails_in(soak.home / "outbox"), parked=False) == []
    async with await connect(url) as connection:
        orders = await (
            await connection.execute("select po_number, order_number, case_id from sales_order")
        ).fetchall()
        lines = await (
            await connection.execute(
                "select po_number, sku, base_quantity from sales_order_line join sales_order using (order_number)"
            )
        ).fetchall()
        ends = await (
            await connection.execute(
                "select coalesce(outcome, status) as how, count(*) as n from cases group by 1"
            )
        ).fetchall()
        rejected = await (
            await connection.execute(
                "select c.po_number, l.why from cases c join decision_log l using (case_id)"
                " where c.outcome = 'rejected' and l.node like 'review%%'"
            )
        ).fetchall()
        stored = await (await connection.execute("select count(*) as n from message")).fetchone()
        dead = await (
            await connection.execute(
                "select case_id, l.what, l.why from cases join decision_log l using (case_id)"
                " where outcome = 'dead_letter' and l.kind = 'failure' order by case_id, l.seq"
            )
        ).fetchall()
    how = {row["how"]: row["n"] for row in ends}
    print(f"  ends: {how}")
    assert stored is not None
    assert stored["n"] == len(set(plan.messages)), "a message was lost, or stored twice"
    assert how.get("dead_letter", 0) == 0, "\n".join(
        f"{r['case_id']} {r['what']}: {r['why'][:300]}" for r in dead
    )
    booked = Counter(str(row["po_number"]) for row in orders)
    assert {po: n for po, n in booked.items() if n > 1} == {}
    assert plan.booked - set(booked) == set(), rejected
    assert set(booked) - plan.booked <= plan.by_person
    assert len({row["order_number"] for row in orders}) == len(orders)
    known: dict[str, dict[str, int]] = {}
    for row in lines:
        known.setdefault(str(row["po_number"]), {})[str(row["sku"])] = int(row["base_quantity"])
    for po in plan.booked:
        assert known[po] == truth(po), po
    exported = Counter(json.loads(p.read_text())["po_number"] for p in (soak.home / "export").glob("*.json"))
    assert exported == booked


def truth(po: str) -> dict[str, int]:
    """What the customer ordered under a number, from the order as it was written."""
    return {sku: n for n, sku in x12_lines(int(po.removeprefix("RC-").removeprefix("B").removeprefix("-")))}


def report(soak: Soak, waits: list[float]) -> None:
    """The figures of the run."""
    print(f"  {len(soak.plan.messages) / soak.took_s:.1f} messages a second over {soak.took_s:.0f} s")
    for what, n in sorted(soak.done.items()):
        print(f"  {n:5} {what}")
    if waits:
        print(
            f"  takeover of a killed worker's case: median {waits[len(waits) // 2]:.1f} s, worst {waits[-1]:.1f} s"
        )
    print(f"  memory of the workers at the end: {', '.join(f'{m >> 20} MB' for m in soak.memory)}")
    print(f"  requests to models: {soak.double.counts()}")
