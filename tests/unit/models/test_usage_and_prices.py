"""Tokens and money of a request: what is not known stays unknown, what costs nothing is 0."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.models.exchange import Exchange
from tools.models.prices import cost_of, price_known
from tools.models.rung import Rung
from tools.models.usage import NOTHING, Usage, usage_of

LISTED = Rung(name="m", model="gpt-4.1-mini")
LOCAL = Rung(name="m", model="gpt-4.1-mini", base_url="http://localhost:8000/v1")
OWN = Rung(name="m", model="x", base_url="http://localhost:8000/v1",
           input_usd_per_mtok=Decimal("0.15"), output_usd_per_mtok=Decimal("0.60"))  # fmt: skip


def came(usage: Any, status: int = 200) -> Exchange:
    """An exchange whose response states a usage."""
    return Exchange(status=status, body=json.dumps({"choices": [], "usage": usage}).encode())


def test_all_figures_of_a_response_are_read() -> None:
    usage = {
        "prompt_tokens": 100, "completion_tokens": 40, "total_tokens": 140,
        "prompt_tokens_details": {"cached_tokens": 64}, "completion_tokens_details": {"reasoning_tokens": 12},
    }  # fmt: skip
    assert usage_of(came(usage)) == Usage(100, 40, 64, 12)
    assert usage_of(came(usage, status=500)) == Usage(100, 40, 64, 12), (
        "what it says counts, whatever it failed of"
    )


@pytest.mark.parametrize(
    "usage",
    [None, [], "many", 3, {}, {"prompt_tokens": "100"}, {"prompt_tokens": -1}, {"prompt_tokens": True},
     {"prompt_tokens": 1.5, "completion_tokens": 10**18}],
)  # fmt: skip
def test_figures_that_cannot_be_are_not_known(usage: Any) -> None:
    assert usage_of(came(usage)) == Usage()


@given(st.binary(max_size=60))
def test_no_body_breaks_it(body: bytes) -> None:
    assert usage_of(Exchange(status=200, body=body)) == Usage()


def test_a_deep_body_does_not_break_it() -> None:
    assert usage_of(Exchange(status=200, body=b"[" * 100_000)) == Usage()


@pytest.mark.parametrize(
    ("exchange", "usage"),
    [
        (Exchange(connected=False), NOTHING), (Exchange(), Usage()), (Exchange(status=200), Usage()),
        (Exchange(status=429), NOTHING), (Exchange(status=401), NOTHING), (Exchange(status=503), NOTHING),
        (Exchange(status=307), NOTHING), (Exchange(status=400), Usage()), (Exchange(status=408), Usage()),
        (Exchange(status=502), Usage()), (Exchange(status=504), Usage()),
    ],
)  # fmt: skip
def test_what_says_nothing_costs_nothing_only_where_that_is_sure(exchange: Exchange, usage: Usage) -> None:
    assert usage_of(exchange) == usage


def test_the_price_list_knows_openai() -> None:
    # 0.40 and 1.60 dollars a million; what was cached costs a quarter.
    assert cost_of(LISTED, Usage(1_000_000, 0)) == Decimal("0.4")
    assert cost_of(LISTED, Usage(0, 1_000_000)) == Decimal("1.6")
    cached = cost_of(LISTED, Usage(1_000_000, 0, cached=1_000_000))
    assert cached is not None
    assert cached < Decimal("0.2")
    assert price_known(LISTED)


@pytest.mark.parametrize("rung", [LOCAL, Rung(name="m", model="of-our-own"),
                                  Rung(name="m", model="gpt-4.1-mini", base_url="http://me:secret@127.0.0.1/v1?k=v")])  # fmt: skip
def test_a_price_that_is_not_known_is_none(rung: Rung) -> None:
    assert cost_of(rung, Usage(1000, 1000)) is None
    assert not price_known(rung)
    assert cost_of(rung, NOTHING) == 0, "nothing at an unknown price is nothing"


def test_the_rungs_own_price_wins() -> None:
    assert cost_of(OWN, Usage(2_000_000, 1_000_000)) == Decimal("0.90")
    own_input = Rung(name="m", model="gpt-4.1-mini", input_usd_per_mtok=Decimal(7))
    assert cost_of(own_input, Usage(1_000_000, 1_000_000)) == Decimal("8.6")
    half = Rung(name="m", model="of-our-own", input_usd_per_mtok=Decimal(7))
    assert cost_of(half, Usage(1, 1)) is None


@pytest.mark.parametrize("usage", [Usage(), Usage(5, None), Usage(None, 5)])
def test_unknown_tokens_have_no_price_unless_all_are_free(usage: Usage) -> None:
    assert cost_of(OWN, usage) is None
    free = Rung(name="m", model="x", input_usd_per_mtok=Decimal(0), output_usd_per_mtok=Decimal(0))
    assert cost_of(free, usage) == 0
