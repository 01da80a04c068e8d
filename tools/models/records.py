"""What calls to models leave behind: a row for each request, what it cost, and the answers, kept together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from checkpoints.pools import Connection, LazyPool
from checkpoints.queries import load_queries
from orderdesk.domain.base import DecimalString, Value
from orderdesk.resilience import budget
from orderdesk.resilience.failures import FailureKind
from tools.models.contract import Closed

SQL = load_queries("tools.models", "records.sql")
TABLES = ("model_call", "model_answer")


class Asking(Value):
    """Whose question it is: what all its rows share."""

    case_id: str
    agent: str
    prompt: str
    input_hash: str


class CallRow(Value):
    """One request that was sent, answered or not."""

    model: str
    outcome: FailureKind | Literal["answered"]
    why: str = ""
    alert: bool = False
    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_cached: int | None = None
    tokens_reasoning: int | None = None
    cost_usd: DecimalString | None = None
    latency_ms: int
    at: datetime


class OnRecord(NamedTuple):
    """An answer that was given before, as JSON text."""

    model: str
    answer: str


class Alert(NamedTuple):
    """The newest trouble with a model that somebody has to mend."""

    why: str
    at: datetime


class Records:
    """The tables model_call and model_answer, and what each call adds to its case's spend."""

    def __init__(self, pool: LazyPool) -> None:
        self._pool = pool

    async def answer(self, asking: Asking) -> OnRecord | None:
        """The answer on record to exactly this question."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(SQL.answer, asking.model_dump())).fetchone()
        return None if row is None else OnRecord(row["model"], row["answer"])

    async def keep(self, asking: Asking, calls: Sequence[CallRow], answer: Closed | None = None) -> None:
        """Write requests, what they add to the case's spend, and the answer of the last one: all or nothing."""
        if not calls:
            return
        shared = asking.model_dump()
        async with self._pool.connection() as connection, connection.transaction():
            for call in calls:
                # Decimals as they are: the JSON form would be a string.
                await connection.execute(SQL.keep_call, shared | dict(call))
                await budget.add(connection, asking.case_id, call.tokens_in, call.tokens_out, call.cost_usd)
            if answer is not None:
                last = calls[-1]
                kept = {"model": last.model, "answer": answer.model_dump_json(), "at": last.at}
                await connection.execute(SQL.keep_answer, shared | kept)

    async def last_alert(self, model: str) -> Alert | None:
        """The newest alert of a model, unless it has answered since."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(SQL.last_alert, {"model": model})).fetchone()
        return None if row is None else Alert(row["why"], row["at"])


async def purge_calls(connection: Connection, case_ids: Sequence[str]) -> None:
    """Forget the requests and answers of these cases. An open case would ask again, and pay again."""
    for statement in (SQL.purge_calls, SQL.purge_answers):
        await connection.execute(statement, {"case_ids": list(case_ids)})


async def purge_answers(connection: Connection, case_ids: Sequence[str]) -> None:
    """Erase what models answered to finished cases, and why they did not; the figures of the calls stay."""
    for statement in (SQL.purge_answers, SQL.quiet_calls):
        await connection.execute(statement, {"case_ids": list(case_ids)})


def total(costs: Sequence[Decimal | None]) -> Decimal | None:
    """The sum, or None where one of them is not known."""
    known = [cost for cost in costs if cost is not None]
    return sum(known, Decimal(0)) if len(known) == len(costs) else None
