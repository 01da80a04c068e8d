"""What a request cost: the rung's own figures first, then the bundled price table; else it is not known."""

from __future__ import annotations

from decimal import Decimal

from tools.models.rung import Rung
from tools.models.usage import Usage

_MILLION = Decimal(1_000_000)


def cost_of(rung: Rung, usage: Usage) -> Decimal | None:
    """US dollars of one request; None where its tokens or their price are not known, never 0 in their place."""
    own_in, own_out = rung.input_usd_per_mtok, rung.output_usd_per_mtok
    if own_in == 0 and own_out == 0:
        return Decimal(0)
    if usage.tokens_in is None or usage.tokens_out is None:
        return None
    if usage.tokens_in == 0 and usage.tokens_out == 0:
        return Decimal(0)
    if own_in is not None and own_out is not None:
        return (own_in * usage.tokens_in + own_out * usage.tokens_out) / _MILLION
    listed = _listed(rung, usage.tokens_in, usage.tokens_out, usage.cached or 0)
    if listed is None:
        return None
    listed_in, listed_out = listed
    return (listed_in if own_in is None else own_in * usage.tokens_in / _MILLION) + (
        listed_out if own_out is None else own_out * usage.tokens_out / _MILLION
    )


def price_known(rung: Rung) -> bool:
    """Whether a request to this rung can be priced."""
    return cost_of(rung, Usage(1000, 1000)) is not None


def _listed(rung: Rung, tokens_in: int, tokens_out: int, cached: int) -> tuple[Decimal, Decimal] | None:
    # Loaded here: the table takes a third of a second, and nothing needs it where no model is asked.
    from genai_prices import Usage as Tokens
    from genai_prices import calc_price

    tokens = Tokens(
        input_tokens=tokens_in, output_tokens=tokens_out, cache_read_tokens=min(cached, tokens_in)
    )
    try:
        # By the server's address: the same name on a machine of one's own has no list price.
        price = calc_price(tokens, rung.model, provider_api_url=rung.where)
    except (LookupError, ValueError):
        return None
    return price.input_price, price.output_price
