"""What the database cannot do just now costs a case nothing: no attempt, no order, and no second one."""

from __future__ import annotations

from pathlib import Path

import pytest
from psycopg.errors import DiskFull

from orderdesk.bootstrap import House
from tests.integration.cases.orders import clean_order
from tests.support.house import DEMO_DAY, count, demo_house, process


async def breaks_orders(house: House, when: str, code: str) -> None:
    """Booking fails with an error of Postgres while `when` holds; `nth` counts the tries, rolled back or not."""
    async with house.pool.connection() as connection:
        await connection.execute("create sequence tries")
        await connection.execute(
            "create function breaks() returns trigger language plpgsql as $$ declare nth int := nextval('tries');"
            f" begin if {when} then raise exception 'as told' using errcode = '{code}'; end if;"
            " return new; end $$"  # type: ignore[arg-type]
        )
        await connection.execute(
            "create trigger breaks before insert on sales_order for each row execute function breaks()"
        )


async def test_transactions_that_met_are_simply_done_again(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        await breaks_orders(house, "nth <= 2", "40001")
        [report] = await process(house, clean_order("D-1"), "order.eml")
        assert report["outcome"] == "booked"
        assert await count(house, "sales_order") == 1
        story = await house.cases.story(report["case_id"])
        assert [row for row in story["log"] if row["kind"] == "failure"] == []


async def test_a_full_disk_is_no_attempt_of_the_case(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        await breaks_orders(house, "nth <= 8", "53100")
        stored = await house.cases.submit(clean_order("D-2"), "order.eml", channel="test", as_of=DEMO_DAY)
        [case_id] = stored.case_ids
        for _ in range(8):
            with pytest.raises(DiskFull):
                await house.cases.drive(case_id)
        assert (await house.cases.story(case_id))["case"]["attempts"] == 0
        assert (await house.cases.drive(case_id))["outcome"] == "booked"
        assert await count(house, "sales_order") == 1
