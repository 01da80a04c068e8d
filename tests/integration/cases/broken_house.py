"""Helpers of the tests of reconciliation: cases that wait, a hand in the tables, and what was repaired."""

from __future__ import annotations

from typing import Any

from orderdesk.bootstrap import House
from orderdesk.review.actors import Actor
from tests.integration.cases.orders import stranger, unknown_article
from tests.support.house import DEMO_DAY, process

MIRA = Actor(name="mira", role="manager")
REJECT = {"type": "reject", "message": "not ours"}
JOBS = "procrastinate_jobs where task_name = 'process_case'"


async def do(house: House, statement: str, *values: Any) -> list[dict[str, Any]]:
    """One statement, as somebody with a hand in the tables would run it."""
    async with house.pool.connection() as connection:
        cursor = await connection.execute(statement, values)  # type: ignore[arg-type]
        return await cursor.fetchall() if cursor.description else []


async def submitted(house: House, raw: bytes) -> str:
    """A case nobody has worked on, as its process died."""
    [case_id] = (await house.cases.submit(raw, "order.eml", channel="test", as_of=DEMO_DAY)).case_ids
    return case_id


async def waiting(house: House, number: str) -> tuple[str, str]:
    """A case that waits for a person, and its review."""
    [report] = await process(house, stranger(number), "order.eml")
    assert report["outcome"] == "waiting_review"
    return report["case_id"], report["review"]["review_id"]


async def asked(house: House, number: str) -> str:
    """A case that waits for the customer."""
    [report] = await process(house, unknown_article(number), "order.eml")
    assert report["outcome"] == "waiting_customer"
    return report["case_id"]


async def repaired(house: House) -> dict[str, int]:
    """What a run repaired; another one finds nothing more."""
    first = await house.cases.reconcile()
    second = await house.cases.reconcile()
    assert second.nothing, second
    return first.repaired


async def noted(house: House, case_id: str) -> list[str]:
    """What reconciliation wrote into a case's decision log."""
    return [r["what"] for r in (await house.cases.story(case_id))["log"] if r["actor"] == "reconciliation"]


async def drive_queued(house: House) -> None:
    """Work on what is queued, as a worker would."""
    for job in await do(
        house, f"delete from {JOBS} and status = 'todo' returning args ->> 'case_id' as case_id"
    ):
        await house.cases.drive(job["case_id"])


async def can_be_rejected(house: House, case_id: str) -> bool:
    """Whether a person sees one review of the case, and what they decide is carried out."""
    [row] = [row for row in await house.cases.reviews() if row["case_id"] == case_id]
    _, report = await house.cases.decide(row["review_id"], REJECT, MIRA)
    return report["outcome"] == "rejected"
