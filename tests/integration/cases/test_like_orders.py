"""An order is compared with what its customer ordered lately, found by number and by content, not by reading it all."""

from __future__ import annotations

from pathlib import Path

from tests.integration.cases.orders import clean_order
from tests.support.house import demo_house, process


async def test_an_order_is_compared_by_number_however_written_and_by_its_lines(
    demo_url: str, tmp_path: Path
) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        [first] = await process(house, clean_order("LK-71", quantity=400), "first.eml")
        [other] = await process(house, clean_order("LK-72", quantity=500), "other.eml")
        [same_lines] = await process(house, clean_order("LK-73", quantity=400), "same-lines.eml")
        [like_number] = await process(house, clean_order("LK71", quantity=300), "like-number.eml")
    assert first["outcome"] == other["outcome"] == "booked"
    assert "possible_duplicate" in {f["code"] for f in same_lines["findings"]}
    assert same_lines["outcome"] == "waiting_review"
    assert "po_number_reused" in {f["code"] for f in like_number["findings"]}
    assert like_number["outcome"] != "booked"
