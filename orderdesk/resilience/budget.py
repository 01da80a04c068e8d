"""What a case may spend on models: counted in the database, so that a resume or another worker gets no fresh budget."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pydantic import Field

from checkpoints.pools import Connection, LazyPool
from checkpoints.queries import load_queries
from orderdesk.domain.base import DecimalString, Value, plain

SQL = load_queries("orderdesk.resilience", "budget.sql")


class Limits(Value):
    """What one case may spend in all. A limit of 0 allows nothing."""

    calls: int = Field(ge=0, description="requests sent, failed ones too")
    tokens: int = Field(ge=0, description="tokens in and out together")
    usd: DecimalString = Field(ge=0, description="US dollars, of the calls whose price is known")


class Spend(Value):
    """What one case has spent."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: DecimalString = Field(
        default=Decimal(0), description="US dollars, of the calls that have a price"
    )
    unpriced: int = Field(default=0, description="calls whose cost is not known")


class CaseBudget:
    """The budget of one case, as an Allowance: it is asked before every try of every call.

    Calls never go over their limit. Tokens and money are known only after a call: those under way at the same
    time may go over by what they themselves use.
    """

    def __init__(self, pool: LazyPool, case_id: str, limits: Limits) -> None:
        self._pool = pool
        self._case_id = case_id
        self._limits = limits

    async def reserve(self) -> str:
        """Count one call; '' = go on, else why not. A crash afterwards does not give the call back.

        Raises psycopg's errors and DatabaseUnavailable: what cannot be counted must not be sent.
        """
        limits = self._limits
        asked = {"case_id": self._case_id, "calls": limits.calls, "tokens": limits.tokens, "usd": limits.usd}
        async with self._pool.connection() as connection:
            if await (await connection.execute(SQL.reserve, asked)).fetchone():
                return ""
            return _why_not(await spent(connection, self._case_id), limits)


async def add(
    connection: Connection,
    case_id: str,
    tokens_in: int | None,
    tokens_out: int | None,
    cost_usd: Decimal | None,
) -> None:
    """Count what a call has used, in the caller's transaction; the call itself was counted when it was reserved.

    None = not known. A call that was never sent, or cost nothing, is not added.
    """
    used = {
        "case_id": case_id,
        "tokens_in": tokens_in or 0,
        "tokens_out": tokens_out or 0,
        "cost_usd": cost_usd,
    }
    await connection.execute(SQL.add, used)


async def spent(connection: Connection, case_id: str) -> Spend:
    """What a case has spent so far."""
    row = await (await connection.execute(SQL.spent, {"case_id": case_id})).fetchone()
    return Spend() if row is None else Spend(**row)


async def purge_spend(connection: Connection, case_ids: Sequence[str]) -> None:
    """Forget what these cases have spent."""
    await connection.execute(SQL.purge, {"case_ids": list(case_ids)})


def _why_not(spend: Spend, limits: Limits) -> str:
    tokens = spend.tokens_in + spend.tokens_out
    reached: list[str] = []
    if spend.calls >= limits.calls:
        reached.append(f"{spend.calls} of {limits.calls} calls")
    if tokens >= limits.tokens:
        reached.append(f"{tokens} of {limits.tokens} tokens")
    if spend.cost_usd >= limits.usd:
        reached.append(f"{plain(spend.cost_usd)} of {plain(limits.usd)} US dollars")
    used = " and ".join(reached) or "its limits were reached by another worker"
    return f"The case has used up its budget for models ({used})."
