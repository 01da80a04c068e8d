"""Amounts per currency, as the policy's tables hold them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from orderdesk.domain.base import DecimalString

# Checked, because `eur` or `EURO` would otherwise be an entry that never applies.
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Amount = Annotated[DecimalString, Field(ge=0)]
PerCurrency = dict[CurrencyCode, Amount]
