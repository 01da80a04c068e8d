"""A case that fails every time: dead letter with its traceback, readable, visible and retryable; the others go on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from orderdesk.bootstrap import House
from orderdesk.cases.tracebacks import LONGEST, readable_traceback
from tests.integration.cases.orders import clean_order
from tests.support.commands import Commands
from tests.support.house import DEMO_DAY, count, demo_house

NEVER = "alter table sales_order add constraint never check (false) no inherit not valid"


async def test_a_dead_letter_carries_its_traceback_and_the_list_one_sentence(
    demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        case_id = await _poisoned(house)
        story = await house.cases.story(case_id)
        failed = [row for row in story["log"] if row["node"] == "drive"]
        assert [row["what"] for row in failed] == ["attempt 1 failed", "attempt 2 failed", "dead letter"]
        for row in failed:
            text = row["evidence"]["traceback"]
            assert "graphs/perform.py:" in text
            assert "tools/order_system.py:" in text
            assert "CheckViolation" in text
            assert "site-packages" not in text
            assert str(Path.cwd()) not in text
        assert "\n" not in story["case"]["error"]
        assert "Traceback" not in story["case"]["error"]
        async with house.pool.connection() as connection:
            await connection.execute("alter table sales_order drop constraint never")
        assert (await house.cases.retry(case_id))["outcome"] == "booked"
        assert await count(house, "sales_order") == 1


async def test_the_command_line_shows_it(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        case_id = await _poisoned(house)
    commands = Commands(tmp_path, {"DATABASE_URL": demo_url, "ORDERDESK_HOME": str(tmp_path)})
    try:
        shown = await asyncio.to_thread(commands.run, "case", case_id[:12])
    finally:
        commands.close()
    assert shown.code == 0, shown.err
    assert "graphs/perform.py:" in shown.out
    assert f"orderdesk retry {case_id[:8]}" in shown.out


async def test_a_case_that_kills_its_workers_says_how_often_it_was_begun(
    demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        stored = await house.cases.submit(clean_order("P-2"), "order.eml", channel="test", as_of=DEMO_DAY)
        [case_id] = stored.case_ids
        async with house.pool.connection() as connection:
            await connection.execute(
                "update cases set attempts = 6, status = 'running' where case_id = %s", (case_id,)
            )
        assert (await house.cases.drive(case_id))["outcome"] == "dead_letter"
        [row] = [row for row in (await house.cases.story(case_id))["log"] if row["node"] == "drive"]
        assert "begun 6 times and its worker died each time" in row["why"]
        assert "traceback" not in row["evidence"]
        assert (await house.cases.retry(case_id))["outcome"] == "booked"


@pytest.mark.parametrize("went_on", [True, False])
async def test_a_case_that_went_on_before_its_worker_died_is_no_poison(
    demo_url: str, tmp_path: Path, *, went_on: bool
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        stored = await house.cases.submit(clean_order("P-4"), "order.eml", channel="test", as_of=DEMO_DAY)
        [case_id] = stored.case_ids
        async with house.pool.connection() as connection:
            await connection.execute(
                "update cases set attempts = 6, status = 'running', drive_began_at = now(), begun_at = %s "
                "where case_id = %s",
                ("the step before" if went_on else None, case_id),
            )
        outcome = (await house.cases.drive(case_id))["outcome"]
        assert outcome == ("booked" if went_on else "dead_letter")


async def test_what_fails_after_the_booking_is_committed_does_not_undo_its_outcome(
    demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        stored = await house.cases.submit(clean_order("P-3"), "order.eml", channel="test", as_of=DEMO_DAY)
        [case_id] = stored.case_ids
        async with house.pool.connection() as connection:
            # The checkpoint after perform is refused, whatever is tried; the order stands by then.
            await connection.execute(
                "create function refuse() returns trigger language plpgsql as $$ begin "
                "if (select status from cases where thread_id = new.thread_id) = 'done' then "
                "raise check_violation; end if; return new; end $$"
            )
            for table in ("checkpoints", "checkpoint_writes"):
                await connection.execute(
                    f"create trigger refuse before insert on {table} for each row execute function refuse()"  # type: ignore[arg-type]
                )
            await connection.execute("update cases set attempts = 2 where case_id = %s", (case_id,))
        assert (await house.cases.drive(case_id))["outcome"] == "booked"
        assert await count(house, "sales_order") == 1
        failed = [row for row in (await house.cases.story(case_id))["log"] if row["node"] == "drive"]
        assert ["CheckViolation" in row["evidence"]["traceback"] for row in failed] == [True]


def test_a_traceback_is_cut_at_its_beginning_and_storable() -> None:
    def deep(left: int) -> None:
        if left == 0:
            raise ValueError("a\0b" + "\ud800" + "x" * LONGEST)
        deep(left - 1)

    with pytest.raises(ValueError, match="a") as raised:
        deep(3)
    text = readable_traceback(raised.value)
    assert len(text) <= LONGEST
    assert text.startswith("…")
    assert text.endswith("xxx")
    assert "\0" not in text
    text.encode()


def test_what_led_to_an_error_stands_before_it() -> None:
    def fail() -> None:
        try:
            int("twelve")
        except ValueError as error:
            raise KeyError("quantity") from error

    with pytest.raises(KeyError) as raised:
        fail()
    text = readable_traceback(raised.value)
    assert text.index("twelve") < text.index("which led to") < text.index("quantity")


async def _poisoned(house: House) -> str:
    stored = await house.cases.submit(clean_order("P-1"), "order.eml", channel="test", as_of=DEMO_DAY)
    [case_id] = stored.case_ids
    async with house.pool.connection() as connection:
        await connection.execute(NEVER)
    assert (await house.cases.drive(case_id))["outcome"] == "dead_letter"
    return case_id
