"""When an article, a unit or an address counts as certain; numbers and their sources: default.toml, [matching]."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from orderdesk.domain.base import DecimalString, Probability, Value
from orderdesk.policy.amounts import PerCurrency


class MatchingPolicy(Value):
    """What the matcher takes as certain, and what it asks."""

    least_coverage: Probability
    """Share of a description's words (weighed by rarity) that an article must have to be a proposal."""

    clear_margin: Probability
    """Lead over the next article, in the same share, from which on a proposal counts as clear."""

    options_shown: Annotated[int, Field(ge=1, le=8)]
    """Articles offered in one question."""

    history_unit_min_orders: Annotated[int, Field(ge=1)]
    """Earlier orders, all in one unit, that settle a line without a unit."""

    pack_round_up: bool
    """Round up to whole packs without asking, within the next setting."""

    pack_round_up_most: Annotated[DecimalString, Field(ge=0)]
    """Most that rounding up may add, as a share of the ordered quantity; above it the customer is asked."""

    confirm_area_first_time: bool
    """Ask back when area or length is turned into boxes or rolls for the first time."""

    name_match_least: Probability
    """Likeness of a company's name from which on an account is proposed to the person who decides."""

    new_ship_to_ask_up_to: PerCurrency
    """Order value up to which a new address is settled with the customer; above it a person decides."""

    def new_ship_to_limit(self, currency: str | None) -> Decimal | None:
        """The value up to which a new address is a question; None where the currency has no entry."""
        return self.new_ship_to_ask_up_to.get(currency) if currency else None
