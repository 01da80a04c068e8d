"""A ladder of two models over a double of their server and a real database."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

import pytest
from pydantic import SecretStr

from checkpoints.pools import LazyPool
from orderdesk.domain.clock import FixedClock
from orderdesk.resilience.breaker import Breakers
from orderdesk.resilience.budget import Limits
from orderdesk.resilience.caller import Caller
from orderdesk.resilience.lanes import Lane, Lanes
from orderdesk.resilience.places import SharedPlaces
from tests.support.chat_double import ChatDouble, chat_double
from tools.models.contract import Closed, Question
from tools.models.ladder import ModelLadder
from tools.models.prompts import Prompt
from tools.models.rung import Rung

KEY = "sk-never-show-this"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PROMPT = Prompt(
    name="read_lines", version=3, description="For tests.", parameters=("mail",), system="Read the order.",
    user="The mail:\n{{mail}}", fingerprint="0123abcd",
)  # fmt: skip


class Line(Closed):
    """One line of the answer."""

    part: str
    quantity: int | None


class Lines(Closed):
    """The answer of the tests."""

    intent: Literal["new_order", "other"]
    lines: list[Line]


ANSWER = {"intent": "new_order", "lines": [{"part": "A-1", "quantity": 4}, {"part": "B-2", "quantity": None}]}


def question(mail: str = "4 of A-1, and some B-2", case_id: str = "case-1") -> Question[Lines]:
    """A question to the ladder."""
    return Question(case_id=case_id, agent="reader", prompt=PROMPT, values={"mail": mail}, answer=Lines)


@dataclass
class Setting:
    """A ladder and all that stands around it."""

    ladder: ModelLadder
    pool: LazyPool
    double: ChatDouble
    breakers: Breakers
    rungs: tuple[Rung, ...]

    async def rows(self, statement: str) -> list[dict[str, Any]]:
        """Rows of the database."""
        async with self.pool.connection() as connection:
            return await (await connection.execute(statement)).fetchall()  # type: ignore[arg-type]

    async def calls(self, columns: str = "model, outcome") -> list[tuple[Any, ...]]:
        """Columns of the calls on record, oldest first."""
        return [
            tuple(row.values()) for row in await self.rows(f"select {columns} from model_call order by id")
        ]

    async def spend(self) -> dict[str, Any]:
        """What the case has spent."""
        (row,) = await self.rows("select calls, tokens_in, tokens_out, cost_usd, unpriced from case_spend")
        return row

    @asynccontextmanager
    async def other(self, *, limits: Limits | None = None, **changes: Any) -> AsyncGenerator[ModelLadder]:
        """Another ladder over the same database, its rungs changed; as another process would have it."""
        rungs = [dataclasses.replace(rung, **changes) for rung in self.rungs]
        ladder = make_ladder(
            rungs, self.pool, Breakers(self.pool), limits or Limits(calls=20, tokens=10**6, usd=Decimal(9))
        )
        try:
            yield ladder
        finally:
            await ladder.aclose()


async def no_pause(_: float) -> None:
    """The wait between two tries takes no time here."""


def make_ladder(rungs: list[Rung], pool: LazyPool, breakers: Breakers, limits: Limits) -> ModelLadder:
    """A ladder that waits for nothing but its models."""
    caller = Caller(breakers, Lanes({}, Lane(), shared=SharedPlaces(pool)), pause=no_pause)
    return ModelLadder(rungs, caller, pool, limits, FixedClock(NOW))


@pytest.fixture
def double(models_allowed: None) -> Generator[ChatDouble]:
    """A server of the models `primary` and `alternative`, which answer well."""
    with chat_double() as served:
        served.responder = lambda body: ANSWER
        yield served


@pytest.fixture
async def setting(double: ChatDouble, database_url: str) -> AsyncGenerator[Setting]:
    """The ladder, priced at 1 and 2 dollars a million tokens."""
    rungs = tuple(
        Rung(
            name=name, model=name, base_url=double.door(name).base_url, api_key=SecretStr(KEY), timeout_s=20.0,
            input_usd_per_mtok=Decimal(1), output_usd_per_mtok=Decimal(2),
        )
        for name in ("primary", "alternative")
    )  # fmt: skip
    async with LazyPool(database_url, max_size=4) as pool:
        breakers = Breakers(pool)
        ladder = make_ladder(list(rungs), pool, breakers, Limits(calls=20, tokens=10**6, usd=Decimal(9)))
        try:
            yield Setting(ladder, pool, double, breakers, rungs)
        finally:
            await ladder.aclose()
