"""The invariants I1 to I5, checked from the database alone; and what left the house, checked against who received it.

I1 each effect was performed once, or a person was asked · I2 nothing vanishes, every case ends · I3 nothing without
its approval · I4 within the budget · I5 everything is on record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from email import message_from_bytes
from pathlib import Path
from typing import Any

from checkpoints.pools import Connection, connect
from checkpoints.queries import load_queries
from orderdesk.cases.giving_up import HANDOFF_S
from orderdesk.domain.results import FINAL_OUTCOMES

SQL = load_queries("tests.support", "invariants.sql")
CHECKS = sorted(name for name in SQL if name.startswith("i"))


@dataclass(frozen=True)
class Budget:
    """What one case may take: the defaults of the settings, and what the last call may add to them."""

    calls: int = 8
    tokens: int = 60_000 + 20_000
    usd: Decimal = Decimal("0.50") + Decimal("0.25")
    seconds: float = 120 + HANDOFF_S + 10


async def broken_invariants(
    url: str,
    *,
    people_wait: bool = True,
    may_wait_to_be_sent: bool = False,
    budget: Budget = Budget(),
) -> list[str]:
    """One sentence with ids per violation; empty where all hold. To be called when everything has come to rest.

    `people_wait`: a case may wait for a person or a customer. `may_wait_to_be_sent`: effects may still be on their
    way, as while a mail server is down.
    """
    async with await connect(url) as connection, connection.transaction():
        await connection.execute("set transaction isolation level repeatable read, read only")
        return await violations(
            connection, people_wait=people_wait, may_wait_to_be_sent=may_wait_to_be_sent, budget=budget
        )


async def violations(
    connection: Connection,
    *,
    people_wait: bool = True,
    may_wait_to_be_sent: bool = False,
    budget: Budget = Budget(),
) -> list[str]:
    """As `broken_invariants`, as one transaction sees the tables."""
    known: dict[str, Any] = {
        "people_wait": people_wait,
        "may_wait": may_wait_to_be_sent,
        "final": sorted(FINAL_OUTCOMES),
        "calls": budget.calls,
        "tokens": budget.tokens,
        "usd": budget.usd,
        "milliseconds": round(budget.seconds * 1000),
    }
    found: list[str] = []
    for name in CHECKS:
        rows = await (await connection.execute(SQL[name], known)).fetchall()
        found += sorted(str(row["sentence"]) for row in rows)
    return found


async def broken_mails(url: str, mails: Sequence[bytes], *, parked: bool = True) -> list[str]:
    """What is wrong with the mails that arrived: one twice, one that nobody wanted, one that never came.

    `mails` is everything the receiver has taken, in any order (see `mails_in`). A mail that is parked for a person
    may have come or not; with `parked` False none may be parked.
    """
    ledger = await _ledger(url)
    arrived = Counter(_message_id(mail) for mail in mails)
    found = [f"mail {mid} arrived, and the ledger does not know it" for mid in arrived if mid not in ledger]
    for mid, row in ledger.items():
        times = arrived[mid]
        if times > 1:
            found.append(f"I1: effect {row['key']} left the house {times} times ({row['status']})")
        elif row["status"] == "done" and times == 0:
            found.append(f"I1: effect {row['key']} is done, and nothing arrived")
        elif row["status"] in ("pending", "dropped") and times:
            found.append(f"I1: effect {row['key']} is {row['status']}, and it arrived")
        elif row["status"] in ("ambiguous", "failed") and not parked:
            found.append(f"I1: effect {row['key']} is {row['status']}: a person has to look")
    return found


async def mails_sent(url: str, mails: Sequence[bytes]) -> dict[str, int]:
    """How often each mail of the ledger arrived, by effect key."""
    arrived = Counter(_message_id(mail) for mail in mails)
    return {str(row["key"]): arrived[mid] for mid, row in (await _ledger(url)).items()}


def mails_in(folder: Path) -> list[bytes]:
    """The mails that stand in an outbox folder, or below it as in a Maildir; not what a killed process had begun."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))
    return [path.read_bytes() for path in files]


async def _ledger(url: str) -> dict[str, dict[str, Any]]:
    async with await connect(url) as connection:
        rows = await (await connection.execute(SQL.mails)).fetchall()
    return {str(row["message_id"]): row for row in rows}


def _message_id(mail: bytes) -> str:
    return str(message_from_bytes(mail)["Message-ID"]).strip().strip("<>")
