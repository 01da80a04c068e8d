"""Rules and model as two witnesses, through the whole house: honest agreement costs nothing, lies book nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

import pytest

from agents.reader.model.answer import OrderReading
from tests.integration.models_reader.honest import ANSWERS, honest
from tests.integration.models_reader.reading_house import Run, run_mails
from tests.support.free_text_mails import MAILS

BOOKED = ("booked", "changed")


@pytest.fixture(scope="module")
def without(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """What the rules alone do."""
    return asyncio.run(run_mails(postgres_url, tmp_path_factory.mktemp("home"), None))


@pytest.fixture(scope="module")
def agreeing(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """With a model that reads well."""
    return asyncio.run(run_mails(postgres_url, tmp_path_factory.mktemp("home"), honest))


@pytest.fixture(scope="module")
def lying(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """With a model that gets something wrong in every message."""
    home = tmp_path_factory.mktemp("home")
    return asyncio.run(run_mails(postgres_url, home, wrong, orders_only=True))


def wrong(index: int) -> OrderReading:
    """The right reading with one thing changed, another for each message."""
    right = honest(index)
    if not right.lines:
        return right.model_copy(update={"intent": "cancel_order"})
    first, *rest = right.lines
    figure = str(int(first.quantity or "1") + 1)
    changed: list[dict[str, Any]] = [
        {"lines": [first.model_copy(update={"quantity": figure}), *rest]},
        {"lines": [first.model_copy(update={"part_number": f"{first.part_number}9"}), *rest]},
        {"lines": rest},
        {"lines": [*right.lines, first]},
        {"lines": [*right.lines, first.model_copy(update={"quote": "99 ea GHOST-1", "part_number": "GHOST-1"})]},
        {"intent": "cancel_order"},
    ]  # fmt: skip
    return right.model_copy(update=changed[index % len(changed)])


def test_every_mail_has_an_honest_reading() -> None:
    assert len(ANSWERS) == len(MAILS)
    assert all(isinstance(honest(index), OrderReading) for index in range(len(MAILS)))


def test_what_is_booked_without_a_model_is_booked_with_an_honest_one(without: Run, agreeing: Run) -> None:
    for index, found in without.reports.items():
        if [r["outcome"] for r in found] == ["booked"]:
            now = agreeing.reports[index]
            assert [r["outcome"] for r in now] == ["booked"], (MAILS[index].text, _told(now))
            assert _lines(now[0]) == _lines(found[0])
    assert sum(o == ["booked"] for o in agreeing.outcomes().values()) >= sum(m.books for m in MAILS)


def test_an_honest_model_books_nothing_wrongly(agreeing: Run) -> None:
    for index, given in enumerate(MAILS):
        for report in agreeing.reports[index]:
            if report["outcome"] in BOOKED:
                assert given.lines, f"booked {_lines(report)}, but the mail orders nothing for certain"
                assert _fits(given.lines, _lines(report)), _lines(report)
                assert given.ship_to is None or report["ship_to_code"] == given.ship_to
                assert given.day is None or (report["requested_date"] or "") == given.day


def test_each_free_text_order_costs_one_question(agreeing: Run) -> None:
    assert set(agreeing.asked.values()) == {1}
    for index, given in enumerate(MAILS):
        if given.books:
            (report,) = agreeing.reports[index]
            assert report["model_calls"] == 1, given.text


def test_a_model_that_is_always_wrong_books_nothing(lying: Run) -> None:
    for index, found in lying.reports.items():
        assert not [r for r in found if r["outcome"] in BOOKED], (MAILS[index].text, found)


def test_a_model_that_is_always_wrong_loses_nothing(without: Run, lying: Run) -> None:
    for index, found in lying.reports.items():
        before = without.reports[index]
        assert [r["lines"] and [x["quantity"] for x in r["lines"]] for r in before] == [
            r["lines"] and [x["quantity"] for x in r["lines"]] for r in found
        ] or not before[0]["lines"]
        codes = {f["code"] for r in found for f in r["findings"]}
        assert {
            f["code"] for r in before for f in r["findings"] if f["severity"] in ("clarify", "approve")
        } - {"no_lines_found"} <= codes | _by_others(), MAILS[index].text


def _by_others() -> set[str]:
    """Findings of workers that do not come to look at a case whose intent a person has to settle."""
    return {"ambiguous_article", "unit_unclear", "unknown_article", "article_unconfirmed", "ship_to_unclear"}


def _told(found: Sequence[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(f["code"], f["severity"], f["message"]) for r in found for f in r["findings"]]


def _lines(report: dict[str, Any]) -> list[tuple[str | None, str | None, str | None]]:
    return [
        (line["sku"], line.get("booked_quantity") or line["quantity"], line.get("booked_uom") or line["uom"])
        for line in cast(list[dict[str, Any]], report["lines"])
    ]


def _fits(truth: str, lines: Sequence[tuple[str | None, str | None, str | None]]) -> bool:
    expected = truth.split(";")
    return len(expected) == len(lines) and all(
        any(_same(way, line) for way in ways.split("|")) for ways, line in zip(expected, lines, strict=True)
    )


def _same(way: str, line: tuple[str | None, str | None, str | None]) -> bool:
    sku, quantity, unit = way.split()
    same = line[0] == sku and line[1] is not None and Decimal(line[1]) == Decimal(quantity)
    return same and unit in ("-", line[2])
