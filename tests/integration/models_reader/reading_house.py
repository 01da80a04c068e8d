"""Mails through the whole house, with a model that answers the reader as a test wants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from agents.reader.model.answer import OrderReading
from tests.support.chat_double import ChatDouble, chat_double
from tests.support.free_text_mails import MAILS, Mail
from tests.support.house import demo_house, mail, process
from tests.support.postgres import DEMO_TEMPLATE, fresh_database, make_demo_template
from tools.models.switch import allow_model_requests

# Each mail stands alone: an earlier one must make no duplicate, no used-up credit and no missing stock.
_FORGET = "truncate message, cases, sales_order, reservation, purchase_proposal, effect, review, learned_alias cascade"

Answers = Callable[[int], OrderReading]


class Run(NamedTuple):
    """The reports of every mail's cases, and how often the reader's question was asked for each mail."""

    reports: dict[int, list[dict[str, Any]]]
    asked: dict[int, int]

    def outcomes(self) -> dict[int, list[str]]:
        return {index: [r["outcome"] for r in found] for index, found in self.reports.items()}


async def run_mails(
    postgres_url: str, home: Path, answers: Answers | None, mails: Sequence[Mail] = MAILS, *, orders_only: bool = False
) -> Run:  # fmt: skip
    """Every mail through one house; without `answers` there is no model. `orders_only`: those that may be booked."""
    make_demo_template(postgres_url)
    with fresh_database(postgres_url, DEMO_TEMPLATE) as url, chat_double() as double, allow_model_requests():
        rungs = [rung(double)] if answers else []
        reports: dict[int, list[dict[str, Any]]] = {}
        asked: dict[int, int] = {}
        async with demo_house(url, home, models=rungs, OPENAI_API_KEY="test-key") as house:
            for index, given in enumerate(mails):
                if orders_only and not given.lines:
                    continue
                async with house.pool.connection() as connection:
                    await connection.execute(_FORGET)
                double.responder = responder(lambda index=index: answers(index) if answers else None)
                before = len(double.calls)
                raw = mail(
                    given.text.replace("\n", "\r\n"), sender=given.sender, subject=given.subject,
                    message_id=f"two-witnesses-{index}@customer.example",
                )  # fmt: skip
                reports[index] = await process(house, raw, f"{index}.eml")
                asked[index] = sum(is_reader(call.body) for call in double.calls[before:])
        return Run(reports, asked)


def rung(double: ChatDouble, model: str = "primary") -> dict[str, Any]:
    """A rung of the ladder at the double."""
    return {
        "model": model, "base_url": double.base_url, "timeout_s": 10, "input_usd_per_mtok": "0.4",
        "output_usd_per_mtok": "1.6",
    }  # fmt: skip


def responder(answer: Callable[[], OrderReading | None]) -> Callable[[dict[str, Any]], Any]:
    """Answers the reader's question; others get the smallest answer that fits their form."""

    def respond(body: dict[str, Any]) -> Any:
        reading = answer() if is_reader(body) else None
        return reading.model_dump(mode="json") if reading else None

    return respond


def is_reader(body: dict[str, Any]) -> bool:
    """Whether a request is the reader's question."""
    return body["response_format"]["json_schema"]["name"] == OrderReading.__name__
