"""What stands in the way of booking, in words a clerk understands; no partial booking unless allowed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from booker_builders import booking, draft, line, match_of, price_of, supply_of

from agents.booker.contract import BookerInput
from agents.booker.rules import propose_booking
from orderdesk.domain.evidence import Stated
from orderdesk.domain.results import Candidate, MatchResult, PurchaseProposal, RiskResult, SupplyResult


def two_lines(**second: Any) -> BookerInput:
    """An order whose second line's match is changed."""
    the_draft = draft(line(1), line(2))
    matches = (match_of(0, the_draft.lines[0]), match_of(1, the_draft.lines[1], **second))
    return booking(the_draft, matches=matches)


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ({"sku": None}, "line 2: article not known"),
        (
            {
                "sku": None,
                "candidates": (
                    Candidate(sku="A-1", description="Bolt"),
                    Candidate(sku="A-2", description="Nut"),
                ),
            },
            "line 2: article not certain (two candidates: A-1 Bolt, A-2 Nut)",
        ),
        ({"quantity": None, "base_quantity": None}, "line 2: no quantity is known"),
        ({"quantity": Decimal(0)}, "line 2: the quantity 0 is not above zero"),
        ({"quantity": Decimal(-4)}, "line 2: the quantity -4 is not above zero"),
        ({"uom": None}, "line 2: the unit is not known"),
        ({"uom": "BX", "base_quantity": None}, "line 2: BX cannot be converted to this article's own unit"),
    ],
)
def test_one_open_line_keeps_the_whole_order_back(second: dict[str, Any], words: str) -> None:
    proposal = propose_booking(two_lines(**second))
    assert proposal.book is None
    assert proposal.missing == (words,)


def test_a_line_without_price_or_stock_check_is_named() -> None:
    the_draft = draft(line())
    match = match_of(0, the_draft.lines[0])
    no_price = propose_booking(booking(the_draft, prices=(price_of(match, unit_price="1", net=None),)))
    assert no_price.missing == ("line 1: no price is known",)
    no_supply = propose_booking(booking(the_draft, supplies=()))
    assert no_supply.missing == ("line 1: stock and date have not been checked",)
    unmatched = propose_booking(booking(the_draft, matches=(), prices=(), supplies=()))
    assert unmatched.missing == ("line 1: it has not been matched to an article",)


@pytest.mark.parametrize("intent", ["change_order", "cancel_order", "order_status", "quote_request", "other"])
def test_only_a_new_order_is_booked(intent: Any) -> None:
    proposal = propose_booking(booking(draft(line(), intent=Stated(value=intent))))
    assert proposal.book is None
    assert "no new order is booked" in proposal.missing[0]


def test_a_revision_or_a_duplicate_is_not_booked_again() -> None:
    assert propose_booking(booking(draft(line(), is_revision=True))).book is None
    repeated = propose_booking(booking(draft(line()), risk=RiskResult(duplicate_of="SO-000007")))
    assert repeated.book is None
    assert "SO-000007" in repeated.missing[0]


def test_an_unknown_customer_is_named_with_the_candidates() -> None:
    the_draft = draft(line())
    match = MatchResult(customer_candidates=("C1", "C7"), lines=(match_of(0, the_draft.lines[0]),))
    proposal = propose_booking(booking(the_draft, customer=None, match=match))
    assert proposal.book is None
    assert proposal.missing == ("the customer is not certain (could be C1, C7)",)


def test_an_order_without_lines_is_not_booked() -> None:
    assert propose_booking(booking(draft())).missing == ("no order line was found",)


def test_partial_booking_only_where_the_policy_says_so() -> None:
    open_second = two_lines(sku=None)
    assert propose_booking(open_second).book is None
    allowed = propose_booking(open_second.model_copy(update={"partial_booking": True}))
    assert allowed.book is not None
    assert [entry.line_number for entry in allowed.book.lines] == [1]
    assert allowed.book.net_total == Decimal("147.84")
    assert allowed.missing == ("line 2: article not known",)
    assert allowed.findings[0].code == "partial_booking"


def test_partial_booking_of_nothing_is_no_booking() -> None:
    the_draft = draft(line())
    matches = (match_of(0, the_draft.lines[0], sku=None),)
    assert propose_booking(booking(the_draft, matches=matches, partial_booking=True)).book is None


def test_a_partial_booking_does_not_buy_for_open_lines() -> None:
    the_draft = draft(line(1), line(2))
    matches = (match_of(0, the_draft.lines[0]), match_of(1, the_draft.lines[1], sku="BRG-1", uom=None))
    buy = PurchaseProposal(
        supplier_id="S1", sku="BRG-1", quantity=Decimal(16), unit_cost=Decimal(1), currency="EUR"
    )
    supply = SupplyResult(lines=tuple(supply_of(m, backorder="8") for m in matches), purchases=(buy,))
    proposal = propose_booking(booking(the_draft, matches=matches, supply=supply, partial_booking=True))
    assert proposal.book is not None
    assert proposal.book.purchases == ()
