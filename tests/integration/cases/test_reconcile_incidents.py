"""What reconciliation cannot repair is raised once, shown where people look, and closed when it is gone."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from orderdesk.bootstrap import House
from orderdesk.cases.repairs import MOST_REPAIRS
from orderdesk.cli import main
from orderdesk.domain.errors import OrderDeskError
from tests.integration.cases.broken_house import MIRA, do, noted, repaired, submitted, waiting
from tests.integration.cases.orders import clean_order
from tests.support.house import count, demo_house, process


async def test_effects_that_hang_are_sent_and_those_for_a_person_are_raised_until_settled(
    demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        [report] = await process(house, clean_order("R-60"), "order.eml")
        [mail] = await do(house, "select key from effect where kind = 'send_mail'")
        [export] = await do(house, "select key from effect where kind = 'export_order'")
        hang = (
            "update effect set status = 'sending', claimed_by = 'the dead', done_at = null, sent_through = %s,"
            " claimed_until = clock_timestamp() - interval '5 minutes' where key = %s"
        )
        await do(house, hang, None, export["key"])
        assert await repaired(house) == {"effect_sent": 1}
        assert (
            await count(house, "procrastinate_jobs where task_name = 'send_effects' and status = 'todo'") == 1
        )
        await house.cases.deliver()
        assert await count(house, "effect where status <> 'done'") == 0

        await do(house, "update effect set status = 'ambiguous' where key = %s", mail["key"])
        await do(house, "update effect set status = 'failed' where key = %s", export["key"])
        result = await house.cases.reconcile()
        assert (result.repaired, result.raised, result.closed) == ({}, 2, 0)
        assert (await house.cases.reconcile()).nothing
        found = {row["kind"]: row for row in await house.cases.incidents()}
        assert set(found) == {"effect_ambiguous", "effect_failed"}
        assert found["effect_ambiguous"]["case_id"] == report["case_id"]
        assert mail["key"] in found["effect_ambiguous"]["needed"]
        assert len(await noted(house, report["case_id"])) == 3

        await house.cases.settle_effect(mail["key"], "sent", MIRA, reason="it is in the log")
        assert (await house.cases.reconcile()).closed == 1
        await do(house, "update effect set status = 'ambiguous' where key = %s", mail["key"])
        assert (await house.cases.reconcile()).raised == 1
        [again] = [row for row in await house.cases.incidents() if row["kind"] == "effect_ambiguous"]
        assert again["times"] == 2


async def test_an_effect_that_nobody_sends_is_raised(demo_url: str, tmp_path: Path) -> None:
    left = (
        "update effect set status = 'pending', done_at = null, next_try_at = clock_timestamp() - interval '%s minutes'"
        " where kind = 'send_mail'"
    )
    async with demo_house(demo_url, tmp_path) as house:
        await process(house, clean_order("R-61"), "order.eml")
        await do(house, left % 14)
        assert (await house.cases.reconcile()).nothing
        await do(house, left % 16)
        assert (await house.cases.reconcile()).raised == 1
        assert [row["kind"] for row in await house.cases.incidents()] == ["effect_stuck"]


async def test_a_message_in_a_server_thread_that_never_became_a_case_is_raised(
    demo_url: str, tmp_path: Path
) -> None:
    broken = {"text": "", "attachments": [{"name": "order.pdf", "content_base64": "not base64!"}]}
    async with demo_house(demo_url, tmp_path) as house:
        await _given_to_the_server(house, "with-a-message", {"message": broken})
        await _given_to_the_server(house, "with-nothing", {"text": " "})
        await _given_to_the_server(house, "a-worker-alone", {"text": " "}, graph="reader")
        assert (await house.cases.reconcile()).nothing, "a run may still be on"
        old = "update checkpoints set checkpoint = jsonb_set(checkpoint, '{ts}', '\"2020-01-01T00:00:00+00:00\"')"
        await do(house, old)
        assert (await house.cases.reconcile()).raised == 2
        said = {row["subject"]: row["what"] for row in await house.cases.incidents()}
        assert "still holds a message" in said["with-a-message"]
        assert "holds no message" in said["with-nothing"]
        assert "order.pdf" not in str(said)
        await house.saver.aprune(["with-a-message"], strategy="delete")
        result = await house.cases.reconcile()
        assert (result.raised, result.closed) == (0, 1)


async def _given_to_the_server(
    house: House, thread: str, given: dict[str, Any], graph: str = "order_desk"
) -> None:
    """A run as LangGraph Server marks it, whose intake fails."""
    config: Any = {
        "configurable": {"thread_id": thread},
        "metadata": {"run_id": f"run-{thread}", "graph_id": graph},
    }
    with pytest.raises(OrderDeskError):
        await house.graph.ainvoke(given, config, durability="sync")


async def test_a_case_that_does_not_stay_repaired_is_raised_and_left_alone(
    demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        case_id, review_id = await waiting(house, "R-70")
        for _ in range(MOST_REPAIRS):
            await do(house, "update review set closed_at = now() where review_id = %s", review_id)
            assert (await house.cases.reconcile()).repaired == {"review_shown": 1}
        await do(house, "update review set closed_at = now() where review_id = %s", review_id)
        result = await house.cases.reconcile()
        assert (result.repaired, result.raised) == ({}, 1)
        assert (await house.cases.reconcile()).nothing
        [incident] = await house.cases.incidents()
        assert (incident["kind"], incident["case_id"]) == ("case_stuck", case_id)
        await do(house, "update review set closed_at = null where review_id = %s", review_id)
        assert (await house.cases.reconcile()).closed == 1


def test_the_doctor_names_what_is_open(
    demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failed() -> None:
        async with demo_house(demo_url, tmp_path) as house:
            await process(house, clean_order("R-80"), "order.eml")
            await do(house, "update effect set status = 'failed' where kind = 'send_mail'")
            await submitted(house, clean_order("R-81"))
            await house.cases.reconcile()

    asyncio.run(failed())
    monkeypatch.setenv("DATABASE_URL", demo_url)
    monkeypatch.setenv("ORDERDESK_HOME", str(tmp_path))
    said = CliRunner().invoke(main, ["doctor"]).output
    assert "note workers: 0 alive, 1 cases wait" in said
    assert "note incident: send_mail confirmation was refused" in said
    assert "incidents: none open" not in said
