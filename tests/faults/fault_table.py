"""The failure table as expectations: where each fault ends, what is sent, and what the breakers hold afterwards.

Written from the failure table, not from what the code does. A fault's kind settles everything:

| kind      | retry                      | then                        | breaker                          |
|-----------|----------------------------|-----------------------------|----------------------------------|
| passing   | yes, three tries in all    | next model, rules           | counts each try                  |
| waits     | no: Retry-After too long   | next model, rules           | counts                           |
| mend      | no                         | next model, rules, alert    | counts                           |
| hang      | no: the deadline is over   | next model, rules           | counts, and opens at once        |
| unusable  | asked once more            | next model, rules           | no                               |
| too large | no                         | next model, person          | no                               |
| refused   | no                         | next model, person          | no                               |
| our fault | no                         | person at once, alert       | no                               |

Where the pinned client (openai 3.54, langchain-openai 1.7.3) shows a fault in an unexpected way, the row says so;
tests/faults/test_what_the_client_sees.py proves what it shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tests.support.chat_double import FAULTS, REFUSED

Kind = Literal["passing", "waits", "mend", "hang", "unusable", "too large", "refused", "our fault"]
# How long the fault lasts: one request of the first model, all of the first model, all of all models.
Scope = Literal["once", "first", "all"]
Rung = Literal["primary", "alternative", "rules", "person"]
SCOPES: tuple[Scope, ...] = ("once", "first", "all")
TRIES = 3


@dataclass(frozen=True)
class Row:
    """One fault: what kind it is, and how the desk calls it (`outcome` of its model_call rows)."""

    fault: str
    kind: Kind
    outcome: str
    # What the pinned client does that one would not expect.
    client: str = ""


ROWS: tuple[Row, ...] = (
    Row("429", "passing", "rate_limited"),
    Row("429, Retry-After that fits", "passing", "rate_limited"),
    Row("429, Retry-After too long", "waits", "rate_limited"),
    Row("429 insufficient_quota", "mend", "no_credit"),
    Row("500", "passing", "unavailable"),
    Row("502", "passing", "unavailable"),
    Row("503", "passing", "unavailable"),
    Row("504", "passing", "unavailable"),
    Row("400", "our fault", "our_request"),
    Row("401", "mend", "misconfigured"),
    Row("403", "mend", "misconfigured"),
    Row("404", "mend", "misconfigured"),
    Row("408", "passing", "unavailable", "bare APIStatusError, no class of its own"),
    Row("409", "passing", "unavailable"),
    Row("413", "too large", "too_large", "bare APIStatusError, no class of its own"),
    Row("422", "our fault", "our_request"),
    Row("context overflow", "too large", "too_large", "BadRequestError: langchain's own class is not raised"),
    Row("context overflow, other words", "too large", "too_large", "BadRequestError: only its code tells"),
    Row(REFUSED, "passing", "unavailable"),
    Row("reset before the body", "passing", "unavailable"),
    Row("reset in the body", "passing", "unavailable"),
    Row("closed in the body", "passing", "unavailable"),
    Row("slow first byte", "hang", "timeout"),
    Row("stall in the body", "hang", "timeout"),
    Row("endless drip", "hang", "timeout", "its own time-out is per read and never ends it"),
    Row("HTML with 200", "passing", "garbage", "AttributeError: the page is taken for an answer"),
    Row("error object with 200", "passing", "garbage", "TypeError: the error is not looked at"),
    Row("truncated envelope", "passing", "garbage"),
    Row("empty body", "passing", "garbage"),
    Row("garbage bytes", "passing", "garbage", "UnicodeDecodeError"),
    Row("empty choices", "passing", "garbage", "IndexError"),
    Row("null choices", "passing", "garbage", "TypeError"),
    Row("truncated JSON", "unusable", "invalid"),
    Row("wrong schema", "unusable", "invalid"),
    Row("empty content", "unusable", "invalid"),
    Row("null content", "unusable", "invalid", "comes as ''"),
    Row("5 MB of output", "unusable", "invalid"),
    Row("refusal", "refused", "refused"),
    Row("content filter, 400", "refused", "refused", "BadRequestError: only its code tells"),
    Row("content filter, finish reason", "refused", "refused"),
    Row("length stop", "too large", "too_large"),
)  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """What the whole system shows in the end. Tries and breakers: of the first model, of the alternative."""

    ended_at: Rung
    sent: tuple[int, int]
    breakers: tuple[str, str]  # 'closed 0', 'closed 3', 'open 1'
    alerts: bool = False


def expected(row: Row, scope: Scope) -> Expected:
    """What the failure table says of a fault that lasts so long."""
    tries = {"passing": TRIES, "unusable": 2}.get(row.kind, 1)
    counts = row.kind in ("passing", "waits", "mend", "hang")
    state = "open" if row.kind == "hang" else "closed"
    failing = f"{state} {tries if counts else 0}"
    alerts = row.kind in ("mend", "our fault")
    if row.kind == "our fault":  # the same request would fail everywhere
        return Expected("person", (1, 0), ("closed 0", "closed 0"), alerts)
    if scope == "once" and row.kind in ("passing", "unusable"):
        return Expected("primary", (2, 0), ("closed 0", "closed 0"))
    if scope in ("once", "first"):
        return Expected("alternative", (tries, 1), (failing, "closed 0"), alerts)
    last: Rung = "person" if row.kind in ("too large", "refused") else "rules"
    return Expected(last, (tries, tries), (failing, failing), alerts)


def cases() -> Iterator[tuple[Row, Scope]]:
    """Every fault in every scope."""
    return ((row, scope) for row in ROWS for scope in SCOPES)


assert {row.fault for row in ROWS} == {*FAULTS, REFUSED}, "every fault of the double has its row"
