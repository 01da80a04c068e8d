"""The reader's ladder in the house: when it asks, what an outage costs, and that answers on record are not paid twice."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any

import pytest

from agents.reader.model.answer import OrderReading, Quoted, ReadLine
from orderdesk.bootstrap import House
from orderdesk.demo import inbox_folder, reference_date
from tests.integration.cases.orders import clean_order
from tests.integration.models_reader.reading_house import is_reader, responder, rung
from tests.support.chat_double import Behaviour, ChatDouble, chat_double, http_error, refusal
from tests.support.house import demo_house, process

# Messages of the sample inbox whose order stands in a format or a spreadsheet.
DEFINED = (".x12", ".edi", ".xml", "csv.eml", "xlsx.eml", "order-x.eml")


@pytest.fixture
def double(models_allowed: None) -> Generator[ChatDouble]:
    with chat_double() as served:
        yield served


@pytest.fixture
async def house(demo_url: str, tmp_path: Path, double: ChatDouble) -> AsyncGenerator[House]:
    async with demo_house(demo_url, tmp_path, models=[rung(double)], OPENAI_API_KEY="test-key") as built:
        yield built


def truth(po: str, quantity: str = "400") -> OrderReading:
    """What stands in `clean_order(po)`."""
    lines = [
        ReadLine(
            quote=f"{n} {u} {p}", document=1, part_number=p, description=None, quantity=q, unit=u, unit_price=None,
            requested_date=None,
        )
        for n, q, u, p in (("400", quantity, "ea", "FST-10310"), ("10", "10", "rolls", "CLN-80210"))
    ]  # fmt: skip
    return OrderReading(
        intent="new_order", intent_quote="", po_number=Quoted(value=po, quote=f"PO number {po}", document=1),
        po_date=None, requested_date=Quoted(value="2026-03-13", quote="Deliver by March 13, 2026", document=1),
        currency=None, ship_to=None, lines=lines,
    )  # fmt: skip


def codes(report: dict[str, Any]) -> dict[str, str]:
    return {f["code"]: f["severity"] for f in report["findings"]}


async def test_a_clean_order_costs_exactly_one_request(house: House, double: ChatDouble) -> None:
    double.responder = responder(lambda: truth("HF-26-0801"))
    (report,) = await process(house, clean_order("HF-26-0801"), "order.eml")
    assert report["outcome"] == "booked"
    assert len(double.calls) == 1
    assert is_reader(double.calls[0].body)
    assert report["model_calls"] == 1
    assert not {"readings_differ", "model_unavailable", "read_by_model_only"} & set(codes(report))


async def test_nothing_of_the_account_is_sent(house: House, double: ChatDouble) -> None:
    double.responder = responder(lambda: truth("HF-26-0802"))
    await process(house, clean_order("HF-26-0802"), "order.eml")
    sent = double.calls[0].user
    assert "FST-10310" in sent
    for private in ("harlanfab.example", "2200 Matzinger", "Fort Wayne", "credit"):
        assert private not in sent
    assert "tools" not in double.calls[0].body


async def test_a_line_read_otherwise_is_a_persons(house: House, double: ChatDouble) -> None:
    double.responder = responder(lambda: truth("HF-26-0803", quantity="40"))
    (report,) = await process(house, clean_order("HF-26-0803"), "order.eml")
    assert report["outcome"] == "waiting_review"
    assert codes(report)["model_value_unfounded"] == "approve"
    assert report["lines"][0]["quantity"] == "400"


@pytest.mark.parametrize(
    "fault", [http_error(503), http_error(401), Behaviour("wrong_schema"), Behaviour("reset")]
)
async def test_an_outage_makes_no_work(house: House, double: ChatDouble, fault: Behaviour) -> None:
    double.default("primary", fault)
    (report,) = await process(house, clean_order("HF-26-0804"), "order.eml")
    assert report["outcome"] == "booked"
    assert codes(report)["model_unavailable"] == "info"
    assert [line["confidence"] for line in report["lines"]] == [1.0, 1.0]


async def test_a_refusal_is_handed_over(house: House, double: ChatDouble) -> None:
    double.default("primary", refusal())
    (report,) = await process(house, clean_order("HF-26-0805"), "order.eml")
    assert report["outcome"] == "waiting_review"
    assert codes(report)["model_handed_over"] == "approve"
    assert [line["quantity"] for line in report["lines"]] == ["400", "10"]


async def test_what_defines_its_fields_is_never_sent(house: House, double: ChatDouble) -> None:
    files = [f for f in sorted(inbox_folder().iterdir()) if f.name.endswith(DEFINED)]
    assert len(files) >= len(DEFINED)
    for file in files:
        stored = await house.cases.submit(
            file.read_bytes(), file.name, channel="test", as_of=reference_date()
        )
        for case_id in stored.case_ids:
            await house.cases.drive(case_id)
    assert not [call for call in double.calls if is_reader(call.body)]
