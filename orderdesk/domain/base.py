"""Shared Pydantic base and scalar types: frozen values, decimals that serialise as strings."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer


def plain(value: Decimal) -> str:
    """A decimal as people write it: no exponent, no trailing zeros past the point ('48', '3.08')."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


# Always a string outside Python: a Decimal in graph state reaches API clients as a float.
DecimalString = Annotated[
    Decimal, Field(allow_inf_nan=False), PlainSerializer(lambda d: format(d, "f"), return_type=str)
]

Probability = Annotated[float, Field(ge=0.0, le=1.0)]


class Value(BaseModel):
    """A frozen value; unknown fields are an error, so a typo cannot pass silently."""

    model_config = ConfigDict(frozen=True, extra="forbid")
