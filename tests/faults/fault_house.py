"""One clean order through the whole house with two models, and everything it left behind."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, LiteralString, get_args

from orderdesk.bootstrap import House
from orderdesk.domain.results import Outcome
from orderdesk.resilience.budget import Limits
from orderdesk.resilience.caller import Caller
from orderdesk.resilience.lanes import Lane, Lanes
from orderdesk.resilience.places import SharedPlaces
from tests.faults.fault_table import Row, Scope
from tests.support.chat_double.double import Responder
from tests.support.free_text_mails import MAILS, Mail
from tests.support.house import demo_house, mail, process
from tests.support.model_answers import reader_answers
from tests.support.postgres import DEMO_TEMPLATE, fresh_database, make_demo_template
from tools.models.ladder import ModelLadder
from tools.models.rung import Rung
from tools.models.switch import allow_model_requests

# A clean order that the rules alone book too: where it ends then depends on the fault and on nothing else.
CLEAN = MAILS[0]
MODELS = ("primary", "alternative")
BUDGET_CALLS = 8
# Long enough that only a hang can reach it, and short enough that a hang costs the test little; in seconds.
PATIENT_S, SHORT_S = 20.0, 0.4

# Of the first model and of the second one.
Deadlines = tuple[float, float]
Pause = Callable[[float], Awaitable[None]]

_FORGET: LiteralString = """
    truncate checkpoints, checkpoint_blobs, checkpoint_writes, message, cases, sales_order, reservation,
        purchase_proposal, effect, review, learned_alias, decision_log, model_answer, model_call, case_spend
    cascade
"""


@dataclass(frozen=True)
class Ended:
    """How a case ended, as its report, the decision log and the tables of the models say."""

    report: dict[str, Any]
    ended_at: str
    # Requests by model and their outcomes, as put on record.
    recorded: dict[str, list[str]]
    breakers: dict[str, str]
    alerts: bool

    @property
    def codes(self) -> set[str]:
        """Of the findings."""
        return {finding["code"] for finding in self.report["findings"]}


def clean_order() -> Responder:
    """A model that reads the clean order rightly."""
    return reader_answers(CLEAN)


@asynccontextmanager
async def houses_at(
    postgres_url: str, home: Path, addresses: Mapping[str, str], pause: Pause
) -> AsyncGenerator[dict[Deadlines, House]]:
    """One house over a database of its own, with a ladder for each pair of deadlines; requests are allowed within."""
    make_demo_template(postgres_url)
    async with AsyncExitStack() as stack:
        url = stack.enter_context(fresh_database(postgres_url, DEMO_TEMPLATE))
        stack.enter_context(allow_model_requests())
        house = await stack.enter_async_context(demo_house(url, home))
        houses: dict[Deadlines, House] = {}
        for deadlines in ((PATIENT_S, PATIENT_S), (SHORT_S, PATIENT_S), (SHORT_S, SHORT_S)):
            rungs = rungs_at(addresses, deadlines)
            houses[deadlines] = await stack.enter_async_context(with_models(house, rungs, pause))
        yield houses


def deadlines_for(row: Row, scope: Scope) -> Deadlines:
    """Short ones where a model is going to hang."""
    if row.kind != "hang":
        return PATIENT_S, PATIENT_S
    return SHORT_S, SHORT_S if scope == "all" else PATIENT_S


@asynccontextmanager
async def with_models(
    house: House, rungs: Sequence[Rung], pause: Pause, calls: int = BUDGET_CALLS
) -> AsyncGenerator[House]:
    """The same house with other models, whose pauses between two tries are the test's; so many calls a case."""
    limits = Limits(calls=calls, tokens=house.settings.budget_tokens, usd=house.settings.budget_usd)
    caller = Caller(house.breakers, Lanes({}, Lane(), shared=SharedPlaces(house.pool)), pause=pause)
    ladder = ModelLadder(rungs, caller, house.pool, limits, house.clock)
    try:
        yield replace(house, services=replace(house.services, models=ladder), ladder=ladder)
    finally:
        await ladder.aclose()


async def drive_clean_order(house: House, wanted: Mail = CLEAN, *, breakers_stay: bool = False) -> Ended:
    """The clean order through a house that knows nothing yet; the invariants are checked on the way."""
    async with house.pool.connection() as connection:
        await connection.execute(_FORGET)
        if not breakers_stay:
            await connection.execute("truncate breaker")
    raw = mail(wanted.text, sender=wanted.sender, subject=wanted.subject, message_id="clean@customer.example")
    (report,) = await process(house, raw, "clean.eml")
    await _invariants(house, report)
    calls = await _rows(house, "select model, outcome, alert from model_call order by id")
    breakers = dict.fromkeys(MODELS, "closed 0")
    for row in await _rows(house, "select name, state, failures from breaker"):
        breakers[row["name"].removeprefix("model:").partition("@")[0]] = f"{row['state']} {row['failures']}"
    return Ended(
        report=report,
        ended_at=await _ended_at(house, report),
        recorded={name: [row["outcome"] for row in calls if row["model"] == name] for name in MODELS},
        breakers=breakers,
        alerts=any(row["alert"] for row in calls),
    )


async def _ended_at(house: House, report: dict[str, Any]) -> str:
    """The rung whose reading stands: a person where the case waits for one, else who the log names as the reader."""
    if report["outcome"] == "waiting_review":
        return "person"
    assert report["outcome"] == "booked", report["findings"]
    (read,) = await _rows(house, "select actor from decision_log where node = 'reader' and kind = 'result'")
    return read["actor"]


async def _invariants(house: House, report: dict[str, Any]) -> None:
    """I1, I2, I4 and I5 as they apply to one order; I3: nothing was done without an approval that names it."""
    (case,) = await _rows(house, "select status, outcome, error from cases")
    assert report["outcome"] in get_args(Outcome)
    assert case["outcome"] in (report["outcome"], None)
    assert report["outcome"] not in ("dead_letter", None)
    assert case["status"] in ("done", "waiting_review")
    effects = await _rows(house, "select kind, target, status, approval, attempts from effect")
    assert len({(e["kind"], e["target"]) for e in effects}) == len(effects)
    # Files and mails wait for the delivery; nothing was tried twice, and nothing is in doubt.
    assert all(e["status"] in ("pending", "done") and e["attempts"] <= 1 for e in effects), effects
    assert all(e["approval"] for e in effects)
    orders = await _rows(house, "select 1 as one from sales_order")
    waiting = await _rows(house, "select 1 as one from review where closed_at is null")
    booked = report["outcome"] == "booked"
    assert [row["case_id"] for row in await house.cases.list_cases()] == [report["case_id"]]
    assert len(await house.cases.reviews()) == len(waiting)
    assert (len(orders), len(waiting)) == ((1, 0) if booked else (0, 1))
    assert bool(effects) == booked
    log = {row["node"] for row in await _rows(house, "select node from decision_log")}
    assert {f"effect:{e['kind']}:{e['target']}" for e in effects} <= log
    assert {"intake", "supervisor", "reader", "gate"} <= log
    silent = await _rows(
        house, "select agent, model from model_call group by 1, 2 having not bool_or(outcome = 'answered')"
    )
    assert {f"{row['agent']}:{row['model']}" for row in silent} <= log
    spend = await _rows(house, "select calls from case_spend")
    sent = await _rows(house, "select 1 as one from model_call")
    assert sum(row["calls"] for row in spend) == len(sent) <= BUDGET_CALLS


async def _rows(house: House, query: LiteralString) -> list[dict[str, Any]]:
    async with house.pool.connection() as connection:
        return [dict(row) for row in await (await connection.execute(query)).fetchall()]


def rungs_at(addresses: Mapping[str, str], timeouts_s: Deadlines) -> list[Rung]:
    """Two models at the given addresses; a deadline for each, in seconds."""
    return [
        Rung(name=name, model=name, base_url=addresses[name], timeout_s=seconds)
        for name, seconds in zip(MODELS, timeouts_s, strict=True)
    ]
