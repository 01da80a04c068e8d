"""The supervisor's model through the whole house: asked only where the wish is unclear; a person decides in the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orderdesk.review.actors import Actor
from tests.integration.cases.orders import DANA
from tests.integration.models_others.desk import (
    MODEL,
    answers,
    asked,
    house_with_model,
    line_read,
    quoted,
    reading,
)
from tests.support.chat_double import ChatDouble, http_error, ok, refusal
from tests.support.house import count, mail, process

NUT = "- 400 ea FST-10310 hex nut 1/2-13 zinc"
SCREW = '- 200 ea hex cap screws 1/2-13 x 2"'
TEXT = (
    "Hello,\n\nfrom our PO number 88123407 these were damaged, we want to return them:\n\n"
    f"{NUT}\n{SCREW}\n\nDana Whitfield\n"
)
COMPLAINT = mail(TEXT, sender=DANA, subject="PO 88123407")
READ = reading(
    line_read(NUT[2:], "400", "ea", part="FST-10310", words="hex nut 1/2-13 zinc"),
    line_read(SCREW[2:], "200", "ea", part=None, words='hex cap screws 1/2-13 x 2"'),
    intent="new_order",
    po_number=quoted("88123407", "PO number 88123407"),
)


def way(route: str, reason: str = "It is about goods that were delivered.") -> dict[str, Any]:
    return {"route": route, "reason": reason}


async def told(
    double: ChatDouble, url: str, home: Path
) -> tuple[dict[str, Any], list[dict[str, Any]], list[str], int]:
    """The report, the supervisor's routes, all nodes of the log, and how many orders were booked."""
    async with house_with_model(double, url, home) as house:
        [report] = await process(house, COMPLAINT, "complaint.eml")
        story = await house.cases.story(report["case_id"])
        booked = await count(house, "sales_order")
    routes = [e for e in story["log"] if e["node"] == "supervisor" and e["kind"] == "route"]
    return report, routes, [e["node"] for e in story["log"]], booked


async def test_a_person_at_once(double: ChatDouble, demo_url: str, tmp_path: Path) -> None:
    answers(double, reader=READ, supervisor=way("gate", "Damaged\u200b goods:\n a complaint. " + "x" * 400))
    report, routes, nodes, booked = await told(double, demo_url, tmp_path)
    [call] = asked(double, "supervisor")
    assert "hex nut" in call.user
    assert "Ways offered: matcher, gate" in call.user
    assert "matcher" not in nodes
    chosen = routes[1]
    assert (chosen["what"], chosen["actor"]) == ("gate", MODEL)
    assert f"{MODEL} chose gate: Damaged goods: a complaint." in chosen["why"]
    assert len(chosen["why"]) < 400
    assert chosen["tokens_in"] > 0
    assert (report["outcome"], booked) == ("waiting_review", 0)
    assert not asked(double, "matcher")


async def test_worked_through_for_the_person_without_a_second_question(
    double: ChatDouble, demo_url: str, tmp_path: Path
) -> None:
    answers(double, reader=READ, supervisor=way("matcher"))
    report, routes, nodes, booked = await told(double, demo_url, tmp_path)
    assert routes[1]["what"] == "matcher"
    assert "matcher" in nodes
    assert report["lines"][0]["sku"] == "FST-10310"
    assert not asked(double, "matcher")  # nobody knows what the message wants: no second question is paid
    assert booked == 0
    assert ("intent_unclear", "approve") in [(f["code"], f["severity"]) for f in report["findings"]]


@pytest.mark.parametrize("route", ["booker", "perform", "matcher; gate", "", "GATE"])
async def test_a_way_that_was_not_offered_is_not_taken(
    route: str, double: ChatDouble, demo_url: str, tmp_path: Path
) -> None:
    answers(double, reader=READ, supervisor=way(route))
    report, routes, _, booked = await told(double, demo_url, tmp_path)
    assert routes[1]["what"] == "matcher"  # what the rules do by themselves
    assert routes[1]["actor"] == "rules"
    assert "no model chose" in routes[1]["why"]
    assert booked == 0
    assert report["outcome"] in ("waiting_review", "waiting_customer")


async def test_a_model_that_will_not_say_hands_it_to_a_person(
    double: ChatDouble, demo_url: str, tmp_path: Path
) -> None:
    double.script(MODEL, ok(READ), refusal())
    report, routes, nodes, booked = await told(double, demo_url, tmp_path)
    assert routes[1]["what"] == "gate"
    assert "matcher" not in nodes
    assert (report["outcome"], booked) == ("waiting_review", 0)


async def test_a_model_that_is_down_leaves_it_to_the_rules(
    double: ChatDouble, demo_url: str, tmp_path: Path
) -> None:
    double.script(MODEL, ok(READ))
    double.default(MODEL, http_error(401))
    report, routes, _, booked = await told(double, demo_url, tmp_path)
    assert (routes[1]["what"], routes[1]["actor"]) == ("matcher", "rules")
    assert "no model chose" in routes[1]["why"]
    assert booked == 0
    assert report["outcome"] in ("waiting_review", "waiting_customer")


async def test_a_person_who_edits_it_has_it_worked_through(
    double: ChatDouble, demo_url: str, tmp_path: Path
) -> None:
    answers(double, reader=READ, supervisor=way("gate"))
    async with house_with_model(double, demo_url, tmp_path) as house:
        [report] = await process(house, COMPLAINT, "complaint.eml")
        [row] = await house.cases.reviews()
        edit = {
            "type": "edit",
            "edited_action": {"name": "book_order", "args": {"lines[1].sku": "FST-10121"}},
        }
        _, after = await house.cases.decide(row["review_id"], edit, Actor(name="mira", role="manager"))
        story = await house.cases.story(report["case_id"])
    assert len(asked(double, "supervisor")) == 1
    assert "matcher" in [e["node"] for e in story["log"]]
    assert after["lines"][1]["sku"] == "FST-10121"
