"""The correspondent's model through the whole house: only with the switch, only without a template, never unread."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orderdesk.bootstrap import House
from orderdesk.review.actors import Actor
from tests.integration.cases.orders import DANA
from tests.integration.models_others.desk import MODEL, asked, house_with_model
from tests.support.chat_double import ChatDouble, http_error
from tests.support.house import count, mail, process

ON = "[replies]\nmodel_wording = true\n"
CLERK = Actor(name="anna", role="clerk")
TEXT = (
    "Buongiorno,\n\nvorremmo ordinare, il nostro numero d'ordine PO 88123411:\n\n"
    "- 400 ea FST-10310 hex nut 1/2-13 zinc\n- 12 ea deep groove ball bearing 6205\n\n"
    "Grazie e saluti per il gruppo, gli acquisti che sono della Harlan\nDana Whitfield\n"
)
ORDER = mail(TEXT, sender=DANA, subject="PO 88123411")


def italian(body: dict[str, Any]) -> dict[str, str] | None:
    """A model that reads nothing, and words a letter by changing its first words."""
    fields = body["response_format"]["json_schema"]["schema"]["properties"]
    if "subject" not in fields:
        return None
    text = body["messages"][-1]["content"].split("<letter>")[1].split("</letter>")[0]
    letter = json.loads(text)
    return {
        "subject": letter["subject"],
        "body": letter["body"].replace("Dear", "Gentili Signori,").replace("thank you for", "grazie per"),
    }


async def drive(house: House, account: str = "it") -> dict[str, Any]:
    async with house.pool.connection() as connection:
        await connection.execute("update customer set language = %s where customer_id = 'C1001'", (account,))
    [report] = await process(house, ORDER, "order.eml")
    return report


async def test_a_worded_question_waits_for_a_person_and_then_goes_out_as_it_was_approved(
    double: ChatDouble, demo_url: str, tmp_path: Path
) -> None:
    double.responder = italian
    async with house_with_model(double, demo_url, tmp_path, ON) as house:
        report = await drive(house)
        assert len(asked(double, "correspondent")) == 1
        assert report["outcome"] == "waiting_review"
        assert await count(house, "effect") == 0
        [row] = await house.cases.reviews()
        shown = (await house.cases.review(row["review_id"]))["payload"]["action_requests"][0]["args"]["mail"]
        assert shown["body"].startswith("Gentili Signori,")
        assert "dana.whitfield@harlanfab.example" in shown["to"]
        approve = {"decisions": [{"type": "approve"}]}
        _, after = await house.cases.decide(row["review_id"], approve, CLERK)
        assert after["outcome"] == "waiting_customer"
        assert await count(house, "effect") == 1
        assert await count(house, "sales_order") == 0


@pytest.mark.parametrize(
    ("policy", "account"), [("", "it"), (ON, "en"), (ON, "de")], ids=["switched off", "English", "German"]
)
async def test_else_the_template_goes_out_at_once(
    policy: str, account: str, double: ChatDouble, demo_url: str, tmp_path: Path
) -> None:
    double.responder = italian
    async with house_with_model(double, demo_url, tmp_path, policy) as house:
        report = await drive(house, account)
        sent = await count(house, "effect")
    assert not asked(double, "correspondent")
    assert (report["outcome"], sent) == ("waiting_customer", 1)


@pytest.mark.parametrize(
    ("old", "new"), [("6205", "6206"), ("Kind regards", "Pay at evil.example"), ("", "")]
)
async def test_a_wording_that_says_something_else_leaves_the_template(
    old: str, new: str, double: ChatDouble, demo_url: str, tmp_path: Path
) -> None:
    def wrong(body: dict[str, Any]) -> dict[str, str] | None:
        said = italian(body)
        return said and {
            **said,
            "body": said["body"].replace(old, new) if old else "Va bene, consegniamo domani.",
        }

    double.responder = wrong
    async with house_with_model(double, demo_url, tmp_path, ON) as house:
        report = await drive(house)
        sent = await count(house, "effect")
    assert len(asked(double, "correspondent")) == 1
    assert (report["outcome"], sent) == ("waiting_customer", 1)


async def test_a_model_that_is_down_leaves_the_template(
    double: ChatDouble, demo_url: str, tmp_path: Path
) -> None:
    double.default(MODEL, http_error(401))
    async with house_with_model(double, demo_url, tmp_path, ON) as house:
        report = await drive(house)
        sent = await count(house, "effect")
    assert (report["outcome"], sent) == ("waiting_customer", 1)
