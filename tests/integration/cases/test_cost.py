"""What a case's model calls cost stands on the case, failed calls included; an unknown price is never a zero."""

from __future__ import annotations

from collections.abc import Generator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderdesk.bootstrap import House
from orderdesk.desk.health import metrics_text
from tests.integration.cases.orders import clean_order
from tests.integration.cases.with_models import COST, PRICED, USAGE, house_with, reading, rung
from tests.support.chat_double import ChatDouble, chat_double, http_error, ok
from tests.support.house import process

pytestmark = pytest.mark.usefixtures("models_allowed")


@pytest.fixture(scope="module")
def one_double() -> Generator[ChatDouble]:
    with chat_double() as double:
        yield double


@pytest.fixture
def double(one_double: ChatDouble) -> ChatDouble:
    one_double.reset()
    return one_double


async def of_log(house: House, case_id: str, *nodes: str) -> list[dict[str, Any]]:
    """The decision log's entries of these nodes."""
    return [row for row in (await house.cases.story(case_id))["log"] if row["node"] in nodes]


async def test_a_model_that_answered_is_the_actor_and_its_cost_is_the_cases(
    demo_url: str, tmp_path: Path, double: ChatDouble
) -> None:
    double.default("primary", ok(reading("M-1"), usage=USAGE))
    async with house_with(demo_url, tmp_path, rung(double, "primary", **PRICED)) as house:
        [report] = await process(house, clean_order("M-1"), "order.eml")
        assert report["outcome"] == "booked"
        figures = {key: report[key] for key in ("model_calls", "tokens_in", "tokens_out", "cost_usd")}
        assert figures == {"model_calls": 1, "tokens_in": 1000, "tokens_out": 100, "cost_usd": COST}
        [read] = await of_log(house, report["case_id"], "reader")
        assert (read["actor"], read["tokens_in"], read["tokens_out"]) == ("primary", 1000, 100)
        assert read["cost_usd"] == Decimal(COST)
        [tried] = read["evidence"]["rungs"]
        assert (tried["rung"], tried["outcome"], tried["tries"]) == ("primary", "answered", 1)
        stats = await house.cases.stats()
        assert (stats["model_calls"], stats["cost_usd"], stats["incidents"]) == (1, COST, 0)


async def test_calls_that_failed_are_paid_too_and_the_rungs_below_go_on(
    demo_url: str, tmp_path: Path, double: ChatDouble
) -> None:
    double.script("primary", ok({"not": "the form"}, usage=USAGE), ok({"nor": "this"}, usage=USAGE))
    double.default("alternative", ok(reading("M-2"), usage=USAGE))
    rungs = [rung(double, name, **PRICED) for name in ("primary", "alternative")]
    async with house_with(demo_url, tmp_path, *rungs) as house:
        [report] = await process(house, clean_order("M-2"), "order.eml")
        assert (report["outcome"], report["model_calls"]) == ("booked", 3)
        assert report["cost_usd"] == format(3 * Decimal(COST), "f")
        note, read = await of_log(house, report["case_id"], "reader", "reader:primary")
        assert (note["kind"], note["node"]) == ("note", "reader:primary")
        assert "against its contract" in note["what"]
        assert (read["kind"], read["actor"]) == ("result", "alternative")
        assert (await house.cases.stats())["incidents"] == 0


async def test_an_unknown_price_leaves_the_cost_unknown(
    demo_url: str, tmp_path: Path, double: ChatDouble
) -> None:
    double.script("primary", ok({"not": "the form"}, usage=USAGE), ok({"nor": "this"}, usage=USAGE))
    double.default("alternative", ok(reading("M-3"), usage=USAGE))
    rungs = [rung(double, "primary", **PRICED), rung(double, "alternative")]
    async with house_with(demo_url, tmp_path, *rungs) as house:
        [report] = await process(house, clean_order("M-3"), "order.eml")
        assert (report["model_calls"], report["tokens_in"], report["cost_usd"]) == (3, 3000, None)
        [read] = await of_log(house, report["case_id"], "reader")
        assert read["cost_usd"] is None
        stats = await house.cases.stats()
        assert (stats["cost_usd"], stats["unpriced_calls"]) == (format(2 * Decimal(COST), "f"), 1)
        assert "orderdesk_model_calls_unpriced 1" in metrics_text(stats, await house.cases.engine())


async def test_what_somebody_has_to_mend_is_an_incident_and_the_rules_book_all_the_same(
    demo_url: str, tmp_path: Path, double: ChatDouble
) -> None:
    double.default("primary", http_error(401, "invalid_api_key"))
    async with house_with(demo_url, tmp_path, rung(double, "primary", **PRICED)) as house:
        [report] = await process(house, clean_order("M-4"), "order.eml")
        assert report["outcome"] == "booked"
        alert, read = await of_log(house, report["case_id"], "reader", "reader:primary")
        assert (alert["kind"], alert["evidence"]["outcome"]) == ("failure", "misconfigured")
        assert read["actor"] == "rules"
        assert (await house.cases.stats())["incidents"] == 1


async def test_without_a_model_a_case_costs_nothing(demo_url: str, tmp_path: Path) -> None:
    async with house_with(demo_url, tmp_path) as house:
        [report] = await process(house, clean_order("M-5"), "order.eml")
        assert (report["outcome"], report["model_calls"], report["cost_usd"]) == ("booked", 0, "0")
        [read] = await of_log(house, report["case_id"], "reader")
        assert (read["actor"], read["cost_usd"]) == ("rules", 0)
        async with house.pool.connection() as connection:
            rows = "select 1 from checkpoint_blobs where channel in ('trails', 'failures')"
            assert await (await connection.execute(rows)).fetchone() is None
