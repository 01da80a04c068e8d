"""The pages of a case that the desk could not complete: what is missing, what it took, and what a person can do."""

from __future__ import annotations

from pathlib import Path

from tests.component.desk.scene import Visitor, a_house, an_app
from tests.integration.cases.orders import clean_order
from tests.support.house import process


async def test_a_hand_off_says_on_its_pages_what_is_needed_and_what_it_cost(
    demo_url: str, tmp_path: Path
) -> None:
    house = a_house(demo_url, tmp_path)
    try:
        async with house.pool.connection() as connection:
            await connection.execute("alter table price rename to away")
        [report] = await process(house, clean_order("HO-1"), "order.eml")
        case_id, review_id = report["case_id"], report["review"]["review_id"]
        async with house.pool.connection() as connection:
            # A call of which nothing is known but that it was made, and a case that is taken up once more.
            await connection.execute("insert into case_spend (case_id, calls) values (%s, 1)", (case_id,))
            await connection.execute("update cases set drive_began_at = clock_timestamp()")
        async with Visitor(an_app(house)) as clerk:
            await clerk.sign_in("anna")
            review = (await clerk.get(f"/desk/reviews/{review_id}")).text
            case = (await clerk.get(f"/desk/cases/{case_id}")).text
    finally:
        await house.close()
    assert "The desk can't complete this" in review.replace("&#39;", "'")
    for words in ("Needed now", "orderdesk retry", "The result of the pricing", "s of work"):
        assert words in review
    assert "handed over to a person" in case
    assert "1 model call · cost not known" in case
