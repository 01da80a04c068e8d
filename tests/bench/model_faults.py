"""What a broken model costs: how far past its deadline a case ends, and what the cases after it pay.

`python -m tests.bench.model_faults` prints figures of one run: times are compared within it, never with another's.
Nothing here is a test; speed is not asserted on machines that are busy with other things.
"""

from __future__ import annotations

import asyncio
import json
import re
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orderdesk.bootstrap import House, build_house
from orderdesk.settings import load_settings
from tests.integration.cases.orders import clean_order
from tests.support.chat_double import FAULTS, ChatDouble, chat_double
from tests.support.house import DEMO_DAY
from tests.support.postgres import DEMO_TEMPLATE, fresh_database, make_demo_template, shared_server

DEADLINE_S = 1.0
CASES = 40
# Those that end only when somebody cuts them.
HANGING = ("slow first byte", "stall in the body", "endless drip", "5 MB of output")


def honest(body: Mapping[str, Any]) -> dict[str, Any]:
    """The right reading of a clean order, from the prompt alone."""
    text = re.sub(r"(?m)^1\| ", "", body["messages"][-1]["content"])

    def line(quote: str, part: str, description: str, quantity: str, unit: str) -> dict[str, Any]:
        return {
            "quote": quote, "document": 1, "part_number": part, "description": description, "quantity": quantity,
            "unit": unit, "unit_price": None, "requested_date": None,
        }  # fmt: skip

    po = re.search(r"PO number (B-\d+)", text)
    nuts = re.search(r"(\d+) ea FST-10310 hex nut 1/2-13 zinc", text)
    assert po
    assert nuts
    return {
        "intent": "new_order", "intent_quote": "Please enter the following order",
        "po_number": {"value": po[1], "quote": po[0], "document": 1}, "po_date": None,
        "requested_date": {"value": "2026-03-13", "quote": "Deliver by March 13, 2026", "document": 1},
        "currency": None, "ship_to": None,
        "lines": [
            line(nuts[0], "FST-10310", "hex nut 1/2-13 zinc", nuts[1], "ea"),
            line("10 rolls CLN-80210 industrial wiping paper", "CLN-80210", "industrial wiping paper", "10", "rolls"),
        ],
    }  # fmt: skip


class Desk:
    """A house over the demo company that times one clean order after another."""

    def __init__(self, url: str, home: Path, double: ChatDouble, *models: str) -> None:
        rungs = [
            {"model": m, "base_url": double.base_url, "api_key_env": "", "timeout_s": DEADLINE_S}
            for m in models
        ]
        settings = load_settings(DATABASE_URL=url, ORDERDESK_HOME=home, ORDERDESK_MODELS=json.dumps(rungs))
        self.house: House = build_house(settings, url)
        self.outcomes: set[str] = set()

    async def case(self, number: int) -> float:
        """Seconds that one order took from its message to its stop."""
        # Quantities differ, as like lines under another number are rightly held as a possible duplicate.
        raw = clean_order(f"B-{number}", quantity=100 * (1 + number % 9))
        async with self.house.pool.connection() as connection:
            await connection.execute(
                "truncate message, cases, sales_order, reservation, effect, review, model_answer, case_spend, "
                "checkpoints, checkpoint_blobs, checkpoint_writes cascade"
            )
        began = time.perf_counter()
        stored = await self.house.cases.submit(raw, f"{number}.eml", channel="bench", as_of=DEMO_DAY)
        report = await self.house.cases.drive(stored.case_ids[0])
        self.outcomes.add(str(report["outcome"]))
        return time.perf_counter() - began

    async def forget_breakers(self) -> None:
        """As if no model had ever failed."""
        async with self.house.pool.connection() as connection:
            await connection.execute("delete from breaker")


async def run(url: str, home: Path, double: ChatDouble) -> None:
    """All measurements, printed as they come."""
    double.responder = honest
    both = Desk(url, home, double, "primary", "alternative")
    single = Desk(url, home, double, "alternative")
    rules = Desk(url, home, double)
    try:
        for number in range(3):  # readers, indexes and connections are started before anything is measured
            for desk in (both, single, rules):
                await desk.case(number)
        usual = statistics.median([await both.case(n) for n in range(10, 20)])
        print(f"a clean order with its model answering: {usual * 1000:.0f} ms\n")
        print(f"all models hang or flood, deadline {DEADLINE_S:g} s each: time past both deadlines")
        worst = 0.0
        for number, fault in enumerate(HANGING):
            double.reset()
            for model in ("primary", "alternative"):
                double.default(model, FAULTS[fault])
            await both.forget_breakers()
            over = await both.case(30 + number) - len(("primary", "alternative")) * DEADLINE_S
            worst = max(worst, over)
            print(f"  {fault:<20} {over * 1000:+6.0f} ms")
        print(
            f"  worst {worst * 1000:+.0f} ms, a whole order's work of {usual * 1000:.0f} ms included (aim: < 1000 ms)"
        )
        double.reset()
        double.default("primary", FAULTS["slow first byte"])
        await both.forget_breakers()
        first = await both.case(50)
        print(f"\nthe first case a hanging primary meets: {first:.2f} s (one deadline is {DEADLINE_S:g} s)")
        await _keep_open(both)
        pairs = [(await both.case(n), await single.case(n + 1000)) for n in range(100, 100 + CASES)]
        opened, absent = (statistics.median(times) for times in zip(*pairs, strict=True))
        print(
            f"the cases after it, breaker open: {opened * 1000:.0f} ms in the median; without that model at all: "
            f"{absent * 1000:.0f} ms; ratio {opened / absent:.2f} (aim: <= 1.10, {CASES} pairs taken in turns)"
        )
        sent = double.counts().get("primary", 0)
        print(f"requests to the hanging model in all: {sent}")
        print(f"outcomes: {', '.join(sorted(both.outcomes | single.outcomes | rules.outcomes))}")
    finally:
        for desk in (both, single, rules):
            await desk.house.close()


async def _keep_open(desk: Desk) -> None:
    """The breaker stays open while the cases after it are measured: a probe would be one deadline of one case."""
    async with desk.house.pool.connection() as connection:
        cursor = await connection.execute(
            "update breaker set retry_at = clock_timestamp() + interval '1 hour' where state = 'open'"
        )
        assert cursor.rowcount == 1, "the breaker of the hanging model should be open"


def main() -> None:
    """A server, a database and a double of its own, for the length of the run."""
    with (
        tempfile.TemporaryDirectory() as folder,
        shared_server(Path(folder)) as server,
        chat_double() as double,
    ):
        make_demo_template(server)
        with fresh_database(server, DEMO_TEMPLATE) as url:
            asyncio.run(run(url, Path(folder) / "home", double))


if __name__ == "__main__":
    main()
