"""A model that is wrong in 5 % of its fields, over hundreds of orders with known truth: nothing is booked wrongly."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.faults.injection_effects import forget, led_to
from tests.faults.injection_prompt import documents_of, form_of
from tests.faults.injection_shared import once
from tests.faults.wrong_model_errors import SHARE_WRONG, Answer, answer_to
from tests.faults.wrong_model_report import Read, caught, wrong_model_report
from tests.faults.wrong_model_truth import differences
from tests.support.chat_double import chat_double
from tests.support.generated_mails import GeneratedMail, generated_mails
from tests.support.house import demo_house
from tests.support.postgres import DEMO_TEMPLATE, fresh_database, make_demo_template
from tools.models.switch import allow_model_requests

SEED = 7
MAILS = 300
HARD = 40


class WrongModel:
    """Answers for the mail in hand."""

    def __init__(self) -> None:
        self.mail: GeneratedMail | None = None
        self.answer: Answer | None = None

    def __call__(self, body: dict[str, Any]) -> Any:
        """The reader's question is answered with errors; others as emptily as their forms allow."""
        if form_of(body) != "OrderReading":
            return None
        assert self.mail is not None
        self.answer = answer_to(self.mail, documents_of(body), SEED)
        return self.answer.reading


@pytest.fixture(scope="module")
def read(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> list[Read]:
    """Every mail, through two houses side by side, each over a database of its own."""

    def do() -> list[Read]:
        make_demo_template(postgres_url)
        mails = [*generated_mails(SEED, MAILS), *generated_mails(SEED, HARD, hard=True)]
        with ExitStack() as stack:
            urls = [stack.enter_context(fresh_database(postgres_url, DEMO_TEMPLATE)) for _ in range(2)]
            return asyncio.run(_read_all(urls, [tmp_path_factory.mktemp("home") for _ in urls], mails))

    return once(tmp_path_factory, "wrong_model", do)


async def _read_all(urls: list[str], homes: list[Path], mails: list[GeneratedMail]) -> list[Read]:
    shares = [mails[n :: len(urls)] for n in range(len(urls))]
    with allow_model_requests():
        halves = await asyncio.gather(*map(_read_some, urls, homes, shares))
    return sorted((one for half in halves for one in half), key=lambda one: (one.mail.hard, one.mail.number))


async def _read_some(url: str, home: Path, mails: list[GeneratedMail]) -> list[Read]:
    found: list[Read] = []
    model = WrongModel()
    with chat_double(("primary",)) as double:
        double.responder = model
        async with demo_house(url, home, models=[{"model": "primary", "base_url": double.base_url}]) as house:
            for mail in mails:
                model.mail, model.answer = mail, None
                await forget(house)
                done = await led_to(house, mail.raw(), "order.eml")
                found.append(Read(mail, model.answer, done))
    return found


def test_no_order_is_booked_wrongly(read: list[Read], record_property: Callable[[str, str], None]) -> None:
    usual, hard = ([one for one in read if one.mail.hard is is_hard] for is_hard in (False, True))
    report = wrong_model_report(usual, SEED, "rules and model")
    report += wrong_model_report(hard, SEED, "worded as no rule reads it")
    record_property("report", report)
    print(report)
    wrong = {one.mail.number: differences(one.mail, one.done) for one in read}
    assert {index: what for index, what in wrong.items() if what} == {}


def test_every_message_ends_where_somebody_sees_it(read: list[Read]) -> None:
    for one in read:
        assert set(one.done.outcomes) <= {"booked", "waiting_review", "waiting_customer"}, one.mail.text
        assert len(one.done.outcomes) == 1


def test_a_value_that_only_the_model_read_is_never_booked(read: list[Read]) -> None:
    assert [one.mail.text for one in read if one.mail.hard and one.done.orders] == []


def test_a_letter_goes_to_the_customer_who_wrote(read: list[Read]) -> None:
    for one in read:
        assert all(f"<{to}>" in one.mail.sender for to in one.done.recipients)


def test_an_error_that_matters_never_stands_in_a_booked_order(read: list[Read]) -> None:
    for one in read:
        for error in one.answer.errors if one.answer else ():
            if one.done.orders:
                assert caught(error, one) in ("evidence", "cross-check", "harmless"), (error, one.mail.text)


def test_made_up_values_are_caught_by_their_evidence(read: list[Read]) -> None:
    made_up = (
        "digits of the quantity", "digits of the order number", "wrong date", "line made up", "wrong price",
        "quote from elsewhere (line)", "quote from elsewhere (po_number)",
    )  # fmt: skip
    catchers = _catchers(read, made_up)
    assert len(catchers) >= 30
    assert catchers.count("evidence") >= 0.9 * len(catchers), catchers


def test_values_of_other_places_are_caught_by_the_rules(read: list[Read]) -> None:
    misread = (
        "wrong intent", "another quantity of the text", "part number of another line", "another number as order number",
        "line left out", "line twice",
    )  # fmt: skip
    catchers = _catchers(read, misread)
    assert len(catchers) >= 50
    assert set(catchers) <= {"evidence", "cross-check"}
    assert catchers.count("cross-check") >= 0.8 * len(catchers), catchers


def _catchers(read: list[Read], kinds: tuple[str, ...]) -> list[str]:
    """Who caught the errors of these kinds, where the rules have read the mail too."""
    answered = [
        (one, error) for one in read if one.answer and not one.mail.hard for error in one.answer.errors
    ]
    return [caught(error, one) for one, error in answered if error.kind in kinds]


def test_the_model_is_there_and_as_wrong_as_it_should_be(read: list[Read]) -> None:
    usual = [one for one in read if not one.mail.hard]
    assert len(usual) >= 300
    assert all(one.answer for one in read), "the model was asked about every mail"
    fields = sum(one.answer.fields for one in read if one.answer)
    errors = sum(len(one.answer.errors) for one in read if one.answer)
    assert SHARE_WRONG * 0.7 <= errors / fields <= SHARE_WRONG * 1.3
    kinds = {error.kind for one in read if one.answer for error in one.answer.errors}
    assert len(kinds) >= 15


def test_most_of_what_both_read_alike_books_by_itself(read: list[Read]) -> None:
    """A desk that books nothing would pass the rest of this file."""
    right = [one for one in read if one.answer and not one.answer.errors and not one.mail.hard]
    booked = [one for one in right if one.done.orders]
    assert len(booked) >= 0.8 * len(right), [one.mail.text for one in right if not one.done.orders][:5]


def test_a_wrong_booking_would_be_noticed(read: list[Read]) -> None:
    one = next(one for one in read if one.done.orders)
    order = one.done.orders[0]
    line = order.lines[0]
    for wrong in (
        order._replace(customer_id="C1099"), order._replace(ship_to_code="X"), order._replace(po_number="X"),
        order._replace(requested_date="2026-01-01"), order._replace(lines=order.lines[1:]),
        order._replace(lines=(line._replace(quantity=line.quantity + 1), *order.lines[1:])),
        order._replace(lines=(line._replace(uom="CS"), *order.lines[1:])),
        order._replace(lines=(line._replace(unit_price=line.unit_price * 2), *order.lines[1:])),
    ):  # fmt: skip
        assert differences(one.mail, one.done._replace(orders=(wrong,)))


def test_the_mails_are_the_same_every_time_and_their_quotes_stand_in_them() -> None:
    assert generated_mails(SEED, 50) == generated_mails(SEED, 50)
    assert generated_mails(SEED, 20) != generated_mails(SEED + 1, 20)
    for mail in (*generated_mails(SEED, MAILS), *generated_mails(SEED, HARD, hard=True)):
        for quote in (
            *(line.quote for line in mail.lines),
            *(t.quote for t in (mail.po, mail.day, mail.ship_to) if t),
        ):
            assert quote in mail.text, (quote, mail.text)
