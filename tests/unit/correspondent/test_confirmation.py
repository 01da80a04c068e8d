"""The confirmation: echoes the booked lines, states every difference, promises nothing beyond."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from letters import CUSTOMER, DAY, LANGUAGES, asked, confirmation, order

from orderdesk.domain.evidence import Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import ArticleRef, ScheduledDelivery

DIFFERS = {
    "en": "Please note where this differs",
    "de": "Bitte beachten Sie die Abweichungen",
    "es": "tenga en cuenta las diferencias",
    "fr": "Veuillez noter les différences",
}


def differences(body: str, language: str = "en") -> list[str]:
    """The letter's list of differences."""
    if DIFFERS[language] not in body:
        return []
    part = body.split(DIFFERS[language], 1)[1]
    return [row[2:] for row in part.split("\n") if row.startswith("- ")]


def test_the_letter_echoes_the_booked_order_and_keeps_the_placeholder() -> None:
    reply = confirmation()
    for said in (
        "order number {order_number}",
        "1. BRG-6205 Bearing 6205",
        "Your reference: “HF-4471”",
        "Quantity: 48 piece (EA)",
        "Price: EUR 3.08 / piece (EA)",
        "Net: EUR 147.84",
        "Delivery date: 2026-03-10",
        "Net total: EUR 147.84",
        "Delivery address: MAIN",
        "Payment terms: Net 30",
        "Widget Supply",
    ):
        assert said in reply.body
    assert reply.kind == "confirmation"
    assert reply.body.format(order_number="SO-000123").count("SO-000123") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_booked_as_asked_has_no_differences(language: str) -> None:
    reply = confirmation(order(language=language))
    assert reply.language == language
    assert differences(reply.body, language) == []
    assert DIFFERS[language] not in reply.body


CHANGES: list[tuple[str, dict[str, Any], str]] = [
    (
        "price",
        {"price": {"unit_price": Decimal("3.50")}},
        "your price was EUR 3.08 / piece (EA); we booked EUR 3.50",
    ),
    (
        "date",
        {"supply": {"promised_date": date(2026, 3, 16)}},
        "delivery on 2026-03-10; we deliver on 2026-03-16",
    ),
    ("open", {"supply": {"promised_date": None}}, "we cannot promise this date"),
    (
        "rounding",
        {"match": {"quantity": Decimal(50), "base_quantity": Decimal(50)}},
        "you asked for 48 piece (EA); we booked 50 piece (EA)",
    ),
    (
        "backorder",
        {"supply": {"available": Decimal(8), "reserve": Decimal(8), "backorder": Decimal(40)}},
        "8 piece (EA) are reserved from stock, 40 piece (EA) follow; the line is complete on 2026-03-10",
    ),
]


@pytest.mark.parametrize(("name", "change", "sentence"), CHANGES, ids=[c[0] for c in CHANGES])
def test_a_difference_of_a_line_is_stated(name: str, change: dict[str, Any], sentence: str) -> None:
    (said,) = differences(confirmation(**change).body)
    assert sentence in said


@pytest.mark.parametrize("language", ["de", "es", "fr"])
@pytest.mark.parametrize(("name", "change", "sentence"), CHANGES, ids=[c[0] for c in CHANGES])
def test_the_same_differences_are_stated_in_every_language(
    name: str, change: dict[str, Any], sentence: str, language: str
) -> None:
    assert len(differences(confirmation(order(language=language), **change).body, language)) == 1


DRAFTS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("unit", {"uom": Stated(value="BX")}, {}, "you asked for 48 box (BX); we booked 48 piece (EA)"),
    (
        "unknown unit",
        {"uom": None, "uom_stated": "bins"},
        {},
        "you asked for 48 “bins”; we booked 48 piece (EA)",
    ),
    ("price base", {"price_base": Decimal(100)}, {}, "your price was EUR 3.08 / 100 piece (EA)"),
    ("line total", {"line_total": Stated(value=Decimal("147.83"))}, {}, "your line total was EUR 147.83"),
    ("charges", {"charges": Decimal("-5.00")}, {}, "charges or discounts of EUR -5.00"),
    (
        "article",
        {"article": Stated(value=ArticleRef(seller_part="BRG-6206"))},
        {},
        "you named article “BRG-6206”; we booked our article BRG-6205",
    ),
    ("currency", {}, {"currency": Stated(value="USD")}, "Your order is in USD; we booked it in EUR"),
    ("total", {}, {"stated_net_total": Stated(value=Decimal("147.85"))}, "Your order total was EUR 147.85"),
    ("header charges", {}, {"charges_total": Decimal("12.50")}, "charges or discounts of EUR 12.50"),
    ("terms", {}, {"payment_terms": "Net 90"}, "payment terms “Net 90”; we booked Net 30"),
    ("freight", {}, {"freight_terms": "DDP"}, "freight terms “DDP”"),
]


@pytest.mark.parametrize(("name", "of_line", "of_order", "sentence"), DRAFTS, ids=[d[0] for d in DRAFTS])
def test_what_the_customer_wrote_and_is_not_booked_is_stated(
    name: str, of_line: dict[str, Any], of_order: dict[str, Any], sentence: str
) -> None:
    the_draft = order(asked(**of_line), **of_order)
    price = {} if "uom" not in of_line else {"price": {}}
    said = differences(confirmation(the_draft, **price).body)
    assert any(sentence in row for row in said), said


def test_same_terms_in_other_letters_and_an_equal_price_per_hundred_are_no_difference() -> None:
    the_draft = order(
        asked(unit_price=Stated(value=Decimal("308.0")), price_base=Decimal(100)),
        payment_terms="NET-30",
        freight_terms="fob Origin",
    )
    assert differences(confirmation(the_draft).body) == []


def test_a_substitution_is_stated() -> None:
    replaced = Finding(code="article_superseded", severity="info", path="lines[0].article", message="m")
    (said,) = differences(confirmation(findings=(replaced,)).body)
    assert "instead of “HF-4471” you receive its replacement BRG-6205" in said


def test_a_line_that_is_not_booked_is_stated() -> None:
    the_draft = order(asked(), asked(line_number=2))
    (said,) = differences(confirmation(the_draft, partial=True, open_lines=(1,)).body)
    assert said.startswith("Line 2 (“HF-4471”) is not part of this order")


def test_scheduled_deliveries_are_echoed() -> None:
    schedule = (
        ScheduledDelivery(quantity=Decimal(8), requested_date=date(2026, 3, 6)),
        ScheduledDelivery(quantity=Decimal(40), requested_date=DAY),
    )
    plan = Finding(
        code="schedule_lines",
        severity="info",
        path="lines[0].schedule",
        message="m",
        facts={"deliveries": "8 EA on 2026-03-06; 40 EA on 2026-03-10"},
    )
    body = confirmation(order(asked(schedule=schedule)), supply_findings=(plan,)).body
    assert "Deliveries: 8 EA on 2026-03-06; 40 EA on 2026-03-10" in body
    assert differences(body) == []


@pytest.mark.parametrize(
    ("language", "country", "shown"),
    [
        ("de", "DE", "1,125"),
        ("de", "CH", "1.125"),
        ("es", "ES", "1,125"),
        ("es", "MX", "1.125"),
        ("en", "DE", "1.125"),
    ],
)
def test_numbers_have_the_reader_s_decimal_mark(language: str, country: str, shown: str) -> None:
    customer = CUSTOMER.model_copy(update={"country": country})
    the_draft = order(asked(quantity=Stated(value=Decimal("1.125"))), language=language)
    assert f": {shown} " in confirmation(the_draft, customer=customer).body


def test_internal_findings_are_never_part_of_the_letter() -> None:
    secret = Finding(
        code="price_too_high", severity="info", path="lines[0].unit_price", message="margin is 41%"
    )
    assert "margin" not in confirmation(findings=(secret,)).body
