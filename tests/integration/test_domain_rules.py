"""Every rule of a new order, just inside and just outside its limit, through the whole graph to its letter."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

import pytest

from orderdesk.bootstrap import House, build_house
from orderdesk.domain.clock import FixedClock
from orderdesk.policy.loader import load_policy
from orderdesk.settings import load_settings
from tests.support.house import DEMO_DAY, process
from tests.support.postgres import DEMO_TEMPLATE, fresh_database, make_demo_template
from tests.support.rule_cases import ALL, Case, line
from tests.support.rule_data import ARTICLES, POLICY
from tests.support.rule_house import Account, Names, attached, write_company, x12
from tools.master.importer import import_folder

EXTRA = {
    "attachment": Account({"po_required": "false"}),
    "counts": Account(),
    "currencies": Account(),
    "four-eyes-in": Account(),
    "four-eyes-out": Account(),
}


def at(hour: time) -> datetime:
    """A time of the demo day."""
    return datetime.combine(DEMO_DAY, hour, UTC)


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    """The house's clock; it stands in the morning of the demo day unless a case moves it."""
    return FixedClock(at(time(9)))


@pytest.fixture(scope="module")
async def house(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory, clock: FixedClock
) -> AsyncGenerator[House]:
    """One house for all cases, over the demo company and an account for every case."""
    home = tmp_path_factory.mktemp("rules")
    policy = home / "policy.toml"
    policy.write_text(POLICY)
    company = home / "company"
    company.mkdir()
    write_company(company, ARTICLES, {**{case.slug: case.account for case in ALL}, **EXTRA})
    make_demo_template(postgres_url)
    with fresh_database(postgres_url, DEMO_TEMPLATE) as url:
        settings = load_settings(DATABASE_URL=url, ORDERDESK_HOME=home)
        built = build_house(settings, url, clock=clock, policy=load_policy(policy))
        try:
            await import_folder(await built.pool.get(), company)
            yield built
        finally:
            await built.close()


@dataclass(frozen=True)
class Seen:
    """What became of an order: its report, and the letter it set off."""

    report: dict[str, Any]
    letter: dict[str, Any] | None

    @property
    def codes(self) -> set[str]:
        return {finding["code"] for finding in self.report["findings"]}


async def seen(house: House, raw: bytes, name: str) -> Seen:
    [report] = await process(house, raw, name)
    async with house.pool.connection() as connection:
        found = await connection.execute(
            "select request from effect where case_id = %s and kind = 'send_mail'", (report["case_id"],)
        )
        rows = await found.fetchall()
    return Seen(report, rows[0]["request"] if rows else None)


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.slug)
async def test_a_rule_holds_through_the_whole_graph(house: House, clock: FixedClock, case: Case) -> None:
    clock.advance(at(case.at) - clock.now())
    if case.before:
        earlier = await seen(house, case.earlier(), "before.x12")
        assert earlier.report["outcome"] == "booked"
    became = await seen(house, case.raw(), case.file_name)
    found = [(f["code"], f["severity"], f["message"]) for f in became.report["findings"]]
    assert became.report["outcome"] == case.outcome, found
    assert set(case.codes.split()) <= became.codes, found
    assert not set(case.not_codes.split()) & became.codes, found
    check_letter(case, became)


def check_letter(case: Case, became: Seen) -> None:
    """Answers go to an address on file only; a confirmation states every difference, a question its figures."""
    if case.outcome == "waiting_review":
        assert became.letter is None, "nothing is sent before a person has decided"
        return
    if not case.answered:
        assert became.letter is None, "no answer goes to an address that is not on file"
        return
    assert became.letter is not None
    assert became.letter["to"] == case.names.buyer
    body = became.letter["body"]
    for words in case.says:
        assert words in body, body
    if case.outcome == "booked":
        assert became.report["order_number"] in body
        for row in became.report["lines"]:
            check_differences(row, body, became.codes)
    if case.outcome == "waiting_customer":
        assert became.report["questions"]
        assert became.report["order_number"] is None


def check_differences(row: dict[str, Any], body: str, codes: set[str]) -> None:
    """Whatever is booked otherwise than stated stands in the confirmation's list, with the line's number."""
    listed = body.partition("Please note where this differs from your order:")[2]
    other_price = codes & {"price_within_tolerance", "price_too_high"}
    for kind in ("quantity", "uom", *(("unit_price",) if other_price else ())):
        if row[kind] is not None and f"booked_{kind}" in row:
            assert f"Line {row['line_number']}" in listed, body


async def test_the_same_attachment_without_an_order_number_is_a_persons_decision(house: House) -> None:
    table = b"Article;Quantity;Unit;Delivery date\r\nRULE-200;10;EA;2026-03-13"
    message = attached("attachment", "Our order is enclosed.", "order.csv", table)
    first = await seen(house, message, "a.eml")
    assert first.report["outcome"] == "booked", first.report["findings"]
    other = attached("attachment", "The enclosed order again, as a reminder.", "order.csv", table)
    again = await seen(house, other, "b.eml")
    assert again.report["outcome"] == "waiting_review", again.report["findings"]
    assert "same_attachment_again" in again.codes


@pytest.mark.parametrize(
    ("slug", "quantity", "people"), [("four-eyes-in", 2500, 1), ("four-eyes-out", 2501, 2)]
)
async def test_a_large_order_needs_two_people(house: House, slug: str, quantity: int, people: int) -> None:
    became = await seen(house, x12(slug, line(quantity, "10.00")), "order.x12")
    assert became.report["outcome"] == "waiting_review"
    async with house.pool.connection() as connection:
        found = await connection.execute(
            "select * from review where case_id = %s", (became.report["case_id"],)
        )
        [row] = await found.fetchall()
    assert row["approvals_needed"] == people


async def test_wrong_control_counts_are_refused(house: House) -> None:
    whole = x12("counts", line(10))
    became = await seen(house, whole.replace(b"SE*7*", b"SE*9*"), "order.x12")
    assert became.report["outcome"] == "rejected", became.report["findings"]
    assert "control_count_wrong" in became.codes
    assert became.letter is not None
    assert became.letter["to"] == Names("counts").buyer
    assert (await seen(house, whole, "order.x12")).report["outcome"] == "booked"


async def test_mixed_currencies_are_asked(house: House) -> None:
    table = b"Article;Quantity;Unit;Price;Currency\r\nRULE-100;10;EA;10.00;USD\r\nRULE-200;10;EA;9.00;EUR"
    message = attached(
        "currencies", "Our PO 4711031 is enclosed. Deliver by March 13, 2026.", "order.csv", table
    )
    became = await seen(house, message, "order.eml")
    assert became.report["outcome"] == "waiting_customer", became.report["findings"]
    assert "mixed_currencies" in became.codes
