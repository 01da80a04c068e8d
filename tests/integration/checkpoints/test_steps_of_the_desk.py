"""The steps that the desk names to its saver are the steps that its cases take, whole and with nobody else in them."""

from __future__ import annotations

from pathlib import Path

from graphs.order_desk import STEPS
from orderdesk.bootstrap import House
from orderdesk.review.actors import Actor
from tests.integration.cases.orders import clean_order, stranger, unknown_article
from tests.support.house import demo_house, process

MANAGER = Actor(name="mona", role="manager")


async def steps_of(house: House, case_id: str) -> list[frozenset[str]]:
    config = {"configurable": {"thread_id": case_id}}
    history = [s async for s in house.graph.aget_state_history(config)]  # type: ignore[arg-type]
    return [frozenset(task.name for task in s.tasks) for s in history if s.tasks]


async def test_a_decision_is_logged_in_the_transaction_of_its_step(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        [report] = await process(house, clean_order("S-0"), "clean.eml")
        async with house.pool.connection() as connection:
            query = """
                select l.node, exists (select from checkpoints c where c.xmin::text = l.xmin::text) as with_step
                from decision_log l where l.case_id = %(case)s and l.node in ('intake', 'supervisor')
            """
            logged = await (await connection.execute(query, {"case": report["case_id"]})).fetchall()
    assert [row["node"] for row in logged].count("supervisor") == 4
    assert all(row["with_step"] for row in logged)


async def test_every_node_is_in_one_step(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        nodes = set(house.graph.nodes)
    assert sorted(node for step in STEPS for node in step) == sorted(nodes)


async def test_cases_take_the_steps_that_are_named(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        reports = [
            *await process(house, clean_order("S-1"), "clean.eml"),
            *await process(house, stranger("S-2"), "stranger.eml"),
            *await process(house, unknown_article("S-3"), "unknown.eml"),
        ]
        [row] = await house.cases.reviews()
        edit = {"type": "edit", "edited_action": {"name": "book_order", "args": {"customer_id": "C1003"}}}
        await house.cases.decide(row["review_id"], edit, MANAGER)
        taken = [step for report in reports for step in await steps_of(house, report["case_id"])]
    assert set(taken) <= set(STEPS)
    assert {frozenset({"pricing", "supply", "risk"}), frozenset({"booker", "correspondent"})} <= set(taken)
    assert {frozenset({"review"}), frozenset({"await_customer"}), frozenset({"perform"})} <= set(taken)
