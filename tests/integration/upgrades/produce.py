"""Fill an empty database with cases stopped everywhere a case can stop; run by make_fixture.py with a released version.

`python produce.py URL HOME NOTES`, started in a copy of that version with PYTHONPATH set to it: everything imported here
is that version's. NOTES gets, as JSON, what has to be done with each case and where it then has to end.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from checkpoints.migrations import migrate
from checkpoints.pools import LazyPool
from orderdesk.bootstrap import House
from orderdesk.demo import company_folder, expected_outcomes, inbox_folder
from orderdesk.review.actors import Actor
from tests.support.house import DEMO_DAY, demo_house, mail
from tools.master.importer import import_folder

DANA = "Dana Whitfield <dana.whitfield@harlanfab.example>"
BUYING = "Redwood Buying <buying@redwoodconveyor.example>"
STRANGER = "Sam Field <sam@quarryworks.example>"
MIRA = Actor(name="mira", role="manager")
APPROVE: dict[str, Any] = {"type": "approve"}
REJECT: dict[str, Any] = {"type": "reject", "message": "Not now."}
RESPOND: dict[str, Any] = {"type": "respond", "message": "Which date did you mean?"}
HARLAN: dict[str, Any] = {"type": "edit", "edited_action": {"args": {"customer_id": "C1001"}}}
NEVER = "alter table sales_order add constraint never check (false) no inherit not valid"
CHANGE_MIND = "Please take 12 rolls CLN-80210 for the second line instead."


def order(po: str, nuts: int, rolls: int, *, sender: str = DANA, more: str = "") -> bytes:
    """An order that goes through by itself where its sender may; numbers differ, as repeated orders are asked about."""
    text = (
        f"Good morning,\n\nPlease enter the following order, PO number {po}:\n\n"
        f"- {nuts} ea FST-10310 hex nut 1/2-13 zinc\n- {rolls} rolls CLN-80210 industrial wiping paper\n{more}\n"
        "Deliver by March 13, 2026 please.\n\nThank you\n"
    )
    return mail(text, sender=sender, subject=f"PO {po}", message_id=f"{po}@upgrade.example")


class Producer:
    """Makes the cases one by one and notes what is to become of each."""

    def __init__(self, house: House, url: str, home: Path, models: str = "[]") -> None:
        self.house = house
        self.notes: list[dict[str, Any]] = []
        self._made = 0
        self._killer = subprocess.Popen(
            [sys.executable, "-m", "tests.support.killed", url, str(home)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "ORDERDESK_MODELS": models},
        )  # fmt: skip

    async def submit(self, name: str, raw: bytes | None = None, *, sender: str = DANA) -> str:
        """A stored message; returns its only case."""
        self._made += 1
        # Within what this customer orders, and no two alike.
        nuts, rolls = 300 + 100 * (self._made % 5), 10 + self._made // 5
        raw = raw or order(f"UP-{self._made}", nuts, rolls, sender=sender)
        stored = await self.house.cases.submit(raw, f"{name}.eml", channel="test", as_of=DEMO_DAY)
        [case_id] = stored.case_ids
        return case_id

    async def made(self, name: str, *then: dict[str, Any], ends: str, case_id: str = "", **how: Any) -> str:
        """Note a case; one that is not given is submitted and driven to its first stop."""
        if not case_id:
            case_id = await self.submit(name, **how)
            await self.house.cases.drive(case_id)
        stands = await self._row("select status, outcome from cases where case_id = %s", case_id)
        self.notes.append({"name": name, "case_id": case_id, **stands, "then": list(then), "ends": ends})
        return case_id

    def killed(self, case_id: str, kill_at: int) -> bool:
        """Drive a case in a process that kills itself after so many checkpoints; False where it had fewer steps."""
        assert self._killer.stdin
        assert self._killer.stdout
        self._killer.stdin.write(f"{case_id} {kill_at}\n")
        self._killer.stdin.flush()
        return int(self._killer.stdout.readline()) != 0

    async def recorded(self, case_id: str, answer: dict[str, Any]) -> None:
        """Record a person's decision and carry nothing out, as a process that died right then would have."""
        with _instead(self.house.cases, "drive", self.house.cases.report):
            await self.decide(case_id, answer)

    async def decide(self, case_id: str, answer: dict[str, Any]) -> None:
        """Answer the open review of a case."""
        review = await self._row(
            "select review_id from review where case_id = %s and closed_at is null", case_id
        )
        await self.house.cases.decide(review["review_id"], answer, MIRA)

    async def answered(self, case_id: str, text: str) -> None:
        """Store the customer's answer to the question of a case; nobody reads it yet."""
        sent = await self._row(
            "select request->>'message_id' as id from effect where case_id = %s and target = 'question-1'",
            case_id,
        )
        raw = mail(text, sender=DANA, reply_to=sent["id"].strip("<>"))
        stored = await self.house.cases.submit(raw, "answer.eml", channel="test", as_of=DEMO_DAY)
        assert stored.answers_case == case_id

    def close(self) -> None:
        """End the process that forks the killed ones."""
        assert self._killer.stdin
        self._killer.stdin.close()
        self._killer.wait()

    async def sql(self, statement: str) -> None:
        """Change something of the house itself."""
        async with self.house.pool.connection() as connection:
            await connection.execute(statement)  # type: ignore[arg-type]

    async def _row(self, statement: str, case_id: str) -> dict[str, Any]:
        async with self.house.pool.connection() as connection:
            row = await (await connection.execute(statement, (case_id,))).fetchone()  # type: ignore[arg-type]
        assert row is not None, statement
        return row


async def produce(make: Producer) -> None:
    """Every place a case can stop at."""
    await make.sql("update stock set on_hand = 1000000 where sku in ('FST-10310', 'CLN-80210')")
    await make.sql("update customer set credit_limit = 10000000 where customer_id in ('C1001', 'C1002')")
    await make.sql("update customer set autonomy = 'assist' where customer_id = 'C1002'")

    first = order("UP-900", 400, 20)
    await make.made("booked", ends="booked", raw=first)
    again = mail(first.decode().partition("\r\n\r\n")[2] + "\n(sent again)", sender=DANA, subject="again")
    await make.made("sent twice", ends="duplicate", raw=again)
    [filed, *_] = [
        n for n, cases in expected_outcomes().items() if [c["outcome"] for c in cases] == ["not_an_order"]
    ]
    await make.made("not an order", ends="not_an_order", raw=(inbox_folder() / filed).read_bytes())
    await make.made("queued", _do("drive"), ends="booked", case_id=await make.submit("queued"))

    for step in range(1, 100):
        case_id = await make.submit(f"killed after step {step}")
        if not make.killed(case_id, step):
            break
        await make.made(f"killed after step {step}", _do("drive"), ends="booked", case_id=case_id)

    await make.made("to approve", _do("decide", APPROVE), ends="booked", sender=BUYING)
    await make.made("to reject", _do("decide", REJECT), ends="rejected", sender=BUYING)
    await make.made("to ask about", _do("decide", RESPOND), ends="waiting_customer", sender=BUYING)
    await make.made("of a stranger", _do("decide", HARLAN), ends="booked", sender=STRANGER)
    for name, answer, ends in (
        ("approved", APPROVE, "booked"),
        ("rejected", REJECT, "rejected"),
        ("edited", HARLAN, "booked"),
    ):
        sender = STRANGER if answer is HARLAN else BUYING
        case_id = await make.submit(f"{name}, not carried out", sender=sender)
        await make.house.cases.drive(case_id)
        await make.recorded(case_id, answer)
        await make.made(f"{name}, not carried out", _do("drive"), ends=ends, case_id=case_id)
    for step in (1, 2):
        case_id = await make.submit(f"approved, killed after step {step}", sender=BUYING)
        await make.house.cases.drive(case_id)
        await make.recorded(case_id, APPROVE)
        make.killed(case_id, step)
        await make.made(f"approved, killed after step {step}", _do("drive"), ends="booked", case_id=case_id)
    large = order("UP-901", 40000, 4000)
    case_id = await make.submit("one of two approvals", large)
    await make.house.cases.drive(case_id)
    await make.decide(case_id, APPROVE)
    await make.made("one of two approvals", _do("decide", APPROVE), ends="booked", case_id=case_id)

    for number, (name, then, ends) in enumerate((
        ("asked", [_do("answer", CHANGE_MIND), _do("decide", REJECT)], "rejected"),
        ("asked, to be edited", [_do("answer", CHANGE_MIND), _do("decide", _second_line())], "booked"),
        ("asked, never answered", [], "waiting_customer"),
        ("answered, not read", [_do("drive"), _do("decide", _second_line())], "booked"),
    )):  # fmt: skip
        unknown = order(
            f"UP-91{number}", 500 + 100 * number, 21, more="- 12 ea ZQX-99881 left-handed smoke shifter\n"
        )
        case_id = await make.submit(name, unknown)
        await make.house.cases.drive(case_id)
        if name == "answered, not read":
            await make.answered(case_id, CHANGE_MIND)
        await make.made(name, *then, ends=ends, case_id=case_id)

    await make.sql("alter table price rename to away")
    await make.made("handed over", _do("retry"), ends="booked")
    await make.sql("alter table away rename to price")
    await make.sql(NEVER)
    await make.made("dead letter", _do("retry"), ends="booked")
    await make.sql("alter table sales_order drop constraint never")


def _second_line() -> dict[str, Any]:
    """What a person makes of the article nobody knows."""
    return {
        "type": "edit",
        "edited_action": {
            "args": {"lines[2].sku": "CLN-80210", "lines[2].quantity": "12", "lines[2].uom": "RL"}
        },
    }


def _do(what: str, how: Any = None) -> dict[str, Any]:
    return {"do": what} if how is None else {"do": what, "how": how}


@contextmanager
def _instead(thing: Any, name: str, other: Callable[..., Any]) -> Any:
    setattr(thing, name, other)
    try:
        yield
    finally:
        delattr(thing, name)


async def produce_with_models(make: Producer) -> None:
    """Cases that models have read: the first is down, the second answers. Their states hold what was tried."""
    case_id = await make.submit("models, to approve", order("UP-81", 300, 10, sender=BUYING))
    make.killed(case_id, 99)
    await make.made("models, to approve", _do("decide", APPROVE), ends="booked", case_id=case_id)
    for step, nuts in ((4, 200), (6, 800), (8, 900)):
        case_id = await make.submit(f"models, killed after step {step}", order(f"UP-8{step}", nuts, 10))
        assert make.killed(case_id, step)
        await make.made(f"models, killed after step {step}", _do("drive"), ends="booked", case_id=case_id)


async def main(url: str, home: Path, notes: Path) -> None:
    """Migrate, import the demo company, make the cases, write down what is to become of them."""
    await migrate(url)
    async with LazyPool(url, max_size=2) as pool:
        await import_folder(pool, company_folder())
    async with demo_house(url, home) as house:
        make = Producer(house, url, home)
        try:
            await produce(make)
        finally:
            make.close()
        if find_spec("tests.support.chat_double"):  # the version knows models
            from tests.integration.cases.with_models import PRICED, reading, rung
            from tests.support.chat_double import chat_double, http_error

            def respond(body: dict[str, Any]) -> Any:
                found = re.search(
                    r"PO number (UP-8\d).*?- (\d+) ea", str(body["messages"][-1]["content"]), re.DOTALL
                )
                assert found
                return reading(found[1], int(found[2]))

            with chat_double() as double:
                double.default("primary", http_error(503))
                double.responder = respond
                rungs = [rung(double, name, **PRICED) for name in ("primary", "alternative")]
                asking = Producer(house, url, home, json.dumps(rungs))
                try:
                    await produce_with_models(asking)
                finally:
                    asking.close()
                make.notes += asking.notes
    notes.write_text(json.dumps(make.notes, indent=1) + "\n")


if __name__ == "__main__":
    os.environ["ORDERDESK_MODELS"] = "[]"
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
