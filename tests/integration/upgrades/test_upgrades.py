"""Every released version's open cases are brought to their ends by today's code, and nothing done before is done twice."""

from __future__ import annotations

import gzip
import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from checkpoints.migrations import migrate
from orderdesk.bootstrap import House
from orderdesk.review.actors import Actor
from tests.integration.upgrades.make_fixture import FORBIDDEN
from tests.support.house import DEMO_DAY, demo_house, mail
from tests.support.postgres import empty_database

HERE = Path(__file__).resolve().parent
VERSIONS = sorted(path.name.removesuffix(".sql.gz") for path in HERE.glob("*.sql.gz"))
DANA = "Dana Whitfield <dana.whitfield@harlanfab.example>"
# A second manager: one of two approvals is on record already, and nobody gives both.
OTTO = Actor(name="otto", role="manager")
# What must stand as it was before: effects that were done, orders, and who decided what.
BEFORE = (
    "select key, status, request, response from effect where status = 'done' order by key",
    "select * from sales_order order by order_number",
    "select * from sales_order_line order by order_number, line_number",
    "select * from review_decision order by decision_id",
)


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    """One released version after the other."""
    return request.param


@pytest.fixture
def saved_url(postgres_url: str, version: str) -> Generator[str]:
    """The database as that version left it."""
    with empty_database(postgres_url) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_text(version).encode())
        yield url


async def test_open_cases_of_a_released_version_come_to_their_ends(
    saved_url: str, version: str, tmp_path: Path
) -> None:
    cases: list[dict[str, Any]] = json.loads((HERE / f"{version}.json").read_text())
    before = _rows(saved_url)
    await migrate(saved_url)
    async with demo_house(saved_url, tmp_path) as house:
        waiting_for_us = set(await house.cases.open_cases(limit=1000))
        for case in cases:
            if case["then"][:1] == [{"do": "drive"}] and case["status"] != "done":
                assert case["case_id"] in waiting_for_us, f"{case['name']}: nobody would have taken it up"
            for step in case["then"]:
                await _do(house, case["case_id"], step)
        while await house.cases.deliver():
            pass
        ends = {case["name"]: (await house.cases.report(case["case_id"]))["outcome"] for case in cases}
        assert ends == {case["name"]: case["ends"] for case in cases}
        assert await house.cases.open_cases() == []
        for case in cases:
            await _told_once(house, case)
    after = _rows(saved_url)
    for statement, kept in before.items():
        assert [row for row in after[statement] if row in kept] == kept, f"changed since: {statement}"
    assert await _doubled(saved_url) == []


def test_a_fixture_tells_nothing_of_the_machine_it_was_made_on(version: str) -> None:
    text = _text(version) + (HERE / f"{version}.json").read_text()
    assert FORBIDDEN.search(text) is None
    assert (HERE / f"{version}.sql.gz").stat().st_size < 300_000


def test_there_is_a_fixture_of_every_released_version() -> None:
    assert {"new-order", "failures", "senders", "durable-engine"} <= set(VERSIONS)


async def _do(house: House, case_id: str, step: dict[str, Any]) -> None:
    """What somebody does with a case after the upgrade."""
    match step["do"]:
        case "drive":
            await house.cases.drive(case_id)
        case "retry":
            await house.cases.retry(case_id)
        case "decide":
            [review] = [row for row in await house.cases.reviews() if row["case_id"] == case_id]
            await house.cases.decide(review["review_id"], step["how"], OTTO)
        case "answer":
            async with house.pool.connection() as connection:
                asked = "select request->>'message_id' as id from effect where case_id = %s and target = 'question-1'"
                row = await (await connection.execute(asked, (case_id,))).fetchone()
            assert row
            raw = mail(step["how"], sender=DANA, reply_to=row["id"].strip("<>"))
            stored = await house.cases.submit(raw, "answer.eml", channel="test", as_of=DEMO_DAY)
            assert stored.answers_case == case_id
            await house.cases.drive(case_id)
        case other:
            raise AssertionError(other)


async def _told_once(house: House, case: dict[str, Any]) -> None:
    """The log of a case has no step twice and no lost thread; what it was to do is done, once."""
    story = await house.cases.story(case["case_id"])
    steps = [(row["step"], row["node"], row["what"]) for row in story["log"] if row["kind"] == "route"]
    assert len(steps) == len(set(steps)), case["name"]
    assert [row["why"] for row in story["log"] if row["node"] == "thread"] == [], case["name"]
    assert {row["status"] for row in story["effects"]} <= {"done"}, case["name"]
    booked = [row for row in story["effects"] if row["kind"] == "book_order"]
    assert len(booked) == (case["ends"] == "booked"), case["name"]


def _text(version: str) -> str:
    return gzip.decompress((HERE / f"{version}.sql.gz").read_bytes()).decode()


def _rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    with psycopg.connect(url) as connection:
        return {statement: connection.execute(statement).fetchall() for statement in BEFORE}  # type: ignore[arg-type]


async def _doubled(url: str) -> list[tuple[Any, ...]]:
    """Cases with more than one order, and order numbers of a customer that were booked twice."""
    statement = (
        "select case_id, count(*) from sales_order group by case_id having count(*) > 1 union all "
        "select customer_id || ' ' || po_number, count(*) from sales_order group by 1 having count(*) > 1"
    )
    with psycopg.connect(url) as connection:
        return connection.execute(statement).fetchall()
