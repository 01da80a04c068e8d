"""The matcher's model through the whole house: one question for all unclear lines, and never a booking by it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orderdesk.bootstrap import House
from tests.integration.cases.orders import DANA, clean_order
from tests.integration.models_others.desk import (
    MODEL,
    answers,
    asked,
    house_with_model,
    line_read,
    quoted,
    reading,
)
from tests.support.chat_double import ChatDouble, ok, refusal
from tests.support.house import count, demo_house, mail, process

NUT = "- 400 ea FST-10310 hex nut 1/2-13 zinc"
SCREW = '- 200 ea hex cap screws 1/2-13 x 2"'
BEARING = "- 12 ea deep groove ball bearing 6205"
TEXT = (
    "Good morning,\n\nPlease enter the following order, PO number 88123401:\n\n"
    f"{NUT}\n{SCREW}\n{BEARING}\n\nDeliver by March 13, 2026 please.\n\nThank you,\nDana Whitfield\n"
)
ORDER = mail(TEXT, sender=DANA, subject="PO 88123401")
READ = reading(
    line_read(NUT[2:], "400", "ea", part="FST-10310", words="hex nut 1/2-13 zinc"),
    line_read(SCREW[2:], "200", "ea", part=None, words='hex cap screws 1/2-13 x 2"'),
    line_read(BEARING[2:], "12", "ea", part=None, words="deep groove ball bearing 6205"),
    intent_quote="Please enter the following order",
    po_number=quoted("88123401", "PO number 88123401"),
    requested_date=quoted("2026-03-13", "Deliver by March 13, 2026"),
)


def choices(*pairs: tuple[Any, Any]) -> dict[str, Any]:
    return {"lines": [{"line": line, "choice": choice} for line, choice in pairs]}


async def drive(house: House) -> dict[str, Any]:
    [report] = await process(house, ORDER, "order.eml")
    return report


def of_articles(report: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What is open about articles: code, severity, path."""
    found = [(f["code"], f["severity"], f["path"]) for f in report["findings"]]
    return [entry for entry in found if entry[0] == "ambiguous_article"]


async def test_two_unclear_lines_cost_one_question_beside_the_reading(
    double: ChatDouble, demo_url: str, tmp_path: Path
) -> None:
    answers(double, reader=READ, matcher=choices((1, 3), (2, 2)))
    async with house_with_model(double, demo_url, tmp_path) as house:
        report = await drive(house)
        story = await house.cases.story(report["case_id"])
        booked = await count(house, "sales_order")
    assert len(double.calls) == 2
    [call] = asked(double, "matcher")
    assert "hex cap screws" in call.user
    assert "deep groove ball bearing 6205" in call.user
    assert "hex nut" not in call.user  # what is clear is not asked about
    for secret in ("Harlan", "C1001", "unit_price", "0.16", "88123401"):
        assert secret not in json.dumps(call.messages)
    assert (report["outcome"], booked) == ("waiting_customer", 0)
    assert of_articles(report) == [
        ("ambiguous_article", "clarify", "lines[1].article"),
        ("ambiguous_article", "clarify", "lines[2].article"),
    ]
    screw, bearing = report["questions"]
    assert screw.partition("[")[2].startswith("FST-10122")  # the third of those offered comes first now
    assert bearing.partition("[")[2].startswith("BRG-20511")
    assert [line["sku"] for line in report["lines"]] == ["FST-10310", "FST-10122", "BRG-20511"]
    assert report["confidence"] <= 2 / 3
    entry = next(e for e in story["log"] if e["node"] == "matcher")
    assert entry["actor"] == MODEL
    assert entry["tokens_in"] > 0


async def test_a_clear_order_asks_nothing_about_articles(
    double: ChatDouble, demo_url: str, tmp_path: Path
) -> None:
    async with house_with_model(double, demo_url, tmp_path) as house:
        await process(house, clean_order("88123402"), "order.eml")
    assert double.calls
    assert not asked(double, "matcher")
    assert not asked(double, "supervisor")
    assert not asked(double, "correspondent")


NO_CHOICE = {
    "none": choices((1, None), (2, None)),
    "out of range": choices((1, 0), (2, 9)),
    "negative": choices((1, -1), (2, -2)),
    "another line's number": choices((7, 1), (8, 1)),
    "twice, the same": choices((1, 1), (1, 1), (2, 2), (2, 2)),
    "twice, not the same": choices((1, 1), (1, 2), (2, 1), (2, 2)),
    "missing": choices(),
    "a sku": choices((1, "FST-10120"), (2, "BRG-20510")),
    "half a number": choices((1, 1.5), (2, True)),
    "another form": {"orders": [{"sku": "FST-10120"}]},
    "no JSON": "I would take FST-10120 and BRG-20510.",
    "cut off": '{"lines": [{"line": 1, "choice": 1}, {"li',
    "a thousand lines": choices(*[(n, 1) for n in range(3, 1003)]),
}


@pytest.mark.parametrize("said", list(NO_CHOICE))
async def test_an_answer_that_is_no_choice_changes_nothing(
    said: str, double: ChatDouble, demo_url: str, tmp_path: Path
) -> None:
    answers(double, reader=READ, matcher=NO_CHOICE[said])
    async with house_with_model(double, demo_url, tmp_path) as house:
        report = await drive(house)
        booked = await count(house, "sales_order")
    assert [line["sku"] for line in report["lines"]] == ["FST-10310", None, None]
    assert (report["outcome"], booked) == ("waiting_customer", 0)
    assert report["questions"] == QUESTIONS


QUESTIONS = [
    'Line 2 (“hex cap screws 1/2-13 x 2″”): several of our articles fit. Which one do you mean? '
    '[FST-10120 — Hex cap screw 1/2-13 x 2", Grade 5, zinc plated | '
    'FST-10121 — Hex cap screw 1/2-13 x 2", Grade 8, yellow zinc | '
    'FST-10122 — Hex cap screw 1/2-13 x 2", stainless steel 18-8]',
    "Line 3 (“deep groove ball bearing 6205”): several of our articles fit. Which one do you mean? "
    "[BRG-20510 — Deep groove ball bearing 6205-2RS, 25x52x15 mm, rubber sealed | "
    "BRG-20511 — Deep groove ball bearing 6205-ZZ, 25x52x15 mm, metal shields]",
]  # fmt: skip


async def test_without_a_model_the_same_is_asked(demo_url: str, tmp_path: Path) -> None:
    async with demo_house(demo_url, tmp_path) as house:
        report = await drive(house)
    assert report["questions"] == QUESTIONS


@pytest.mark.parametrize("choice", [1, 2, 3])
async def test_a_choice_never_books_even_where_no_confidence_is_asked_for(
    choice: int, double: ChatDouble, demo_url: str, tmp_path: Path
) -> None:
    answers(double, reader=READ, matcher=choices((1, choice), (2, choice)))
    careless = "[confidence]\nauto_threshold = 0.0\n\n[booking]\npartial_booking = true\n"
    async with house_with_model(double, demo_url, tmp_path, careless) as house:
        report = await drive(house)
        booked = await count(house, "sales_order")
        mails = await count(house, "effect")
    assert (report["outcome"], booked, mails) == ("waiting_customer", 0, 1)
    assert len(of_articles(report)) == 2


async def test_what_no_model_will_do_is_handed_to_a_person(
    double: ChatDouble, demo_url: str, tmp_path: Path
) -> None:
    double.script(MODEL, ok(READ), refusal())
    async with house_with_model(double, demo_url, tmp_path) as house:
        report = await drive(house)
    assert ("model_handed_over", "approve") in [(f["code"], f["severity"]) for f in report["findings"]]
    assert [line["sku"] for line in report["lines"]] == ["FST-10310", None, None]
    assert report["outcome"] in ("waiting_customer", "waiting_review")
