"""The exact order: what is booked, recomputed, and what stops it as an incident."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from booker_builders import CUSTOMER, DAY, booking, draft, line, match_of, price_of, supply_of
from hypothesis import given
from hypothesis import strategies as st

from agents.booker.rules import propose_booking
from orderdesk.domain.errors import CaseIncident
from orderdesk.domain.evidence import Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import ArticleRef, PartyRef
from orderdesk.domain.results import MatchResult, PricingResult, PurchaseProposal, RiskResult, SupplyResult


def test_a_complete_order_is_proposed_exactly() -> None:
    proposal = propose_booking(booking(draft(line(1), line(2, "10"))))
    book = proposal.book
    assert book is not None
    assert proposal.missing == ()
    assert (book.customer_id, book.po_number, book.ship_to_code, book.currency) == (
        "C1",
        "PO-4711",
        "MAIN",
        "EUR",
    )
    assert book.payment_terms == "Net 30"
    assert book.requested_date == DAY
    assert [(entry.line_number, entry.sku, entry.net) for entry in book.lines] == [
        (1, "BRG-1", Decimal("147.84")),
        (2, "BRG-2", Decimal("30.80")),
    ]
    assert book.net_total == Decimal("178.64")
    assert book.lines[0].reserve == Decimal(48)


@pytest.mark.parametrize(
    ("article", "called"),
    [
        (ArticleRef(buyer_part="HF-1", seller_part="BRG-1"), "HF-1"),
        (ArticleRef(seller_part="BRG-1", gtin="4006381333931"), "BRG-1"),
        (ArticleRef(description="6205 bearing"), "6205 bearing"),
    ],
)
def test_customer_ref_is_what_the_customer_called_the_article(article: ArticleRef, called: str) -> None:
    book = propose_booking(booking(draft(line(article=Stated(value=article))))).book
    assert book is not None
    assert book.lines[0].customer_ref == called


def test_lines_that_share_a_number_are_counted_by_position() -> None:
    book = propose_booking(booking(draft(line(1), line(1)))).book
    assert book is not None
    assert [entry.line_number for entry in book.lines] == [1, 2]


@pytest.mark.parametrize(
    "breakage",
    [
        {"net": Decimal("147.83")},
        {"net": Decimal("147.85")},
        {"price_base": Decimal(0)},
    ],
)
def test_a_net_value_that_does_not_add_up_is_an_incident(breakage: dict[str, Any]) -> None:
    the_draft = draft(line())
    match = match_of(0, the_draft.lines[0])
    given_booking = booking(the_draft, prices=(price_of(match, **breakage),))
    # the order's total is right, so that only the line itself can tell
    pricing = given_booking.pricing.model_copy(update={"net_total": Decimal("147.84")})
    with pytest.raises(CaseIncident, match="line 1"):
        propose_booking(given_booking.model_copy(update={"pricing": pricing}))


@pytest.mark.parametrize("total", ["147.83", "147.85", None])
def test_a_total_that_is_not_the_sum_is_an_incident(total: str | None) -> None:
    given_booking = booking(draft(line()))
    pricing = given_booking.pricing.model_copy(update={"net_total": Decimal(total) if total else None})
    with pytest.raises(CaseIncident):
        propose_booking(given_booking.model_copy(update={"pricing": pricing}))


@pytest.mark.parametrize(
    "breakage",
    [
        {"reserve": Decimal(47)},
        {"reserve": Decimal(49), "available": Decimal(60)},
        {"reserve": Decimal(-1), "backorder": Decimal(49)},
        {"available": Decimal(47)},
        {"available": None},
    ],
)
def test_stock_that_does_not_cover_the_line_exactly_is_an_incident(breakage: dict[str, Any]) -> None:
    the_draft = draft(line())
    match = match_of(0, the_draft.lines[0])
    with pytest.raises(CaseIncident):
        propose_booking(booking(the_draft, supplies=(supply_of(match, **breakage),)))


def test_unknown_stock_reserves_nothing_and_still_books() -> None:
    the_draft = draft(line())
    supply = supply_of(match_of(0, the_draft.lines[0]), available=None, reserve=Decimal(0))
    book = propose_booking(booking(the_draft, supplies=(supply,))).book
    assert book is not None
    assert (book.lines[0].reserve, book.lines[0].backorder) == (Decimal(0), Decimal(0))


def test_results_for_a_line_twice_or_for_no_line_are_an_incident() -> None:
    the_draft = draft(line())
    match = match_of(0, the_draft.lines[0])
    with pytest.raises(CaseIncident):
        propose_booking(booking(the_draft, matches=(match, match)))
    with pytest.raises(CaseIncident):
        propose_booking(booking(the_draft, prices=(price_of(match, line_index=1),)))


def test_another_customer_than_the_matched_one_is_an_incident() -> None:
    other = CUSTOMER.model_copy(update={"customer_id": "C2"})
    with pytest.raises(CaseIncident):
        propose_booking(booking(draft(line()), customer=other))


def test_the_note_keeps_what_has_no_field_and_cannot_be_forged() -> None:
    the_draft = draft(
        line(1, note="pack\nLine 1, deliveries wanted: 1 EA on 2026-01-01"),
        ship_to=PartyRef(name="Yard", street="1 Dock\u202e Rd", city="Hull"),
        note="gate\r\nShip-to as stated by the customer: elsewhere",
    )
    match = MatchResult(customer_id="C1", lines=(match_of(0, the_draft.lines[0]),))
    plan = Finding(
        code="schedule_lines",
        severity="info",
        path="lines[0].schedule",
        message="two",
        facts={"deliveries": "8 EA on 2026-03-10; 40 EA on 2026-04-10"},
    )
    given_booking = booking(the_draft, match=match)
    supply = given_booking.supply.model_copy(update={"findings": (plan,)})
    book = propose_booking(given_booking.model_copy(update={"supply": supply})).book
    assert book is not None
    assert book.note.split("\n") == [
        "Ship-to as stated by the customer: Yard, 1 Dock Rd, Hull",
        "Line 1, deliveries wanted: 8 EA on 2026-03-10; 40 EA on 2026-04-10",
        "Customer's note: gate Ship-to as stated by the customer: elsewhere",
        "Line 1, customer's note: pack Line 1, deliveries wanted: 1 EA on 2026-01-01",
    ]


def test_purchases_of_short_lines_are_part_of_the_order() -> None:
    the_draft = draft(line())
    buy = PurchaseProposal(
        supplier_id="S1", sku="BRG-1", quantity=Decimal(8), unit_cost=Decimal("1.5"), currency="EUR"
    )
    short = supply_of(match_of(0, the_draft.lines[0]), backorder="8")
    with_shortage = booking(the_draft, supply=SupplyResult(lines=(short,), purchases=(buy,)))
    book = propose_booking(with_shortage).book
    assert book is not None
    assert book.purchases == (buy,)


@given(
    st.lists(
        st.tuples(
            st.decimals("0.001", "99999", places=3),
            st.decimals("0", "9999", places=4),
            st.sampled_from([Decimal(1), Decimal(100), Decimal(1000)]),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_the_total_is_always_the_exact_sum_of_the_lines(rows: list[tuple[Decimal, Decimal, Decimal]]) -> None:
    the_draft = draft(*(line(n + 1, str(row[0])) for n, row in enumerate(rows)))
    matches = tuple(match_of(i, entry) for i, entry in enumerate(the_draft.lines))
    prices = tuple(price_of(m, str(row[1]), str(row[2])) for m, row in zip(matches, rows, strict=True))
    book = propose_booking(booking(the_draft, matches=matches, prices=prices)).book
    assert book is not None
    assert book.net_total == sum(entry.net for entry in book.lines)
    assert [entry.quantity for entry in book.lines] == [row[0] for row in rows]


def test_an_empty_result_of_risk_and_pricing_books_nothing() -> None:
    given_booking = booking(draft(line()), pricing=PricingResult(), risk=RiskResult())
    assert propose_booking(given_booking).book is None
