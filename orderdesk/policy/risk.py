"""What is unusual or a sign of fraud; source of the numbers: default.toml, area [risk]."""

from __future__ import annotations

from pydantic import Field

from orderdesk.domain.base import DecimalString, Value
from orderdesk.policy.amounts import PerCurrency


class RiskPolicy(Value):
    """Limits of the quantity and fraud checks."""

    quantity_times_usual: DecimalString = Field(gt=1)
    """A quantity above this many times the customer's largest earlier quantity is unusual."""

    quantity_sigma: DecimalString = Field(gt=0)
    """A quantity above the mean plus this many standard deviations is unusual."""

    sigma_from_times: DecimalString = Field(ge=1)
    """The deviation counts only above this many times the mean."""

    history_min_orders: int = Field(ge=2)
    """Orders of the article needed before a history says anything."""

    lookalike_distance: int = Field(ge=1, le=3)
    """Edits between two domains that still look alike."""

    signs_to_hold: int = Field(ge=1)
    """Signs of fraud that together hold an order."""

    large_order: PerCurrency
    """Per currency: from this order value on, size is a sign of fraud where the history is no guide."""

    large_times_usual: DecimalString = Field(gt=1)
    """An order value above this many times the account's largest known order is a sign of fraud."""

    extra_freemail_domains: tuple[str, ...]
    """Free-mail domains in addition to the packaged list."""

    extra_forwarder_words: tuple[str, ...]
    """Words of forwarder and storage addresses in addition to the packaged list."""

    hold_message_codes: tuple[str, ...]
    """Findings of the message itself that hold an order, unless they are mere notes (info)."""

    harmless_when_filed: tuple[str, ...]
    """Holds that do not keep a message which is no order from being filed."""
