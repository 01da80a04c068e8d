"""The figures of an evaluation, on reports written by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.bookings import wrong_booking
from evals.feedback import EVALUATORS
from evals.offline import Row, evaluate_offline, example_id
from evals.samples import Dataset, Sample
from evals.summary import Summary, percentile, summarise
from orderdesk.domain.errors import OrderDeskError

LINE = {"sku": "A-1", "quantity": "48", "uom": "EA", "unit_price": "3.08"}
RIGHT: dict[str, Any] = {"outcome": "booked", "customer_id": "C1", "po_number": "P1", "lines": [LINE]}


def report(**changed: Any) -> dict[str, Any]:
    """A case as `process --json` prints it, booked as stated."""
    plain = {
        "outcome": "booked", "customer_id": "C1", "po_number": "P1", "currency": "USD", "ship_to_code": "S1",
        "net_total": "147.84", "lines": [LINE], "findings": [], "model_calls": 1, "cost_usd": "0.0012",
        "latency_ms": 80,
    }  # fmt: skip
    return {**plain, **changed}


def summary_of(
    *messages: tuple[list[dict[str, Any]] | None, list[dict[str, Any]]], bookable: bool = True
) -> Summary:
    """Messages, each with the cases it should become and those it became."""
    samples, rows = [], []
    for index, (cases, reports) in enumerate(messages):
        name = f"m{index}"
        samples.append(Sample(name, Path(name), None if cases is None else tuple(cases), bookable))
        truth, output = {"cases": cases, "bookable": bookable}, {"reports": reports, "whys": []}
        rows.append(Row(name, output, tuple(f for e in EVALUATORS for f in e(truth, output))))
    return summarise(dataset(*samples), rows)


def dataset(*samples: Sample) -> Dataset:
    return Dataset("hand-made", Path(), samples, None, default_policy=True, gates_outcomes=True)


def test_right_wrong_and_missing_are_counted_per_field() -> None:
    found = summary_of(
        ([RIGHT], [report()]),
        (
            [RIGHT],
            [report(po_number="P2", outcome="waiting_review", latency_ms=300, lines=[{**LINE, "uom": "BX"}])],
        ),
        ([RIGHT, RIGHT], [report(latency_ms=100)]),
    )
    fields = {a.field: (a.right, a.total) for a in found.fields}
    assert fields == {
        "outcome": (2, 4), "customer_id": (3, 4), "po_number": (2, 4), "lines": (3, 4), "lines.sku": (3, 4),
        "lines.quantity": (3, 4), "lines.uom": (2, 4), "lines.unit_price": (3, 4),
    }  # fmt: skip
    assert (found.messages, found.cases, found.booked, found.model_calls) == (3, 3, 2, 3)
    assert found.cost_usd == Decimal("0.0036")
    assert (found.p50_ms, found.p95_ms) == (100, 300)
    assert (found.straight_through.right, found.straight_through.total) == (2, 3)
    assert found.wrong_bookings == ()
    assert [f.case for f in found.failures if f.message == "m2" and f.field == "outcome"] == [1]


def test_the_gate_names_every_outcome_that_deviates_and_opens_when_none_does() -> None:
    assert summary_of(([RIGHT], [report()])).gate_reasons == []
    shut = summary_of(([RIGHT], [report(outcome="waiting_customer")]), ([RIGHT], [report(), report()]))
    assert shut.gate_reasons == [
        "m1 case 2: wrong booking (booked, although there is no such order in the message)",
        "m0 case 1: waiting_customer instead of booked",
        "m1 case 2: booked instead of no further case",
    ]


def test_numbers_are_compared_by_value_and_null_means_unknown() -> None:
    same = report(lines=[{**LINE, "quantity": "48.0", "unit_price": "3.080"}])
    assert summary_of(([RIGHT], [same])).failures == ()
    unknown = {**RIGHT, "customer_id": None}
    assert [f.where for f in summary_of(([unknown], [report()])).failures] == ["customer_id"]


def test_required_findings_must_be_among_those_made() -> None:
    wanted = {**RIGHT, "finding_codes": ["price_too_low"]}
    made = report(findings=[{"code": "price_too_low"}, {"code": "backordered"}])
    assert summary_of(([wanted], [made])).failures == ()
    assert [f.field for f in summary_of(([wanted], [report()])).failures] == ["findings"]


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (RIGHT, report(customer_id="C2")),
        (RIGHT, report(lines=[{**LINE, "sku": "A-2"}])),
        (RIGHT, report(lines=[{**LINE, "booked_quantity": "50"}])),
        (RIGHT, report(lines=[{**LINE, "booked_uom": "BX"}])),
        (RIGHT, report(lines=[{**LINE, "booked_unit_price": "3.10"}])),
        (RIGHT, report(lines=[LINE, LINE])),
        ({**RIGHT, "outcome": "duplicate"}, report()),
        ({**RIGHT, "net_total": "147.85"}, report()),
        ({**RIGHT, "ship_to_code": "S2"}, report()),
        ({**RIGHT, "currency": "EUR"}, report()),
    ],
)
def test_a_booking_that_differs_is_wrong(expected: dict[str, Any], actual: dict[str, Any]) -> None:
    assert wrong_booking(expected, actual)
    assert wrong_booking(expected, {**actual, "outcome": "waiting_review"}) == []


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (RIGHT, report()),
        # What should be booked is written down where it is not what was stated.
        (
            {**RIGHT, "lines": [{**LINE, "booked_quantity": "50"}]},
            report(lines=[{**LINE, "booked_quantity": "50"}]),
        ),
        # At our own price, with the total that it should come to.
        ({**RIGHT, "net_total": "147.84"}, report(lines=[{**LINE, "booked_unit_price": "3.10"}])),
    ],
)
def test_a_booking_as_it_should_be_is_not(expected: dict[str, Any], actual: dict[str, Any]) -> None:
    assert wrong_booking(expected, actual) == []


def test_whoever_is_no_customer_is_booked_wrongly_even_without_a_truth() -> None:
    found = summary_of((None, [report()]), (None, [report(outcome="waiting_review")]), bookable=False)
    assert [w.message for w in found.wrong_bookings] == ["m0"]
    assert found.no_truth == ("m0", "m1")
    assert found.wrong_of_booked_at_most is not None
    assert found.wrong_of_booked_at_most > 0.99


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=300))
def test_percentiles_are_values_that_enough_others_do_not_exceed(values: list[int]) -> None:
    p50, p95 = percentile(values, 0.5), percentile(values, 0.95)
    assert p50 in values
    assert p95 in values
    assert sum(v <= p95 for v in values) >= 0.95 * len(values)
    assert sum(v < p95 for v in values) < 0.95 * len(values)
    assert sum(v <= p50 for v in values) >= 0.5 * len(values)


async def test_a_message_that_fails_is_an_outcome_that_is_missing() -> None:
    async def target(name: str) -> dict[str, Any]:
        if name == "bad":
            raise OrderDeskError("The case has a reason to fail.")
        return {"reports": [report()], "whys": [""]}

    samples = dataset(*(Sample(n, Path(n), (RIGHT,)) for n in ("bad", "good")))
    found = summarise(samples, await evaluate_offline(samples, target))
    (outcome,) = [a for a in found.fields if a.field == "outcome"]
    assert (outcome.right, outcome.total) == (1, 2)
    (failure,) = found.failures
    assert failure.message == "bad"
    assert "a reason to fail" in failure.why
    assert len(found.gate_reasons) == 1


async def test_an_evaluator_that_fails_is_never_taken_for_a_good_figure() -> None:
    async def target(name: str) -> dict[str, Any]:
        return {"reports": [report(findings=None)], "whys": [""]}

    samples = dataset(Sample("m0", Path("m0"), ({**RIGHT, "finding_codes": ["x"]},)))
    with pytest.raises(OrderDeskError, match=r"failed on m0: .*header_fields"):
        await evaluate_offline(samples, target)


async def test_messages_are_processed_in_their_order_and_results_come_back_in_it() -> None:
    seen: list[str] = []

    async def target(name: str) -> dict[str, Any]:
        seen.append(name)
        return {"reports": [], "whys": []}

    names = [f"m{n}" for n in range(12)]
    rows = await evaluate_offline(dataset(*(Sample(n, Path(n), None) for n in names)), target)
    assert seen == names == [row.message for row in rows]


def test_an_example_keeps_its_id_and_shares_it_with_no_other() -> None:
    assert example_id("inbox", "a.eml") == example_id("inbox", "a.eml")
    assert len({example_id(d, m) for d in ("inbox", "corpus") for m in ("a.eml", "b.eml")}) == 4
