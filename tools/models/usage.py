"""The tokens of one request, read from what came over the wire: of answered and of failed requests alike."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tools.models.exchange import Exchange

# Error statuses under which nothing was computed, so that nothing is paid. Not among them: 400 and 408, which
# Azure may charge (a filtered prompt, an input limit, a time-out), and 502 and 504, where somebody in between
# gave up and the model may have worked.
UNPAID = frozenset({401, 402, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503, 529})
# More than any model takes: a figure beyond it is no figure.
MOST = 100_000_000


@dataclass(frozen=True)
class Usage:
    """Tokens of one request; None = not known, which is not the same as none."""

    tokens_in: int | None = None
    tokens_out: int | None = None
    # Parts of the two above.
    cached: int | None = None
    reasoning: int | None = None


NOTHING = Usage(0, 0, 0, 0)


def usage_of(exchange: Exchange) -> Usage:
    """The tokens that a request used. Not known where the response does not say so, or never came."""
    if not exchange.connected:
        return NOTHING
    found = _stated(exchange.body)
    if found is not None:
        return found
    unpaid = exchange.status is not None and (exchange.status in UNPAID or 300 <= exchange.status < 400)
    return NOTHING if unpaid else Usage()


def _stated(body: bytes) -> Usage | None:
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        return None
    usage = _part(envelope, "usage")
    found = Usage(
        tokens_in=_count(usage.get("prompt_tokens")),
        tokens_out=_count(usage.get("completion_tokens")),
        cached=_count(_part(usage, "prompt_tokens_details").get("cached_tokens")),
        reasoning=_count(_part(usage, "completion_tokens_details").get("reasoning_tokens")),
    )
    return None if found.tokens_in is None and found.tokens_out is None else found


def _part(of: Any, name: str) -> dict[str, Any]:
    part = of.get(name) if isinstance(of, dict) else None
    return part if isinstance(part, dict) else {}


def _count(value: Any) -> int | None:
    """A figure of the other side, if it can be one."""
    return value if type(value) is int and 0 <= value <= MOST else None
